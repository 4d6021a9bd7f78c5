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

    private static readonly TimeSpan WaitPause = TimeSpan.FromMilliseconds(250);

    // The parent ends a role that takes longer than 10 s.
    private static readonly TimeSpan LeaveMax = 5.Seconds;

    // Two may be lost before others take the silence for an end.
    private const int RenewalsPerTerm = 3;

    private readonly Lock gate = new();
    private readonly Dictionary<Site, SiteLoop> loops = [];
    private readonly TaskCompletionSource ended = new();
    private Fence? fence;
    private CancellationToken? life;

    public EnginePorts Ports => ports;

    /// <summary>The fence under which this server acts.</summary>
    /// <exception cref="InvalidOperationException">It is not in charge yet.</exception>
    public Fence Fence => fence ?? throw new InvalidOperationException("The conductor has not taken charge.");

    /// <inheritdoc cref="TakeChargeAsync(Action{Problem}, CancellationToken)"/>
    public Task TakeChargeAsync(CancellationToken stop) => TakeChargeAsync(static _ => { }, stop);

    /// <summary>Takes charge, once no other server has it; effects of every server before are refused from now on.</summary>
    /// <param name="waits">Told what is waited for, each time that it is another.</param>
    public async Task TakeChargeAsync(Action<Problem> waits, CancellationToken stop)
    {
        Problem? told = null;
        while (true)
        {
            var (taken, why) = await TryTakeChargeAsync(stop);
            if (taken is { } mine)
            {
                fence = mine;
                Log.InCharge(log, Fence.Number);
                return;
            }
            if (why != told)
            {
                told = why!;
                Log.Waiting(log, told.Code, told.Why);
                waits(told);
            }
            await Task.Delay(WaitPause, ports.World.Clock, stop);
        }
    }

    /// <summary>Lets the next server take charge at once. This one ends.</summary>
    public async Task LeaveAsync(CancellationToken stop)
    {
        if (ports.Lease is not { } lease)
        {
            return;
        }
        using var limit = new CancellationTokenSource(LeaveMax, ports.World.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            await lease.EndAsync(Fence, both.Token);
        }
        catch (ProblemException caught)
        {
            Log.NotLeft(log, caught.Problem.Code, caught.Problem.Why);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            Log.NotLeft(log, "store.unreachable", "there was no time");
        }
    }

    /// <exception cref="FencedException">Another server is in charge: this one must end.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        _ = RenewAsync(stop);
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
        SiteLoop? known;
        lock (gate)
        {
            if (!loops.TryGetValue(site, out known))
            {
                known = new(new Reconciler(site, ports, Fence, log), new Bell(ports.World.Clock), stop);
                loops[site] = known;
                known.Ended = LoopAsync(known.Loop, known.Bell, known.Ending.Token);
                return;
            }
        }
        known.Bell.Ring();
    }

    /// <summary>Ends the loop of a site that is to be no more, and comes back when it has ended. What is remembered of it stays; whoever wakes it begins it anew.</summary>
    public async Task ForgetAsync(Site site, CancellationToken stop)
    {
        SiteLoop? known;
        lock (gate)
        {
            if (!loops.Remove(site, out known))
            {
                return;
            }
        }
        await known.Ending.CancelAsync();
        await known.Ended.WaitAsync(stop);
        known.Ending.Dispose();
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

    private async Task<(Fence? Taken, Problem? Why)> TryTakeChargeAsync(CancellationToken stop)
    {
        try
        {
            return (await ports.Store.TakeChargeAsync(owner, stop), null);
        }
        catch (ChargeHeldException caught)
        {
            return (null, Problems.StandsBy(owner, caught.Owner));
        }
        // Where another may be in charge meanwhile, a store that is away is no reason to end.
        catch (ProblemException caught) when (ports.Lease is not null && caught.Problem.Trouble is Trouble.Unreachable)
        {
            return (null, caught.Problem);
        }
    }

    // Without the store nothing can be changed, so there is nothing to step down from; one that says who is in charge ends this server.
    private async Task RenewAsync(CancellationToken stop)
    {
        if (ports.Lease is not { } lease)
        {
            return;
        }
        try
        {
            while (true)
            {
                await Task.Delay(lease.Term / RenewalsPerTerm, ports.World.Clock, stop);
                try
                {
                    await lease.RenewAsync(Fence, stop);
                }
                catch (ProblemException caught)
                {
                    Log.NotRenewed(log, caught.Problem.Code, caught.Problem.Why);
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

    private sealed class SiteLoop(Reconciler loop, Bell bell, CancellationToken stop)
    {
        public Reconciler Loop => loop;

        public Bell Bell => bell;

        public CancellationTokenSource Ending { get; } = CancellationTokenSource.CreateLinkedTokenSource(stop);

        public Task Ended { get; set; } = Task.CompletedTask;
    }
}
