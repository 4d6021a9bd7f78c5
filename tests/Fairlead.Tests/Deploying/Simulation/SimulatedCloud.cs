using Fairlead.Model.Ports;

namespace Fairlead.Tests.Deploying.Simulation;

/// <summary>A cloud that takes snapshots, which outlive the servers that ask for them. Some fail.</summary>
public sealed class SimulatedCloud(World world, Random random, Faults faults)
{
    private readonly Dictionary<string, (DateTimeOffset Done, bool Fails)> snapshots = [];

    public static string NameOf(string deployment) => $"snapshot-{deployment}";

    public bool IsTaken(string deployment) =>
        snapshots.TryGetValue(deployment, out var one) && !one.Fails && one.Done <= world.Now;

    public bool HasFailed(string deployment) => snapshots.TryGetValue(deployment, out var one) && one.Fails;

    /// <summary>What a server knows of it: of what another one began, nothing.</summary>
    public ISnapshots NewServer() => new Server(this);

    private bool Begin(string deployment, HashSet<string> begun)
    {
        var done = world.Now + TimeSpan.FromMilliseconds(random.Next(0, 60_000));
        snapshots.TryAdd(deployment, (done, random.Next(6) == 0));
        return begun.Add(deployment);
    }

    private SnapshotView View(string deployment)
    {
        var (done, fails) = snapshots[deployment];
        var view = new SnapshotView(NameOf(deployment), "creating");
        return done > world.Now ? view
            : fails ? view with { Problem = new("simulated", "It failed.", "It was told to.", "Try again.") }
            : view with { IsTaken = true };
    }

    private sealed class Server(SimulatedCloud cloud) : ISnapshots
    {
        private readonly HashSet<string> begun = [];

        public Task BeginAsync(SnapshotOrder order, Fence fence, CancellationToken stop) =>
            cloud.CallAsync(() => cloud.Begin(order.Deployment, begun), stop);

        public Task<SnapshotView?> ObserveAsync(SnapshotOrder order, CancellationToken stop) =>
            cloud.CallAsync(() => begun.Contains(order.Deployment) ? cloud.View(order.Deployment) : null, stop);
    }

    private Task<T> CallAsync<T>(Func<T> call, CancellationToken stop) => faults.CallAsync(call, stop);
}
