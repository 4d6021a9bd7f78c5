using Fairlead.Drivers.Builds;
using Fairlead.Drivers.State;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Drivers.Builds;

public sealed class DigestTests : IAsyncDisposable
{
    // A change of this value is a rebuild of everything everywhere: it must be meant.
    private const string Golden = "4405ae94e3f924966a1713f334dc695e608f5295e3b46c081b32ea4e77bbd8f9";

    private static readonly Recipe Recipe = new()
    {
        Stack = "custom",
        Build =
        [
            ["make", "all"],
        ],
        Output = "dist",
        Run = ["./server", "{port}"],
        Inputs = ["shared"],
    };

    private readonly Folder folder = new();
    private readonly LocalBuilder builder;

    public DigestTests()
    {
        builder = NewBuilder();
        folder.Write("fairlead.yaml", "app: shop");
        folder.Write("README.md", "# Shop");
        folder.Write("global.json", "{}");
        folder.Write("api/main.c", "int main() { return 0; }");
        folder.Write("api/lib/a.c", "");
        folder.Write("shared/b.h", "#define B");
        folder.Write("web/index.html", "<html>");
        File.CreateSymbolicLink(folder["api/link"], "lib/a.c");
        File.SetUnixFileMode(
            folder["api/lib/a.c"],
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );
    }

    [Fact]
    public async Task The_same_tree_has_the_same_digest_for_ever() => Assert.Equal(Golden, await DigestAsync());

    public static TheoryData<string, bool> Changes() =>
        new()
        {
            { "one byte", true },
            { "a mode", true },
            { "a link's target", true },
            { "a name", true },
            { "a new file", true },
            { "an input", true },
            { "a lock file beside the manifest", true },
            { "another time", false },
            { "the group's mode", false },
            { "the manifest", false },
            { "another service", false },
            { "a file beside the manifest", false },
            { "an ignored file", false },
            { "a cache", false },
            { "an empty folder", false },
        };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Only_what_goes_into_a_build_changes_its_digest(string change, bool isAnother)
    {
        folder.Write("api/.gitignore", "*.log\n");
        var before = await DigestAsync();
        Make(change);
        Assert.Equal(isAnother, before != await DigestAsync());
    }

    [Fact]
    public async Task Each_part_of_the_recipe_changes_the_digest()
    {
        Recipe[] recipes =
        [
            Recipe,
            Recipe with
            {
                Stack = "aspnet",
            },
            Recipe with
            {
                Build =
                [
                    ["make", "all"],
                    [],
                ],
            },
            Recipe with
            {
                Build =
                [
                    ["make"],
                    ["all"],
                ],
            },
            Recipe with
            {
                Output = null,
            },
            Recipe with
            {
                Run = [],
            },
        ];
        var digests = new HashSet<string>();
        foreach (var recipe in recipes)
        {
            digests.Add(await DigestAsync(recipe));
        }
        Assert.Equal(recipes.Length, digests.Count);
    }

    [Fact]
    public async Task A_file_changed_within_the_same_second_and_size_is_seen()
    {
        var before = await DigestAsync();
        var time = File.GetLastWriteTimeUtc(folder["api/main.c"]);
        folder.Write("api/main.c", "int main() { return 1; }");
        File.SetLastWriteTimeUtc(folder["api/main.c"], time);
        Assert.NotEqual(before, await DigestAsync());
    }

