using Fairlead.Engine.Deploying;
using Fairlead.Model.Agents;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Agents;

/// <summary>Tasks of other agents in the store. Each is seen by its owner alone.</summary>
public sealed class TaskBook(IStore store, Func<Fence> fence, World world)
{
    public const string Collection = "agent-tasks";

    /// <summary>Of one owner.</summary>
    public const int OfOwnerMax = 500;

    private const int TasksMax = 2_000;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    /// <summary>Those of an owner, the one that changed last first.</summary>
    public async Task<IReadOnlyList<AgentTask>> OfAsync(string owner, CancellationToken stop) =>
        [
            .. (await store.ListAsync(Collection, "", stop))
                .Select(Read)
                .Where(one => one.Owner == owner)
                .OrderByDescending(static one => one.UpdatedAt)
                .ThenBy(static one => one.Id, StringComparer.Ordinal),
        ];

    /// <summary>Null when there is none, or it is another's: nobody learns which.</summary>
    public async Task<AgentTask?> FindAsync(string owner, string id, CancellationToken stop) =>
        await store.ReadAsync(Collection, id, stop) is { } document && Read(document) is var task && task.Owner == owner
            ? task
            : null;

    /// <summary>Keeps a task as it is now; those that are over for a week are forgotten.</summary>
    /// <exception cref="ConflictException">It was changed since it was read.</exception>
    public async Task KeepAsync(AgentTask task, CancellationToken stop)
    {
        var all = (await store.ListAsync(Collection, "", stop)).Select(Read).ToList();
        var over = all.Where(one => world.Now - one.UpdatedAt > Kept)
            .Concat(Crowded(all, task))
            .Select(static one => one.Id)
            .Where(id => id != task.Id)
            .Distinct()
            .Take(100);
        await store.CommitAsync(
            new Change(fence())
            {
                Writes =
                [
                    new Write(Collection, task.Id, Records.Tree(task), Expected: task.Version),
                    .. over.Select(static id => new Write(Collection, id, Body: null)),
                ],
            },
            stop
        );
    }

    // Who has too many loses their own oldest, and when there are too many in all, whoever has the most does: nobody's flood washes away what is another's.
    private static IEnumerable<AgentTask> Crowded(List<AgentTask> all, AgentTask task)
    {
        if (all.Any(one => one.Id == task.Id))
        {
            return [];
        }
        var crowd =
            all.Count(one => one.Owner == task.Owner) >= OfOwnerMax ? task.Owner
            : all.Count >= TasksMax ? all.CountBy(static one => one.Owner).MaxBy(static one => one.Value).Key
            : null;
        return all.Where(one => one.Owner == crowd)
            .OrderBy(static one => one.IsOver ? 0 : 1)
            .ThenBy(static one => one.UpdatedAt)
            .Take(1);
    }

    private static AgentTask Read(Document document)
    {
        var task = Records.Read<AgentTask>(document);
        return task with
        {
            Version = document.Version,
            // One of before changes were kept has the one by which it is as it is.
            Changes = task.Changes.Count > 0 ? task.Changes : [new(1, task.State, task.Note, task.UpdatedAt, 0)],
        };
    }
}
