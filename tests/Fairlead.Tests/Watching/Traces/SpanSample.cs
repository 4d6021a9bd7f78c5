using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Tests.Watching.Traces;

/// <summary>Spans for tests, in milliseconds after a fixed moment.</summary>
internal static class SpanSample
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    public static Span Of(
        ulong trace,
        ulong id,
        ulong parent = 0,
        string service = "api",
        double from = 0,
        double to = 10
    ) =>
        new()
        {
            Trace = new(1, trace),
            Id = new(id),
            Parent = new(parent),
            Name = $"op{id}",
            Kind = SpanKind.Server,
            Start = At(from),
            End = At(to),
            Sender = new()
            {
                App = "shop",
                Environment = "production",
                Service = service,
                Release = "42",
                Instance = "0",
            },
        };

    public static Span Failed(this Span span) => span with { Status = SpanStatus.Error };

    public static long At(double milliseconds) =>
        ((Noon - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick) + (long)(milliseconds * 1e6);
}

/// <summary>Metrics that are only kept in memory, and can be looked at as text.</summary>
internal sealed class MetricsKept : IMetricStore
{
    private readonly Dictionary<Labels, SortedDictionary<long, double>> all = [];

    public IReadOnlyDictionary<Labels, SortedDictionary<long, double>> All => all;

    public double Last(string series) => all.First(one => one.Key.ToString() == series).Value.Last().Value;

    public Task<Appended> AppendAsync(IReadOnlyList<SeriesSamples> batch, CancellationToken stop)
    {
        foreach (var series in batch)
        {
            if (!all.TryGetValue(series.Labels, out var samples))
            {
                all[series.Labels] = samples = [];
            }
            foreach (var sample in series.Samples)
            {
                samples[sample.At] = sample.Value;
            }
        }
        return Task.FromResult(new Appended(batch.Sum(one => one.Samples.Count), new Dictionary<string, long>()));
    }

    public Task<IReadOnlyList<ISeries>> SelectAsync(
        IReadOnlyList<Matcher> matchers,
        long from,
        long to,
        CancellationToken stop
    ) =>
        Task.FromResult<IReadOnlyList<ISeries>>([
            .. all.Where(one => matchers.All(matcher => one.Key[matcher.Name] == matcher.Value))
                .Select(one => new Series(one.Key, one.Value)),
        ]);

    public Task<IReadOnlyList<string>> LabelNamesAsync(
        IReadOnlyList<Matcher> matchers,
        long from,
        long to,
        CancellationToken stop
    ) => throw new NotSupportedException();

    public Task<IReadOnlyList<string>> LabelValuesAsync(
        string name,
        IReadOnlyList<Matcher> matchers,
        long from,
        long to,
        CancellationToken stop
    ) => throw new NotSupportedException();

    private sealed record Series(Labels Labels, SortedDictionary<long, double> Samples) : ISeries
    {
        public void Read(long from, long to, SampleColumns into)
        {
            foreach (var (at, value) in Samples)
            {
                if (at >= from && at <= to)
                {
                    into.Add(at, value);
                }
            }
        }
    }
}
