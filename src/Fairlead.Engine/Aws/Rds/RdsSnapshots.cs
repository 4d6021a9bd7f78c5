using System.Collections.Concurrent;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Aws.Rds;

/// <summary>
/// Snapshots at RDS. Each goes on by itself, as it takes minutes and a site's loop has other things to see to. Nothing is lost with it: a server
/// that begins anew knows of none, begins it again, and finds it by its name.
/// </summary>
public sealed class RdsSnapshots(AwsPorts ports) : ISnapshots, IDisposable
{
    private const int OverMax = 50;

    private readonly ConcurrentDictionary<string, Begun> all = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource ending = new();

    public async Task BeginAsync(SnapshotOrder order, Fence fence, CancellationToken stop)
    {
        var name = RdsCalls.NameOf(order);
        if (all.ContainsKey(name))
        {
            return;
        }
        var owner = await ports.Sites.OwnerAsync(fence, stop);
        foreach (var over in all.Where(static one => one.Value.Task.IsCompleted).Skip(OverMax).ToList())
        {
            all.TryRemove(over.Key, out _);
        }
        var work = new RdsWork(ports.Aws, order, owner, ports.World);
        var end = ending.Token;
        all[name] = new(work, Task.Run(() => work.RunAsync(end), end));
    }

    public async Task<SnapshotView?> ObserveAsync(SnapshotOrder order, CancellationToken stop)
    {
        var name = RdsCalls.NameOf(order);
        if (!all.TryGetValue(name, out var begun))
        {
            return null;
        }
        if (!begun.Task.IsCompleted)
        {
            return new(name, begun.Work.Says);
        }
        try
        {
            return new(name, begun.Work.Says) { IsTaken = true, Warnings = await begun.Task.WaitAsync(stop) };
        }
        catch (ProblemException caught)
        {
            return new(name, begun.Work.Says) { Problem = caught.Problem };
        }
    }

    public void Dispose()
    {
        ending.Cancel();
        ending.Dispose();
    }

    private sealed record Begun(RdsWork Work, Task<IReadOnlyList<string>> Task);
}
