using System.Text;

namespace Fairlead.Engine.Watching.Logs;

/// <summary>
/// Keeps lines together that are one event: a stack below its error, a private key. A line goes on with the one before when it is
/// indented, or is one of the few that stacks have at the left edge.
/// </summary>
public static class LineGroups
{
    private const int LinesMax = 500;
    private const int CharsMax = 60_000;

    /// <param name="lines">Of one writer, in their order.</param>
    public static IEnumerable<string> Of(IEnumerable<string> lines)
    {
        StringBuilder? group = null;
        string? first = null;
        var (last, count) = ("", 0);
        foreach (var line in lines)
        {
            if (first is not null && GoesOn(first, last, line) && count < LinesMax && (group?.Length ?? 0) < CharsMax)
            {
                group ??= new StringBuilder(first);
                group.Append('\n').Append(line);
                (last, count) = (line, count + 1);
                continue;
            }
            if (first is not null)
            {
                yield return group?.ToString() ?? first;
            }
            (group, first, last, count) = (null, line, line, 1);
        }
        if (first is not null)
        {
            yield return group?.ToString() ?? first;
        }
    }

    private static bool GoesOn(string first, string last, string line) =>
        line.Length > 0
            && (line[0] is ' ' or '\t' || IsOfStack(line) || IsOfKey(first, last) || EndsTraceback(first, last, line))
        || IsOfPanic(first, line);

    private static bool IsOfStack(string line) =>
        line.StartsWith("Caused by: ", StringComparison.Ordinal)
        || line.StartsWith("at ", StringComparison.Ordinal)
        || line.StartsWith("... ", StringComparison.Ordinal)
        || line.StartsWith("---> ", StringComparison.Ordinal)
        || line.StartsWith("--- End of ", StringComparison.Ordinal);

    // The line behind Python's frames says what went wrong, at the left edge.
    private static bool EndsTraceback(string first, string last, string line) =>
        last is [' ', ..]
        && first.Contains("Traceback (most recent call last):", StringComparison.Ordinal)
        && line.AsSpan().IndexOfAny(' ', '{', '[') is var space
        && (space < 0 || (space > 0 && line[space - 1] == ':'));

    private static bool IsOfKey(string first, string last) =>
        first.Contains("-----BEGIN ", StringComparison.Ordinal)
        && !last.Contains("-----END ", StringComparison.Ordinal);

    // Go writes its goroutines at the left edge, with empty lines between; nothing comes after a panic.
    private static bool IsOfPanic(string first, string line) =>
        (
            first.StartsWith("panic: ", StringComparison.Ordinal)
            || first.StartsWith("fatal error: ", StringComparison.Ordinal)
        ) && !line.StartsWith('{');
}
