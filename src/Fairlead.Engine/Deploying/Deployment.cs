using System.Text.Json.Serialization;
using Fairlead.Engine.Operations;
using Fairlead.Model.Apps;
using Fairlead.Model.Data;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Deploying;

/// <summary>One attempt to make a release live. Times are absolute, so that a restart changes none of them.</summary>
public sealed record Deployment
{
    public required string Id { get; init; }

    public required Site Site { get; init; }

    /// <summary>The release to make live.</summary>
    public required int Release { get; init; }

    /// <summary>Return to an earlier release: no gates, all services in one switch.</summary>
    public bool IsRollback { get; init; }

    /// <summary>Someone approved exactly this plan; another one is refused.</summary>
    public string? ApprovedPlan { get; init; }

    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>Who asked for it; null where that was not remembered yet.</summary>
    public Requester? RequestedBy { get; init; }

    /// <summary>Who said yes to it. They are of this deployment alone: nobody's yes serves twice.</summary>
    public IReadOnlyList<Approval> Approvals { get; init; } = [];

    /// <summary>Rules were set aside for it; null when not.</summary>
    public BrokenGlass? BrokenGlass { get; init; }

    public DeploymentPhase Phase { get; init; } = DeploymentPhase.Queued;

    /// <summary>The release that was live when it began; null for a first.</summary>
    public int? Replaces { get; init; }

    public IReadOnlyList<Step> Steps { get; init; } = [];

    /// <summary>Index of the step under way.</summary>
    public int Step { get; init; }

    public DateTimeOffset StepBegan { get; init; }

    /// <summary>The step is over by then, or everything is taken back.</summary>
    public DateTimeOffset StepDeadline { get; init; }

    /// <summary>The deployment is over by then, whatever happens.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>Someone asked not to wait for the rest of the holds.</summary>
    public bool IsHurried { get; init; }

    /// <summary>Somebody keeps it where it is; null when nobody does.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Hold? Held { get; init; }

    /// <summary>Of its deadlines, what was added for holds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public TimeSpan HeldFor { get; init; }

    /// <summary>How it will have ended once everything is taken back.</summary>
    public DeploymentPhase? EndsAs { get; init; }

    /// <summary>Why it is taken back, or failed.</summary>
    public Problem? Reason { get; init; }

    /// <summary>The latest verdict of each gate.</summary>
    public IReadOnlyList<Verdict> Verdicts { get; init; } = [];

    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Snapshots that were taken before schemas were changed; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<TakenSnapshot>? Snapshots { get; init; }

    /// <summary>What passed through the edge so far, and the edge's counters when that was reckoned.</summary>
    public Meter Meter { get; init; } = new("", TrafficCounts.Zero, TrafficCounts.Zero);

    public DateTimeOffset? EndedAt { get; init; }

    public string Key => $"{Site}/{Id}";

    public Step? Current => Step < Steps.Count ? Steps[Step] : null;

    public override string ToString() => $"{Site.App}@{Release}";
}

/// <summary>Adds up counters that begin anew when the edge restarts.</summary>
/// <param name="Epoch">The edge's life in which <paramref name="Seen"/> was read.</param>
public sealed record Meter(string Epoch, TrafficCounts Seen, TrafficCounts Sum)
{
    /// <summary>Takes a reading; the first one is where counting begins.</summary>
    public Meter Read(string epoch, TrafficCounts now) =>
        Epoch switch
        {
            "" => new(epoch, now, Sum),
            _ when Epoch == epoch => this with { Seen = now, Sum = Sum + (now - Seen) },
            _ => new(epoch, now, Sum + now),
        };
}

/// <summary>Something a person or program asked of a site: durable before it is acknowledged, then handled by the site's loop.</summary>
public sealed record Request
{
    public required string Id { get; init; }

    public required Site Site { get; init; }

    public required RequestKind Kind { get; init; }

    /// <summary>The deployment that is to begin, be hurried or be aborted; null means the one under way.</summary>
    public string? Deployment { get; init; }

    /// <summary>Let the one under way end first, instead of taking its place.</summary>
    public bool Waits { get; init; }

    public string? Reason { get; init; }

    /// <summary>Who asks.</summary>
    public Requester? By { get; init; }

    /// <summary>The yes, of an approval.</summary>
    public Approval? Approval { get; init; }

    /// <summary>How long, of a hold.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TimeSpan? For { get; init; }

    /// <summary>The job that is meant.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Service { get; init; }

    /// <summary>How many replicas there shall be, of a scaling.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ScaleOrder? Scale { get; init; }

    public string Key => $"{Site}/{Id}";
}

/// <summary>What can be asked of a site's loop.</summary>
public enum RequestKind
{
    Begin,
    Promote,
    Abort,
    Approve,
    Reject,
    Scale,
    Hold,
    Resume,
    RunJob,
    CancelJob,
}

/// <summary>How many replicas a service shall have, as its load asks for.</summary>
/// <param name="Before">How many it had when that was decided; with another number by then, it is decided anew.</param>
public sealed record ScaleOrder(string Service, int Before, int Replicas, string Reason);
