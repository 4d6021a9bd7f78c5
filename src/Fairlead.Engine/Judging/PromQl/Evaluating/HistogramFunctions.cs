using Fairlead.Engine.Judging.PromQl.Reading;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Judging.PromQl.Evaluating;

/// <summary>Functions over classic histograms: series whose label <c>le</c> says up to which value they count.</summary>
internal sealed class HistogramFunctions(Annotations annotations, Timeline timeline, Call call, Place place)
{
    private const string Bound = "le";

    /// <summary>A histogram's series, lowest bound first.</summary>
    private sealed record Histogram(Labels Labels, List<(double Bound, double[] Counts)> Series);

    /// <param name="wanted">Quantiles at each step; with a label's name, each goes into that label of its own.</param>
    public IReadOnlyList<Row> Quantiles(IReadOnlyList<Row> rows, IReadOnlyList<(double[] Values, string? Label)> wanted)
    {
        var histograms = Read(rows);
        var made = new List<Row>();
        foreach (var (quantiles, label) in wanted)
        {
            foreach (var quantile in quantiles.Where(one => one is not (>= 0 and <= 1)).Distinct())
            {
                annotations.QuantileOutOfRange(quantile, QuantilePlace);
            }
            foreach (var histogram in histograms)
            {
                var labels = label is null ? histogram.Labels : histogram.Labels.With(label, OpenMetrics(quantiles[0]));
                Add(
                    made,
                    labels,
                    histogram,
                    (buckets, step) => Quantile(quantiles[step], buckets, histogram.Labels.Name)
                );
            }
        }
        return timeline.IsInstant ? made : Merging.Rows(made);
    }

    public IReadOnlyList<Row> Fractions(IReadOnlyList<Row> rows, double[] lower, double[] upper)
    {
        var made = new List<Row>();
        foreach (var histogram in Read(rows))
        {
            Add(
                made,
                histogram.Labels,
                histogram,
                (buckets, step) => Buckets.Fraction(lower[step], upper[step], buckets)
            );
        }
        return timeline.IsInstant ? made : Merging.Rows(made);
    }

    private Place QuantilePlace => call.Arguments.First(one => one.IsScalar).Place;

    private double Quantile(double quantile, Span<Bucket> buckets, string metric)
    {
        var (value, wasForced) = Buckets.Quantile(quantile, buckets);
        if (wasForced)
        {
            annotations.Forced(metric, place);
        }
        return value;
    }

    private delegate double OfBuckets(Span<Bucket> buckets, int step);

    private void Add(List<Row> into, Labels labels, Histogram histogram, OfBuckets of)
    {
        var buckets = new Bucket[histogram.Series.Count];
        var column = new double[timeline.Count];
        var any = false;
        for (var step = 0; step < column.Length; step++)
        {
            var count = 0;
            foreach (var (bound, counts) in histogram.Series)
            {
                if (!Absent.Is(counts[step]))
                {
                    buckets[count++] = new(bound, counts[step]);
                }
            }
            column[step] = count == 0 ? Absent.Value : of(buckets.AsSpan(0, count), step);
            any |= count > 0;
        }
        if (any)
        {
            into.Add(new(labels, column, DropsName: true));
        }
    }

    private List<Histogram> Read(IReadOnlyList<Row> rows)
    {
        var histograms = new Dictionary<Labels, Histogram>(rows.Count);
        var all = new List<Histogram>();
        foreach (var row in rows)
        {
            if (Numbers.ReadReal(row.Labels[Bound]) is not { } bound)
            {
                annotations.BadBucket(row.Labels.Name, row.Labels[Bound], place);
                continue;
            }
            var labels = row.Labels.Where(static name => name != Bound);
            if (!histograms.TryGetValue(labels, out var histogram))
            {
                all.Add(histogram = histograms[labels] = new(labels, []));
            }
            histogram.Series.Add((bound, row.Values));
        }
        foreach (var histogram in all)
        {
            histogram.Series.Sort(static (left, right) => left.Bound.CompareTo(right.Bound));
        }
        return all;
    }

    private static string OpenMetrics(double value) =>
        Numbers.Write(value) is var text && double.IsFinite(value) && !text.Contains('.')
            ? $"{text}.0"
            : Numbers.Write(value);
}
