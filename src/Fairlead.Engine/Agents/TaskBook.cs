using Fairlead.Engine.Deploying;
using Fairlead.Model.Agents;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Agents;

/// <summary>Tasks of other agents in the store. Each is seen by its owner alone.</summary>
public sealed class TaskBook(IStore store, Func<Fence> fence, World world)
{
    public const string Collection = "agent-tasks";

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
        var all = await store.ListAsync(Collection, "", stop);
        var over = all.Where(one => world.Now - Records.Read<AgentTask>(one).UpdatedAt > Kept)
            .Concat(
                all.Count >= TasksMax ? all.OrderBy(static one => Records.Read<AgentTask>(one).UpdatedAt).Take(1) : []
            )
            .Select(static one => one.Key)
            .Where(key => key != task.Id)
            .Distinct()
            .Take(100);
        await store.CommitAsync(
            new Change(fence())
            {
                Writes =
                [
                    new Write(Collection, task.Id, Records.Tree(task), Expected: task.Version),
                    .. over.Select(static key => new Write(Collection, key, Body: null)),
                ],
            },
            stop
        );
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
