using Fairlead.Model.Problems;

namespace Fairlead.Engine.Pipelines.Running;

/// <summary>Why a pipeline runs.</summary>
internal static class RunEvents
{
    public const string Manual = "manual";

    public const string Change = "change";

    private static readonly string[] All = ["push", Change, "tag", "schedule", Manual];

    /// <summary>Why a pipeline runs, of what is checked out.</summary>
    public static Occasion Of(PipelinePorts ports, string? name)
    {
        var occasion = new Occasion(ports.Head.Branch, "", Checked(name)) { Commit = ports.Head.Commit };
        return ports.Scope is { Length: > 0 } scope ? occasion with { Scope = scope } : occasion;
    }

    /// <exception cref="ProblemException">It is none of them.</exception>
    private static string Checked(string? name) =>
        name is null ? Manual
        : All.Contains(name) ? name
        : throw new ProblemException(
            new Problem(
                "pipeline.unknown-event",
                What: $"'{name}' is no event.",
                Why: $"There are: {string.Join(", ", All)}.",
                Fix: "Choose one of them."
            )
            {
                Trouble = Trouble.WrongUse,
            }
        );
}
