namespace Fairlead.Model.Telemetry;

/// <summary>
/// Numbers of 0 and above in buckets that grow by 2 %, so that any quantile is right within 1 %, and sketches of many senders add
/// up. As DDSketch has it, with bounds: below 0.0001 all is one, above 1,000,000 as well.
/// </summary>
/// <param name="Buckets">Counts by bucket, in the order of their numbers; none is 0.</param>
public sealed record QuantileSketch(IReadOnlyList<KeyValuePair<int, long>> Buckets)
{
    private const double Growth = 1.02;
    private const double Least = 0.0001;
    private const double Most = 1_000_000;

    public static readonly QuantileSketch Empty = new([]);

    public long Count => Buckets.Sum(one => one.Value);

    public static int Index(double value) =>
        value <= Least ? 0 : 1 + (int)(Math.Log(Math.Min(value, Most) / Least) / Math.Log(Growth));

    /// <summary>The middle of a bucket.</summary>
    public static double Value(int index) => index <= 0 ? 0 : Least * Math.Pow(Growth, index - 0.5);

    /// <param name="value">Below 0 and what is no number is left out.</param>
    public QuantileSketch With(double value) =>
        double.IsFinite(value) && value >= 0 ? this + new QuantileSketch([new(Index(value), 1)]) : this;

    public static QuantileSketch operator +(QuantileSketch left, QuantileSketch right)
    {
        var all = new SortedDictionary<int, long>();
        foreach (var (index, count) in left.Buckets.Concat(right.Buckets))
        {
            all[index] = all.GetValueOrDefault(index) + count;
        }
        return new([.. all]);
    }

    /// <summary>What this part of the numbers is at most; null when there are none.</summary>
    /// <param name="percentile">Above 0, at most 100.</param>
    public double? Quantile(double percentile)
    {
        var rank = (long)Math.Ceiling(Count * percentile / 100);
        foreach (var (index, count) in Buckets)
        {
            rank -= count;
            if (rank <= 0)
            {
                return Value(index);
            }
        }
        return null;
    }
}
