using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Fairlead.Drivers.Images;
using Fairlead.Model.Images;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Drivers.Images;

/// <summary>The same files give the same bytes; what a program needs is read from its own tables.</summary>
public sealed class LayerFilesTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ImageLayout Store => new(folder.File("images"), new World(new FakeTimeProvider(), new Random(1)));

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_layer_is_of_nobody_and_of_no_time_and_in_the_order_of_names()
    {
        var layer = await new LayerFiles(Store, "").WriteAsync(Entries(), Stop);
        Assert.Equal(
            [
                "Directory app/ 755 0:0 1970",
                "SymbolicLink app/link 755 0:0 1970 -> run",
                $"RegularFile app/{new string('n', 200)} 644 0:0 1970 long",
                "RegularFile app/run 755 0:0 1970 #!",
                "Directory etc/ 755 0:0 1970",
                "RegularFile etc/passwd 644 0:0 1970 root",
                "Directory tmp/ 1777 0:0 1970",
            ],
            await ReadAsync(layer.Packed.Digest)
        );
        Assert.Equal((10L, 4), (layer.Bytes, layer.Files));
        // RFC 1952's header: no name, no time.
        Assert.Equal("1F8B080000000000", Convert.ToHexString(await Store.ReadAsync(layer.Packed.Digest, Stop))[..16]);
    }

    [Fact]
    public async Task The_same_files_at_another_time_in_another_order_give_the_same_layer()
    {
        var first = await new LayerFiles(Store, "").WriteAsync(Entries(), Stop);
        File.SetLastWriteTimeUtc(folder.File("run"), new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        var second = await new LayerFiles(Store, "").WriteAsync([.. Entries().Reverse()], Stop);
        Assert.Equal(first, second);
        var unpacked = Digest.Of(await InflatedAsync(first.Packed.Digest));
        Assert.Equal(unpacked, first.DiffId);
    }

    [Theory]
    [InlineData("../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("a//b")]
    [InlineData("")]
    public async Task A_path_that_leads_out_of_the_image_is_a_bug(string path) =>
        await Assert.ThrowsAsync<ArgumentException>(() =>
            new LayerFiles(Store, "").WriteAsync([new LayerEntry.Text(path, "x")], Stop)
        );

    [Fact]
    public async Task A_file_that_is_gone_is_said()
    {
        var caught = await Assert.ThrowsAsync<ProblemException>(() =>
            new LayerFiles(Store, "").WriteAsync([new LayerEntry.Copy("a", folder.File("gone"), false)], Stop)
        );
        Assert.Equal("image.file", caught.Problem.Code);
        Assert.Empty(Directory.EnumerateFiles(folder.File("images/drafts")));
    }

    [Fact]
    public async Task A_program_that_needs_the_loader_brings_it_with_its_libraries_by_every_name()
    {
        var runtime = await new LayerFiles(Store, "/usr/local/bin:/usr/bin:/bin").RuntimeAsync("sh", folder.Path, Stop);
        Assert.False(runtime.IsStatic);
        Assert.Empty(runtime.Missing);
        var paths = runtime.Entries.Select(static one => one.Path).ToHashSet();
        Assert.Contains(paths, static path => path.EndsWith("/libc.so.6", StringComparison.Ordinal));
        // Every link leads to a file that is there as well, through other links.
        var links = runtime
            .Entries.OfType<LayerEntry.Link>()
            .ToDictionary(static one => one.Path, static one => one.To);
        Assert.All(
            links.Keys.Where(static path => path.Contains(".so", StringComparison.Ordinal)),
            path =>
                Assert.Contains(
                    Followed(path, links),
                    runtime.Entries.OfType<LayerEntry.Copy>().Select(static one => one.Path)
                )
        );
    }

    private static string Followed(string path, Dictionary<string, string> links)
    {
        for (var at = 0; at < 40; at++)
        {
            var link = links.FirstOrDefault(one =>
                path == one.Key || path.StartsWith(one.Key + "/", StringComparison.Ordinal)
            );
            if (link.Key is null)
            {
                return path;
            }
            path =
                Path.GetFullPath(link.Value, "/" + Path.GetDirectoryName(link.Key)).TrimStart('/')
                + path[link.Key.Length..];
        }
        return "nowhere";
    }

    [Theory]
    [InlineData("nowhere", "image.program-missing")]
    [InlineData("./script", "image.program-script")]
    public async Task What_is_no_program_needs_a_base(string program, string code)
    {
        await File.WriteAllTextAsync(folder.File("script"), "#!/bin/sh\n", Stop);
        var caught = await Assert.ThrowsAsync<ProblemException>(() =>
            new LayerFiles(Store, "/usr/bin").RuntimeAsync(program, folder.Path, Stop)
        );
        Assert.Equal(code, caught.Problem.Code);
    }

    [Fact]
    public void An_elf_whose_tables_lead_nowhere_is_refused()
    {
        var bytes = File.ReadAllBytes("/bin/sh");
        Assert.NotNull(ElfFile.TryRead(new MemoryStream(bytes))!.Loader);
        Assert.Throws<InvalidDataException>(() => ElfFile.TryRead(new MemoryStream(bytes, 0, 100)));
        Assert.Null(ElfFile.TryRead(new MemoryStream(Encoding.UTF8.GetBytes("#!/bin/sh\n"))));
    }

    [Fact]
    public async Task An_image_is_written_as_one_tar_that_old_and_new_engines_load()
    {
        var layer = await new LayerFiles(Store, "").WriteAsync(Entries(), Stop);
        var config = await Store.PutAsync(MediaTypes.Config, "{}"u8.ToArray(), Stop);
        var image = await Store.PutAsync(
            MediaTypes.Manifest,
            ImageJson.Write(new Manifest.Image(MediaTypes.Manifest, config, [layer.Packed])),
            Stop
        );
        using var archive = new MemoryStream();
        await Store.ExportAsync(new(ImageReference.Parse("localhost/shop/api:1"), image), archive, Stop);
        archive.Position = 0;
        var names = new List<string>();
        using var tar = new TarReader(archive);
        while (tar.GetNextEntry() is { } entry)
        {
            names.Add(entry.Name);
            if (entry.Name == "manifest.json")
            {
                Assert.Equal(
                    $$"""[{"Config":"blobs/sha256/{{config.Digest.Hex}}","RepoTags":["localhost/shop/api:1"],"Layers":["blobs/sha256/{{layer.Packed.Digest.Hex}}"]}]""",
                    await new StreamReader(entry.DataStream!).ReadToEndAsync(Stop)
                );
            }
        }
        Assert.Equal(["oci-layout", "index.json", "manifest.json"], names.Take(3));
        Assert.Equal(6, names.Count);
    }

    private LayerEntry[] Entries()
    {
        File.WriteAllText(folder.File("run"), "#!");
        return
        [
            new LayerEntry.Folder("tmp") { IsOpen = true },
            new LayerEntry.Text("etc/passwd", "root"),
            new LayerEntry.Copy("app/run", folder.File("run"), IsProgram: true),
            new LayerEntry.Text($"app/{new string('n', 200)}", "long"),
            new LayerEntry.Link("app/link", "run"),
        ];
    }

    private async Task<byte[]> InflatedAsync(Digest digest)
    {
        await using var unpacked = new GZipStream(Store.Open(digest), CompressionMode.Decompress);
        using var all = new MemoryStream();
        await unpacked.CopyToAsync(all, Stop);
        return all.ToArray();
    }

    private async Task<IReadOnlyList<string>> ReadAsync(Digest digest)
    {
        var lines = new List<string>();
        using var tar = new TarReader(new MemoryStream(await InflatedAsync(digest)));
        while (tar.GetNextEntry() is { } entry)
        {
            var content = entry.DataStream is { } data ? " " + await new StreamReader(data).ReadToEndAsync(Stop) : "";
            var link = entry.LinkName.Length > 0 ? $" -> {entry.LinkName}" : "";
            lines.Add(
                $"{entry.EntryType} {entry.Name} {Convert.ToString((int)entry.Mode, 8)} {entry.Uid}:{entry.Gid} {entry.ModificationTime.Year}{link}{content}"
            );
        }
        return lines;
    }
}
