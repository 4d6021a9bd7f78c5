using System.Text;
using System.Text.Json;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Watching.Errors.SourceMaps;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using Fairlead.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Telemetry.Errors;

/// <summary>Maps that lie beside the scripts of a release need no upload.</summary>
public sealed class DeployedMapsTests
{
    private static readonly Site Shop = new("shop", "production");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(42, "assets/main.js", "map of main")]
    [InlineData(42, "behind/a/proxy/assets/main.js", "map of main")]
    [InlineData(42, "state/artifacts/d2/dist/server.js", "map of server")]
    [InlineData(42, "lonely.js", null)]
    [InlineData(42, "other.js", null)]
    [InlineData(42, "../../secret.js", null)]
    [InlineData(42, "a\0b.js", null)]
    [InlineData(41, "assets/main.js", null)]
    [InlineData(0, "assets/main.js", null)]
    public async Task A_script_of_a_release_is_explained_by_the_map_beside_it(
        int release,
        string name,
        string? expected
    )
    {
        var trees = new Dictionary<string, IFileTree>
        {
            ["d1"] = Tree(
                ("assets/main.js", "x"),
                ("assets/main.js.map", "map of main"),
                ("lonely.js.map", "no script")
            ),
            ["d2"] = Tree(("dist/server.js", "x"), ("dist/server.js.map", "map of server")),
        };
        var maps = new DeployedMaps(await RecordsAsync(), digest => trees[digest]);

        var bytes = await maps.FindAsync(new(Shop, release, name, DebugId: null), Stop);

        Assert.Equal(expected, bytes is null ? null : Encoding.UTF8.GetString(bytes));
    }

    private static MemoryTree Tree(params (string Path, string Text)[] files) =>
        new(files.ToDictionary(file => file.Path, file => file.Text));

    private static async Task<IStore> RecordsAsync()
    {
        var store = new MemoryStore(new(new FakeTimeProvider(), new Random(1)));
        var fence = await store.TakeChargeAsync("me", Stop);
        ReleasedService Of(string name, string digest) =>
            new(
                new Service
                {
                    Name = name,
                    Kind = Kind.Web,
                    Path = ".",
                    Recipe = new() { Stack = "static" },
                    Health = new(),
                    Replicas = 1,
                },
                new Part(name, 42),
                digest,
                new StrategyChoice("blue-green", JsonDocument.Parse("{}").RootElement)
            );
        var release = new Release
        {
            Site = Shop,
            Number = 42,
            Services = [Of("web", "d1"), Of("api", "d2")],
            Hosts = [],
            Source = "/shop",
            At = default,
        };
        var write = new Write(Records.Releases, Memory.ReleaseKey(Shop, 42), Records.Body(release));
        await store.CommitAsync(new Change(fence) { Writes = [write] }, Stop);
        return store;
    }
}
