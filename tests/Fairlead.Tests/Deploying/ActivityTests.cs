using Fairlead.Engine.Deploying;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;

namespace Fairlead.Tests.Deploying;

public sealed class ActivityTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Site Shop = new("shop", "production");
    private static readonly Part Api = new("api", 1);
    private readonly Activity activity = new();

    [Fact]
    public void Quiet_begins_when_a_service_is_first_seen_and_again_with_each_request()
    {
        Assert.Equal(Noon, Look(0));
        Assert.Equal(Noon, Look(60));
        Assert.Equal(Noon.AddSeconds(61), Look(61, requests: 1));
        Assert.Equal(Noon.AddSeconds(61), Look(90, requests: 1));
    }

    [Fact]
    public void What_is_in_flight_is_not_quiet()
    {
        Look(0);

        Assert.Equal(Noon.AddSeconds(40), Look(40, inFlight: 1));
        Assert.Equal(Noon.AddSeconds(40), Look(50));
    }

    [Fact]
    public void Who_is_found_asleep_stays_quiet_until_somebody_asks_even_when_he_leaves_again()
    {
        Assert.Equal(DateTimeOffset.MinValue, Look(0, isAsleep: true));
        Assert.Equal(Noon.AddSeconds(1), Look(1, isAsleep: true, parked: new(Now: 0, Ever: 1)));
        Assert.Equal(Noon.AddSeconds(1), Look(9, isAsleep: true, parked: new(Now: 0, Ever: 1)));
    }

    [Fact]
    public void A_request_that_waits_at_the_first_look_is_heard() =>
        Assert.Equal(Noon, Look(0, isAsleep: true, parked: new(Now: 1, Ever: 1)));

    [Fact]
    public void Counters_that_began_anew_with_a_new_edge_are_no_requests()
    {
        Look(0, requests: 500);

        Assert.Equal(Noon, Look(30, epoch: "another"));
        Assert.Equal(Noon.AddSeconds(31), Look(31, requests: 1, epoch: "another"));
    }

    [Fact]
    public void A_part_that_leaves_with_its_counts_is_no_request()
    {
        Look(0, requests: 500);

        Assert.Equal(Noon, Look(30, isAsleep: true));
    }

    private DateTimeOffset Look(
        int second,
        long requests = 0,
        int inFlight = 0,
        bool isAsleep = false,
        Parked? parked = null,
        string epoch = "one"
    )
    {
        var key = new InstanceKey(Shop, Api, 0);
        var service = new ServiceRouting
        {
            Service = "api",
            Routes = ["/"],
            Backends = isAsleep ? [] : [new(Api, Share.All, [new(key, new Uri("http://127.0.0.1:5001"))])],
            WakesWithin = isAsleep ? TimeSpan.FromSeconds(60) : null,
        };
        var counts = new TrafficCounts(requests, 0, 0, 0, 0);
        var view = new RouterView(
            epoch,
            new Routing(Shop, ["shop.localhost"], [service]),
            inFlight > 0 ? new Dictionary<string, int> { [key.ToString()] = inFlight } : [],
            isAsleep ? [] : [new PartTraffic(Api, counts, [], LatencyHistogram.Empty, counts)],
            counts
        )
        {
            Parked = parked is null ? new Dictionary<string, Parked>() : new() { ["api"] = parked },
        };
        activity.Look(view, Noon.AddSeconds(second));
        return activity.QuietSince["api"];
    }
}
