using System.Text.Json.Serialization;
using Fairlead.Model.Data;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Operations;

/// <summary>A deployment as faces show it.</summary>
public sealed record DeploymentView
{
    public required string Id { get; init; }

    public required string App { get; init; }

    public required string Environment { get; init; }

    /// <summary>The release it makes live.</summary>
    public required int Release { get; init; }

    /// <summary>The release that was live before; null for an app's first.</summary>
    public int? Replaces { get; init; }

    public required DeploymentPhase Phase { get; init; }

    public bool IsOver => Phase.IsOver;

    public required IReadOnlyList<StepView> Steps { get; init; }

    /// <summary>What it waits for now, in words.</summary>
    public string? Waiting { get; init; }

    /// <summary>The parts it concerns, old ones first.</summary>
    public IReadOnlyList<PartView> Parts { get; init; } = [];

    /// <summary>The latest verdict of each gate.</summary>
    public IReadOnlyList<Verdict> Verdicts { get; init; } = [];

    /// <summary>Why it was taken back or failed.</summary>
    public Problem? Reason { get; init; }

    /// <summary>What passed through the edge from its request to its end.</summary>
    public TrafficCounts? Measured { get; init; }

    public IReadOnlyList<string> Urls { get; init; } = [];

    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Snapshots that were taken before schemas were changed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<TakenSnapshot>? Snapshots { get; init; }

    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>Who asked for it.</summary>
    public string? RequestedBy { get; init; }

    /// <summary>The digest of its plan, while it waits for approvals: what is approved is exactly this.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Plan { get; init; }

    /// <summary>Who said yes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? ApprovedBy { get; init; }

    /// <summary>Somebody keeps it where it is; null when nobody does.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Hold? Held { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>It is over by then, whatever happens.</summary>
    public required DateTimeOffset Deadline { get; init; }
}

/// <param name="Text">Such as "shift 5% to api@42".</param>
/// <param name="State">done, current, waiting or skipped.</param>
public sealed record StepView(string Text, string State);

/// <param name="RequestsPerSecond">Lately, as seen by the edge; null before the first look.</param>
/// <param name="ErrorPercent">Of the requests since its share last changed; null when there were none.</param>
/// <param name="P95Milliseconds">Of the requests since its share last changed; null when there were none.</param>
public sealed record PartView(
    string Part,
    Share Share,
    int Ready,
    int Wanted,
    long Requests,
    double? RequestsPerSecond,
    double? ErrorPercent,
    double? P95Milliseconds
)
{
    /// <summary>Copies of requests it was shown while it was tried; null for none. They count nowhere else.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MirrorCounts? Mirrored { get; init; }

    /// <summary>How many replicas there may be, such as <c>2-10</c>; null where their number does not follow the load.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Range { get; init; }
}

/// <summary>How many replicas a service has, by its load.</summary>
/// <param name="Replicas">How many, and from how many to how many: <c>3 (2-10)</c>.</param>
/// <param name="Now">What the latest look says of its load; null before the first.</param>
/// <param name="Since">Since when it has as many; null when it never had another number.</param>
/// <param name="Because">Why it got as many; null when it never had another number.</param>
public sealed record ScaleView(string Service, string Replicas, string? Now, DateTimeOffset? Since, string? Because);

/// <summary>A deployment's life.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeploymentPhase>))]
public enum DeploymentPhase
{
    /// <summary>Waits for the one before it.</summary>
    [JsonStringEnumMemberName("queued")]
    Queued,

    [JsonStringEnumMemberName("building")]
    Building,

    /// <summary>Built and planned; it waits for people to say yes, and nothing of the world was touched.</summary>
    [JsonStringEnumMemberName("awaiting-approval")]
    AwaitingApproval,

    [JsonStringEnumMemberName("rolling-out")]
    RollingOut,

    [JsonStringEnumMemberName("rolling-back")]
    RollingBack,

    [JsonStringEnumMemberName("promoted")]
    Promoted,

    /// <summary>A gate or a replica failed; the release before has all traffic again.</summary>
    [JsonStringEnumMemberName("rolled-back")]
    RolledBack,

    /// <summary>It ended before anything was replaced: a build failed, or a first release did not come up.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>A person stopped it.</summary>
    [JsonStringEnumMemberName("aborted")]
    Aborted,

    /// <summary>A newer deployment took its place.</summary>
    [JsonStringEnumMemberName("superseded")]
    Superseded,
}

/// <summary>Questions about phases.</summary>
public static class DeploymentPhases
{
    extension(DeploymentPhase phase)
    {
        public bool IsOver => phase >= DeploymentPhase.Promoted;
    }
}
