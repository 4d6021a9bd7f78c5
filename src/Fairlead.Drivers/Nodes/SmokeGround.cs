using Fairlead.Drivers.State;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Microsoft.Extensions.Logging;

namespace Fairlead.Drivers.Nodes;

/// <summary>
/// A node of its own in the state folder, which no engine and no edge knows: what runs there has the same limits, secrets and health as elsewhere, and no visitor. What a killed
/// one left running is found by the next, and ended.
/// </summary>
public sealed class SmokeGround(StateFolder state, World world, ILogger log) : ISmokeGround, IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan EndMax = TimeSpan.FromMinutes(2);

    // Nobody else ever is in charge there.
    private static readonly Fence Only = new(1);

    private readonly SemaphoreSlim turn = new(1, 1);

    public async Task<Problem?> TryAsync(SmokeOrder order, CancellationToken stop)
    {
        await turn.WaitAsync(stop);
        try
        {
            var own = Own();
            using var node = Node.Open(own, world, log);
            try
            {
                await EndAsync(node, own, stop);
                await node.GiveAsync(order.Secrets, Only, stop);
                await node.EnsureAsync(order.Instance, Only, stop);
                return await WellAsync(node, order, stop);
            }
            finally
            {
                await EndAsync(node, own, CancellationToken.None);
                await node.CloseAsync(CancellationToken.None);
            }
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    private async Task<Problem?> WellAsync(Node node, SmokeOrder order, CancellationToken stop)
    {
        var deadline = world.Now + order.TimeMax;
        while (true)
        {
            var seen = (await node.ObserveAsync(order.Instance.Key.Site, stop)).Single(one =>
                one.Key == order.Instance.Key
            );
            switch (seen)
            {
                case { Run.Ending: { } ending }:
                    return ending.Problem;
                case { Run: null, State: InstanceState.Ready }:
                    return null;
                case { State: InstanceState.Failed or InstanceState.Down, Problem: { } why }:
                    return why;
            }
            if (world.Now >= deadline)
            {
                return NodeProblems.RunTimedOut(order.Instance.Key, order.TimeMax, []);
            }
            await Task.Delay(Look, world.Clock, stop);
        }
    }

    // All that has an order there, of whatever app.
    private async Task EndAsync(Node node, StateFolder own, CancellationToken stop)
    {
        InstanceKey[] left =
        [
            .. Directory
                .EnumerateDirectories(own.Instances)
                .Where(static path => new InstanceFolder(path).HasOrder)
                .Select(static path => InstanceKey.TryParse(Path.GetFileName(path)))
                .OfType<InstanceKey>(),
        ];
        foreach (var key in left)
        {
            await node.StopAsync(key, Only, stop);
        }
        var deadline = world.Now + EndMax;
        foreach (var site in left.Select(static one => one.Site).Distinct())
        {
            while ((await node.ObserveAsync(site, stop)).Count > 0 && world.Now < deadline)
            {
                await Task.Delay(Look, world.Clock, stop);
            }
        }
    }

    private StateFolder Own()
    {
        var own = new StateFolder(Path.Combine(state.Root, "smoke"));
        InstanceFolder.Make(own.Root);
        InstanceFolder.Make(own.Instances);
        InstanceFolder.Make(own.Run);
        if (!Directory.Exists(own.Artifacts))
        {
            Directory.CreateSymbolicLink(own.Artifacts, state.Artifacts);
        }
        return own;
    }
}
