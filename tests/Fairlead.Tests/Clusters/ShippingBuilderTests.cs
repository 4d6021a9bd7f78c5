using Fairlead.Engine.Clusters;
using Fairlead.Engine.Imaging;
using Fairlead.Model.Apps;
using Fairlead.Model.Images;
using Fairlead.Model.Ports;
using Fairlead.Tests.Fakes;

namespace Fairlead.Tests.Clusters;

public sealed class ShippingBuilderTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, true, "Done")]
    [InlineData(true, false, "Failed cluster.no-artifact")]
    [InlineData(false, false, "Done")]
    public async Task What_runs_in_a_cluster_is_built_when_its_image_can_be_fetched(
        bool isForCluster,
        bool isImageThere,
        string expected
    )
    {
        var builder = new ShippingBuilder(new Built(), Ports(isImageThere));
        await builder.StartAsync(Order(isForCluster), "abc", Stop);

        var view = await builder.ObserveAsync("abc", Stop);
        while (view.State is BuildState.Running)
        {
            await Task.Yield();
            view = await builder.ObserveAsync("abc", Stop);
        }

        Assert.Equal(expected, $"{view.State} {view.Problem?.Code}".Trim());
    }

    [Fact]
    public async Task A_server_that_did_not_begin_it_does_not_wait_for_it()
    {
        var builder = new ShippingBuilder(new Built(), Ports(isThere: false));

        Assert.Equal(BuildState.Done, (await builder.ObserveAsync("abc", Stop)).State);
    }

    private static ClusterPorts Ports(bool isThere)
    {
        var world = new World(TimeProvider.System, new Random(7));
        return new(new MemoryCluster(world), new ClusterSites(new MemoryStore(world), world), Images(isThere), world);
    }

    private static SentImages Images(bool isThere) =>
        new(
            static () =>
                new ImagePorts(
                    null!,
                    null!,
                    null!,
                    static one => one,
                    static _ => null,
                    static _ => 0,
                    new("amd64", "linux")
                )
                {
                    Dockerfiles = null!,
                    Folders = null!,
                },
            null!,
            _ => new MemoryTree(
                isThere
                    ? new Dictionary<string, string>
                    {
                        [ReadyImage.FileName] = """{"Reference":"r.test/x@sha256:1","Id":"sha256:1"}""",
                    }
                    : []
            )
        );

    private static BuildOrder Order(bool isForCluster) =>
        new(
            "shop",
            "/source",
            new Service
            {
                Name = "api",
                Kind = Kind.Api,
                Path = ".",
                Recipe = new() { Stack = "image" },
                Health = new(),
                Replicas = 1,
                Container = new() { Image = "r.test/x:1", Cluster = isForCluster ? new("shop") : null },
            }
        );

    private sealed class Built : IBuilder
    {
        public Task<string> DigestAsync(BuildOrder order, CancellationToken stop) => Task.FromResult("abc");

        public Task StartAsync(BuildOrder order, string artifact, CancellationToken stop) => Task.CompletedTask;

        public Task<BuildView> ObserveAsync(string artifact, CancellationToken stop) =>
            Task.FromResult(new BuildView(BuildState.Done));

        public Task CancelAsync(string artifact, CancellationToken stop) => Task.CompletedTask;
    }
}
