using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Fairlead.Drivers.Images;
using Fairlead.Model.Images;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Drivers.Images;

/// <summary>Layers come out one over the other, and nothing of an enemy's image comes out elsewhere.</summary>
public sealed class UnpackerTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ImageLayout Store => new(folder.File("images"), new World(new FakeTimeProvider(), new Random(1)));

    private string Root => folder.File("root");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Later_layers_change_and_remove_what_earlier_ones_brought()
    {
        await UnpackAsync(
            [
                File("etc/a", "old"),
                File("etc/b", "b"),
                File("var/x", "x"),
                File("var/deep/y", "y"),
                Link("lib", "usr/lib"),
                File("keep/k", "k"),
            ],
            [
                File("etc/a", "new"),
                File("etc/.wh.b", ""),
                File("var/new", "new"),
                File("var/.wh..wh..opq", ""),
                File("lib/z", "z"),
                File(".wh.nothing", ""),
            ],
            [HardLink("etc/c", "etc/a"), File("keep", "a file now")]
        );
        Assert.Equal(
            ["etc/a=new", "etc/c=new", "keep=a file now", "lib->usr/lib", "usr/lib/z=z", "var/new=new"],
            Files()
        );
    }

    [Fact]
    public async Task Rights_of_owners_and_devices_are_left_out()
    {
        var done = await UnpackAsync([
            File("su", "x", (UnixFileMode)0b100_111_101_101),
            new(TarEntryType.CharacterDevice, "dev/null"),
            new(TarEntryType.Fifo, "pipe"),
        ]);
        Assert.Equal((UnixFileMode)0b111_101_101, System.IO.File.GetUnixFileMode(Path.Combine(Root, "su")));
        Assert.Equal((2, 3), (done.Devices, done.Entries));
        Assert.Equal(["su=x"], Files());
    }

    [Fact]
    public async Task Links_that_lead_out_lead_within()
    {
        // To write through a link to the real root would write here.
        await UnpackAsync(
            [Link("out", "/"), Link("up", "../../../.."), Link("abs", folder.Path)],
            [File("out/a", "a"), File("up/b", "b"), File("abs/c", "c")]
        );
        Assert.Contains("a=a", Files());
        Assert.Contains("b=b", Files());
        Assert.Equal(
            ["images", "root"],
            Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName).Order()
        );
    }

    [Theory]
    [InlineData("../evil", "A path in it leads out of the image: ../evil")]
    [InlineData("a/../../evil", "A path in it leads out of the image: a/../../evil")]
    public async Task A_path_that_leads_out_is_refused_and_nothing_is_left(string path, string why)
    {
        var caught = await Assert.ThrowsAsync<ProblemException>(() =>
            UnpackAsync([File("good", "x"), File(path, "x")])
        );
        Assert.Equal(("image.broken", why), (caught.Problem.Code, caught.Problem.Why));
        Assert.Empty(Files());
    }

    [Fact]
    public async Task Hard_links_out_of_the_image_and_links_in_circles_are_refused()
    {
        await Assert.ThrowsAsync<ProblemException>(() => UnpackAsync([HardLink("x", "/etc/passwd")]));
        await Assert.ThrowsAsync<ProblemException>(() =>
            UnpackAsync([Link("a", "b"), Link("b", "a"), File("a/x", "x")])
        );
        await Assert.ThrowsAsync<ProblemException>(() =>
            UnpackAsync([Link("etc", "/etc"), HardLink("x", "etc/passwd")])
        );
        Assert.Empty(Files());
    }

    [Fact]
    public async Task A_bomb_ends_at_its_limit()
    {
        var (manifest, config) = await ImageAsync([
            [File("zeros", new string('\0', 20_000_000))],
        ]);
        Directory.CreateDirectory(Root);
        var small = new Unpacker(Store, Root, new() { BytesMax = 1_000_000 });
        await Assert.ThrowsAsync<InvalidDataException>(() => small.RunAsync(manifest, config, Stop));
        Assert.InRange(new FileInfo(Path.Combine(Root, "zeros")).Length, 0, 1_100_000);
        var many = await ImageAsync([
            [.. Enumerable.Range(0, 50).Select(static at => File($"f{at}", ""))],
        ]);
        var few = new Unpacker(Store, folder.File("root"), new() { EntriesMax = 49 });
        await Assert.ThrowsAsync<InvalidDataException>(() => few.RunAsync(many.Manifest, many.Config, Stop));
    }

    [Fact]
    public async Task A_layer_that_is_not_what_the_config_names_is_refused()
    {
        var (manifest, config) = await ImageAsync([
            [File("a", "a")],
        ]);
        Directory.CreateDirectory(Root);
        var other = config with { Files = new([Digest.Of("other"u8)]) };
        var caught = await Assert.ThrowsAsync<InvalidDataException>(() =>
            new Unpacker(Store, Root, new()).RunAsync(manifest, other, Stop)
        );
        Assert.Contains("is not the sha256:", caught.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TarEntryFormat.Gnu)]
    [InlineData(TarEntryFormat.Pax)]
    public async Task Long_names_are_read_in_both_dialects(TarEntryFormat format)
    {
        var name = $"{string.Join('/', Enumerable.Repeat(new string('d', 60), 4))}/{new string('n', 200)}";
        using var stream = new MemoryStream();
        await using (var writer = new TarWriter(stream, format, leaveOpen: true))
        {
            TarEntry entry =
                format is TarEntryFormat.Gnu
                    ? new GnuTarEntry(TarEntryType.RegularFile, name)
                    : new PaxTarEntry(TarEntryType.RegularFile, name);
            entry.DataStream = new MemoryStream("long"u8.ToArray());
            await writer.WriteEntryAsync(entry, Stop);
        }
        stream.Position = 0;
        var tar = new TarReading(stream);
        var item = await tar.NextAsync(Stop);
        Assert.Equal((name, 4L), (item!.Path, item.Size));
        Assert.Null(await tar.NextAsync(Stop));
    }

    private async Task<UnpackedImage> UnpackAsync(params GnuTarEntry[][] layers)
    {
        var (manifest, _) = await ImageAsync(layers);
        var image = await Store.PutAsync(MediaTypes.Manifest, ImageJson.Write(manifest), Stop);
        return await Store.UnpackAsync(image, Root, Stop);
    }

    private async Task<(Manifest.Image Manifest, ImageConfig Config)> ImageAsync(GnuTarEntry[][] layers)
    {
        var (packed, ids) = (new List<Descriptor>(), new List<Digest>());
        foreach (var layer in layers)
        {
            using var plain = new MemoryStream();
            await using (var tar = new TarWriter(plain, TarEntryFormat.Gnu, leaveOpen: true))
            {
                foreach (var entry in layer)
                {
                    await tar.WriteEntryAsync(entry, Stop);
                }
            }
            ids.Add(Digest.Of(plain.ToArray()));
            using var gzip = new MemoryStream();
            await using (var packing = new GZipStream(gzip, CompressionLevel.Fastest, leaveOpen: true))
            {
                await packing.WriteAsync(plain.ToArray(), Stop);
            }
            packed.Add(await Store.PutAsync(MediaTypes.GzipLayer, gzip.ToArray(), Stop));
        }
        var config = new ImageConfig
        {
            Architecture = "amd64",
            Os = "linux",
            Files = new(ids),
        };
        var put = await Store.PutAsync(MediaTypes.Config, ImageJson.Write(config), Stop);
        return (new Manifest.Image(MediaTypes.Manifest, put, packed), config);
    }

    private static GnuTarEntry File(string path, string content, UnixFileMode mode = (UnixFileMode)0b110_100_100) =>
        new(TarEntryType.RegularFile, path)
        {
            DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)),
            Mode = mode,
        };

    private static GnuTarEntry HardLink(string path, string to) => new(TarEntryType.HardLink, path) { LinkName = to };

    private static GnuTarEntry Link(string path, string to) => new(TarEntryType.SymbolicLink, path) { LinkName = to };

    private IReadOnlyList<string> Files() => [.. Under(Root).Order(StringComparer.Ordinal)];

    // Not along links: some of these lead to the whole machine.
    private IEnumerable<string> Under(string place) =>
        new DirectoryInfo(place)
            .EnumerateFileSystemInfos()
            .SelectMany(one =>
                one switch
                {
                    { LinkTarget: { } to } => [$"{Path.GetRelativePath(Root, one.FullName)}->{to}"],
                    DirectoryInfo => Under(one.FullName),
                    _ => [$"{Path.GetRelativePath(Root, one.FullName)}={System.IO.File.ReadAllText(one.FullName)}"],
                }
            );
}
