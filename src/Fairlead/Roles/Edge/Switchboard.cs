using System.Text.Json;
using Fairlead.Drivers.Http;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using Fairlead.Roles.Edge.Files;
using IRouter = Fairlead.Model.Ports.IRouter;

namespace Fairlead.Roles.Edge;

/// <summary>Holds the table in force and takes the orders that change it, one at a time.</summary>
internal sealed class Switchboard : IRouter, IDisposable
{
    private readonly RoutingFile file;
    private readonly Ledger ledger;
    private readonly string epoch;
    private readonly TimeProvider clock;
    private readonly SemaphoreSlim orders = new(1, 1);
    private SavedRoutings saved;
    private RouteTable table;

    public Switchboard(RoutingFile file, Ledger ledger, World world)
    {
        this.file = file;
        this.ledger = ledger;
        clock = world.Clock;
        epoch = world.NewId();
        saved = file.Load();
        table = RouteTable.Build(saved.Routings, ledger, before: null);
    }

    public RouteTable Table => Volatile.Read(ref table);

    public async Task TakeChargeAsync(Fence fence, CancellationToken stop)
    {
        await orders.WaitAsync(stop);
        try
        {
            Obey(fence);
            await RememberAsync(fence, stop);
        }
        finally
        {
            orders.Release();
        }
    }

    public Task<RouterView> ObserveAsync(Site site, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        // The table first: what is in flight is then never older than the routing it is judged with.
        var routing = Table.Find(site) ?? Routing.None(site);
        return Task.FromResult(
            new RouterView(epoch, routing, ledger.InFlight(site), ledger.Traffic(site), ledger.Total(site))
            {
                Ejected = ledger.Ejected(site),
                Parked = ledger.Parked(site),
            }
        );
    }

    public Task<WakeCall> ListenAsync(long after, CancellationToken stop) =>
        ledger.Calls.ListenAsync(after, clock, stop);

    public async Task ApplyAsync(Routing routing, Fence fence, CancellationToken stop)
    {
        await orders.WaitAsync(stop);
        try
        {
            Obey(fence);
            RoutingRules.Check(routing, saved.Routings);
            var before = saved.Find(routing.Site);
            routing = EarlierReleases.Remember(before, routing, clock.GetUtcNow());
            var isKnown = IsSame(before, routing);
            if (isKnown && fence.Number == saved.Fence)
            {
                return;
            }
            var next = saved.With(routing, fence);
            await SaveAsync(next, stop);
            if (!isKnown)
            {
                Publish();
            }
        }
        finally
        {
            orders.Release();
        }
    }

    public async Task CutAsync(Site site, IReadOnlyList<InstanceKey> instances, Fence fence, CancellationToken stop)
    {
        await orders.WaitAsync(stop);
        try
        {
            Obey(fence);
            await RememberAsync(fence, stop);
            foreach (var replica in ledger.Find(site, instances))
            {
                await replica.CutAsync(stop);
            }
        }
        finally
        {
            orders.Release();
        }
    }

    public void Dispose() => orders.Dispose();

    private void Obey(Fence fence)
    {
        if (fence.Number < saved.Fence)
        {
            throw new FencedException(fence, new Fence(saved.Fence));
        }
    }

    private Task RememberAsync(Fence fence, CancellationToken stop) =>
        fence.Number > saved.Fence ? SaveAsync(saved with { Fence = fence.Number }, stop) : Task.CompletedTask;

    // Away from the thread that moves everyone's bytes: a disk may take its time.
    private async Task SaveAsync(SavedRoutings next, CancellationToken stop)
    {
        await Task.Run(() => file.Save(next), stop);
        saved = next;
    }

    // The exchange is a full fence: see Admission for what that buys.
    private void Publish()
    {
        var next = RouteTable.Build(saved.Routings, ledger, table);
        Interlocked.Exchange(ref table, next).Retire();
        ledger.Settle(next);
        ledger.Shelf.Settle(saved.Routings);
    }

    private static bool IsSame(Routing mine, Routing theirs) =>
        JsonSerializer.Serialize(mine, Wire.Json) == JsonSerializer.Serialize(theirs, Wire.Json);
}
