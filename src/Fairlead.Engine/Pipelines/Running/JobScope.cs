using Fairlead.Engine.Pipelines.Expressions;

namespace Fairlead.Engine.Pipelines.Running;

/// <summary>What expressions of a job may ask for.</summary>
/// <param name="Occasion">Why the pipeline runs.</param>
/// <param name="Values">Of its matrix.</param>
/// <param name="Needs">How the jobs it needs ended, by name.</param>
/// <param name="Status">Of all before: of the jobs it needs, or of the tasks before one.</param>
public sealed record JobScope(
    Occasion Occasion,
    IReadOnlyDictionary<string, string> Env,
    IReadOnlyDictionary<string, string> Values,
    IReadOnlyDictionary<string, RunStatus> Needs,
    RunStatus Status
)
{
    /// <summary>Its kind of machine.</summary>
    public string Machine { get; init; } = "linux";

    /// <summary>A digest of files that fit globs.</summary>
    public Func<IReadOnlyList<string>, string>? Files { get; init; }
}

/// <param name="Branch">Empty when none is checked out.</param>
/// <param name="Tag">Empty when the commit has none.</param>
/// <param name="Event">push, change, tag, schedule or manual.</param>
public sealed record Occasion(string Branch, string Tag, string Event)
{
    /// <summary>The commit's full name; empty where there is none.</summary>
    public string Commit { get; init; } = "";

    /// <summary>
    /// Whose entries of a cache are used and made, beside those of the main branch. A change has one of its own even where its branch bears the name of the
    /// main one, as that of a fork may.
    /// </summary>
    public string Scope
    {
        get => field ?? (Event == RunEvents.Change ? $"change/{Branch}" : Branch);
        init;
    }
}
