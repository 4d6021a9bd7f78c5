using Fairlead.Engine.Deploying;
using Fairlead.Model.Agents;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Agents;

/// <summary>Where callers of tasks want to be told, in the store.</summary>
public sealed class PushBook(IStore store, Func<Fence> fence)
{
    public const string Collection = "agent-pushes";

    /// <summary>For one task.</summary>
    public const int EachMax = 5;

    /// <summary>For all tasks of one caller.</summary>
    public const int OwnerMax = 200;

    /// <summary>For all tasks.</summary>
    public const int AllMax = 5_000;

    /// <summary>Longer than tasks are kept.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(8);

    public async Task<IReadOnlyList<(TaskPush Push, int Version)>> AllAsync(CancellationToken stop) =>
        [
            .. (await store.ListAsync(Collection, "", stop)).Select(static one =>
                (Records.Read<TaskPush>(one), one.Version)
            ),
        ];

    /// <summary>In the order of their ids.</summary>
    public async Task<IReadOnlyList<TaskPush>> OfAsync(string task, CancellationToken stop) =>
        [.. (await store.ListAsync(Collection, $"{task}/", stop)).Select(Records.Read<TaskPush>)];

    /// <summary>Keeps one; another of the same id is replaced.</summary>
    /// <exception cref="ConflictException">It was changed since this version was read.</exception>
    public Task KeepAsync(TaskPush push, int? version, CancellationToken stop) =>
        store.CommitAsync(
            new Change(fence()) { Writes = [new Write(Collection, KeyOf(push), Records.Body(push), version)] },
            stop
        );

    /// <summary>Forgets those that told the last of their tasks long ago.</summary>
    /// <param name="all">As they were just read.</param>
    public async Task ForgetAsync(
        IReadOnlyList<(TaskPush Push, int Version)> all,
        DateTimeOffset now,
        CancellationToken stop
    )
    {
        var over = all.Select(static one => one.Push)
            .Where(one => one.Ended is not null && now - one.At > Kept)
            .Take(500)
            .ToList();
        if (over.Count > 0)
        {
            await RemoveAsync(over, stop);
        }
    }

    public Task RemoveAsync(IEnumerable<TaskPush> pushes, CancellationToken stop) =>
        store.CommitAsync(
            new Change(fence())
            {
                Writes = [.. pushes.Select(static one => new Write(Collection, KeyOf(one), Body: null))],
            },
            stop
        );

    private static string KeyOf(TaskPush push) => $"{push.Task}/{push.Id}";
}
