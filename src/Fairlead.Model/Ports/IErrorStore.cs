using Fairlead.Model.Apps;
using Fairlead.Model.Security;
using Fairlead.Model.Telemetry;

namespace Fairlead.Model.Ports;

/// <summary>
/// Keeps errors by their groups, a few events of each, sessions, check-ins and source maps. What it acknowledged survives a kill
/// and a power cut. How an event changes its group is not its business: it is given a rule for that when it is opened.
/// </summary>
public interface IErrorStore
{
    /// <summary>Adds all or nothing; it is on the disk when this returns. May be called by many at once: they share commits.</summary>
    /// <exception cref="Problems.ProblemException">The disk is full, or too much waits to be written.</exception>
    Task AddAsync(ErrorBatch batch, CancellationToken stop);

    /// <summary>A group; null when there is none.</summary>
    Task<ErrorGroup?> FindAsync(string id, CancellationToken stop);

    /// <summary>Groups, those seen last first.</summary>
    Task<IReadOnlyList<ErrorGroup>> ListAsync(GroupFilter filter, CancellationToken stop);

    /// <summary>Changes a group as it is now; null when there is none.</summary>
    Task<ErrorGroup?> ChangeAsync(string id, Func<ErrorGroup, ErrorGroup> change, CancellationToken stop);

    /// <summary>The kept events of a group: the last one of each release, newest release first, then the first ones.</summary>
    /// <param name="max">1 to 100.</param>
    Task<IReadOnlyList<ErrorEvent>> EventsAsync(string id, int max, CancellationToken stop);

    /// <summary>How often a group was seen, by hour and release, oldest first.</summary>
    Task<IReadOnlyList<HourCount>> CountsAsync(string id, DateTimeOffset since, CancellationToken stop);

    /// <summary>Sessions by release, since a time, newest release first; each summed up in one line.</summary>
    Task<IReadOnlyList<SessionCount>> SessionsAsync(Site site, DateTimeOffset since, CancellationToken stop);

    /// <summary>The last check-in of each monitor, by its name.</summary>
    Task<IReadOnlyList<CheckIn>> CheckInsAsync(Site site, CancellationToken stop);

    /// <summary>Keeps a source map over one of the same site, release and name.</summary>
    Task KeepMapAsync(SourceMapFile map, CancellationToken stop);

    /// <summary>The map by its debug id, else by the release and the longest common end of the path; null when there is none.</summary>
    Task<ReadOnlyMemory<byte>?> FindMapAsync(SourceMapQuery query, CancellationToken stop);

    /// <summary>Where errors of a site are sent on to; null for nowhere.</summary>
    Task<ErrorForward?> ForwardAsync(Site site, CancellationToken stop);

    /// <summary>Sets where a site's errors are sent on to; null ends it.</summary>
    Task SetForwardAsync(Site site, ErrorForward? to, CancellationToken stop);

    /// <summary>Changes all kept groups and events by rules, in many short transactions; what is overwritten is not to be found on the disk.</summary>
    /// <param name="isTrial">Only counts.</param>
    /// <returns>How many groups and events the rules change.</returns>
    Task<int> RewriteAsync(ErrorRewrite rewrite, bool isTrial, CancellationToken stop);

    /// <summary>Lets go of what is too old, and of the oldest when there is too much.</summary>
    Task SweepAsync(DateTimeOffset keepSince, long bytesMax, CancellationToken stop);
}

/// <summary>What becomes of kept errors; null leaves one as it is. Ids and sites stay.</summary>
public sealed record ErrorRewrite(Func<ErrorEvent, ErrorEvent?> Event, Func<ErrorGroup, ErrorGroup?> Group);

/// <summary>Where errors are sent on to.</summary>
/// <param name="Most">How far its address may lead: what somebody chose who does not run the whole platform leads to the internet alone.</param>
public sealed record ErrorForward(Uri To, AddressKind Most);

/// <summary>What is added at once.</summary>
public sealed record ErrorBatch
{
    public IReadOnlyList<Sighting> Sightings { get; init; } = [];

    public IReadOnlyList<SessionCount> Sessions { get; init; } = [];

    public IReadOnlyList<CheckIn> CheckIns { get; init; } = [];

    public bool IsEmpty => Sightings.Count + Sessions.Count + CheckIns.Count == 0;
}

/// <summary>Which groups are asked for.</summary>
/// <param name="Site">Null for all.</param>
/// <param name="Status">Null for all.</param>
/// <param name="Release">Those that it brought; null for all.</param>
/// <param name="Max">1 to 1,000.</param>
public sealed record GroupFilter(Site? Site, GroupStatus? Status = null, int? Release = null, int Max = 50);

/// <summary>Where intakes give what they read of errors: there it is cleaned, grouped and kept.</summary>
public interface IErrorInbox
{
    /// <exception cref="Problems.ProblemException">It cannot be told whose errors they are, or they could not be kept.</exception>
    Task<Taken> TakeAsync(Source source, ErrorReport report, CancellationToken stop);
}

/// <summary>What an intake read from one request.</summary>
public sealed record ErrorReport
{
    public IReadOnlyList<ErrorEvent> Events { get; init; } = [];

    public IReadOnlyList<SessionReport> Sessions { get; init; } = [];

    public IReadOnlyList<CheckInReport> CheckIns { get; init; } = [];

    /// <summary>Kinds of things that were let go, because nobody here knows them or keeps them.</summary>
    public IReadOnlyList<string> Passed { get; init; } = [];

    /// <summary>The request as it came, to be sent on; null when its format cannot be.</summary>
    public Original? Original { get; init; }
}

/// <summary>A request as it came.</summary>
/// <param name="Format">sentry, rollbar or bugsnag.</param>
/// <param name="Headers">Those that the format needs.</param>
/// <param name="Body">Only until the intake answers.</param>
public sealed record Original(
    string Format,
    string Path,
    IReadOnlyDictionary<string, string> Headers,
    ReadOnlyMemory<byte> Body
);

/// <summary>A session's news, or those of many that are told together.</summary>
/// <param name="Id">Null for those told together.</param>
/// <param name="IsNew">Told for the first time.</param>
public sealed record SessionReport(
    string? Id,
    DateTimeOffset Started,
    bool IsNew,
    long Count,
    long Errored,
    long Crashed,
    string? ReleaseName,
    string? Environment
);

/// <inheritdoc cref="CheckIn"/>
public sealed record CheckInReport(
    string Slug,
    string Status,
    TimeSpan? Duration,
    string? Schedule,
    string? ReleaseName,
    string? Environment
)
{
    /// <inheritdoc cref="CheckIn.Run"/>
    public string? Run { get; init; }
}

/// <summary>What became of a report.</summary>
/// <param name="Kept">Events.</param>
/// <param name="Refused">Events beyond the limit.</param>
/// <param name="Wait">How long to send nothing more; null when nothing was refused.</param>
public sealed record Taken(int Kept, int Refused, TimeSpan? Wait);

/// <summary>Sends what came in on to another place, without anyone waiting for it.</summary>
public interface IErrorForwarder
{
    /// <summary>Takes it into a bounded queue; what finds no room is counted and let go.</summary>
    void Offer(Site site, ErrorForward to, Original original);
}
