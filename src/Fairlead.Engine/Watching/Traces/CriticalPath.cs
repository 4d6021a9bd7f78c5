namespace Fairlead.Engine.Watching.Traces;

/// <summary>
/// Finds what a trace waited for: from its end backwards, always the child that ended last. Making anything on it faster makes the
/// whole faster; nothing else does.
/// </summary>
internal static class CriticalPath
{
    public static void Mark(TraceRow root)
    {
        // Each entry is a stretch of time of one span that is still to be explained, from From to Until.
        var open = new Stack<(TraceRow Row, long From, long Until)>([(root, root.Start, root.End)]);
        while (open.TryPop(out var stretch))
        {
            var (row, from, until) = stretch;
            foreach (var child in row.Children.OrderByDescending(child => child.End))
            {
                // Who ends later goes on beside what came next: nobody waited for it.
                if (child.End > until || child.End <= from)
                {
                    continue;
                }
                row.Critical += until - child.End;
                until = Math.Max(child.Start, from);
                open.Push((child, until, child.End));
            }
            row.Critical += Math.Max(0, until - from);
        }
    }
}
