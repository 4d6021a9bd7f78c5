using Fairlead.Drivers.Shell;
using Fairlead.Model.Releases;

namespace Fairlead.Drivers.Nodes;

/// <summary>Processes of ours that no order stands for, such as after a folder was removed by hand.</summary>
internal sealed class Orphans(Ground ground)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly Dictionary<InstanceKey, Task> ends = [];

    /// <summary>What is under way.</summary>
    public IReadOnlyCollection<Task> Ends => ends.Values;

    /// <summary>Begins to end them. They are known by their marks or, where a program overwrote its environment, by their control group.</summary>
    /// <param name="ordered">Keys that have an order.</param>
    public void Begin(IReadOnlySet<string> ordered, CancellationToken stop)
    {
        var marked =
            from process in Proc.All()
            let env = Proc.Environ(process.Pid)
            where env.GetValueOrDefault(Launch.StateVariable) == ground.StateId
            select env.GetValueOrDefault(Launch.InstanceVariable, "");
        var all = marked.Union(ground.Cgroups.Keys()).Except(ordered).Select(InstanceKey.TryParse);
        foreach (var key in all.OfType<InstanceKey>())
        {
            ends[key] = EndAsync(key, stop);
        }
    }

    /// <summary>Ends when nothing unordered of this name is left, so that the ordered one may start.</summary>
    public Task GoneAsync(InstanceKey key, CancellationToken stop) =>
        ends.TryGetValue(key, out var end) ? end.WaitAsync(stop) : Task.CompletedTask;

    private async Task EndAsync(InstanceKey key, CancellationToken stop)
    {
        var group = ground.Cgroups.Find(key.ToString());
        var rest = new Note { Groups = group.Folders };
        var crew = new Crew(ground.StateId, key, ground.World);
        var count = crew.Members(rest).Count;
        if (count > 0)
        {
            var name = NodeProblems.Name(key);
            ground.Log.Orphaned(name, count);
            await crew.EndAsync(rest, Grace, stop);
        }
        if (group.TryRemove())
        {
            group.TryRemoveParents();
        }
    }
}