    [Fact]
    public async Task What_is_taken_is_the_folder_the_inputs_and_the_locks_beside_the_manifest()
    {
        folder.Write("package-lock.json", "{}");
        folder.Write("Directory.Build.props", "<Project/>");
        folder.Write("notes.lock.txt", "");
        folder.Write("api/api.csproj", "<Project/>");
        folder.Write("api/obj/project.assets.json", "{}");
        folder.Write("api/lib/bin/tool.sh", "");
        folder.Write("api/node_modules/x/index.js", "");
        folder.Write("api/artifacts/x", "");
        folder.Write("api/lib/artifacts/x", "");
        folder.Write("api/.git/HEAD", "");
        folder.Write("api/a.pyc", "");
        folder.Write("shared/.gitignore", "gen/\n");
        folder.Write("shared/gen/x", "");
        folder.Write(".gitignore", ".env\nlib/*.tmp\n*.big\n");
        folder.Write(".fairleadignore", "!kept.big\n");
        folder.Write("api/.env", "SECRET=1");
        folder.Write("api/lib/x.tmp", "");
        folder.Write("api/x.big", "");
        folder.Write("api/kept.big", "");

        Assert.Equal(
            [
                "Directory.Build.props",
                "api/api.csproj",
                "api/kept.big",
                "api/lib/a.c",
                "api/lib/artifacts/x",
                "api/lib/bin/tool.sh",
                "api/lib/x.tmp",
                "api/link",
                "api/main.c",
                "global.json",
                "package-lock.json",
                "shared/.gitignore",
                "shared/b.h",
            ],
            Scan("api").Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void A_folder_that_the_manifest_names_is_taken_though_git_ignores_it()
    {
        folder.Write(".gitignore", "dist/\n*.map\n");
        folder.Write("dist/index.html", "<html>");
        folder.Write("dist/index.js.map", "");
        Assert.Equal(["dist/index.html", "global.json", "shared/b.h"], Scan("dist"));
    }

    [Fact]
    public void The_rules_of_the_repository_above_hold_too()
    {
        Directory.CreateDirectory(folder["repo/.git"]);
        folder.Write("repo/.gitignore", "*.key\n/apps/shop/api/old\n");
        folder.Write("repo/apps/shop/api/main.c", "");
        folder.Write("repo/apps/shop/api/tls.key", "");
        folder.Write("repo/apps/shop/api/old", "");
        var order = Orders.Of(folder["repo/apps/shop"]);
        Assert.Equal(["api/main.c"], new SourceScan(order, "/nowhere", default).Run().Select(file => file.Path));
    }

    [Theory]
    [InlineData("missing", "build.no-source")]
    [InlineData("../elsewhere", "build.outside")]
    [InlineData("alias", "build.link-outside")]
    public void A_path_that_cannot_be_built_is_a_problem(string path, string code)
    {
        File.CreateSymbolicLink(folder["alias"], "api");
        Assert.Equal(code, Assert.Throws<ProblemException>(() => Scan(path)).Problem.Code);
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../../../etc/passwd")]
    [InlineData("../web/index.html")]
    public void A_link_that_leads_out_of_the_source_is_a_problem(string target)
    {
        File.CreateSymbolicLink(folder["api/away"], target);
        var problem = Assert.Throws<ProblemException>(() => Scan("api")).Problem;
        Assert.Equal("build.link-outside", problem.Code);
        Assert.Contains(target, problem.Why);
    }

    [Fact]
    public void A_pipe_in_the_source_does_not_hang_the_scan_and_Fairleads_own_folder_is_left_out()
    {
        folder.Write("state/fairlead.db", "");
        var order = Orders.Of(folder.Path, ".", Recipe);
        Assert.DoesNotContain(
            new SourceScan(order, folder["state"], default).Run(),
            file => file.Path.StartsWith("state", StringComparison.Ordinal)
        );
    }

    public async ValueTask DisposeAsync()
    {
        await builder.DisposeAsync();
        folder.Dispose();
    }

    private void Make(string change)
    {
        switch (change)
        {
            case "one byte":
                folder.Write("api/main.c", "int main() { return 1; }");
                break;
            case "a mode":
                File.SetUnixFileMode(
                    folder["api/main.c"],
                    File.GetUnixFileMode(folder["api/main.c"]) | UnixFileMode.UserExecute
                );
                break;
            case "a link's target":
                File.Delete(folder["api/link"]);
                File.CreateSymbolicLink(folder["api/link"], "main.c");
                break;
            case "a name":
                File.Move(folder["api/main.c"], folder["api/main2.c"]);
                break;
            case "a new file":
                folder.Write("api/new.c", "");
                break;
            case "an input":
                folder.Write("shared/b.h", "#define C");
                break;
            case "a lock file beside the manifest":
                folder.Write("yarn.lock", "");
                break;
            case "another time":
                File.SetLastWriteTimeUtc(folder["api/main.c"], DateTime.UnixEpoch);
                break;
            case "the group's mode":
                File.SetUnixFileMode(
                    folder["api/main.c"],
                    File.GetUnixFileMode(folder["api/main.c"]) ^ UnixFileMode.GroupWrite
                );
                break;
            case "the manifest":
                folder.Write("fairlead.yaml", "app: shop2");
                break;
            case "another service":
                folder.Write("web/index.html", "<html2>");
                break;
            case "a file beside the manifest":
                folder.Write("README.md", "# Shop 2");
                break;
            case "an ignored file":
                folder.Write("api/a.log", "x");
                break;
            case "a cache":
                folder.Write("api/__pycache__/x", "x");
                break;
            case "an empty folder":
                Directory.CreateDirectory(folder["api/empty"]);
                break;
        }
    }

    // A second builder remembers nothing of the first: what one says from memory the other says from the files.
    private async Task<string> DigestAsync(Recipe? recipe = null)
    {
        var order = Orders.Of(folder.Path, recipe: recipe ?? Recipe);
        await using var fresh = NewBuilder();
        var digest = await builder.DigestAsync(order, default);
        Assert.Equal(await fresh.DigestAsync(order, default), digest);
        return digest;
    }

    private IEnumerable<string> Scan(string path) =>
        new SourceScan(Orders.Of(folder.Path, path, Recipe), folder["state"], default).Run().Select(file => file.Path);

    private LocalBuilder NewBuilder() =>
        new(
            new StateFolder(folder["state"]),
            new World(new FakeTimeProvider(new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero)), new Random(1)),
            NullLogger.Instance
        );
}
