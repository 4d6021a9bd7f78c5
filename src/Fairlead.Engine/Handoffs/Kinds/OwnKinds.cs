namespace Fairlead.Engine.Handoffs.Kinds;

/// <summary>What this program hands over to others. It is tracked until somebody says how it was fulfilled.</summary>
public abstract record OwnBody : HandoffBody
{
    public override IEnumerable<string> Effects() => ["it is open, and late after its day, until it is fulfilled"];
}

/// <summary>For whoever mends a release: what was seen, what is suspected, and how to see it again.</summary>
public sealed record TroubleshootingBrief : OwnBody
{
    public required string Deployment { get; init; }

    public required string Symptom { get; init; }

    /// <summary>What changed, as far as that is known.</summary>
    public required string Suspect { get; init; }

    /// <summary>What gates and replicas said, a line each.</summary>
    public IReadOnlyList<string> Evidence { get; init; } = [];

    /// <summary>Errors of the app, the latest first. Strangers wrote their titles.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];

    /// <summary>Commands that show it again.</summary>
    public IReadOnlyList<string> Reproduce { get; init; } = [];
}

/// <summary>For whoever leads the work: how things stand.</summary>
public sealed record StatusUpdate : OwnBody
{
    public int? Live { get; init; }

    public IReadOnlyList<string> Parts { get; init; } = [];

    public IReadOnlyList<string> UnderWay { get; init; } = [];

    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>For whoever leads the work: who is hurt, what is known, and when more is told.</summary>
public sealed record IncidentBrief : OwnBody
{
    public required int Incident { get; init; }

    public required string Impact { get; init; }

    public IReadOnlyList<string> Timeline { get; init; } = [];

    /// <summary>What is suspected; null for nothing yet.</summary>
    public string? Hypothesis { get; init; }

    public required DateTimeOffset NextUpdate { get; init; }
}

/// <summary>What was learned of an incident. It is fulfilled when all of its follow-ups are done, and not before.</summary>
public sealed record PostMortem : OwnBody
{
    public required int Incident { get; init; }

    /// <summary>Markdown.</summary>
    public required string Text { get; init; }

    public IReadOnlyList<string> FollowUps { get; init; } = [];

    public override IEnumerable<string> Effects() =>
        [$"it cannot be fulfilled before each follow-up of incident {Incident} is done"];
}
