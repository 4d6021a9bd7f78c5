using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Deploying;

/// <summary>Runs the loop of every site, each on its own, until it is told to stop or another server takes charge.</summary>
public sealed class Conductor(EnginePorts ports, string owner, ILogger<Conductor> log)
{
    private static readonly TimeSpan AnnouncePause = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan ListenPause = 1.Seconds;

    private readonly Lock gate = new();
    private readonly Dictionary<Site, (Reconciler Loop, Bell Bell)> loops = [];
    private readonly TaskCompletionSource ended = new();
    private Fence? fence;
    private CancellationToken? life;

    public EnginePorts Ports => ports;

    /// <summary>The fence under which this server acts.</summary>
    /// <exception cref="InvalidOperationException">It is not in charge yet.</exception>
    public Fence Fence => fence ?? throw new InvalidOperationException("The conductor has not taken charge.");

    /// <summary>Takes charge; effects of every server before are refused from now on.</summary>
    public async Task TakeChargeAsync(CancellationToken stop)
    {
        fence = await ports.Store.TakeChargeAsync(owner, stop);
        Log.InCharge(log, Fence.Number);
    }

    /// <exception cref="FencedException">Another server is in charge: this one must end.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        await AnnounceAsync(stop);
        life = stop;
        foreach (var document in await ports.Store.ListAsync(Records.Sites, "", stop))
        {
            Wake(Records.Read<SiteRecord>(document).Site);
        }
        foreach (var document in await ports.Store.ListAsync(Records.Requests, "", stop))
        {
            Wake(Records.Read<Request>(document).Site);
        }
        _ = ListenAsync(stop);
        await using var stopping = stop.Register(() => ended.TrySetResult());
        await ended.Task;
    }

    /// <summary>Lets a site's loop look at once; begins it when the site is new.</summary>
    public void Wake(Site site)
    {
        if (life is not { } stop)
        {
            return; // What is asked before the start is found in the store at the start.
        }
        (Reconciler Loop, Bell Bell) known;
        var isNew = false;
        lock (gate)
        {
            if (!loops.TryGetValue(site, out known))
            {
                known = (new Reconciler(site, ports, Fence, log), new Bell(ports.World.Clock));
                loops[site] = known;
                isNew = true;
            }
        }
        if (isNew)
        {
            _ = LoopAsync(known.Loop, known.Bell, stop);
        }
        else
        {
            known.Bell.Ring();
        }
    }

    /// <summary>The latest look at a site; null when it has none yet.</summary>
    public Snapshot? Look(Site site)
    {
        lock (gate)
        {
            return loops.TryGetValue(site, out var known) ? known.Loop.Latest : null;
        }
    }

    /// <summary>The latest look at every site that has one.</summary>
    public IReadOnlyList<Snapshot> Looks()
    {
        lock (gate)
        {
            return [.. loops.Values.Select(known => known.Loop.Latest).OfType<Snapshot>()];
        }
    }

    // Nothing is looked at before node and edge know who is in charge: see ITarget.TakeChargeAsync.
    private async Task AnnounceAsync(CancellationToken stop)
    {
        while (true)
        {
            try
            {
                await ports.Target.TakeChargeAsync(Fence, stop);
                await ports.Router.TakeChargeAsync(Fence, stop);
                return;
            }
            catch (ProblemException caught)
            {
                Log.NotAnnounced(log, caught.Problem.Code, caught.Problem.What);
                await Task.Delay(AnnouncePause, ports.World.Clock, stop);
            }
        }
    }

    // Only makes waking quick: a call that is missed is seen by the site's next look.
    private async Task ListenAsync(CancellationToken stop)
    {
        var heard = 0L;
        try
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    var call = await ports.Router.ListenAsync(heard, stop);
                    heard = call.Number;
                    foreach (var site in call.Sites)
                    {
                        Wake(site);
                    }
                }
                catch (ProblemException caught)
                {
                    Log.NotListening(log, caught.Problem.Code, caught.Problem.What);
                    await Task.Delay(ListenPause, ports.World.Clock, stop);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Told to stop.
        }
#pragma warning disable CA1031 // Whatever ended it ends the server, as with a site's loop.
        catch (Exception caught)
#pragma warning restore CA1031
        {
            ended.TrySetException(caught);
        }
    }

    private async Task LoopAsync(Reconciler loop, Bell bell, CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                var rest = await loop.TurnAsync(stop);
                if (rest > TimeSpan.Zero)
                {
                    await bell.SleepAsync(rest, stop);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Told to stop: what is left to do is found again by the next server.
        }
#pragma warning disable CA1031 // Whatever ended a loop ends the server: a site nobody looks after would be worse.
        catch (Exception caught)
#pragma warning restore CA1031
        {
            ended.TrySetException(caught);
        }
    }
}
