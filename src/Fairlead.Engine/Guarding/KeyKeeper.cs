using Fairlead.Engine.Deploying;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Guarding;

/// <summary>Sees to it that the edge has the keys that the store has: looks again and again, and at once when one changes.</summary>
public sealed class KeyKeeper(IStore store, IKeyRings rings, World world, ILogger<KeyKeeper> log)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    /// <summary>The store's collection of keys, each under <c>app/environment/id</c>.</summary>
    public const string Collection = "keys";

    private readonly Bell bell = new(world.Clock);

    public static string KeyOf(Site site, string id) => $"{site}/{id}";

    public async Task<IReadOnlyList<ApiKey>> KeysAsync(Site? site, CancellationToken stop) =>
        [.. (await store.ListAsync(Collection, site is null ? "" : $"{site}/", stop)).Select(Records.Read<ApiKey>)];

    /// <summary>Lets the keeper look at once.</summary>
    public void Ring() => bell.Ring();

    /// <exception cref="FencedException">Another server is in charge.</exception>
    public async Task RunAsync(Fence fence, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await SettleAsync(fence, stop);
            }
            catch (ProblemException caught)
            {
                Log.KeysNotGiven(log, caught.Problem.Code, caught.Problem.Why);
            }
            await bell.SleepAsync(LookEvery, stop);
        }
    }

    /// <summary>Gives the edge every ring that it has not.</summary>
    /// <exception cref="ProblemException">The edge cannot be reached.</exception>
    public async Task SettleAsync(Fence fence, CancellationToken stop)
    {
        var wanted = (await KeysAsync(site: null, stop))
            .GroupBy(key => key.Site)
            .ToDictionary(group => group.Key, group => new KeyRing(group.Key, [.. group]));
        var known = await rings.DigestsAsync(stop);
        foreach (var site in known.Keys.Select(Site.TryParse).OfType<Site>())
        {
            // The last key of a site was revoked.
            wanted.TryAdd(site, new KeyRing(site, []));
        }
        foreach (var ring in wanted.Values.Where(ring => known.GetValueOrDefault(ring.Site.ToString()) != ring.Digest))
        {
            await rings.ApplyAsync(ring, fence, stop);
        }
    }
}
