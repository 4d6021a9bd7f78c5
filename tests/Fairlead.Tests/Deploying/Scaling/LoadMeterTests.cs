using Fairlead.Engine.Deploying;
using Fairlead.Engine.Deploying.Scaling;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;

namespace Fairlead.Tests.Deploying.Scaling;

public sealed class LoadMeterTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Site Shop = new("shop", "production");
    private static readonly Part Api = new("api", 1);
    private static readonly InstanceKey First = new(Shop, Api, 0);
    private static readonly InstanceKey Second = new(Shop, Api, 1);
    private static readonly ScaleRules Rules = new()
    {
        Min = 1,
        Max = 9,
        Cpu = 0.7,
        Memory = 0.8,
        Requests = 50,
        Concurrency = 10,
        Queue = new("REDIS_URL", QueueKind.List, "jobs", 20),
    };

    private readonly LoadMeter meter = new(Rules);

    [Fact]
    public void Everything_is_said_as_it_was_over_the_last_seconds()
    {
        Look(0, requests: 1000, inFlight: 4, cpu: 10);
        Look(2, requests: 1300, inFlight: 6, cpu: 10.5);
        Look(4, requests: 1480, inFlight: 8, cpu: 11.4);

        Assert.Equal(
            """
            cpu is 70%, 70% is aimed at [0.35 of 1, 0.35 each]
            memory is 50%, 80% is aimed at [64.00 of 1, 102.40 each]
            120 requests/s, 50 for each replica are aimed at [120.00, 50.00 each]
            6 requests in flight, 10 for each replica are aimed at [6.00, 10.00 each]
            170 waiting in the queue, 20 for each replica are aimed at [170.00, 20.00 each]
            """,
            Read(4, waiting: 170)
        );
    }

    [Fact]
    public void At_first_nothing_is_known() =>
        Assert.Equal(
            """
            cpu is not known [? of 0, 0.35 each]
            memory is not known [? of 0, 102.40 each]
            the number of requests/s is not known [?, 50.00 each]
            the number of requests in flight is not known [?, 10.00 each]
            the number of waiting in the queue is not known [?, 20.00 each]
            """,
            Read(0, waiting: null)
        );

    [Fact]
    public void Counters_that_begin_anew_are_no_load()
    {
        Look(0, requests: 100_000, cpu: 5000);
        Look(4, requests: 100_400, cpu: 5001);
        Look(6, requests: 10, cpu: 0.1, epoch: "another");

        Assert.Equal(["cpu is not known", "the number of requests/s is not known"], Says(6, 0, 2));

        Look(10, requests: 410, cpu: 2.1, epoch: "another");

        Assert.Equal(
            ["cpu is 100%, 70% is aimed at", "100 requests/s, 50 for each replica are aimed at"],
            Says(10, 0, 2)
        );
    }

    [Fact]
    public void What_was_seen_long_ago_is_not_known()
    {
        Look(0, requests: 0);
        Look(4, requests: 400);

        Assert.Equal("100 requests/s, 50 for each replica are aimed at", Says(5, 2).Single());
        Assert.Equal("the number of requests/s is not known", Says(15, 2).Single());
        Assert.Equal("cpu is not known", Says(15, 0).Single());
    }

    [Fact]
    public void Who_is_not_ready_is_not_measured()
    {
        Look(0, cpu: 1);
        Look(4, cpu: 2);

        Assert.Equal(0, meter.Read(Service, [Second], null, Noon.AddSeconds(4))[0].Of);
    }

    [Fact]
    public void The_nodes_numbers_are_read_by_replica()
    {
        var page = new MetricPage();
        (string, string)[] labels = [.. Source.Of(First).Stamp.Select(one => (one.Name, one.Value))];
        page.Counter("fairlead_replica_cpu_seconds_total", "", 12.5, labels);
        page.Gauge("fairlead_replica_resident_memory_bytes", "", 4096, labels);
        page.Gauge("fairlead_replica_threads", "", 7, labels);
        page.Counter("fairlead_replica_cpu_seconds_total", "", 1, ("app", "Not a name!"));

        Assert.Equal(new Dictionary<InstanceKey, ReplicaUsed> { [First] = new(12.5, 4096) }, ReplicaUses.Of(page));
    }

    private static Service Service { get; } =
        new()
        {
            Name = "api",
            Kind = Kind.Api,
            Path = "api",
            Recipe = new() { Stack = "custom", Run = ["./run"] },
            Health = new(),
            Replicas = 1,
            Scale = Rules,
            Limits = new() { Cpu = 0.5, Memory = 128 },
        };

    private void Look(int second, long requests = 0, int inFlight = 0, double cpu = 0, string epoch = "epoch")
    {
        var at = Noon.AddSeconds(second);
        var routing = new Routing(
            Shop,
            ["shop.localhost"],
            [
                new()
                {
                    Service = "api",
                    Routes = ["/"],
                    Backends = [new(Api, Share.All, [new(First, new Uri("http://127.0.0.1:20000"))])],
                },
            ]
        );
        var counts = new TrafficCounts(requests, 0, 0, 0, 0);
        var view = new RouterView(
            epoch,
            routing,
            new Dictionary<string, int> { [First.ToString()] = inFlight },
            [new PartTraffic(Api, TrafficCounts.Zero, [], new LatencyHistogram([]), counts)],
            counts
        );
        var seen = new Observation(
            [],
            view,
            new Dictionary<string, BuildView>(),
            new Dictionary<string, CommandView>()
        );
        meter.Look(new Snapshot(new SiteRecord(Shop), null, null, null, seen, at, null), Api);
        meter.Look(new Dictionary<InstanceKey, ReplicaUsed> { [First] = new(cpu, 64) }, at);
    }

    // The limit is half a core, so 0.35 cores are 70 % of it.
    private string Read(int second, double? waiting) =>
        string.Join(
            '\n',
            meter
                .Read(Service, [First], waiting, Noon.AddSeconds(second))
                .Select(one =>
                    FormattableString.Invariant(
                        $"{one.Says} [{(one.All is { } all ? FormattableString.Invariant($"{all:0.00}") : "?")}{(one.Of is { } of ? $" of {of}" : "")}, {one.Each:0.00} each]"
                    )
                )
        );

    private IEnumerable<string> Says(int second, params int[] which) =>
        which.Select(index => meter.Read(Service, [First], null, Noon.AddSeconds(second))[index].Says);
}
