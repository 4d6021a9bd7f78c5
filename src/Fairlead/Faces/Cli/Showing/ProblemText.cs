using Fairlead.Model.Problems;

namespace Fairlead.Faces.Cli.Showing;

/// <summary>Problems as people read them: what, why, what shows it, what to do.</summary>
public static class ProblemText
{
    public static IEnumerable<string> Lines(IReadOnlyList<Problem> problems, Paint paint)
    {
        foreach (var problem in problems)
        {
            foreach (var line in Lines(problem, paint))
            {
                yield return line;
            }
        }
        if (problems.Count > 1)
        {
            yield return $"{problems.Count} problems.";
        }
    }

    private static IEnumerable<string> Lines(Problem problem, Paint paint)
    {
        yield return $"{paint.Red("error:")} {Indented(problem.What)}";
        if (problem.Where is { } where)
        {
            yield return $"  at:  {Plain.Of(where)}";
        }
        yield return $"  why: {Indented(problem.Why)}";
        foreach (var line in problem.Evidence)
        {
            yield return $"    {paint.Dim("|")} {Plain.Of(line)}";
        }
        yield return $"  fix: {Indented(problem.Fix)}";
        yield return $"  {paint.Dim($"({problem.Code})")}";
    }

    private static string Indented(string text) =>
        Plain.Of(text).ReplaceLineEndings("\n").TrimEnd('\n').Replace("\n", "\n       ", StringComparison.Ordinal);
}
