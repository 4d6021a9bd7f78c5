using System.Security.Cryptography;
using System.Text;
using Fairlead.Drivers.Git;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;
using Fairlead.Scenarios.Collecting;

namespace Fairlead.Scenarios.Sources;

/// <summary>Submodules and files of Git LFS, with a real git and servers on loopback that want a login.</summary>
public sealed class ModuleScenarios : IDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("fairlead-modules-");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static string Login { get; } =
        $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes("x-access-token:right-token"))}";

    public void Dispose() => root.Delete(recursive: true);

    [Fact]
    public async Task Submodules_come_at_the_commits_that_are_pinned_and_their_own_with_them()
    {
        using var shop = await Repository.OfAsync("shop");
        var (lib, inner) = (await shop.BesideAsync("lib"), await shop.BesideAsync("inner"));
        inner.Write("inner.txt", "inner one");
        await inner.SaveAsync();
        lib.Write("lib.txt", "lib one");
        await lib.PinAsync("deep/inner", "../inner.git", await inner.HeadAsync());
        await shop.PinAsync("libs/lib", "../lib.git", await lib.HeadAsync());
        lib.Write("lib.txt", "lib two");
        await lib.SaveAsync();
        await using var server = await DumbHttp.StartAsync(shop.Folder, Login);

        var tree = await CheckOutAsync(shop, $"{server.Url}hub.git");

        Assert.Equal("lib one", await File.ReadAllTextAsync(Path.Combine(tree, "libs/lib/lib.txt"), Stop));
        Assert.Equal(
            "inner one",
            await File.ReadAllTextAsync(Path.Combine(tree, "libs/lib/deep/inner/inner.txt"), Stop)
        );
        Assert.Equal(tree, await CheckOutAsync(shop, $"{server.Url}hub.git"));
    }

    [Fact]
    public async Task What_leads_elsewhere_or_nowhere_is_refused_and_another_host_gets_no_token()
    {
        using var shop = await Repository.OfAsync("shop");
        var lib = await shop.BesideAsync("lib");
        lib.Write("lib.txt", "lib");
        var pinned = await lib.SaveAsync();
        await using var server = await DumbHttp.StartAsync(shop.Folder, Login);
        var elsewhere = server.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        foreach (
            var (url, why) in ((string, string)[])
                [
                    ($"{elsewhere}lib.git", "nobody named"),
                    (new Uri(Path.Combine(shop.Folder, "lib.git")).ToString(), "'file' is no way"),
                    ("ext::sh -c 'touch owned'", "it is no address"),
                ]
        )
        {
            await shop.PinAsync("libs/lib", url, pinned);
            var refused = await Assert.ThrowsAsync<ProblemException>(() => CheckOutAsync(shop, $"{server.Url}hub.git"));
            Assert.Equal("git.submodule", refused.Problem.Code);
            Assert.Contains(why, refused.Problem.Why, StringComparison.Ordinal);
        }

        // One that was named is asked, and is not told the token: this one wants it.
        await shop.PinAsync("libs/lib", $"{elsewhere}lib.git", pinned);
        var named = await Assert.ThrowsAsync<ProblemException>(() =>
            CheckOutAsync(shop, $"{server.Url}hub.git", "localhost")
        );
        Assert.Equal("git.refused", named.Problem.Code);

        await shop.PinAsync("libs/lib", "../lib.git", new string('a', 40));
        var gone = await Assert.ThrowsAsync<ProblemException>(() => CheckOutAsync(shop, $"{server.Url}hub.git"));
        Assert.Contains("it has no commit aaaaaaaaaaaa", gone.Problem.Why, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(root.FullName, "shop", "trees")));
    }

    [Fact]
    public async Task Files_of_LFS_come_where_its_program_is_and_else_pointers_are_refused()
    {
        using var shop = await Repository.OfAsync("shop");
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("large ", 1_000)));
        var id = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var pointer = $"version https://git-lfs.github.com/spec/v1\noid sha256:{id}\nsize {bytes.Length}\n";
        shop.Write(".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n");
        shop.Write(".lfsconfig", "[lfs]\n\turl = http://127.0.0.1:9/evil\n");
        shop.Write("a b.bin", pointer);
        shop.Write("manual.txt", pointer);
        await shop.CommitAsync("two");

        // Of a folder of this machine nothing is fetched.
        await shop.GitAsync("--git-dir", new Uri(shop.Url).LocalPath, "update-server-info");
        var refused = await Assert.ThrowsAsync<ProblemException>(() => CheckOutAsync(shop, shop.Url));
        Assert.Equal("git.lfs", refused.Problem.Code);
        Assert.Contains(
            "A file of 'shop' would be deployed as Git LFS pointers: a b.bin.",
            refused.Problem.What,
            StringComparison.Ordinal
        );

        _ = RealPeer.Find("git-lfs", "git-lfs");
        await using var server = await DumbHttp.StartAsync(shop.Folder, Login);
        var missing = await Assert.ThrowsAsync<ProblemException>(() => CheckOutAsync(shop, $"{server.Url}hub.git"));
        Assert.Equal("git.lfs", missing.Problem.Code);
        server.Large[id] = bytes;
        var tree = await CheckOutAsync(shop, $"{server.Url}hub.git");
        Assert.Equal(bytes, await File.ReadAllBytesAsync(Path.Combine(tree, "a b.bin"), Stop));
        Assert.Equal(pointer, await File.ReadAllTextAsync(Path.Combine(tree, "manual.txt"), Stop));
        Assert.Equal([Login, ""], server.LargeLogins.Distinct());
    }

    private async Task<string> CheckOutAsync(Repository shop, string url, params string[] hosts)
    {
        var mirrors = new GitMirrors(root.FullName, new World(TimeProvider.System, new Random(1)));
        var order = new GitOrder("shop", url, IsInside: true, new Secret("right-token"), new Dictionary<int, string>())
        {
            ModuleHosts = hosts,
        };
        var heads = await mirrors.FetchAsync(order, Stop);
        return await mirrors.CheckOutAsync(order, "main", heads["main"].Commit, Stop);
    }
}
