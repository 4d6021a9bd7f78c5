using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Traces;

/// <summary>
/// A trace put in order for reading: who called whom, clocks of different machines brought together, and the chain of work that
/// took the time. Whatever was sent is shown: spans whose parent is missing, parents in circles, and spans without number.
/// </summary>
public sealed class TraceTree
{
    private readonly Dictionary<SpanId, TraceRow> byId = [];

    private TraceTree(IReadOnlyList<Span> spans)
    {
        var rows = spans.DistinctBy(span => span.Id).Select(span => new TraceRow(span)).ToList();
        foreach (var row in rows)
        {
            byId[row.Span.Id] = row;
        }
        var roots = Join(rows);
        foreach (var root in roots)
        {
            Align(root);
        }
        roots.Sort(TraceRow.ByStart);
        Rows = Ordered(roots);
        Start = rows.Min(row => row.Start);
        End = rows.Max(row => row.End);
        CriticalPath.Mark(roots.MaxBy(root => (root.Span.Parent.IsNone, root.End - root.Start))!);
        foreach (var row in Rows)
        {
            row.Gap = LongestGap(row);
        }
    }

    /// <summary>Parents before their children, by start.</summary>
    public IReadOnlyList<TraceRow> Rows { get; }

    /// <summary>Nanoseconds since 1970, with clocks brought together.</summary>
    public long Start { get; }

    public long End { get; }

    /// <param name="spans">Of one trace, at least one.</param>
    public static TraceTree Of(IReadOnlyList<Span> spans) => new(spans);

    private List<TraceRow> Join(List<TraceRow> rows)
    {
        var roots = new List<TraceRow>();
        foreach (var row in rows)
        {
            if (row.Span.Parent != row.Span.Id && byId.TryGetValue(row.Span.Parent, out var parent))
            {
                row.Parent = parent;
                parent.Children.Add(row);
            }
            else
            {
                row.IsOrphan = !row.Span.Parent.IsNone;
                roots.Add(row);
            }
        }
        BreakCircles(rows, roots);
        return roots;
    }

    // Who is not below any root is in a circle, or below one: the first of them to begin is let loose, until none is left.
    private static void BreakCircles(List<TraceRow> rows, List<TraceRow> roots)
    {
        var reached = new HashSet<TraceRow>();
        roots.ForEach(root => Reach(root, reached));
        if (reached.Count == rows.Count)
        {
            return;
        }
        foreach (var row in rows.OrderBy(row => row.Start))
        {
            if (!reached.Contains(row))
            {
                row.Parent!.Children.Remove(row);
                row.Parent = null;
                row.IsOrphan = true;
                roots.Add(row);
                Reach(row, reached);
            }
        }
    }

    private static void Reach(TraceRow root, HashSet<TraceRow> reached)
    {
        var next = new Stack<TraceRow>([root]);
        while (next.TryPop(out var row))
        {
            if (reached.Add(row))
            {
                row.Children.ForEach(next.Push);
            }
        }
    }

    // A child that begins before its parent, or after its end, was timed by another clock: it is put into the middle of its parent,
    // with all that the same process did below it. Who takes work out of a queue may well be later.
    private static void Align(TraceRow root)
    {
        var next = new Stack<TraceRow>([root]);
        while (next.TryPop(out var row))
        {
            foreach (var child in row.Children)
            {
                child.Skew = child.IsOfSameProcess(row) ? row.Skew : Skew(row, child);
                next.Push(child);
            }
        }
    }

    private static long Skew(TraceRow parent, TraceRow child)
    {
        var isLater = child.Span.Kind is SpanKind.Consumer || parent.Span.Kind is SpanKind.Producer;
        var (start, length) = (child.Span.Start, child.Span.End - child.Span.Start);
        var isOutside = start < parent.Start || (start > parent.End && !isLater);
        if (!isOutside)
        {
            return 0;
        }
        var room = parent.End - parent.Start - length;
        return parent.Start + Math.Max(0, room / 2) - start;
    }

    private static List<TraceRow> Ordered(List<TraceRow> roots)
    {
        var ordered = new List<TraceRow>();
        var next = new Stack<TraceRow>();
        PushAll(roots);
        while (next.TryPop(out var row))
        {
            row.Depth = row.Parent is null ? 0 : row.Parent.Depth + 1;
            ordered.Add(row);
            row.Children.Sort(TraceRow.ByStart);
            PushAll(row.Children);
        }
        return ordered;

        void PushAll(List<TraceRow> rows)
        {
            for (var i = rows.Count - 1; i >= 0; i--)
            {
                next.Push(rows[i]);
            }
        }
    }

    // Time in which a span waited for nobody that is in the trace: work of its own, or of someone who sends no spans.
    private static (long Start, long End) LongestGap(TraceRow row)
    {
        if (row.Children.Count == 0)
        {
            return (row.Start, row.Start);
        }
        var (from, longest) = (row.Start, (row.Start, row.Start));
        foreach (var child in row.Children)
        {
            Look(child.Start);
            from = Math.Max(from, child.End);
        }
        Look(row.End);
        return longest;

        void Look(long until)
        {
            var end = Math.Min(until, row.End);
            if (end - from > longest.Item2 - longest.Item1)
            {
                longest = (from, end);
            }
        }
    }
}

/// <summary>A span in its place.</summary>
public sealed class TraceRow(Span span)
{
    internal static readonly Comparison<TraceRow> ByStart = (left, right) =>
        (left.Start, left.Span.Id.Value).CompareTo((right.Start, right.Span.Id.Value));

    public Span Span { get; } = span;

    public TraceRow? Parent { get; internal set; }

    /// <summary>0 for those without a parent.</summary>
    public int Depth { get; internal set; }

    /// <summary>It has a parent that is not in the trace.</summary>
    public bool IsOrphan { get; internal set; }

    /// <summary>What its clock is set right by, in nanoseconds.</summary>
    public long Skew { get; internal set; }

    /// <summary>Nanoseconds since 1970, with the clock set right.</summary>
    public long Start => Span.Start + Skew;

    public long End => Span.End + Skew;

    /// <summary>How much of the trace's time was spent here and nowhere below, in nanoseconds; 0 when it held nobody up.</summary>
    public long Critical { get; internal set; }

    /// <summary>The longest time in which none of its children worked; empty for a span without any.</summary>
    public (long Start, long End) Gap { get; internal set; }

    internal List<TraceRow> Children { get; } = [];

    internal bool IsOfSameProcess(TraceRow other) =>
        string.Equals(Span.Sender.Service, other.Span.Sender.Service, StringComparison.Ordinal)
        && string.Equals(Span.Sender.Instance, other.Span.Sender.Instance, StringComparison.Ordinal)
        && string.Equals(Span.Sender.App, other.Span.Sender.App, StringComparison.Ordinal);
}
