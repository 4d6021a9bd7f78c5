using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Tests.Fakes;

/// <summary>Keeps every sample it is given, in order, and answers simple selections.</summary>
public sealed class MetricsInMemory : IMetricStore
{
    private readonly Lock gate = new();
    private readonly Dictionary<Labels, SortedDictionary<long, double>> all = [];

    /// <summary>Each sample as it came: <c>up{job="a"} 1 @5000</c>; a stale marker as <c>stale</c>.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (gate)
            {
                return
                [
                    .. all.SelectMany(series =>
                            series.Value.Select(one =>
                                string.Create(
                                    System.Globalization.CultureInfo.InvariantCulture,
                                    $"{series.Key} {(Sample.IsStaleValue(one.Value) ? "stale" : one.Value)} @{one.Key}"
                                )
                            )
                        )
                        .Order(StringComparer.Ordinal),
                ];
            }
        }
    }

    public Task<Appended> AppendAsync(IReadOnlyList<SeriesSamples> batch, CancellationToken stop)
    {
        lock (gate)
        {
            foreach (var (labels, samples) in batch)
            {
                if (!all.TryGetValue(labels, out var known))
                {
                    all[labels] = known = [];
                }
                foreach (var (at, value) in samples)
                {
                    known[at] = value;
                }
            }
        }
        return Task.FromResult(new Appended(batch.Sum(one => one.Samples.Count), new Dictionary<string, long>()));
    }

    public Task<IReadOnlyList<ISeries>> SelectAsync(
        IReadOnlyList<Matcher> matchers,
        long from,
        long to,
        CancellationToken stop
    )
    {
        lock (gate)
        {
            return Task.FromResult<IReadOnlyList<ISeries>>([
                .. Fitting(matchers, from, to).Select(one => new Series(one.Key, [.. one.Value])),
            ]);
        }
    }

    public Task<IReadOnlyList<string>> LabelNamesAsync(
        IReadOnlyList<Matcher> matchers,
        long from,
        long to,
        CancellationToken stop
    )
    {
        lock (gate)
        {
            return Task.FromResult<IReadOnlyList<string>>([
                .. Fitting(matchers, from, to)
                    .SelectMany(one => one.Key.Select(label => label.Name))
                    .Distinct()
                    .Order(StringComparer.Ordinal),
            ]);
        }
    }

    public Task<IReadOnlyList<string>> LabelValuesAsync(
        string name,
        IReadOnlyList<Matcher> matchers,
        long from,
        long to,
        CancellationToken stop
    )
    {
        lock (gate)
        {
            return Task.FromResult<IReadOnlyList<string>>([
                .. Fitting(matchers, from, to)
                    .Select(one => one.Key[name])
                    .Where(value => value.Length > 0)
                    .Distinct()
                    .Order(StringComparer.Ordinal),
            ]);
        }
    }

    private List<KeyValuePair<Labels, SortedDictionary<long, double>>> Fitting(
        IReadOnlyList<Matcher> matchers,
        long from,
        long to
    ) =>
        [
            .. all.Where(one =>
                matchers.All(matcher => Fits(matcher, one.Key[matcher.Name]))
                && one.Value.Keys.Any(at => at >= from && at <= to)
            ),
        ];

    private static bool Fits(Matcher matcher, string value)
    {
        bool IsLike() =>
            System.Text.RegularExpressions.Regex.IsMatch(
                value,
                $"^(?:{matcher.Value})$",
                System.Text.RegularExpressions.RegexOptions.None,
                TimeSpan.FromSeconds(1)
            );
        return matcher.Kind switch
        {
            MatchKind.Equal => value == matcher.Value,
            MatchKind.NotEqual => value != matcher.Value,
            MatchKind.Regex => IsLike(),
            _ => !IsLike(),
        };
    }

    private sealed class Series(Labels labels, KeyValuePair<long, double>[] samples) : ISeries
    {
        public Labels Labels => labels;

        public void Read(long from, long to, SampleColumns into)
        {
            foreach (var (at, value) in samples.Where(one => one.Key >= from && one.Key <= to))
            {
                into.Add(at, value);
            }
        }
    }
}
