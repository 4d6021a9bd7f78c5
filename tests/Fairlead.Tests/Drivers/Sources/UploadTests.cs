using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using Fairlead.Drivers.Sources;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Drivers.Sources;

/// <summary>Folders go to the server as archives, and archives of somebody else's are unpacked.</summary>
public sealed class UploadTests : IDisposable
{
    private readonly Folder from = new();
    private readonly Folder to = new();
    private readonly HastyClock clock = new(new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero));
    private readonly UploadShelf shelf;

    public UploadTests() => shelf = new(to["uploads"], new World(clock, new Random(1)));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        from.Dispose();
        to.Dispose();
    }

    [Fact]
    public async Task What_a_build_sees_is_sent_and_comes_out_as_it_was()
    {
        Directory.CreateDirectory(from[".git"]);
        from.Write(".gitignore", "*.env\n/dist/\n/out/\n");
        from.Write("fairlead.yaml", "app: shop");
        from.Write("prod.env", "SECRET=1");
        from.Write("dist/index.html", "<p>");
        from.Write("dist/app.env", "named with its folder");
        from.Write("out/a.txt", "made");
        from.Write("node_modules/x/index.js", "x");
        from.Write("api/start.sh", "#!/bin/sh");
        File.SetUnixFileMode(from["api/start.sh"], (UnixFileMode)0b111_101_101);
        File.CreateSymbolicLink(from["api/link"], "../fairlead.yaml");

        var folder = await SentAsync(["dist"]);

        Assert.Equal(
            [".gitignore", "api/link", "api/start.sh", "dist/app.env", "dist/index.html", "fairlead.yaml"],
            Listed(folder)
        );
        Assert.Equal("../fairlead.yaml", new FileInfo(Path.Combine(folder, "api/link")).LinkTarget);
        Assert.True(File.GetUnixFileMode(Path.Combine(folder, "api/start.sh")).HasFlag(UnixFileMode.UserExecute));
        Assert.False(File.GetUnixFileMode(Path.Combine(folder, "fairlead.yaml")).HasFlag(UnixFileMode.UserExecute));
    }

    [Fact]
    public async Task All_of_a_folder_is_sent_where_all_is_asked_for()
    {
        from.Write(".gitignore", "*");
        from.Write("app.js.map", "{}");

        Assert.Equal([".gitignore", "app.js.map"], Listed(await SentAsync(named: null)));
    }

    [Fact]
    public async Task The_same_folder_is_the_same_archive_whenever_it_was_written()
    {
        from.Write("a/b.txt", "b");
        var (first, _) = await PackedAsync([]);
        File.SetLastWriteTimeUtc(from["a/b.txt"], new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        var (second, _) = await PackedAsync([]);
        from.Write("a/b.txt", "c");
        var (third, _) = await PackedAsync([]);

        Assert.Equal(first, second);
        Assert.NotEqual(first, third);
    }

    [Fact]
    public async Task What_was_written_into_since_is_not_what_was_sent()
    {
        from.Write("a.txt", "a");
        var (digest, archive) = await PackedAsync([]);
        await shelf.TakeAsync(digest, new MemoryStream(archive), Stop);
        var first = shelf.Find(digest)!;
        await File.WriteAllTextAsync(Path.Combine(first, "report.xml"), "<made by a gate/>", Stop);

        Assert.Null(shelf.Find(digest));
        await shelf.TakeAsync(digest, new MemoryStream(archive), Stop);
        var second = shelf.Find(digest)!;

        Assert.NotEqual(first, second);
        Assert.Equal(["a.txt"], Listed(second));
        // Whoever builds from it goes on.
        Assert.True(File.Exists(Path.Combine(first, "report.xml")));
    }

    [Fact]
    public async Task What_nobody_asks_for_in_a_week_goes_when_something_new_comes()
    {
        from.Write("a.txt", "a");
        var (old, first) = await PackedAsync([]);
        await shelf.TakeAsync(old, new MemoryStream(first), Stop);
        _ = shelf.Find(old);
        clock.Pass(TimeSpan.FromDays(6));
        from.Write("a.txt", "b");
        var (used, second) = await PackedAsync([]);
        await shelf.TakeAsync(used, new MemoryStream(second), Stop);
        Assert.NotNull(shelf.Find(old));
        _ = shelf.Find(used);
        clock.Pass(TimeSpan.FromDays(6));
        Assert.NotNull(shelf.Find(used));
        clock.Pass(TimeSpan.FromDays(2));
        from.Write("a.txt", "c");
        var (newest, third) = await PackedAsync([]);
        await shelf.TakeAsync(newest, new MemoryStream(third), Stop);

        Assert.Equal(
            (null, true, true),
            (shelf.Find(old), shelf.Find(used) is not null, shelf.Find(newest) is not null)
        );
    }

    [Theory]
    [InlineData("../out.txt")]
    [InlineData("/etc/out.txt")]
    [InlineData("a/../../out.txt")]
    [InlineData("a/./b")]
    [InlineData("a//b")]
    [InlineData("..")]
    public async Task A_path_that_leads_out_is_refused(string path) =>
        await RefusedAsync(await ArchiveAsync(File_(path)), "no path inside");

    [Theory]
    [InlineData("link", "/etc/passwd")]
    [InlineData("link", "../outside")]
    [InlineData("a/link", "../../outside")]
    [InlineData("a/link", "b/../../../outside")]
    [InlineData("link", "a/..")]
    public async Task A_link_that_leads_out_is_refused(string path, string target) =>
        await RefusedAsync(await ArchiveAsync(Link(path, target)), "links inside");

    [Fact]
    public async Task Nothing_is_unpacked_through_a_link_twice_or_as_something_else()
    {
        await RefusedAsync(await ArchiveAsync(File_("real/x"), Link("a", "real"), File_("a/b")), "a file and a folder");
        await RefusedAsync(await ArchiveAsync(File_("a"), File_("a")), "twice");
        await RefusedAsync(await ArchiveAsync(File_("a/b"), Link("a", "b")), "twice");
        await RefusedAsync(
            await ArchiveAsync(new PaxTarEntry(TarEntryType.HardLink, "h") { LinkName = "../x" }),
            "HardLink"
        );
        await RefusedAsync(await ArchiveAsync(new PaxTarEntry(TarEntryType.Fifo, "pipe")), "Fifo");
    }

    [Fact]
    public async Task What_was_cut_or_changed_on_its_way_is_refused()
    {
        from.Write("a.txt", new string('a', 100_000));
        var (digest, archive) = await PackedAsync([]);

        await RefusedAsync(archive[..^20], null, digest);
        await RefusedAsync([.. archive, 0], null, digest);
        await RefusedAsync([], null, digest);
        await RefusedAsync("not gzip"u8.ToArray(), null, digest);
        archive[archive.Length / 2] ^= 1;
        await RefusedAsync(archive, null, digest);
        Assert.Equal([], Directory.EnumerateDirectories(to["uploads"], ".*"));
    }

    [Theory]
    [InlineData("../../etc")]
    [InlineData("")]
    [InlineData("A3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855")]
    public async Task A_name_that_is_no_digest_names_nothing(string name)
    {
        Assert.Null(shelf.Find(name));
        await Assert.ThrowsAsync<ProblemException>(() => shelf.TakeAsync(name, new MemoryStream(), Stop));
    }

    [Fact]
    public async Task What_would_fill_the_disk_is_refused()
    {
        // A zero is a thousand times smaller when it is compressed.
        await using var zeros = new EndlessZeros(SourcePack.BytesMax + 1);
        var entry = new PaxTarEntry(TarEntryType.RegularFile, "zeros") { DataStream = zeros };
        await RefusedAsync(await ArchiveAsync(entry), "GiB");
    }

    private async Task RefusedAsync(byte[] archive, string? why, string? digest = null)
    {
        digest ??= Convert.ToHexStringLower(SHA256.HashData(archive));
        var caught = await Assert.ThrowsAsync<ProblemException>(() =>
            shelf.TakeAsync(digest, new MemoryStream(archive), Stop)
        );
        Assert.Equal("upload.bad", caught.Problem.Code);
        Assert.Contains(why ?? "", caught.Problem.Why, StringComparison.Ordinal);
        Assert.Null(shelf.Find(digest));
        Assert.False(File.Exists(to["out.txt"]));
    }

    private async Task<(string Digest, byte[] Archive)> PackedAsync(IReadOnlyList<string>? named)
    {
        using var archive = new MemoryStream();
        var (digest, _) = await new SourcePack(from.Path, named).WriteAsync(archive, Stop);
        Assert.Equal(digest, Convert.ToHexStringLower(SHA256.HashData(archive.ToArray())));
        return (digest, archive.ToArray());
    }

    private async Task<string> SentAsync(IReadOnlyList<string>? named)
    {
        var (digest, archive) = await PackedAsync(named);
        await shelf.TakeAsync(digest, new MemoryStream(archive), Stop);
        return shelf.Find(digest)!;
    }

    private static string[] Listed(string folder) =>
        [
            .. Directory
                .EnumerateFiles(
                    folder,
                    "*",
                    new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }
                )
                .Select(path => Path.GetRelativePath(folder, path))
                .Order(StringComparer.Ordinal),
        ];

    private static PaxTarEntry File_(string path) =>
        new(TarEntryType.RegularFile, path) { DataStream = new MemoryStream("x"u8.ToArray()) };

    private static PaxTarEntry Link(string path, string target)
    {
        var entry = new PaxTarEntry(TarEntryType.SymbolicLink, path);
        if (target.Length > 0)
        {
            entry.LinkName = target;
        }
        return entry;
    }

    private static async Task<byte[]> ArchiveAsync(params PaxTarEntry[] entries)
    {
        using var archive = new MemoryStream();
        await using (var zip = new GZipStream(archive, CompressionLevel.Fastest, leaveOpen: true))
        await using (var tar = new TarWriter(zip, TarEntryFormat.Pax))
        {
            foreach (var entry in entries)
            {
                await tar.WriteEntryAsync(entry, Stop);
            }
        }
        return archive.ToArray();
    }

    private sealed class EndlessZeros(long length) : Stream
    {
        private long at;

        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position
        {
            get => at;
            set => at = value;
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(count, length - at);
            Array.Clear(buffer, offset, read);
            at += read;
            return read;
        }

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => at = offset;

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
