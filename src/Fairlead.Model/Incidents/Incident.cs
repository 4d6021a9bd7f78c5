using System.Text.Json.Serialization;
using Fairlead.Model.Apps;
using Fairlead.Model.Monitoring;

namespace Fairlead.Model.Incidents;

/// <summary>Something that hurts users, from its first symptom to what was learned of it.</summary>
public sealed record Incident
{
    /// <summary>1 for the first, then one more each time.</summary>
    public required int Number { get; init; }

    /// <summary>Where it is; null when it is about no app.</summary>
    public Site? Site { get; init; }

    /// <summary>One line for people.</summary>
    public required string Title { get; init; }

    public Severity Severity { get; init; } = Severity.Major;

    public IncidentState State { get; init; }

    /// <summary>The first symptom.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When Fairlead or somebody noticed it.</summary>
    public required DateTimeOffset DetectedAt { get; init; }

    /// <summary>When somebody said that they look at it.</summary>
    public DateTimeOffset? AcknowledgedAt { get; init; }

    /// <summary>When users were hurt no more.</summary>
    public DateTimeOffset? MitigatedAt { get; init; }

    public DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>Who leads; null for nobody yet.</summary>
    public string? Commander { get; init; }

    /// <summary>Who opened it: Fairlead for an alert, else a person or a program.</summary>
    public required string OpenedBy { get; init; }

    /// <summary>Fingerprints of alerts that belong to it.</summary>
    public IReadOnlyList<string> Alerts { get; init; } = [];

    /// <summary>Names of those alerts, each once.</summary>
    public IReadOnlyList<string> AlertNames { get; init; } = [];

    /// <summary>Runbooks that were started for it, in the order in which they were.</summary>
    public IReadOnlyList<RunbookRun> Runbooks { get; init; } = [];

    /// <summary>Services that are hurt.</summary>
    public IReadOnlyList<string> Services { get; init; } = [];

    /// <summary>It is about security: somebody or an alert said so.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsSecurity { get; init; }

    /// <summary>What changed before it began, the likeliest first.</summary>
    public IReadOnlyList<Suspect> Suspects { get; init; } = [];

    /// <summary>What was decided about going back; null when there was nothing to go back to.</summary>
    public RollbackDecision? Rollback { get; init; }

    /// <summary>How many users' requests it cost; null as long as that was not measured.</summary>
    public Impact? Impact { get; init; }

    /// <summary>What happened, in the order in which it did.</summary>
    public IReadOnlyList<IncidentEvent> Timeline { get; init; } = [];

    /// <summary>What is to be done so that it does not come again.</summary>
    public IReadOnlyList<FollowUp> FollowUps { get; init; } = [];

    /// <summary>What the public is told of it, in the order in which it was: status pages show those that concern what is on them.</summary>
    public IReadOnlyList<StatusUpdate> Updates { get; init; } = [];

    /// <summary>When the next update was promised; null where nobody promised any.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? NextUpdateAt { get; init; }

    /// <summary>The update that was due and of which somebody was reminded last, by when it was due.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? UpdateRemindedFor { get; init; }

    /// <summary>The incident that it was merged into; null for none.</summary>
    public int? MergedInto { get; init; }

    /// <summary>What people are to do, step by step, as the rule that raised it says.</summary>
    public string? Action { get; init; }

    [JsonIgnore]
    public bool IsOpen => State is not IncidentState.Resolved;

    public override string ToString() => $"incident {Number}";
}

/// <summary>How grave it is.</summary>
public enum Severity
{
    /// <summary>Users lose something that they cannot get back, or nothing works.</summary>
    [JsonStringEnumMemberName("critical")]
    Critical,

    /// <summary>Many users are hurt.</summary>
    [JsonStringEnumMemberName("major")]
    Major,

    /// <summary>Few users are hurt, or there is a way around.</summary>
    [JsonStringEnumMemberName("minor")]
    Minor,
}

/// <summary>How far it has come.</summary>
public enum IncidentState
{
    /// <summary>Users are hurt.</summary>
    [JsonStringEnumMemberName("open")]
    Open,

    /// <summary>Users are hurt no more; what caused it may still be there.</summary>
    [JsonStringEnumMemberName("mitigated")]
    Mitigated,

    [JsonStringEnumMemberName("resolved")]
    Resolved,
}

/// <summary>A moment of an incident.</summary>
/// <param name="Kind">alert, deployment, decision, command, note, state, told.</param>
/// <param name="By">Who did or said it; <c>fairlead</c> for what it did itself.</param>
public sealed record IncidentEvent(DateTimeOffset At, string Kind, string Text, string By);

/// <summary>A change that may have caused it.</summary>
/// <param name="Why">What speaks for it.</param>
/// <param name="Score">From 0 to 100; only its order means something.</param>
public sealed record Suspect(DateTimeOffset At, string What, string Why, int Score)
{
    /// <summary>The deployment, where it is one.</summary>
    public string? Deployment { get; init; }

    public int? Release { get; init; }
}

/// <summary>Whether a release is taken back.</summary>
/// <param name="From">The release that is suspected.</param>
/// <param name="To">The one that was live before.</param>
/// <param name="Why">What speaks for it, and by which rule it was decided.</param>
public sealed record RollbackDecision(int From, int To, RollbackState State, string Why)
{
    /// <summary>The deployment that takes it back, once there is one.</summary>
    public string? Deployment { get; init; }
}

/// <summary>What became of going back.</summary>
public enum RollbackState
{
    /// <summary>People are asked.</summary>
    [JsonStringEnumMemberName("asked")]
    Asked,

    /// <summary>It is under way.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    [JsonStringEnumMemberName("done")]
    Done,

    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>The environment wants no rollbacks, or somebody said no.</summary>
    [JsonStringEnumMemberName("declined")]
    Declined,
}

/// <summary>Requests from the first symptom on, as the edge counted them.</summary>
/// <param name="Requests">All that ended.</param>
/// <param name="Failed">Those that were answered with 500 or above, or not at all.</param>
public sealed record Impact(long Requests, long Failed);

/// <summary>Something to be done afterwards.</summary>
public sealed record FollowUp(int Number, string Text, string? Owner, DateOnly? Due, bool IsDone)
{
    /// <summary>The day of which somebody was reminded last: the one before it is due, the one on which it is, or one a number of weeks after.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateOnly? RemindedFor { get; init; }
}
