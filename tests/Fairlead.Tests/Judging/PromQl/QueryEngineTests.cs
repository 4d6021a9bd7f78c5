using Fairlead.Engine.Judging.PromQl;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Tests.Judging.PromQl;

/// <summary>What a query may cost, and how often a series is read.</summary>
public sealed class QueryEngineTests
{
    private static readonly World World = new(TimeProvider.System, new Random(1));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_series_is_read_once_however_many_steps_there_are()
    {
        var store = await CountingStore.OfAsync(series: 3, samples: 100);
        await new QueryEngine(store, World).RangeAsync("sum(rate(n_total[5m]))", (0, 6_000_000, 1_000), null, Stop);

        Assert.Equal((1, 3), (store.Selections, store.Reads));
    }

    [Fact]
    public async Task Only_the_time_that_is_looked_at_is_selected()
    {
        var store = await CountingStore.OfAsync(series: 1, samples: 100);
        await new QueryEngine(store, World).InstantAsync(
            "max_over_time(rate(n_total[5m])[10m:1m] offset 1m)",
            3_630_000,
            null,
            Stop
        );

        // The last inner step is at 59 min, the first at 50 min; 5 minutes before that, open on the left.
        Assert.Equal((3_000_000 - 300_000 + 1, 3_540_000), store.Selected);
    }

    [Theory]
    [InlineData("n_total", 10, "query processing would load too many samples into memory in query execution")]
    [InlineData("vector(1) + vector(2)", 100_000, null)]
    [InlineData(
        "n_total * 2 + n_total",
        1_500,
        "query processing would load too many samples into memory in query execution"
    )]
    public async Task A_query_that_needs_too_much_is_refused(string query, long samplesMax, string? why)
    {
        var store = await CountingStore.OfAsync(series: 10, samples: 100);
        var engine = new QueryEngine(store, World, new() { SamplesMax = samplesMax });
        var asking = engine.RangeAsync(query, (0, 6_000_000, 60_000), null, Stop);

        if (why is null)
        {
            Assert.NotNull(await asking);
            return;
        }
        var caught = await Assert.ThrowsAsync<ProblemException>(() => asking);
        Assert.Equal(("promql.too-much", why), (caught.Problem.Code, caught.Problem.Why));
    }

    [Theory]
    [InlineData(0, 100, 0, "zero or negative query resolution step widths are not accepted. Try a positive integer")]
    [InlineData(100, 0, 10, "end timestamp must not be before start time")]
    [InlineData(
        0,
        11_001_000,
        1_000,
        "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)"
    )]
    public async Task A_range_must_make_sense_and_have_an_end(long start, long end, long step, string why)
    {
        var engine = new QueryEngine(new MemoryMetrics(), World);
        var caught = await Assert.ThrowsAsync<ProblemException>(() =>
            engine.RangeAsync("up", (start, end, step), null, Stop)
        );

        Assert.Equal(why, caught.Problem.Why);
    }

    [Fact]
    public async Task A_query_that_takes_too_long_is_ended()
    {
        var store = await CountingStore.OfAsync(series: 1, samples: 10);
        store.Hangs = true;
        var asking = new QueryEngine(store, World).InstantAsync("n_total", 0, TimeSpan.FromMilliseconds(20), Stop);

        var caught = await Assert.ThrowsAsync<ProblemException>(() => asking);

        Assert.Equal(
            ("promql.timeout", "query timed out in expression evaluation"),
            (caught.Problem.Code, caught.Problem.Why)
        );
    }

    [Fact]
    public async Task Whoever_goes_away_ends_the_query()
    {
        using var leaving = new CancellationTokenSource();
        var store = await CountingStore.OfAsync(series: 1, samples: 10);
        store.Hangs = true;
        var asking = new QueryEngine(store, World).InstantAsync("n_total", 0, null, leaving.Token);
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    private sealed class CountingStore : IMetricStore
    {
        private readonly MemoryMetrics inner = new();

        public int Selections { get; private set; }

        public int Reads { get; private set; }

        public (long From, long To) Selected { get; private set; }

        public bool Hangs { get; set; }

        public static async Task<CountingStore> OfAsync(int series, int samples)
        {
            var store = new CountingStore();
            await store.AppendAsync(
                [
                    .. Enumerable
                        .Range(0, series)
                        .Select(one => new SeriesSamples(
                            Labels.Of([new(Labels.MetricName, "n_total"), new("n", $"{one}")]),
                            [.. Enumerable.Range(0, samples).Select(at => new Sample(at * 60_000, at))]
                        )),
                ],
                Stop
            );
            return store;
        }

        public Task<Appended> AppendAsync(IReadOnlyList<SeriesSamples> batch, CancellationToken stop) =>
            inner.AppendAsync(batch, stop);

        public async Task<IReadOnlyList<ISeries>> SelectAsync(
            IReadOnlyList<Matcher> matchers,
            long from,
            long to,
            CancellationToken stop
        )
        {
            if (Hangs)
            {
                await Task.Delay(Timeout.Infinite, stop);
            }
            Selections++;
            Selected = (from, to);
            return [.. (await inner.SelectAsync(matchers, from, to, stop)).Select(one => new Counting(one, this))];
        }

        public Task<IReadOnlyList<string>> LabelNamesAsync(
            IReadOnlyList<Matcher> matchers,
            long from,
            long to,
            CancellationToken stop
        ) => inner.LabelNamesAsync(matchers, from, to, stop);

        public Task<IReadOnlyList<string>> LabelValuesAsync(
            string name,
            IReadOnlyList<Matcher> matchers,
            long from,
            long to,
            CancellationToken stop
        ) => inner.LabelValuesAsync(name, matchers, from, to, stop);

        private sealed class Counting(ISeries series, CountingStore store) : ISeries
        {
            public Labels Labels => series.Labels;

            public void Read(long from, long to, SampleColumns into)
            {
                store.Reads++;
                series.Read(from, to, into);
            }
        }
    }
}
