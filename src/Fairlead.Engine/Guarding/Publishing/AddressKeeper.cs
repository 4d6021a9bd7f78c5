using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Guarding.Publishing;

/// <summary>Sees to it that the edge leads the public address to this server, and tells the server's door which name that is.</summary>
/// <param name="fence">Under which the edge is told.</param>
/// <param name="api">Where this server answers.</param>
public sealed class AddressKeeper(
    (IStore Store, IRouter Edge) ports,
    Func<Fence> fence,
    Uri api,
    World world,
    ILogger<AddressKeeper> log
) : IBackgroundWork
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    private readonly Bell bell = new(world.Clock);
    private Problem? said;
    private volatile PublicAddress? current;
    private volatile IReadOnlyDictionary<string, string> pages = new Dictionary<string, string>();
    private string? pageTrouble;

    public string Name => "address";

    /// <summary>The one in force; null when there is none.</summary>
    public PublicAddress? Current => current;

    /// <summary>The status page that has this host; null when none does.</summary>
    public string? PageAt(string host) => pages.GetValueOrDefault(host);

    /// <summary>Why the edge does not lead to it; null when it does.</summary>
    public Problem? Trouble => Volatile.Read(ref said);

    /// <summary>Lets it look at once.</summary>
    public void Ring() => bell.Ring();

    /// <exception cref="FencedException">Another server is in charge.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await SettleAsync(stop);
            await bell.SleepAsync(LookEvery, stop);
        }
    }

    /// <summary>Looks at what is set and what the edge has, and makes them the same.</summary>
    public async Task SettleAsync(CancellationToken stop)
    {
        await SettlePagesAsync(stop);
        try
        {
            current = await PublicAddress.ReadAsync(ports.Store, stop);
            var wanted = PublicAddress.RoutingOf(current, api);
            var seen = await ports.Edge.ObserveAsync(AccessBook.Platform, stop);
            if (!Routes.Same(seen.Routing, wanted))
            {
                await ports.Edge.ApplyAsync(wanted, fence(), stop);
            }
            Volatile.Write(ref said, null);
        }
        catch (ProblemException caught)
        {
            // Once for each trouble: an app may have the host, or the edge begins anew.
            if (Interlocked.Exchange(ref said, caught.Problem)?.Code != caught.Problem.Code)
            {
                Log.AddressNotLed(log, caught.Problem.Code, caught.Problem.Why);
            }
        }
    }

    private async Task SettlePagesAsync(CancellationToken stop)
    {
        try
        {
            var set = await PageHosts.ReadAsync(ports.Store, stop);
            pages = set.ToDictionary(one => one.Host!, one => one.Name, StringComparer.OrdinalIgnoreCase);
            var wanted = PageHosts.RoutingOf(set, api);
            var seen = await ports.Edge.ObserveAsync(PageHosts.Site, stop);
            if (!Routes.Same(seen.Routing, wanted))
            {
                await ports.Edge.ApplyAsync(wanted, fence(), stop);
            }
            pageTrouble = null;
        }
        catch (ProblemException caught)
        {
            // Once for each trouble, such as an app that has the host already.
            if (pageTrouble != caught.Problem.Code)
            {
                pageTrouble = caught.Problem.Code;
                Log.PagesNotLed(log, caught.Problem.Code, caught.Problem.Why);
            }
        }
    }
}
