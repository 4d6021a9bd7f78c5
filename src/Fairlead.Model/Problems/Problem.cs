using System.Text.Json.Serialization;

namespace Fairlead.Model.Problems;

/// <summary>Something that stands in the user's way, said so that they can act on it.</summary>
/// <param name="Code">Stable dotted id such as <c>target.port-taken</c>; docs/reference/problems.md has a line for each.</param>
/// <param name="What">What happened, in one sentence, naming the thing it happened to.</param>
/// <param name="Why">The cause as far as Fairlead knows it, with the numbers that prove it.</param>
/// <param name="Fix">What to do now: a command to type or a line to change.</param>
public sealed record Problem(string Code, string What, string Why, string Fix)
{
    /// <summary>Where in which file, such as <c>fairlead.yaml:12:9</c>.</summary>
    public string? Where { get; init; }

    /// <summary>Lines that show it: the end of a build's output or of a log.</summary>
    public IReadOnlyList<string> Evidence { get; init; } = [];

    /// <summary>What kind of trouble it is; the CLI's exit code and HTTP's status follow from it.</summary>
    public Trouble Trouble { get; init; } = Trouble.Failed;

    /// <summary>Not before then is it worth trying again, where whoever refused said so.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? RetryAt { get; init; }

    public override string ToString() =>
        $"{(Where is null ? "" : $"{Where}: ")}{What}\n  why: {Why}\n  fix: {Fix}\n  ({Code})";
}

/// <summary>Kinds of trouble, by the CLI's exit code.</summary>
public enum Trouble
{
    Failed = 1,
    WrongUse = 2,
    NotFound = 3,
    NotAllowed = 4,
    Conflict = 5,
    RolledBack = 6,
    Inconclusive = 7,
    TimedOut = 8,
    NeedsPerson = 9,
    Unreachable = 10,
}

/// <summary>Thrown when the world, not Fairlead, is at fault; bugs throw other exceptions and are not caught.</summary>
public sealed class ProblemException : Exception
{
    public ProblemException(Problem problem, Exception? cause = null)
        : this([problem], cause) { }

    /// <param name="problems">All findings, at least one, in the order of their places.</param>
    public ProblemException(IReadOnlyList<Problem> problems, Exception? cause = null)
        : base(string.Join('\n', problems.Select(problem => problem.What)), cause) => Problems = problems;

    public IReadOnlyList<Problem> Problems { get; }

    public Problem Problem => Problems[0];
}
