using System.Text.Json.Nodes;
using Fairlead.Engine.Deploying;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using Fairlead.Model.Security.Scanning;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Guarding.Scanning;

/// <summary>
/// Looks at what runs again whenever the advisories or what runs changes, and tells of weaknesses that are new: in the journal and in
/// the log. What was told of is remembered, so that a restart tells nothing twice.
/// </summary>
public sealed class PatchWatch(Conductor conductor, IArtifactPapers papers, IAdvisories advisories, ILogger log)
    : IBackgroundWork
{
    public const string Collection = "weaknesses";

    private const int ToldMax = 200;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);

    public string Name => "patch watch";

    private EnginePorts Ports => conductor.Ports;

    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            await LookAsync(stop);
            await Task.Delay(Pause, Ports.World.Clock, stop);
        }
    }

    /// <summary>One look at everything that runs.</summary>
    public async Task LookAsync(CancellationToken stop)
    {
        var status = await advisories.StatusAsync(stop);
        if (status.Date is null)
        {
            return;
        }
        foreach (var document in await Ports.Store.ListAsync(Records.Sites, "", stop))
        {
            var record = Records.Read<SiteRecord>(document);
            if (
                record.Live is { } number
                && await Ports.Store.ReadAsync(Records.Releases, Memory.ReleaseKey(record.Site, number), stop)
                    is { } release
            )
            {
                await LookAtAsync(Records.Read<Release>(release), status, stop);
            }
        }
    }

    private async Task LookAtAsync(Release release, AdvisoryStatus status, CancellationToken stop)
    {
        var key = release.Site.ToString();
        var known = await Ports.Store.ReadAsync(Collection, key, stop);
        var before = known is null ? null : Records.Read<Told>(known);
        if (before is not null && before.Mark == status.Mark && before.Release == release.Number)
        {
            return;
        }
        var findings = await FindingsAsync(release, stop);
        var told = (before?.Keys ?? []).ToHashSet(StringComparer.Ordinal);
        List<Finding> news = [.. findings.Where(one => !told.Contains(one.Key())).DistinctBy(static one => one.Key())];
        var now = new Told(release.Number, status.Mark, [.. findings.Select(static one => one.Key()).Distinct()]);
        await Ports.Store.CommitAsync(
            new Change(conductor.Fence)
            {
                Entries = [.. news.Take(ToldMax).Select(one => EntryOf(release, one))],
                Writes = [new Write(Collection, key, Records.Body(now), known?.Version ?? 0)],
            },
            stop
        );
        foreach (var one in news.Take(ToldMax))
        {
            Log.NewWeakness(log, release.ToString(), one.Rule, one.Component ?? "", one.Fix);
        }
    }

    private async Task<IReadOnlyList<Finding>> FindingsAsync(Release release, CancellationToken stop)
    {
        var findings = new List<Finding>();
        foreach (var artifact in release.Services.Select(static one => one.Artifact).Distinct())
        {
            if (await BuildPapers.InventoryAsync(papers, artifact, stop) is { } inventory)
            {
                var part = await DependencyScan.RunAsync(
                    inventory with
                    {
                        Components = [.. inventory.Components.Where(static one => !one.IsDevelopment)],
                    },
                    advisories,
                    Ports.World.Now,
                    TimeSpan.MaxValue,
                    stop
                );
                findings.AddRange(part.Findings);
            }
        }
        return findings;
    }

    private static NewEntry EntryOf(Release release, Finding one) =>
        new(
            release.Site,
            Deployment: null,
            "weakness",
            $"{release} has a weakness that is new: {one.Rule} ({one.Severity.ToString().ToLowerInvariant()}) in {one.Component}. {one.Fix}",
            new JsonObject
            {
                ["rule"] = one.Rule,
                ["severity"] = one.Severity.ToString().ToLowerInvariant(),
                ["component"] = one.Component,
                ["fixedIn"] = one.FixedIn,
            }
        );

    /// <summary>What was told of a site already.</summary>
    private sealed record Told(int Release, string Mark, IReadOnlyList<string> Keys);
}
