using System.Text.Json.Serialization;
using Fairlead.Model.Apps;

namespace Fairlead.Model.Telemetry;

/// <summary>All events of one error.</summary>
public sealed record ErrorGroup
{
    /// <summary>Short, of the site and what the error is grouped by; the same error has the same id for ever.</summary>
    public required string Id { get; init; }

    public required Site Site { get; init; }

    /// <summary>Which version of the grouping rules made it: a later version does not take its events away.</summary>
    public required int Version { get; init; }

    /// <summary>Such as <c>TypeError: x is not a function</c>.</summary>
    public required string Title { get; init; }

    /// <summary>Where it happens, such as <c>charge in payments.js</c>; empty when nobody knows.</summary>
    public required string Culprit { get; init; }

    /// <summary>The worst that was seen.</summary>
    public required Severity Level { get; init; }

    /// <summary>The service that sent it first; null for a site's pages.</summary>
    public string? Service { get; init; }

    public required DateTimeOffset FirstSeen { get; init; }

    public required DateTimeOffset LastSeen { get; init; }

    /// <summary>The earliest release that it was seen in; null while none is known.</summary>
    public int? FirstRelease { get; init; }

    public int? LastRelease { get; init; }

    public required long Count { get; init; }

    /// <summary>About how many users were hit.</summary>
    [JsonIgnore]
    public DistinctCount Users { get; init; } = DistinctCount.None;

    public GroupStatus Status { get; init; } = GroupStatus.Unresolved;

    public DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>Fixed from this release on: events of earlier ones do not bring it back. Null when it was fixed at once.</summary>
    public int? ResolvedIn { get; init; }

    /// <summary>Ignored until it was seen so often in all; null for no such limit.</summary>
    public long? IgnoredUntilCount { get; init; }

    public DateTimeOffset? IgnoredUntil { get; init; }

    /// <summary>The release in which it came back after it had been resolved.</summary>
    public int? RegressedIn { get; init; }

    /// <summary>Who looks after it.</summary>
    public string? Assignee { get; init; }
}

/// <summary>Where a group stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GroupStatus>))]
public enum GroupStatus
{
    [JsonStringEnumMemberName("unresolved")]
    Unresolved,

    [JsonStringEnumMemberName("resolved")]
    Resolved,

    [JsonStringEnumMemberName("ignored")]
    Ignored,

    /// <summary>It was resolved and came back.</summary>
    [JsonStringEnumMemberName("regressed")]
    Regressed,
}

/// <summary>An event with the group that it belongs to.</summary>
/// <param name="Group">The group's id.</param>
/// <param name="Version">Of the rules that chose the group.</param>
public sealed record Sighting(Site Site, string Group, int Version, string Title, string Culprit, ErrorEvent Event);

/// <summary>How often a group was seen in an hour by one release.</summary>
/// <param name="Release">0 when it is not known.</param>
public sealed record HourCount(DateTimeOffset Hour, int Release, long Count);

/// <summary>What became of users' or requests' sessions.</summary>
/// <param name="Release">0 when it is not known.</param>
/// <param name="Hour">In which they began, to the hour.</param>
/// <param name="Started">Sessions that began.</param>
/// <param name="Errored">Of those, the ones with an error that was caught; crashed ones are not among them.</param>
/// <param name="Crashed">Those that an error ended.</param>
public sealed record SessionCount(Site Site, int Release, DateTimeOffset Hour, long Started, long Errored, long Crashed)
{
    /// <summary>The share of sessions that no error ended; null when there were none.</summary>
    public double? CrashFreePercent => Started == 0 ? null : 100.0 * (Started - Math.Min(Crashed, Started)) / Started;
}

/// <summary>A job said that it runs, or how it ended.</summary>
/// <param name="Slug">The monitor's name.</param>
/// <param name="Status">in_progress, ok or error.</param>
/// <param name="Schedule">When it is due, as the job itself says: a cron line, or such as <c>1 hour</c>.</param>
public sealed record CheckIn(
    Site Site,
    string Slug,
    string Status,
    DateTimeOffset At,
    TimeSpan? Duration,
    string? Schedule
)
{
    /// <summary>Of the job's run: its beginning and its end have the same. Null when the sender has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Run { get; init; }

    /// <summary>When it last ended well; null when it never did.</summary>
    public DateTimeOffset? LastOk { get; init; }

    /// <summary>What is known after this one, in whatever order the two came: that a run began is no news once it has ended.</summary>
    /// <param name="before">What was known; null for nothing.</param>
    public CheckIn After(CheckIn? before)
    {
        var isLate =
            Status == "in_progress" && before is { Status: not "in_progress" } && Run is not null && Run == before.Run;
        return (isLate ? before! : this) with
        {
            LastOk = LastOk ?? before?.LastOk,
            Schedule = Schedule ?? before?.Schedule,
        };
    }
}

/// <summary>Groups that a release brought: the number for a gate, and their names for people.</summary>
/// <param name="Count">First seen in the release, or back in it after they were resolved; ignored ones are not among them.</param>
/// <param name="Titles">Of the worst, a few.</param>
public sealed record NewErrors(int Release, int Count, IReadOnlyList<string> Titles);

/// <summary>A source map of one release.</summary>
/// <param name="Release">0 for all.</param>
/// <param name="Name">The path of the file that it explains, such as <c>assets/main.3f9a1c.js</c>.</param>
/// <param name="DebugId">As the build wrote it into both files; null without one.</param>
/// <param name="AddedAt">When it was uploaded; it goes with what is as old.</param>
public sealed record SourceMapFile(
    Site Site,
    int Release,
    string Name,
    string? DebugId,
    DateTimeOffset AddedAt,
    ReadOnlyMemory<byte> Bytes
);

/// <summary>Which source map explains a file.</summary>
public sealed record SourceMapQuery(Site Site, int Release, string Name, string? DebugId);
