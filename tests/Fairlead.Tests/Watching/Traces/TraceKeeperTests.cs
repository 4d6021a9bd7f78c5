using Fairlead.Engine.Watching.Traces;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using static Fairlead.Tests.Watching.Traces.SpanSample;

namespace Fairlead.Tests.Watching.Traces;

public sealed class TraceKeeperTests
{
    private readonly FakeTimeProvider clock = new(Noon);
    private readonly Kept store = new();
    private readonly MetricsKept metrics = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private TraceKeeper Keeper => field ??= new(store, metrics, new World(clock, new Random(1)), NullLogger.Instance);

    [Fact]
    public async Task Rates_are_counted_from_all_spans_also_of_traces_that_are_not_kept()
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = Keeper.RunAsync(ending.Token);
        for (var i = 1UL; i <= 1_000; i++)
        {
            Keeper.Take([Of(i, 1, to: 40) with { Name = "GET /" }]);
        }
        Keeper.Take([Of(5_000, 1, to: 40).Failed() with { Name = "GET /" }]);
        for (var second = 0; second < 40; second++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
        }
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        const string labels =
            "app=\"shop\", environment=\"production\", release=\"42\", service=\"api\", span_kind=\"SPAN_KIND_SERVER\"";
        Assert.Equal(
            (1_000, 1, 1_001),
            (
                metrics.Last(
                    $"traces_spanmetrics_calls_total{{{labels}, span_name=\"GET /\", status_code=\"STATUS_CODE_UNSET\"}}"
                ),
                metrics.Last(
                    $"traces_spanmetrics_calls_total{{{labels}, span_name=\"GET /\", status_code=\"STATUS_CODE_ERROR\"}}"
                ),
                metrics.Last(
                    "traces_service_graph_request_total{app=\"shop\", client=\"outside\", environment=\"production\", server=\"api\"}"
                )
            )
        );
        Assert.Contains(store.Batches, one => one.Reason == "error");
        Assert.InRange(store.Batches.Count, 2, 999);
        Assert.Equal(1_001, Keeper.Counts.Seen);
    }

    [Fact]
    public async Task A_new_series_was_zero_before_so_that_its_first_rise_is_seen()
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = Keeper.RunAsync(ending.Token);
        clock.Advance(TimeSpan.FromSeconds(20));
        Keeper.Take([Of(1, 1)]);
        for (var second = 0; second < 30; second++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
        }
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        var calls = metrics.All.Single(one => one.Key.Name == "traces_spanmetrics_calls_total").Value;
        Assert.Equal([0.0, 1.0], calls.Values.Take(2));
    }

    [Fact]
    public async Task An_orderly_end_keeps_what_still_waits()
    {
        Keeper.Take([Of(1, 1), Of(2, 1)]);

        await Keeper.DisposeAsync();

        Assert.Equal([1UL, 2UL], store.Batches.Select(one => one.Trace.Low).Order());
    }

    [Fact]
    public async Task A_store_in_trouble_costs_traces_which_are_counted_and_nothing_else()
    {
        store.IsFull = true;
        Keeper.Take([Of(1, 1), Of(1, 2, parent: 1)]);
        clock.Advance(TimeSpan.FromSeconds(10));
        await Keeper.KeepDueAsync(Stop);
        Assert.Equal((0, 2), (Keeper.Counts.Kept, Keeper.Counts.StoreFailed));

        store.IsFull = false;
        Keeper.Take([Of(2, 1)]);
        clock.Advance(TimeSpan.FromSeconds(10));
        await Keeper.KeepDueAsync(Stop);
        Assert.Equal(1, Keeper.Counts.Kept);
    }

    [Fact]
    public async Task Names_with_ids_in_them_share_one_series_in_the_end()
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = Keeper.RunAsync(ending.Token);
        Keeper.Take([.. Enumerable.Range(1, 5_000).Select(i => Of((ulong)i, 1) with { Name = $"GET /users/{i}" })]);
        clock.Advance(TimeSpan.FromSeconds(15));
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        var calls = metrics.All.Where(one => one.Key.Name == "traces_spanmetrics_calls_total").ToList();
        Assert.Equal(201, calls.Count);
        Assert.Equal(4_800, calls.Single(one => one.Key["span_name"] == "(other)").Value.Last().Value);
    }

    [Fact]
    public async Task The_map_tells_who_calls_whom_how_often_how_well_and_how_fast()
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = Keeper.RunAsync(ending.Token);
        clock.Advance(TimeSpan.FromSeconds(1));
        for (var i = 1UL; i <= 100; i++)
        {
            var query = Of(i, 4, 3, "api", 20, 30) with
            {
                Kind = SpanKind.Client,
                Attributes = [new("db.system.name", "postgresql")],
            };
            var answer = Of(i, 3, 2, "api", 11, 79);
            Keeper.Take([
                Of(i, 1, 0, "web", 0, 100),
                Of(i, 2, 1, "web", 10, 80) with
                {
                    Kind = SpanKind.Client,
                },
                i % 10 == 0 ? answer.Failed() : answer,
                query,
            ]);
        }
        for (var second = 0; second < 59; second++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
        }
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        var map = await ServiceMap.ReadAsync(metrics, [], Noon, Noon.AddSeconds(60), Stop);

        Assert.Equal(
            [
                "api -> postgresql database 1.67 0% 9.75",
                "outside -> web call 1.67 0% 97.5",
                "web -> api call 1.67 10% 97.5",
            ],
            map.Edges.Select(one =>
                FormattableString.Invariant(
                    $"{one.From} -> {one.To} {one.Kind} {one.PerSecond} {one.ErrorPercent}% {one.P95Milliseconds}"
                )
            )
        );
        Assert.Equal(
            ["api service 10", "outside outside 0", "postgresql database 0", "web service 0"],
            map.Nodes.Select(one => FormattableString.Invariant($"{one.Name} {one.Kind} {one.ErrorPercent}"))
        );
    }

    [Fact]
    public async Task Where_the_edge_counts_it_says_more_of_callers_outside_than_spans_do()
    {
        Labels Of(string name, params (string, string)[] labels) =>
            Labels.Of([new(Labels.MetricName, name), .. labels.Select(one => new Label(one.Item1, one.Item2))]);
        var (start, end) = (Noon.ToUnixTimeMilliseconds(), Noon.AddSeconds(10).ToUnixTimeMilliseconds());
        SeriesSamples Rise(Labels labels, double by) => new(labels, [new(start, 7), new(end, 7 + by)]);
        await metrics.AppendAsync(
            [
                Rise(Of("traces_service_graph_request_total", ("client", "outside"), ("server", "web")), 3),
                Rise(Of("traces_service_graph_request_total", ("client", "outside"), ("server", "cron")), 1),
                Rise(Of("fairlead_requests_total", ("service", "web"), ("release", "1"), ("code", "2xx")), 60),
                Rise(Of("fairlead_requests_total", ("service", "web"), ("release", "2"), ("code", "5xx")), 20),
                Rise(Of("fairlead_request_duration_seconds_bucket", ("service", "web"), ("le", "0.1")), 76),
                Rise(Of("fairlead_request_duration_seconds_bucket", ("service", "web"), ("le", "+Inf")), 80),
            ],
            Stop
        );

        var map = await ServiceMap.ReadAsync(metrics, [], Noon, Noon.AddSeconds(10), Stop);

        Assert.Equal(
            [
                new ServiceMap.Edge("edge", "web", "call", 8, 25, 100),
                new ServiceMap.Edge("outside", "cron", "call", 0.1, 0, null),
            ],
            map.Edges
        );
    }

    [Fact]
    public void A_count_that_fell_began_again() =>
        Assert.Equal(5 + 2 + 3, ServiceMap.Rise([10, 15, 2, Sample.Stale, 5]));

    private sealed class Kept : ITraceStore
    {
        public List<KeptSpans> Batches { get; } = [];

        public bool IsFull { get; set; }

        public Task KeepAsync(IReadOnlyList<KeptSpans> batch, CancellationToken stop)
        {
            if (IsFull)
            {
                throw new ProblemException(new Problem("test.full", "Full.", "It is.", "Free some."));
            }
            Batches.AddRange(batch);
            return Task.CompletedTask;
        }

        public Task<IReadOnlyList<Span>> FindAsync(TraceId id, CancellationToken stop) =>
            throw new NotSupportedException();

        public Task<FoundTraces> SearchAsync(TraceQuery query, CancellationToken stop) =>
            throw new NotSupportedException();

        public Task<TraceRoom> RoomAsync(CancellationToken stop) => Task.FromResult(new TraceRoom(0, 0, null, 0));
    }
}
