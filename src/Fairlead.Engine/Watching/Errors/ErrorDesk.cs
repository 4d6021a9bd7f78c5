using System.Collections.Concurrent;
using Fairlead.Engine.Watching.Errors.SourceMaps;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Errors;

/// <summary>
/// Where errors of all formats come together: limits how many, takes secrets out, finds the original places, groups them and has
/// them kept. When <see cref="TakeAsync"/> returns they are on the disk.
/// </summary>
public sealed class ErrorDesk : IErrorInbox
{
    private readonly IErrorStore store;
    private readonly World world;
    private readonly Scrubber scrubber;
    private readonly Unminifier unminifier;
    private readonly RateBudget budget;
    private readonly SessionMemory sessions = new();
    private readonly ConcurrentDictionary<string, long> passed = new(StringComparer.Ordinal);
    private long kept;
    private long refused;

    public ErrorDesk(
        IErrorStore store,
        World world,
        Scrubber scrubber,
        Unminifier unminifier,
        RateBudget? budget = null
    )
    {
        (this.store, this.world, this.scrubber, this.unminifier) = (store, world, scrubber, unminifier);
        this.budget = budget ?? new RateBudget(world);
    }

    /// <summary>Sends originals on; null where nothing does.</summary>
    public IErrorForwarder? Forwarder { get; init; }

    /// <summary>Since the start: events kept, events beyond the limit, and things of kinds that are not kept.</summary>
    public (long Kept, long Refused, IReadOnlyDictionary<string, long> Passed) Counts =>
        (Interlocked.Read(ref kept), Interlocked.Read(ref refused), passed.ToDictionary());

    public async Task<Taken> TakeAsync(Source source, ErrorReport report, CancellationToken stop)
    {
        foreach (var kind in report.Passed)
        {
            // Kinds are the sender's words: so many different ones at most.
            passed.AddOrUpdate(
                passed.Count < 100 || passed.ContainsKey(kind) ? kind : "other",
                1,
                (_, count) => count + 1
            );
        }
        var site = SiteOf(source, report);
        if (site is null)
        {
            return new(0, 0, Wait: null);
        }
        var (allowed, wait) = budget.Take(site, report.Events.Count);
        var sightings = new List<Sighting>(allowed);
        foreach (var one in report.Events.Take(allowed))
        {
            sightings.Add(await SeenAsync(source, site, one, stop));
        }
        var now = world.Now;
        var batch = new ErrorBatch
        {
            Sightings = sightings,
            Sessions = [.. report.Sessions.Select(one => Count(source, site, one, now)).OfType<SessionCount>()],
            CheckIns = [.. report.CheckIns.Select(one => Note(site, one, now))],
        };
        if (!batch.IsEmpty)
        {
            await KeepAsync(batch, stop);
        }
        await ForwardAsync(site, report.Original, stop);
        Interlocked.Add(ref kept, allowed);
        Interlocked.Add(ref refused, report.Events.Count - allowed);
        return new(allowed, report.Events.Count - allowed, wait);
    }

    // A full disk is no fault of the sender: it may come again, and is told so.
    private async Task KeepAsync(ErrorBatch batch, CancellationToken stop)
    {
        try
        {
            await store.AddAsync(batch, stop);
        }
        catch (ProblemException caught) when (caught.Problem.Trouble is Trouble.Failed)
        {
            throw new ProblemException(caught.Problem with { Trouble = Trouble.Unreachable }, caught);
        }
    }

    private async Task<Sighting> SeenAsync(Source source, Site site, ErrorEvent one, CancellationToken stop)
    {
        var now = world.Now;
        var stamped = one with
        {
            // A clock that is wrong by hours would put an error where nobody looks.
            At = one.At > now || one.At < now.AddDays(-30) ? now : one.At,
            Release = ReleaseNames.Number(source, one.ReleaseName),
            Service = source.Service ?? one.Service,
            Environment = site.Environment,
        };
        var mapped = await unminifier.MapAsync(site, stamped, stop);
        return Grouping.Of(site, scrubber.Clean(mapped));
    }

    private SessionCount? Count(Source source, Site site, SessionReport one, DateTimeOffset now)
    {
        var started = one.Started > now || one.Started < now.AddDays(-5) ? now : one.Started;
        var (errored, crashed) = sessions.News(one);
        var count = one.IsNew ? one.Count : 0;
        return (count, errored, crashed) is (0, 0, 0)
            ? null
            : new(
                site,
                ReleaseNames.Number(source, one.ReleaseName) ?? 0,
                new DateTimeOffset(started.UtcDateTime.Date.AddHours(started.UtcDateTime.Hour), TimeSpan.Zero),
                count,
                errored,
                crashed
            );
    }

    private static CheckIn Note(Site site, CheckInReport one, DateTimeOffset now) =>
        new(site, one.Slug, one.Status, now, one.Duration, one.Schedule)
        {
            LastOk = one.Status == "ok" ? now : null,
            Run = one.Run,
        };

    private async Task ForwardAsync(Site site, Original? original, CancellationToken stop)
    {
        if (original is not null && Forwarder is not null && await store.ForwardAsync(site, stop) is { } to)
        {
            Forwarder.Offer(site, to, original);
        }
    }

    private static Site? SiteOf(Source source, ErrorReport report)
    {
        if (source.Site is { } site)
        {
            return site;
        }
        var said = report
            .Events.Select(one => (one.ReleaseName, one.Environment))
            .Concat(report.Sessions.Select(one => (one.ReleaseName, one.Environment)))
            .Concat(report.CheckIns.Select(one => (one.ReleaseName, one.Environment)))
            .ToList();
        return said.Count == 0
            ? null
            : said.Select(one => ReleaseNames.SiteOf(source, one.ReleaseName, one.Environment))
                .FirstOrDefault(one => one is not null)
                ?? throw new ProblemException(NoApp());
    }

    private static Problem NoApp() =>
        new(
            "error.no-app",
            What: "It cannot be told whose errors these are.",
            Why: "The key is for senders from outside, and no event names a release such as shop@42.",
            Fix: "Send with the app's own key: fairlead telemetry key APP"
        );
}
