using System.Text.Json.Serialization;
using Fairlead.Model.Apps;
using Fairlead.Model.Releases;

namespace Fairlead.Model.Agents;

/// <summary>A change that somebody wants to make, with everything that a person needs to say yes or no to exactly that.</summary>
public sealed record AgentPlan
{
    /// <summary>8 letters.</summary>
    public required string Id { get; init; }

    public required PlanKind Kind { get; init; }

    public required Site Site { get; init; }

    /// <summary>What was asked for, as it is asked for again when the plan is applied.</summary>
    public required PlanOrder Order { get; init; }

    /// <summary>Names what it follows from: the source, the manifest, what is live. Another one by then makes the plan stale.</summary>
    public required string Basis { get; init; }

    /// <summary>16 hex digits over everything that is said of it: what is approved is exactly this.</summary>
    public required string Digest { get; init; }

    /// <summary>One line.</summary>
    public required string Summary { get; init; }

    public required PlanContent Content { get; init; }

    /// <summary>Why a person has to say yes; null when nobody has to.</summary>
    public string? ApprovalBecause { get; init; }

    /// <summary>Who made it.</summary>
    public required PlanMaker By { get; init; }

    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>It cannot be applied after this.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>A person's yes to exactly this digest.</summary>
    public Approval? Approval { get; init; }

    /// <summary>As it was left; whether it has expired since, only the clock knows.</summary>
    public PlanState State { get; init; }

    /// <summary>Why it was rejected or refused; what became of it.</summary>
    public string? Outcome { get; init; }

    /// <summary>The deployment that it began.</summary>
    public string? Deployment { get; init; }

    public DateTimeOffset? AppliedAt { get; init; }

    [JsonIgnore]
    public string Key => $"{Site}/{Id}";

    /// <summary>Where it stands at a moment.</summary>
    public PlanState StateAt(DateTimeOffset now) =>
        State is PlanState.Ready or PlanState.AwaitingApproval or PlanState.Approved && now >= ExpiresAt
            ? PlanState.Expired
            : State;
}

/// <summary>What was asked for. Nothing of it is ever given to a shell.</summary>
public sealed record PlanOrder
{
    /// <summary>Absolute.</summary>
    public string? Folder { get; init; }

    /// <summary>As in <c>deploy --set</c>.</summary>
    public IReadOnlyList<string> Set { get; init; } = [];

    /// <summary>The release to return to.</summary>
    public int? Release { get; init; }

    /// <summary>The tool that makes infrastructure.</summary>
    public string? Tool { get; init; }

    /// <summary>The source whose preview ends.</summary>
    public string? Source { get; init; }

    /// <summary>The branch whose preview ends.</summary>
    public string? Branch { get; init; }

    /// <summary>The database whose data is brought back.</summary>
    public string? Database { get; init; }

    /// <summary>The backup that is brought back.</summary>
    public string? Backup { get; init; }

    /// <summary>The moment that is brought back, for databases with points; null for that of the backup.</summary>
    public string? To { get; init; }

    /// <summary>Whether the app is led to what was brought back.</summary>
    public bool Switch { get; init; }
}

/// <summary>What a plan says.</summary>
public sealed record PlanContent
{
    /// <summary>What differs, a line for each.</summary>
    public required IReadOnlyList<string> Diff { get; init; }

    public required IReadOnlyList<string> Steps { get; init; }

    public required PlanRisk Risk { get; init; }

    public required IReadOnlyList<string> RiskReasons { get; init; }

    public required BlastRadius Blast { get; init; }

    /// <summary>Whether it can be undone by one rollback.</summary>
    public required bool IsReversible { get; init; }

    /// <summary>How it is undone, or why it is not.</summary>
    public required string Undo { get; init; }

    /// <summary>What it costs, as far as that is known.</summary>
    public required string Cost { get; init; }

    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>How much a change touches.</summary>
/// <param name="Services">Names of those that change.</param>
/// <param name="Replicas">How many run of them.</param>
/// <param name="HasTraffic">Whether visitors meet any of them.</param>
public sealed record BlastRadius(IReadOnlyList<string> Services, int Replicas, bool HasTraffic);

/// <param name="Id">The principal's; empty for the owner of the state folder.</param>
/// <param name="Answers">The principal's who answers for it.</param>
/// <param name="IsAgent">Whether it decides for itself.</param>
public sealed record PlanMaker(string Id, string Name, string Answers, bool IsAgent);
