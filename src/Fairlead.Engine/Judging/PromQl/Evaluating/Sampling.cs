using System.Runtime.InteropServices;
using Fairlead.Engine.Judging.PromQl.Reading;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Judging.PromQl.Evaluating;

/// <summary>limit_ratio: a share of the series, always the same ones; a negative share gives just the others.</summary>
internal sealed class Sampling(Annotations annotations, Aggregation aggregation)
{
    private const ulong Prime = 1_099_511_628_211;
    private const ulong Basis = 14_695_981_039_346_656_037;

    public List<Row> Rows(IReadOnlyList<Row> rows, double[] ratios)
    {
        if (ratios.Any(double.IsNaN))
        {
            throw Faults.Execution("Ratio value is NaN", "Give a number between -1 and 1.");
        }
        Doubt(ratios);
        var made = new List<Row>();
        foreach (var row in rows)
        {
            var offset = OffsetOf(row.Labels);
            var column = new double[ratios.Length];
            for (var step = 0; step < column.Length; step++)
            {
                var ratio = Math.Clamp(ratios[step], -1, 1);
                var isIn = ratio >= 0 ? offset < ratio : offset >= 1 + ratio;
                column[step] = isIn ? row.Values[step] : Absent.Value;
            }
            if (Absent.Present(column) > 0)
            {
                made.Add(row with { Values = column });
            }
        }
        return made;
    }

    private void Doubt(double[] ratios)
    {
        if (ratios.Length > 0 && ratios.Max() is > 1 and var most)
        {
            annotations.RatioOutOfRange(most, 1, aggregation.Parameter!.Place); // It is where the ratios come from.
        }
        if (ratios.Length > 0 && ratios.Min() is < -1 and var least)
        {
            annotations.RatioOutOfRange(least, -1, aggregation.Parameter!.Place);
        }
    }

    /// <summary>A place from 0 to 1 that depends on the labels alone.</summary>
    private static double OffsetOf(Labels labels)
    {
        var hash = Basis;
        foreach (var (name, value) in labels)
        {
            hash = Mixed(Mixed(hash, name), value);
        }
        // The last letters change only the lowest bits so far: spread them.
        hash ^= hash >> 33;
        hash *= 0xff51afd7ed558ccd;
        hash ^= hash >> 33;
        return hash / (double)ulong.MaxValue;
    }

    private static ulong Mixed(ulong hash, string text)
    {
        foreach (var part in MemoryMarshal.AsBytes(text.AsSpan()))
        {
            hash = (hash ^ part) * Prime;
        }
        return (hash ^ 0xff) * Prime;
    }
}
