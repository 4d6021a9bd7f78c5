using System.Text.Json.Serialization;
using Fairlead.Engine.Checking;
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

    /// <summary>What policies and prices say of it; null when nothing could judge it.</summary>
    public PlanReview? Review { get; init; }

    /// <summary>Whether it may not be done.</summary>
    public bool IsBlocked => Review is { Stopping.Count: > 0 };
}

/// <summary>What policies and prices say of a plan.</summary>
/// <param name="Stopping">Findings for which it may not be done, the worst first; at most 50 are kept.</param>
/// <param name="Others">How many more were found.</param>
/// <param name="Allowed">What was found and is accepted for now, each with its reason.</param>
/// <param name="Cost">What it costs in a month, before and after, in a sentence.</param>
public sealed record PlanReview(
    IReadOnlyList<CheckFinding> Stopping,
    int Others,
    IReadOnlyList<string> Allowed,
    string Cost
)
{
    public const int StoppingMax = 50;
    public const int PartsMax = 200;

    /// <summary>What of it costs how much then, the dearest first; what is unknown is not in it.</summary>
    public IReadOnlyList<PlannedCost> Parts { get; init; } = [];

    /// <summary>US dollars that it may cost in a month; null where the manifest names none.</summary>
    public decimal? Budget { get; init; }
}

/// <summary>A part of what infrastructure costs.</summary>
/// <param name="What">As the tool calls it.</param>
/// <param name="Monthly">US dollars at list prices.</param>
public sealed record PlannedCost(string What, string Part, decimal Monthly)
{
    /// <summary>The service that has it to itself; empty where several share it.</summary>
    public string Service { get; init; } = "";
}

/// <summary>What was done last with the infrastructure of a site.</summary>
public sealed record RunRecord(Site Site, string Plan, string Tool, string Summary, DateTimeOffset Began, string By)
{
    public const string Collection = "infrastructure-runs";

    public RunOutcome Outcome { get; init; }

    public DateTimeOffset? Ended { get; init; }

    /// <summary>What it costs in a month, in a sentence; null where nothing said so, or all was removed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Cost { get; init; }

    /// <summary>What of it costs how much, as it was reckoned when it was planned; empty where nothing could say it.</summary>
    public IReadOnlyList<PlannedCost> Costs { get; init; } = [];

    /// <inheritdoc cref="PlanReview.Budget"/>
    public decimal? Budget { get; init; }

    /// <summary>The last ones of what the tool said.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];

    public Problem? Problem { get; init; }
}

/// <summary>What others had changed at the cloud when somebody looked last; it is forgotten once something is done there.</summary>
/// <param name="Changes">The gravest first; at most <see cref="ChangesMax"/> are kept.</param>
/// <param name="Others">How many more there were.</param>
public sealed record DriftRecord(
    Site Site,
    string Tool,
    DateTimeOffset At,
    string By,
    IReadOnlyList<DriftedThing> Changes,
    int Others
)
{
    public const string Collection = "infrastructure-drift";
    public const int ChangesMax = 50;
}

/// <summary>Something that is not as it was made. Its values are not kept.</summary>
/// <param name="What">As the tool calls it.</param>
/// <param name="Why">What differs.</param>
public sealed record DriftedThing(string What, PlannedAction Action, PlanDanger Danger, string Why);

/// <summary>The folder in which a tool keeps what it knows of what it made.</summary>
/// <param name="Id">Made with the folder, and kept in it: whoever moves it whole takes it along.</param>
/// <param name="Machine">Where it is, for people.</param>
public sealed record StateHome(string Id, string Machine)
{
    public const string Collection = "infrastructure-homes";

    public static string KeyOf(Site site, string tool) => $"{site}/{tool}";
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
