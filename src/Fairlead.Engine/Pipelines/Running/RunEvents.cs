using Fairlead.Model.Problems;

namespace Fairlead.Engine.Pipelines.Running;

/// <summary>Why a pipeline runs.</summary>
internal static class RunEvents
{
    public const string Manual = "manual";

    private static readonly string[] All = ["push", "change", "tag", "schedule", Manual];

    /// <summary>Why a pipeline runs, of what is checked out.</summary>
    public static Occasion Of(PipelinePorts ports, string? name) =>
        new(ports.Head.Branch, "", Checked(name)) { Commit = ports.Head.Commit };

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
