using Fairlead.Model.Problems;

namespace Fairlead.Engine.Judging.PromQl;

/// <summary>What can be wrong with a query. The cause is said in Prometheus' own words, which people and tools look for.</summary>
internal static class Faults
{
    public const string SyntaxCode = "promql.syntax";
    public const string ExecutionCode = "promql.execution";
    public const string TimeoutCode = "promql.timeout";
    public const string TooMuchCode = "promql.too-much";
    public const string RangeCode = "promql.range";

    /// <param name="expected">What could stand there; null when the message says it.</param>
    public static ProblemException Syntax(string query, Reading.Place place, string message, string? expected = null)
    {
        var (line, column) = Position(query, place.Start);
        return new(
            new Problem(
                SyntaxCode,
                What: "The query cannot be read.",
                Why: $"{line}:{column}: parse error: {message}",
                Fix: expected is null ? "Mend the query at that place." : $"Write there: {expected}."
            )
            {
                Where = $"{line}:{column}",
                Evidence = Shown(query, place.Start),
                Trouble = Trouble.WrongUse,
            }
        );
    }

    /// <summary>The query is well written, but the data at hand have no answer to it.</summary>
    public static ProblemException Execution(string message, string fix = "Change the query as the cause says.") =>
        new(
            new Problem(ExecutionCode, What: "The query has no answer.", Why: message, Fix: fix)
            {
                Trouble = Trouble.Failed,
            }
        );

    public static ProblemException Timeout(TimeSpan limit) =>
        new(
            new Problem(
                TimeoutCode,
                What: $"The query did not end within {limit.TotalSeconds:0.###} s.",
                Why: "query timed out in expression evaluation",
                Fix: "Ask for fewer series, a shorter time or a longer step."
            )
            {
                Trouble = Trouble.TimedOut,
            }
        );

    /// <summary>What was asked around the query makes no sense.</summary>
    public static ProblemException Range(string what, string why, string fix) =>
        new(new Problem(RangeCode, what, why, fix) { Trouble = Trouble.WrongUse });

    public static ProblemException TooMuch(string what, string why, string fix) =>
        new(new Problem(TooMuchCode, what, why, fix) { Trouble = Trouble.Failed });

    /// <summary>Line and column, both from 1.</summary>
    internal static (int Line, int Column) Position(string query, int at)
    {
        var before = query.AsSpan(0, Math.Clamp(at, 0, query.Length));
        var line = before.Count('\n') + 1;
        return (line, before.Length - (before.LastIndexOf('\n') + 1) + 1);
    }

    private static IReadOnlyList<string> Shown(string query, int at)
    {
        const int Width = 100;
        var (line, column) = Position(query, at);
        var text = query.Split('\n')[line - 1];
        var from = Math.Max(0, column - 1 - Width / 2);
        return [text.Substring(from, Math.Min(Width, text.Length - from)), new string(' ', column - 1 - from) + "^"];
    }
}
