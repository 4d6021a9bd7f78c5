using Fairlead.Model.Problems;

namespace Fairlead.Faces.Cli.Showing;

/// <summary>Finds the commands in a problem's fix, so that a program can type them: "See why: fairlead logs --app shop".</summary>
public static class NextSteps
{
    private const string Program = "fairlead ";

    /// <param name="Why">The words before the command, or what happened.</param>
    public sealed record Step(string Command, string Why);

    public static IEnumerable<Step> Of(Problem problem)
    {
        foreach (var sentence in Sentences(problem.Fix))
        {
            var start = StartOf(sentence);
            if (start >= 0)
            {
                var why = sentence[..start].Trim().TrimEnd(':', ',');
                yield return new(sentence[start..].TrimEnd('.', ' '), why.Length > 0 ? why : problem.What);
            }
        }
    }

    private static string[] Sentences(string fix) =>
        fix.Split(["\n", ". ", "; "], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Where a command begins: at the start, or after a colon or blank.</summary>
    private static int StartOf(string sentence)
    {
        var start = sentence.IndexOf(Program, StringComparison.Ordinal);
        return start == 0 || (start > 0 && sentence[start - 1] == ' ') ? start : -1;
    }
}
