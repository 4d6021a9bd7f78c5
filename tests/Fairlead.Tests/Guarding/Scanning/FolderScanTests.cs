using Fairlead.Drivers.Scanners.LockFiles;
using Fairlead.Engine.Guarding.Scanning;
using Fairlead.Engine.Guarding.Scanning.Secrets;
using Fairlead.Model.Ports;
using Fairlead.Model.Security.Scanning;
using Fairlead.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Guarding.Scanning;

/// <summary>What a look through a folder sees, and that it says what it did not see.</summary>
public sealed class FolderScanTests
{
    private const string Status = """
        Package: libssl3
        Status: install ok installed
        Source: openssl
        Version: 3.0.9-1
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Debians_packages_are_of_the_release_that_stands_beside_them()
    {
        var inventory = Inventory(
            ("image/var/lib/dpkg/status", Status),
            ("image/etc/os-release", "PRETTY_NAME=\"Debian GNU/Linux 12\"\nID=debian\nVERSION_ID=\"12\"\n")
        );
        Assert.Equal("pkg:deb/debian/libssl3@3.0.9-1?distro=debian-12", Assert.Single(inventory.Components).Purl);
        Assert.Empty(inventory.Unread);
    }

    [Fact]
    public void Without_a_release_all_advisories_count_and_that_is_said()
    {
        var inventory = Inventory(("var/lib/dpkg/status", Status), ("etc/os-release", "ID=debian\n"));
        Assert.Null(Assert.Single(inventory.Components).Distribution);
        Assert.Equal(
            [
                "var/lib/dpkg/status: etc/os-release does not say which release of Debian this is, so advisories of all releases count.",
            ],
            inventory.Unread
        );
    }

    [Fact]
    public void Another_distributions_packages_are_not_taken_for_debians()
    {
        var inventory = Inventory(
            ("var/lib/dpkg/status", Status),
            ("usr/lib/os-release", "ID=ubuntu\nVERSION_ID=\"24.04\"\n")
        );
        Assert.Empty(inventory.Components);
        Assert.Equal(
            ["var/lib/dpkg/status: these are packages of ubuntu, and only Debian's advisories are compared."],
            inventory.Unread
        );
    }

    [Fact]
    public void A_secret_in_a_line_of_any_length_is_found_once_wherever_it_stands()
    {
        var secret = "ghp_" + string.Concat(Enumerable.Repeat("Zk3vQ9pLx", 4));
        for (var at = 0; at < 60_000; at += 1_777)
        {
            var line = new string(';', at) + secret + new string(';', 60_000 - at);
            Assert.Equal(["a.js:1"], SecretSearch.Find("a.js", line).Select(static one => one.Where));
        }
    }

    [Fact]
    public async Task A_folder_that_may_not_be_looked_into_makes_it_unknown()
    {
        var tree = new Closed(new MemoryTree(new Dictionary<string, string> { ["a/b.txt"] = "nothing" }));
        var result = await Scan()
            .RunAsync(tree, new() { Kinds = [ScanKind.Dependencies, ScanKind.Secrets, ScanKind.Config] }, Stop);
        Assert.All(result.Parts, static part => Assert.Equal(Coverage.Unknown, part.Coverage));
        Assert.Contains("a may not be looked into.", result.Unknown);
    }

    [Fact]
    public async Task What_nothing_here_looks_for_is_unknown()
    {
        var result = await Scan()
            .RunAsync(new MemoryTree(new Dictionary<string, string>()), new() { Kinds = [ScanKind.Malware] }, Stop);
        Assert.Equal(["Nothing on this machine looks for malware."], result.Unknown);
    }

    private static Inventory Inventory(params (string Path, string Text)[] files) =>
        Scan()
            .Inventory(
                new MemoryTree(files.ToDictionary(static one => one.Path, static one => one.Text)),
                development: true,
                Stop
            );

    private static FolderScan Scan() =>
        new(new(AllLockFiles.Entries, new NoAdvisories(), []), new(new FakeTimeProvider(), new Random(1)));

    private sealed class Closed(IFileTree inner) : IFileTree
    {
        public string Root => inner.Root;

        public bool FolderExists(string path) => inner.FolderExists(path);

        public bool FileExists(string path) => inner.FileExists(path);

        public string? ReadText(string path) => inner.ReadText(path);

        public IReadOnlyList<string> List(string folder) => folder == "a" ? [] : inner.List(folder);

        public bool IsClosed(string folder) => folder == "a";

        public IFileTree Inside(string folder) => inner.Inside(folder);
    }

    private sealed class NoAdvisories : IAdvisories
    {
        public Task<AdvisoryStatus> StatusAsync(CancellationToken stop) => Task.FromResult(AdvisoryStatus.None);

        public Task<IReadOnlyList<Advisory>> AboutAsync(
            IReadOnlySet<(Ecosystem, string)> packages,
            CancellationToken stop
        ) => Task.FromResult<IReadOnlyList<Advisory>>([]);

        public Task<AdvisoryStatus> ImportAsync(string path, DateTimeOffset? date, CancellationToken stop) =>
            throw new NotSupportedException();
    }
}
