using System.Text.Json.Nodes;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Scanning;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Guarding.Integrity;

/// <summary>
/// Reads, once a week, all that must be as it was written: what runs or would be rolled back to, file by file, and the journal, line by line. A byte that has changed is
/// found before somebody needs it, and told until it is mended.
/// </summary>
public sealed class IntegrityDesk(
    IStore store,
    Func<Fence> fence,
    (IArtifactPapers Papers, ISigner Signer) proof,
    World world,
    ILogger<IntegrityDesk> log
) : IBackgroundWork
{
    /// <summary>The store's collection; what was last found is under <see cref="Key"/>.</summary>
    public const string Collection = "integrity";
    private const string Key = "last";
    private const int FaultsMax = 50;
    private static readonly TimeSpan Every = TimeSpan.FromDays(7);

    // What is broken is looked at again sooner: somebody mends it.
    private static readonly TimeSpan Again = TimeSpan.FromHours(1);
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Begin = TimeSpan.FromMinutes(5);

    // Releases that a rollback may still lead to.
    private const int ReleasesBack = 3;
    private volatile Scrub? last;

    public string Name => "integrity";

    public async Task RunAsync(CancellationToken stop)
    {
        last = await store.ReadAsync(Collection, Key, stop) is { } document ? Records.Read<Scrub>(document) : null;
        // Not while everything else begins.
        await Task.Delay(Begin, world.Clock, stop);
        while (!stop.IsCancellationRequested)
        {
            if (last is null || world.Now - last.At >= (last.Faults.Count > 0 ? Again : Every))
            {
                await ScrubAsync(stop);
            }
            await Task.Delay(Look, world.Clock, stop);
        }
    }

    /// <summary>Reads all of it now.</summary>
    public async Task<Scrub> ScrubAsync(CancellationToken stop)
    {
        var (faults, artifacts, began) = (new List<Fault>(), 0, world.Now);
        if (await store.FindBreakAsync(stop) is { } line)
        {
            faults.Add(new("journal", $"Line {line} of the journal is not what was written."));
        }
        foreach (var (site, artifact) in await ArtifactsAsync(stop))
        {
            artifacts++;
            // One that was removed is no fault: it is built again. One without papers was never proven.
            if (
                await proof.Papers.ReadAsync(artifact, Provenance.Paper, stop) is not null
                && await proof.Papers.ListAsync(artifact, stop) is not null
                && (await ProvenTarget.ProveAsync(proof.Papers, proof.Signer, artifact, stop)).Problem is { } problem
            )
            {
                faults.Add(new($"{site} {artifact}", $"{problem.What} {problem.Why}"));
            }
        }
        var scrub = new Scrub(began, artifacts, [.. faults.Take(FaultsMax)]);
        await TellAsync(scrub, stop);
        last = scrub;
        return scrub;
    }

    /// <summary>Adds how it stands.</summary>
    public void Measure(MetricPage page)
    {
        if (last is { } known)
        {
            page.Gauge(
                "fairlead_integrity_faults",
                "How much of what is kept is not what was written.",
                known.Faults.Count,
                []
            );
            page.Gauge(
                "fairlead_integrity_checked_timestamp_seconds",
                "When all that is kept was last read.",
                known.At.ToUnixTimeSeconds(),
                []
            );
        }
    }

    // What was told is not told again in the journal; the numbers say it as long as it is so.
    private async Task TellAsync(Scrub scrub, CancellationToken stop)
    {
        var news = scrub.Faults.Except(last?.Faults ?? []).ToList();
        foreach (var fault in news)
        {
            Log.Broken(log, fault.Thing, fault.Why);
        }
        await store.CommitAsync(
            new Change(fence())
            {
                Entries =
                [
                    .. news.Select(static one => new NewEntry(
                        Own,
                        Deployment: null,
                        "integrity-broken",
                        $"{one.Thing}: {one.Why}",
                        new JsonObject { ["thing"] = one.Thing }
                    )),
                ],
                Writes = [new Write(Collection, Key, Records.Body(scrub))],
            },
            stop
        );
    }

    // What is not of one site stands in the journal under a name that no manifest can have.
    private static Site Own { get; } = new("fairlead", "integrity");

    private async Task<IReadOnlyList<(Site Site, string Artifact)>> ArtifactsAsync(CancellationToken stop)
    {
        var found = new Dictionary<string, Site>(StringComparer.Ordinal);
        foreach (var document in await store.ListAsync(Records.Sites, "", stop))
        {
            var record = Records.Read<SiteRecord>(document);
            if (record.Live is not { } live)
            {
                continue;
            }
            for (var number = live; number > Math.Max(0, live - ReleasesBack); number--)
            {
                if (await store.ReadAsync(Records.Releases, Memory.ReleaseKey(record.Site, number), stop) is { } kept)
                {
                    foreach (var one in Records.Read<Release>(kept).Services)
                    {
                        found.TryAdd(one.Artifact, record.Site);
                    }
                }
            }
        }
        return [.. found.Select(static one => (one.Value, one.Key))];
    }
}

/// <summary>One reading of all that is kept.</summary>
/// <param name="Artifacts">How many were read.</param>
public sealed record Scrub(DateTimeOffset At, int Artifacts, IReadOnlyList<Fault> Faults);

/// <param name="Thing">The journal, or a site and its artifact.</param>
public sealed record Fault(string Thing, string Why);
