using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Judging.PromQl.Evaluating;

/// <summary>A series over a timeline.</summary>
/// <param name="Values">One for each step; <see cref="Absent.Value"/> where it has none.</param>
/// <param name="DropsName">Its metric's name goes away at the end, unless a function uses it before.</param>
internal sealed record Row(Labels Labels, double[] Values, bool DropsName = false);

/// <summary>The number that is none: no calculation makes this NaN, and series that end with it have left the store's answer.</summary>
internal static class Absent
{
    public static readonly double Value = Sample.Stale;
    private static readonly long Bits = BitConverter.DoubleToInt64Bits(Value);

    public static bool Is(double value) => BitConverter.DoubleToInt64Bits(value) == Bits;

    public static double[] Column(int count)
    {
        var column = new double[count];
        Array.Fill(column, Value);
        return column;
    }

    public static int Present(ReadOnlySpan<double> column)
    {
        var count = 0;
        foreach (var value in column)
        {
            count += Is(value) ? 0 : 1;
        }
        return count;
    }
}
