using System.Runtime.InteropServices;

namespace Fairlead.Engine.Reporting;

/// <summary>
/// Numbers over time with the moments that they are to be seen with, in no form yet: pages, files and documents draw it, each in its own way,
/// and all say the sentence and have the table.
/// </summary>
/// <param name="Name">Short, for files and addresses: <c>errors</c>.</param>
/// <param name="Unit">Written after each number, such as <c> %</c>.</param>
/// <param name="Points">In their order; what is no number was not measured.</param>
public sealed record Graph(
    string Name,
    string Title,
    string Unit,
    IReadOnlyList<GraphPoint> Points,
    IReadOnlyList<GraphMark> Marks
)
{
    private const int RowsMax = 20;

    /// <summary>What it shows, whole: whoever sees no picture misses nothing that matters.</summary>
    public required string Sentence { get; init; }

    /// <summary>What stands above its numbers: <c>Failed requests (%)</c>.</summary>
    public string Heading => Unit.Trim().Length > 0 ? $"{Title} ({Unit.Trim()})" : Title;

    /// <summary>Rows for whoever reads no picture: of many points those that are apart by the same time, and the highest.</summary>
    public IReadOnlyList<GraphPoint> Rows
    {
        get
        {
            var known = Points.Where(static one => double.IsFinite(one.Value)).ToList();
            if (known.Count <= RowsMax)
            {
                return known;
            }
            var most = known.MaxBy(static one => one.Value);
            return
            [
                .. Enumerable
                    .Range(0, RowsMax)
                    .Select(place => known[place * (known.Count - 1) / (RowsMax - 1)])
                    .Append(most)
                    .Distinct()
                    .OrderBy(static one => one.At),
            ];
        }
    }
}

/// <summary>A number at a time.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct GraphPoint(DateTimeOffset At, double Value);

/// <summary>A moment that numbers are to be seen with.</summary>
public sealed record GraphMark(DateTimeOffset At, string Name);
