using Fairlead.Drivers.Builds;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Drivers.Builds;

public sealed class WorkspaceTests : IDisposable
{
    private readonly Folder source = new();
    private readonly Folder work = new();
    private readonly SourceHasher hasher = new(
        new World(new FakeTimeProvider(DateTimeOffset.UnixEpoch), new Random(1))
    );

    [Fact]
    public async Task After_each_sync_it_is_the_source_plus_the_tools_caches()
    {
        source.Write("api/api.csproj", "<Project/>");
        source.Write("api/a.cs", "a");
        source.Write("api/sub/b.cs", "b");
        File.CreateSymbolicLink(source["api/link"], "a.cs");
        await SyncAsync();
        Assert.Equal("a.cs=a api.csproj=<Project/> link->a.cs sub/b.cs=b", Work());

        // The build writes.
        work.Write("src/api/obj/cache", "c");
        work.Write("src/api/node_modules/x/index.js", "x");
        work.Write("src/api/dist/app.js", "stale");
        work.Write("src/api/a.cs", "changed by the build");
        // The source goes on: a file became a folder, a folder a file, a link a file.
        File.Delete(source["api/link"]);
        source.Write("api/link", "file");
        Directory.Delete(source["api/sub"], recursive: true);
        source.Write("api/sub", "file");
        source.Write("api/new/c.cs", "c");
        await SyncAsync();

        Assert.Equal(
            "a.cs=a api.csproj=<Project/> link=file new/c.cs=c node_modules/x/index.js=x obj/cache=c sub=file",
            Work()
        );
    }

    [Fact]
    public async Task Files_that_did_not_change_are_left_alone_and_changed_ones_are_young()
    {
        source.Write("api/a.cs", "a");
        source.Write("api/b.cs", "b");
        await SyncAsync();
        File.SetLastWriteTimeUtc(work["src/api/a.cs"], DateTime.UnixEpoch);
        File.SetLastWriteTimeUtc(work["src/api/b.cs"], DateTime.UnixEpoch);

        // Put back to an older version with its older time, as tar and cp -p do.
        source.Write("api/b.cs", "older b");
        File.SetLastWriteTimeUtc(source["api/b.cs"], DateTime.UnixEpoch);
        await SyncAsync();

        Assert.Equal("a.cs=a b.cs=older b", Work());
        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(work["src/api/a.cs"]));
        Assert.NotEqual(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(work["src/api/b.cs"]));
    }

    [Fact]
    public async Task An_output_folder_inside_a_cache_begins_empty_and_one_with_source_keeps_it()
    {
        source.Write("api/api.csproj", "");
        source.Write("api/public/index.html", "page");
        await SyncAsync("bin/publish");
        work.Write("src/api/bin/publish/old.dll", "old");
        work.Write("src/api/bin/other.dll", "cache");
        await SyncAsync("bin/publish");
        Assert.Equal("api.csproj= bin/other.dll=cache public/index.html=page", Work());

        work.Write("src/api/public/old.js", "old");
        await SyncAsync("public");
        Assert.Equal("api.csproj= bin/other.dll=cache public/index.html=page", Work());
    }

    [Fact]
    public void An_artifact_of_a_source_folder_holds_what_was_installed_and_no_link_into_the_workspace()
    {
        work.Write("src/api/main.js", "main");
        work.Write("src/api/dist/app.js", "built");
        work.Write("src/api/node_modules/dep/obj/x.js", "dep");
        work.Write("src/api/__pycache__/x.pyc", "cache");
        work.Write("src/shared/index.js", "shared");
        Directory.CreateDirectory(work["src/api/node_modules/.bin"]);
        File.CreateSymbolicLink(work["src/api/node_modules/.bin/dep"], "../dep/obj/x.js");
        File.CreateSymbolicLink(work["src/api/node_modules/shared"], "../../shared");
        File.CreateSymbolicLink(work["src/api/node_modules/same"], work["src/api/main.js"]);
        File.CreateSymbolicLink(work["src/api/node"], "/usr/bin/node");

        new OutputCopy(work["src/api"], work["src"], default).To(work["out"], isSource: true);

        Assert.Equal(
            "dist/app.js=built main.js=main node->/usr/bin/node node_modules/.bin/dep->../dep/obj/x.js "
                + "node_modules/dep/obj/x.js=dep node_modules/same->../main.js node_modules/shared/index.js=shared",
            Text(work["out"])
        );
    }

    public void Dispose()
    {
        source.Dispose();
        work.Dispose();
    }

    private async Task SyncAsync(string? output = null)
    {
        var order = Orders.Of(source.Path, recipe: new Recipe { Stack = "custom", Output = output });
        var files = new SourceScan(order, "/nowhere", default).Run();
        var now = await new Workspace(work["src"], order, hasher).SyncAsync(files, default);
        Assert.Equal(
            SourceHasher.Digest(order, await hasher.HashAsync(source.Path, files, default)),
            SourceHasher.Digest(order, now)
        );
    }

    private string Work() => Text(work["src/api"]);

    private static string Text(string folder) =>
        string.Join(
            ' ',
            Directory
                .EnumerateFileSystemEntries(
                    folder,
                    "*",
                    new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }
                )
                .Select(path =>
                    (Path: path, Name: Path.GetRelativePath(folder, path), Link: new FileInfo(path).LinkTarget)
                )
                .Where(one => one.Link is not null || File.Exists(one.Path))
                .OrderBy(one => one.Name, StringComparer.Ordinal)
                .Select(one =>
                    one.Link is { } link ? $"{one.Name}->{link}" : $"{one.Name}={File.ReadAllText(one.Path)}"
                )
        );
}
