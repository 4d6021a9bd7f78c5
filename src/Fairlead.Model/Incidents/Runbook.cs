using System.Text.Json.Serialization;

namespace Fairlead.Model.Incidents;

/// <summary>What people do about an incident, step by step.</summary>
/// <param name="Name">By which it is started.</param>
/// <param name="For">Names of alerts and services that it helps with; none for all.</param>
public sealed record Runbook(string Name, IReadOnlyList<string> For, IReadOnlyList<RunbookStep> Steps)
{
    /// <summary>Whether it helps with an incident of these alerts and services.</summary>
    public bool Fits(IReadOnlyList<string> alerts, IReadOnlyList<string> services) =>
        For.Count == 0 || For.Any(one => alerts.Contains(one) || services.Contains(one));
}

/// <summary>One thing to do: by a person, or by an operation that a person starts.</summary>
/// <param name="Text">What it is, for people.</param>
public sealed record RunbookStep(string Text)
{
    /// <summary>The operation, such as <c>restart</c>; null where a person does it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Run { get; init; }

    /// <summary>The operation's inputs by their names; the incident's app and environment go without saying.</summary>
    public IReadOnlyDictionary<string, string> With { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>A runbook that was started for an incident, with the steps as they were then.</summary>
/// <param name="By">Who started it.</param>
public sealed record RunbookRun(string Name, DateTimeOffset At, string By, IReadOnlyList<RunbookStepRun> Steps)
{
    [JsonIgnore]
    public bool IsOver => Steps.All(static one => one.State is RunbookStepState.Done or RunbookStepState.Skipped);
}

/// <param name="State">How far it is.</param>
public sealed record RunbookStepRun(RunbookStep Step, RunbookStepState State)
{
    /// <summary>Who did, skipped or started it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? By { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? At { get; init; }

    /// <summary>What came of it, in one line.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Outcome { get; init; }
}

/// <summary>How far a step is.</summary>
public enum RunbookStepState
{
    [JsonStringEnumMemberName("to-do")]
    ToDo,

    /// <summary>Its operation was started; what came of it is not known yet.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    [JsonStringEnumMemberName("done")]
    Done,

    /// <summary>Its operation was refused or failed.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Somebody said that it is not needed.</summary>
    [JsonStringEnumMemberName("skipped")]
    Skipped,
}
