using Fairlead.Engine.Judging.PromQl;
using Fairlead.Engine.Judging.PromQl.Reading;
using Fairlead.Model.Alerting;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Operations;

/// <summary>Where a server's metrics are asked for. Times are milliseconds since 1970, UTC.</summary>
public sealed class MetricDesk : IDisposable
{
    /// <summary>Queries that are worked out at once; others wait their turn, so that many dashboards cannot take all memory.</summary>
    private const int QueriesMax = 4;

    private readonly IMetricStore store;
    private readonly World world;
    private readonly QueryOptions? options;
    private readonly QueryEngine engine;
    private readonly SemaphoreSlim turns;

    public MetricDesk(IMetricStore store, World world, QueryOptions? options = null)
        : this(store, world, options, new SemaphoreSlim(QueriesMax)) { }

    private MetricDesk(IMetricStore store, World world, QueryOptions? options, SemaphoreSlim turns)
    {
        (this.store, this.world, this.options, this.turns) = (store, world, options, turns);
        engine = new(store, world, options);
    }

    /// <summary>Names of all functions and aggregations that queries may use, for who writes one.</summary>
    public static IReadOnlyList<string> Functions { get; } =
    [.. Signatures.All.Keys.Concat(Keywords.Aggregators.Keys).Order(StringComparer.Ordinal)];

    public IMetricStore Store => store;

    /// <summary>What sources say of their metrics.</summary>
    public MetricNotes Notes { get; init; } = new();

    /// <summary>Whom numbers are asked of, and how it was the last time.</summary>
    public Func<IReadOnlyList<TargetView>> Targets { get; init; } = static () => [];

    /// <summary>The same over a part of the store, with the same turns; rules, notes and targets belong to nobody's app, so it has none.</summary>
    internal MetricDesk Within(Func<IMetricStore, IMetricStore> narrow) => new(narrow(store), world, options, turns);

    /// <summary>Rules that are evaluated all the time, with what became of them; empty until something evaluates rules.</summary>
    public Func<IReadOnlyList<RuleGroupState>> Rules { get; set; } = static () => [];

    /// <summary>The answer at one time.</summary>
    /// <exception cref="ProblemException">The query cannot be read, has no answer, or costs too much.</exception>
    public Task<QueryAnswer> InstantAsync(string query, long at, TimeSpan? timeout, CancellationToken stop) =>
        InTurnAsync(() => engine.InstantAsync(query, at, timeout, stop), stop);

    /// <summary>The answer at each step from a time to a time, both included.</summary>
    /// <exception cref="ProblemException">The query cannot be read, has no answer, or costs too much.</exception>
    public Task<QueryAnswer> RangeAsync(
        string query,
        (long Start, long End, long Step) times,
        TimeSpan? timeout,
        CancellationToken stop
    ) => InTurnAsync(() => engine.RangeAsync(query, times, timeout, stop), stop);

