using System.Text.Json.Serialization;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;
using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Applying;

/// <summary>The plan of a site that was made last, and all that is needed to do it.</summary>
/// <param name="Plan">Its id.</param>
/// <param name="Tool">The name of the tool that made it.</param>
/// <param name="Files">The code that it was made of, by path.</param>
public sealed record PlanRecord(
    Site Site,
    string Plan,
    string Tool,
    CloudPlace Place,
    IReadOnlyDictionary<string, string> Files,
    DateTimeOffset At,
    string By
)
{
    public const string Collection = "infrastructure-plans";

    public required string Summary { get; init; }

    public bool IsDestroy { get; init; }

    /// <summary>Data is lost by it.</summary>
    public bool LosesData { get; init; }

    /// <summary>Why it may not be done; empty when it may.</summary>
    public IReadOnlyList<string> Blocked { get; init; } = [];
}

/// <summary>What was done last with the infrastructure of a site.</summary>
public sealed record RunRecord(Site Site, string Plan, string Tool, string Summary, DateTimeOffset Began, string By)
{
    public const string Collection = "infrastructure-runs";

    public RunOutcome Outcome { get; init; }

    public DateTimeOffset? Ended { get; init; }

    /// <summary>The last ones of what the tool said.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];

    public Problem? Problem { get; init; }
}

/// <summary>How something that was done with infrastructure stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunOutcome>))]
public enum RunOutcome
{
    [JsonStringEnumMemberName("under-way")]
    UnderWay,

    [JsonStringEnumMemberName("done")]
    Done,

    /// <summary>Part of it may be done; what is, is known.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>The server was ended in the midst; the next plan says what is left to do.</summary>
    [JsonStringEnumMemberName("cut-off")]
    CutOff,
}
