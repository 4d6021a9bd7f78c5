using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Compliance;
using Fairlead.Engine.Guarding.Scanning;
using Fairlead.Model.Releases;
using Fairlead.Model.Security.Scanning;

namespace Fairlead.Engine.Operations;

/// <summary>How what is live stands with scanners now.</summary>
internal static class LiveScans
{
    /// <summary>All packages that a release runs with, and what is not known of them.</summary>
    public static async Task<Inventory> InventoryAsync(EngineContext engine, Release release, CancellationToken stop)
    {
        var (components, unread) = (new List<Component>(), new List<string>());
        foreach (var service in release.Services)
        {
            if (await BuildPapers.InventoryAsync(engine.Scanning.Papers, service.Artifact, stop) is { } inventory)
            {
                components.AddRange(inventory.Components.Where(static one => !one.IsDevelopment));
                unread.AddRange(inventory.Unread);
            }
            else
            {
                unread.Add(
                    $"What {service.Part} is made of is not known: it was built before that was written down. Deploy it again."
                );
            }
        }
        return new([.. components.DistinctBy(static one => one.Purl)], unread);
    }

    /// <summary>Each release twice: its packages against the advisories of now, its source as it was scanned once.</summary>
    public static async Task<IReadOnlyList<ScanSeen>> LookAsync(
        EngineContext engine,
        IReadOnlyList<Release> live,
        CancellationToken stop
    )
    {
        List<ScanSeen> seen = [];
        foreach (var release in live)
        {
            var key = Memory.ReleaseKey(release.Site, release.Number);
            var scan = await engine.Server.Store.ReadAsync(SourceScan.Collection, key, stop) is { } kept
                ? Records.Read<SourceScan>(kept)
                : null;
            var name = $"{release} ({release.Site.Environment})";
            seen.Add(await PackagesAsync(engine, release, $"packages of {name}", scan?.Policy, stop));
            seen.Add(Source($"source of {name}", scan, engine.World.Now));
        }
        return seen;
    }

    private static async Task<ScanSeen> PackagesAsync(
        EngineContext engine,
        Release release,
        string name,
        ScanPolicy? policy,
        CancellationToken stop
    )
    {
        var now = engine.World.Now;
        var advisories = engine.Scanning.Ports.Advisories;
        var inventory = await InventoryAsync(engine, release, stop);
        // Of any age: what is known is as old as the advisories, which makes it stale, not unknown.
        var part = await DependencyScan.RunAsync(inventory, advisories, now, TimeSpan.MaxValue, stop);
        var verdict = ScanGate.Judge(new ScanResult([part], inventory), SourceScan.Strict(policy), now);
        var date = (await advisories.StatusAsync(stop)).Date;
        var at = inventory.Components.Count > 0 && date < now ? date.Value : now;
        return new(name, at, verdict.Stopping.Count) { Unknown = part.Unknown is [var first, ..] ? first : null };
    }

    private static ScanSeen Source(string name, SourceScan? scan, DateTimeOffset now) =>
        scan is null
            ? new(name, now, Open: 0) { IsOfSource = true, Unknown = "it was not scanned before it was deployed." }
            : new(name, scan.At, scan.Found.Sum(static one => one.Grave))
            {
                IsOfSource = true,
                Unknown = scan.Found.Count == 0 ? "its policy looks at packages alone." : scan.Unknown,
            };
}