    /// <summary>The answer at this moment when it is one number; null when there is no data, or no number.</summary>
    /// <exception cref="ProblemException">The query cannot be read, costs too much, or answers with several series.</exception>
    public async Task<double?> NumberAsync(string query, CancellationToken stop)
    {
        var answer = await InstantAsync(query, world.Now.ToUnixTimeMilliseconds(), timeout: null, stop);
        double? found = answer.Result switch
        {
            QueryResult.Scalar scalar => scalar.Value,
            QueryResult.Vector { Elements: [var one] } => one.Value,
            QueryResult.Vector { Elements: [] } => null,
            _ => throw new ProblemException(
                new Problem(
                    "metric.not-one-number",
                    What: $"The query '{query}' does not answer with one number.",
                    Why: "A gate compares one number; this one has several series, or none at all.",
                    Fix: "Put an aggregation around it, such as sum(...)."
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            ),
        };
        return found is { } value && double.IsFinite(value) ? value : null;
    }

    /// <summary>Series that fit any of the selectors, in the order of their labels, at most <paramref name="most"/>.</summary>
    public async Task<IReadOnlyList<Labels>> SeriesAsync(
        IReadOnlyList<string> selectors,
        (long From, long To) times,
        int most,
        CancellationToken stop
    )
    {
        var all = new HashSet<Labels>();
        foreach (var selector in selectors)
        {
            var found = await store.SelectAsync(QueryEngine.Selector(selector), times.From, times.To, stop);
            all.UnionWith(found.Select(static series => series.Labels));
        }
        return [.. all.Order(Comparer<Labels>.Create(Judging.PromQl.Evaluating.Ordering.OfLabels)).Take(most)];
    }

    /// <summary>The series of one metric.</summary>
    public async Task<IReadOnlyList<Labels>> SeriesOfAsync(
        string metric,
        (long From, long To) times,
        CancellationToken stop
    ) =>
        [
            .. (
                await store.SelectAsync([new(MatchKind.Equal, Labels.MetricName, metric)], times.From, times.To, stop)
            ).Select(static series => series.Labels),
        ];

    /// <summary>Names of the labels of series that fit any of the selectors, or of all when there are none.</summary>
    public async Task<IReadOnlyList<string>> LabelNamesAsync(
        IReadOnlyList<string> selectors,
        (long From, long To) times,
        CancellationToken stop
    ) =>
        Sorted(
            await EachAsync(selectors, matchers => store.LabelNamesAsync(matchers, times.From, times.To, stop), stop)
        );

    /// <summary>Values of a label of series that fit any of the selectors, or of all when there are none.</summary>
    public async Task<IReadOnlyList<string>> LabelValuesAsync(
        string name,
        IReadOnlyList<string> selectors,
        (long From, long To) times,
        CancellationToken stop
    ) =>
        Sorted(
            await EachAsync(
                selectors,
                matchers => store.LabelValuesAsync(name, matchers, times.From, times.To, stop),
                stop
            )
        );

    /// <summary>The query in one form.</summary>
    /// <exception cref="ProblemException">It cannot be read.</exception>
    public static string Format(string query) => QueryEngine.Format(query);

    /// <summary>A length of time, such as 90 or 1h30m, in milliseconds; null when it is none.</summary>
    public static long? Duration(string text) =>
        Numbers.ReadReal(text) is { } seconds
            ? double.IsFinite(seconds) && Math.Abs(seconds) < long.MaxValue / 1e6
                ? (long)Math.Round(seconds * 1000)
                : null
            : Durations.Read(text);

    /// <summary>A time in milliseconds: seconds since 1970, or as RFC 3339 writes it; null when it is none.</summary>
    public static long? Time(string text) =>
        Numbers.ReadReal(text) is { } seconds
            ? double.IsFinite(seconds) && Math.Abs(seconds) < long.MaxValue / 1e6
                ? (long)Math.Round(seconds * 1000)
                : null
            : DateTimeOffset.TryParse(
                text,
                System.Globalization.CultureInfo.InvariantCulture,
                System.Globalization.DateTimeStyles.AssumeUniversal,
                out var time
            )
            && text.Length >= 10
                ? time.ToUnixTimeMilliseconds()
                : null;

    /// <summary>A series as people read it: <c>up{job="api"}</c>.</summary>
    public static string Written(Labels labels) => Judging.PromQl.Reading.Written.Series(labels);

    /// <summary>A number without an exponent, or with one where it would be long.</summary>
    public static string Written(double value) => Numbers.General(value);

    public void Dispose() => turns.Dispose();

    private async Task<QueryAnswer> InTurnAsync(Func<Task<QueryAnswer>> ask, CancellationToken stop)
    {
        await turns.WaitAsync(stop);
        try
        {
            return await ask();
        }
        finally
        {
            turns.Release();
        }
    }

    private static async Task<IEnumerable<string>> EachAsync(
        IReadOnlyList<string> selectors,
        Func<IReadOnlyList<Matcher>, Task<IReadOnlyList<string>>> find,
        CancellationToken stop
    )
    {
        stop.ThrowIfCancellationRequested();
        if (selectors.Count == 0)
        {
            return await find([]);
        }
        var all = new List<string>();
        foreach (var selector in selectors)
        {
            all.AddRange(await find(QueryEngine.Selector(selector)));
        }
        return all;
    }

    private static IReadOnlyList<string> Sorted(IEnumerable<string> texts) =>
        [.. texts.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
