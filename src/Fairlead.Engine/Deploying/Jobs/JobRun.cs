using System.Globalization;
using System.Text.Json.Serialization;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying.Jobs;

/// <summary>One run of a job: decided once, begun once, and remembered when it is over.</summary>
public sealed record JobRun
{
    public const string Collection = "jobRuns";

    /// <summary>How many of a job are remembered when they are over.</summary>
    public const int KeptMax = 50;

    public required Site Site { get; init; }

    /// <summary>1 for the first of its job; never given twice.</summary>
    public required int Number { get; init; }

    public required Part Part { get; init; }

    /// <summary>Of which it is.</summary>
    public required int Release { get; init; }

    public required RunCause Cause { get; init; }

    public RunState State { get; init; } = RunState.Begun;

    /// <summary>The time of the schedule that it is for; null where it is for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Due { get; init; }

    /// <summary>Times before that one for which it stands too.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Missed { get; init; }

    /// <summary>Id of the deployment, or of the request, that it is for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? For { get; init; }

    /// <summary>Who asked for it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? By { get; init; }

    /// <summary>When it was decided; of one that waited, when its turn came.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>It is over or is ended by then, whatever happens.</summary>
    public DateTimeOffset Deadline { get; init; }

    /// <summary>Where it runs it was seen: from then on, when it is gone it is over.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool WasSeen { get; init; }

    /// <summary>Why it is being ended; null while nobody wants that.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Problem? Ending { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? EndedAt { get; init; }

    public int Attempts { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ExitCode { get; init; }

    /// <summary>Why it did not do what it was for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Problem? Problem { get; init; }

    /// <summary>The last lines that it printed.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];

    public string Service => Part.Service;

    /// <summary>Names it where it runs.</summary>
    [JsonIgnore]
    public InstanceKey Instance => new(Site, Part, Number);

    /// <summary>Keys sort by number.</summary>
    public static string KeyOf(Site site, string service, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{site}/{service}/{number:D9}");

    /// <summary>Remembers it, and forgets the one that is too old by now.</summary>
    internal IEnumerable<Write> Writes()
    {
        yield return new(Collection, KeyOf(Site, Service, Number), Records.Body(this));
        if (Number > KeptMax)
        {
            yield return new(Collection, KeyOf(Site, Service, Number - KeptMax), null);
        }
    }

    public override string ToString() => $"{Part}#{Number}";
}

/// <summary>Why a job is run.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunCause>))]
public enum RunCause
{
    [JsonStringEnumMemberName("schedule")]
    Schedule,

    [JsonStringEnumMemberName("release")]
    Release,

    [JsonStringEnumMemberName("person")]
    Person,
}

/// <summary>How a run stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunState>))]
public enum RunState
{
    /// <summary>It waits for the one before.</summary>
    [JsonStringEnumMemberName("waiting")]
    Waiting,

    [JsonStringEnumMemberName("running")]
    Begun,

    [JsonStringEnumMemberName("succeeded")]
    Succeeded,

    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>It was ended before its end.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,

    /// <summary>It was not begun, because the one before had not ended.</summary>
    [JsonStringEnumMemberName("skipped")]
    Skipped,

    /// <summary>It was not begun, because its time was too long ago.</summary>
    [JsonStringEnumMemberName("missed")]
    Missed,
}

/// <summary>What a site remembers of one of its jobs.</summary>
public sealed record JobState(string Service)
{
    /// <summary>The schedule by which it is counted; null while it has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JobSchedule? Schedule { get; init; }

    /// <summary>Times up to here were dealt with.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>When one was last begun by its schedule, or when its schedule began to count.</summary>
    public DateTimeOffset BegunAt { get; init; }

    /// <summary>When one last did what it was for; null for never.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? SucceededAt { get; init; }

    /// <summary>Number of the newest run.</summary>
    public int Newest { get; init; }

    /// <summary>Those that are not over: at most one runs, and at most one waits.</summary>
    public IReadOnlyList<JobRun> Open { get; init; } = [];

    /// <summary>The newest that is over and was begun; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JobRun? Last { get; init; }

    /// <summary>The one that runs; null while none does.</summary>
    [JsonIgnore]
    public JobRun? Running => Open.FirstOrDefault(static one => one.State == RunState.Begun);
}
