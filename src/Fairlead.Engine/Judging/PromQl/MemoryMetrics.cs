using Fairlead.Engine.Judging.PromQl.Reading;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Judging.PromQl;

/// <summary>Metrics that live as long as this object: for tests of rules, and for whoever needs no disk.</summary>
public sealed class MemoryMetrics : IMetricStore
{
    private readonly Lock gate = new();
    private readonly Dictionary<Labels, Series> all = [];

    public Task<Appended> AppendAsync(IReadOnlyList<SeriesSamples> batch, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        long taken = 0;
        lock (gate)
        {
            foreach (var (labels, samples) in batch)
            {
                if (!all.TryGetValue(labels, out var series))
                {
                    all[labels] = series = new(labels, gate);
                }
                foreach (var sample in samples)
                {
                    series.Add(sample);
                }
                taken += samples.Count;
            }
        }
        return Task.FromResult(new Appended(taken, new Dictionary<string, long>()));
    }

    public Task<IReadOnlyList<ISeries>> SelectAsync(
        IReadOnlyList<Matcher> matchers,
        long from,
        long to,
        CancellationToken stop
    )
    {
        stop.ThrowIfCancellationRequested();
        lock (gate)
        {
            IReadOnlyList<ISeries> found = [.. Fitting(matchers, from, to)];
            return Task.FromResult(found);
        }
    }

    public Task<IReadOnlyList<string>> LabelNamesAsync(
        IReadOnlyList<Matcher> matchers,
        long from,
        long to,
        CancellationToken stop
    ) =>
        Task.FromResult(
            Sorted(
                Fitting(matchers, from, to).SelectMany(static series => series.Labels.Select(static one => one.Name))
            )
        );

    public Task<IReadOnlyList<string>> LabelValuesAsync(
        string name,
        IReadOnlyList<Matcher> matchers,
        long from,
        long to,
        CancellationToken stop
    ) =>
        Task.FromResult(
            Sorted(
                Fitting(matchers, from, to).Select(series => series.Labels[name]).Where(static one => one.Length > 0)
            )
        );

    private IReadOnlyList<string> Sorted(IEnumerable<string> texts)
    {
        lock (gate)
        {
            return [.. texts.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        }
    }

    private IEnumerable<Series> Fitting(IReadOnlyList<Matcher> matchers, long from, long to) =>
        all.Values.Where(series =>
            series.Touches(from, to) && matchers.All(matcher => Fits(matcher, series.Labels[matcher.Name]))
        );

    private static bool Fits(Matcher matcher, string value) =>
        matcher.Kind switch
        {
            MatchKind.Equal => value == matcher.Value,
            MatchKind.NotEqual => value != matcher.Value,
            MatchKind.Regex => RegularExpression.For(matcher.Value).IsMatch(value),
            _ => !RegularExpression.For(matcher.Value).IsMatch(value),
        };

    private sealed class Series(Labels labels, Lock gate) : ISeries
    {
        private readonly List<Sample> samples = [];

        public Labels Labels => labels;

        public void Add(Sample sample)
        {
            var place = samples.Count == 0 || samples[^1].At < sample.At ? samples.Count : Place(sample.At);
            if (place == samples.Count || samples[place].At != sample.At)
            {
                samples.Insert(place, sample);
            }
        }

        public bool Touches(long from, long to) =>
            Place(from) is var place && place < samples.Count && samples[place].At <= to;

        public void Read(long from, long to, SampleColumns into)
        {
            lock (gate)
            {
                for (var place = Place(from); place < samples.Count && samples[place].At <= to; place++)
                {
                    into.Add(samples[place].At, samples[place].Value);
                }
            }
        }

        /// <summary>Of the first sample that is not before a time.</summary>
        private int Place(long at)
        {
            var (low, high) = (0, samples.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = samples[middle].At < at ? (middle + 1, high) : (low, middle);
            }
            return low;
        }
    }
}
