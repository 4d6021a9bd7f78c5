using System.Runtime.InteropServices;

namespace Fairlead.Model.Telemetry;

/// <summary>A number at a time.</summary>
/// <param name="At">Milliseconds since 1970, UTC.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Sample(long At, double Value)
{
    private const long StaleBits = 0x7ff0_0000_0000_0002;

    /// <summary>Says that the series has ended: a NaN that no calculation makes, as Prometheus writes it.</summary>
    public static readonly double Stale = BitConverter.Int64BitsToDouble(StaleBits);

    public bool IsStale => IsStaleValue(Value);

    public static bool IsStaleValue(double value) => BitConverter.DoubleToInt64Bits(value) == StaleBits;
}

/// <summary>Samples of one series, in the order of their times.</summary>
public sealed record SeriesSamples(Labels Labels, IReadOnlyList<Sample> Samples);

/// <summary>Samples read from a series, as two columns that grow and are used again.</summary>
public sealed class SampleColumns
{
    private long[] times = new long[128];
    private double[] values = new double[128];

    public int Count { get; private set; }

    /// <summary>In rising order, no time twice.</summary>
    public ReadOnlySpan<long> Times => times.AsSpan(0, Count);

    public ReadOnlySpan<double> Values => values.AsSpan(0, Count);

    public void Add(long at, double value)
    {
        if (Count == times.Length)
        {
            Array.Resize(ref times, Count * 2);
            Array.Resize(ref values, Count * 2);
        }
        times[Count] = at;
        values[Count++] = value;
    }

    /// <summary>Adds samples whose times rise, all above those that are there.</summary>
    public void Add(ReadOnlySpan<long> at, ReadOnlySpan<double> added)
    {
        if (Count + at.Length > times.Length)
        {
            var size = Math.Max(times.Length * 2, Count + at.Length);
            Array.Resize(ref times, size);
            Array.Resize(ref values, size);
        }
        at.CopyTo(times.AsSpan(Count));
        added.CopyTo(values.AsSpan(Count));
        Count += at.Length;
    }

    /// <summary>Forgets all; the memory is kept.</summary>
    public void Clear() => Count = 0;
}

/// <summary>What one label of a series must be.</summary>
/// <param name="Value">Compared letter by letter, or a regular expression (RE2's syntax) for the whole value.</param>
public sealed record Matcher(MatchKind Kind, string Name, string Value);

/// <summary>How a label is compared. A label that is missing is as good as an empty one.</summary>
public enum MatchKind
{
    Equal,
    NotEqual,
    Regex,
    NotRegex,
}
