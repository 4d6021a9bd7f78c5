using Fairlead.Engine.Deploying;
using Fairlead.Engine.Operations;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Sources;

/// <summary>
/// Ends a preview, a step at each look, so that whatever kills the server the next one goes on: first a release of nothing, by the same
/// loop as every release; then, when nothing of it runs any more, its documents go.
/// </summary>
internal sealed class PreviewEnding(EngineContext engine, Shipment shipment)
{
    private static readonly string[] OfSite =
    [
        Records.Requests,
        Records.Evidence,
        Records.Deployments,
        Records.Parts,
        Records.Releases,
    ];

    /// <summary>Takes the next step.</summary>
    /// <returns>Whether nothing of the site runs or is remembered any more.</returns>
    public async Task<bool> StepAsync(Site site, CancellationToken stop)
    {
        var server = engine.Server;
        if ((await server.Store.ListAsync(Records.Requests, $"{site}/", stop)).Count > 0)
        {
            return false; // It is asked for, and not taken yet.
        }
        var document = await server.Store.ReadAsync(Records.Sites, site.ToString(), stop);
        var record = document is null ? null : Records.Read<SiteRecord>(document);
        if (record is null)
        {
            await ForgetAsync(site, stop);
            return true;
        }
        if ((record.Active ?? (record.Queue is [.., var last] ? last : null)) is { } id)
        {
            var deployment = await server.Store.ReadAsync(Records.Deployments, $"{site}/{id}", stop);
            var coming = deployment is null
                ? null
                : await ReleaseAsync(site, Records.Read<Deployment>(deployment).Release, stop);
            if (coming is { Services.Count: > 0 })
            {
                await shipment.ClearAsync(site, stop);
            }
            return false;
        }
        if (record.Live is { } live && await ReleaseAsync(site, live, stop) is { Services.Count: > 0 })
        {
            await shipment.ClearAsync(site, stop);
            return false;
        }
        // What was only tried, and failed, may still be ending.
        if (
            server.Conductor.Look(site) is not { } look
            || look.Seen.Instances.Count + look.Seen.Runs.Count > 0
            || record.Warm.Count > 0
        )
        {
            server.Conductor.Wake(site);
            return false;
        }
        await ForgetAsync(site, stop);
        return true;
    }

    // Its counter stays: a number of a release never means two.
    private async Task ForgetAsync(Site site, CancellationToken stop)
    {
        var server = engine.Server;
        await server.Conductor.ForgetAsync(site, stop);
        if (server.RunsDatabases)
        {
            await server.Databases.ForgetAsync(site, stop);
        }
        var writes = new List<Write> { new(Records.Sites, site.ToString(), Body: null) };
        foreach (var collection in OfSite)
        {
            foreach (var document in await server.Store.ListAsync(collection, $"{site}/", stop))
            {
                writes.Add(new(collection, document.Key, Body: null));
            }
        }
        await server.Store.CommitAsync(
            new Change(server.Conductor.Fence)
            {
                Entries = [new NewEntry(site, Deployment: null, "gone", $"{site} is gone")],
                Writes = writes,
            },
            stop
        );
    }

    private async Task<Release?> ReleaseAsync(Site site, int number, CancellationToken stop) =>
        await engine.Server.Store.ReadAsync(Records.Releases, Memory.ReleaseKey(site, number), stop) is { } document
            ? Records.Read<Release>(document)
            : null;
}
