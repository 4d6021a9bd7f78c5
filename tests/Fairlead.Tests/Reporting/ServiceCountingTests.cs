using Fairlead.Engine.Reporting;
using Fairlead.Model.Alerting;
using Fairlead.Model.Apps;
using Fairlead.Model.Telemetry;
using Fairlead.Tests.Fakes;

namespace Fairlead.Tests.Reporting;

/// <summary>Counting requests for goals from what the store of metrics has.</summary>
public sealed class ServiceCountingTests
{
    private const long Minute = 60 * 1000;
    private static readonly Site Shop = new("shop", "production");
    private static readonly TimeSlice Hour = new(0, 60 * Minute);

    private readonly MetricsInMemory store = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static ServiceCounting.Objective Availability => ServiceCounting.Of(new Slo(0.99)).Single();

    private static ServiceCounting.Objective Latency =>
        ServiceCounting.Of(new Slo(null) { Fast = 0.95, Within = TimeSpan.FromMilliseconds(300) }).Single();

    [Fact]
    public async Task Requests_of_all_releases_of_a_service_are_added_up_and_those_of_others_are_not()
    {
        await AddAsync("fairlead_requests_ended_total", "release=1 service=web", (-1, 0), (1, 1000), (10, 3000));
        await AddAsync("fairlead_requests_ended_total", "release=2 service=web", (11, 500), (30, 800));
        await AddAsync("fairlead_requests_failed_total", "release=2 service=web", (11, 40), (30, 50));
        await AddAsync("fairlead_requests_lost_total", "release=1 service=web", (-1, 5), (10, 6));
        await AddAsync("fairlead_requests_ended_total", "release=1 service=api", (-1, 0), (10, 77));
        var counting = new ServiceCounting(store);

        Assert.Equal(["api", "web"], await counting.ServicesAsync(Availability, Shop, Hour, Stop));
        var counts = await counting.CountsAsync(Availability, (Shop, "web"), (Hour, []), Stop);
        Assert.Equal(
            ["00:00 1000 0", "00:05 2000 1", "00:10 500 40", "00:25 300 10"],
            counts.Tallies.Select(static one => FormattableString.Invariant($"{one.At:HH:mm} {one.All} {one.Bad}"))
        );
        Assert.Equal(TimeSpan.FromMinutes(30), counts.Known);
    }

    [Fact]
    public async Task What_is_not_answered_in_time_is_bad()
    {
        await AddAsync("fairlead_request_duration_seconds_count", "service=web", (-1, 0), (4, 100));
        await AddAsync("fairlead_request_duration_seconds_bucket", "service=web le=0.3", (-1, 0), (4, 97));
        await AddAsync("fairlead_request_duration_seconds_bucket", "service=web le=0.5", (-1, 0), (4, 99));

        var counts = await new ServiceCounting(store).CountsAsync(Latency, (Shop, "web"), (Hour, []), Stop);
        Assert.Equal([(100.0, 3.0)], counts.Tallies.Select(static one => (one.All, one.Bad)));
    }

    [Fact]
    public async Task Announced_work_takes_its_requests_and_its_time_with_it()
    {
        await AddAsync("fairlead_requests_ended_total", "service=web", (-1, 0), (5, 100), (12, 300), (20, 310));
        await AddAsync("fairlead_requests_failed_total", "service=web", (-1, 0), (12, 200), (20, 200));

        var counts = await new ServiceCounting(store).CountsAsync(
            Availability,
            (Shop, "web"),
            (Hour, [new(6 * Minute, 13 * Minute)]),
            Stop
        );
        Assert.Equal([(100.0, 0.0), (10.0, 0.0)], counts.Tallies.Select(static one => (one.All, one.Bad)));
        Assert.Equal((200.0, 200.0), (counts.PlannedRequests, counts.PlannedBad));
        Assert.Equal(TimeSpan.FromMinutes(20 - 7), counts.Known);
    }

    [Fact]
    public async Task Where_nobody_sent_anything_nothing_is_known()
    {
        var counting = new ServiceCounting(store);
        Assert.Equal([""], await counting.ServicesAsync(Availability, Shop, Hour, Stop));
        var counts = await counting.CountsAsync(Availability, (Shop, ""), (Hour, []), Stop);
        Assert.Equal((0, TimeSpan.Zero), (counts.Tallies.Count, counts.Known));
    }

    private Task AddAsync(string metric, string labels, params (int Minute, double Value)[] samples) =>
        store.AppendAsync(
            [
                new(
                    Responding
                        .Words.LabelsOf($"app=shop environment=production {labels}")
                        .With(Labels.MetricName, metric),
                    [.. samples.Select(static one => new Sample(one.Minute * Minute, one.Value))]
                ),
            ],
            Stop
        );
}
