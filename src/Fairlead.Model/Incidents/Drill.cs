using System.Text.Json.Serialization;

namespace Fairlead.Model.Incidents;

/// <summary>A fault that was made on purpose, to see what is noticed, who is told, and what recovers.</summary>
public sealed record Drill
{
    /// <summary>The store's collection of them, each under its number.</summary>
    public const string Collection = "drills";

    /// <summary>1 for the first, then one more each time.</summary>
    public required int Number { get; init; }

    /// <summary>What goes wrong, such as <c>bad-deploy</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Who asked for it.</summary>
    public required string By { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public DrillState State { get; init; }

    /// <summary>The step that it is at, from 0.</summary>
    public int Step { get; init; }

    /// <summary>When that step began.</summary>
    public DateTimeOffset StepAt { get; init; }

    /// <summary>When the fault was made; null before.</summary>
    public DateTimeOffset? FaultAt { get; init; }

    /// <summary>The release that was live before the fault.</summary>
    public int? GoodRelease { get; init; }

    /// <summary>The process that was killed; null where none was.</summary>
    public string? Killed { get; init; }

    /// <summary>What a visitor had counted when the fault was made.</summary>
    public DrillTally? Before { get; init; }

    /// <summary>What it had counted once all was well again.</summary>
    public DrillTally? After { get; init; }

    /// <summary>What happened, in the order in which it did.</summary>
    public IReadOnlyList<DrillMoment> Moments { get; init; } = [];

    /// <summary>What was not as it should be; null when all was.</summary>
    public string? Why { get; init; }

    [JsonIgnore]
    public bool IsOver => EndedAt is not null;
}

/// <summary>How a drill went.</summary>
public enum DrillState
{
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>It was noticed, told and mended as it should be.</summary>
    [JsonStringEnumMemberName("passed")]
    Passed,

    /// <summary>Something was not noticed, nobody was told, or it was not mended in time.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,
}

/// <param name="Step">What was waited for or done.</param>
/// <param name="Text">What was seen.</param>
public sealed record DrillMoment(DateTimeOffset At, string Step, string Text);

/// <summary>What a visitor of the scratch app counted.</summary>
/// <param name="Sent">Requests that it sent.</param>
/// <param name="Failed">Those that were answered with 500 or above, or not at all.</param>
public sealed record DrillTally(long Sent, long Failed);
