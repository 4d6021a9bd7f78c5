namespace Fairlead.Drivers.Telemetry.Metrics.Chunks;

/// <summary>
/// Numbers that people and counters make: whole, or with a few decimals. They are kept as whole numbers times a power of ten where
/// that brings back every bit; what has no such form (a NaN, an infinity, -0) is kept beside as it is.
/// </summary>
internal static class DecimalColumn
{
    /// <summary>As many decimals as are tried.</summary>
    public const int DecimalsMax = 9;

    // One in so many may be an exception.
    private const int Ordinary = 16;
    private const double Exact = 1L << 53;

    private static readonly double[] Powers = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

    /// <summary>How many decimals all need; null when they are no decimals.</summary>
    /// <param name="integers">Receives them, times ten to that power; an exception is as the one before.</param>
    /// <param name="exceptions">Receives the places of those without such a form.</param>
    public static int? TryDecimals(ReadOnlySpan<double> values, Span<long> integers, List<int> exceptions)
    {
        exceptions.Clear();
        var decimals = 0;
        for (var index = 0; index < values.Length; index++)
        {
            var needed = decimals;
            while (needed <= DecimalsMax && !Is(values[index], needed))
            {
                needed++;
            }
            if (needed <= DecimalsMax)
            {
                decimals = needed;
            }
            else
            {
                exceptions.Add(index);
                if (exceptions.Count > values.Length / Ordinary)
                {
                    return null;
                }
            }
        }
        return Fill(values, decimals, integers, exceptions) ? decimals : null;
    }

    /// <summary>What <see cref="TryDecimals"/> made of a number.</summary>
    public static double Value(long integer, int decimals) => integer / Powers[decimals];

    // More decimals than a number needs can push it out of what is exact.
    private static bool Fill(ReadOnlySpan<double> values, int decimals, Span<long> integers, List<int> exceptions)
    {
        exceptions.Clear();
        long before = 0;
        for (var index = 0; index < values.Length; index++)
        {
            if (Is(values[index], decimals))
            {
                before = (long)Math.Round(values[index] * Powers[decimals]);
            }
            else
            {
                exceptions.Add(index);
            }
            integers[index] = before;
        }
        return exceptions.Count <= values.Length / Ordinary;
    }

    private static bool Is(double value, int decimals)
    {
        var scaled = Math.Round(value * Powers[decimals]);
        return Math.Abs(scaled) < Exact
            && BitConverter.DoubleToInt64Bits((long)scaled / Powers[decimals]) == BitConverter.DoubleToInt64Bits(value);
    }
}
