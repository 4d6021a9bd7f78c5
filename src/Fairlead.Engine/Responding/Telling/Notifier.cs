using Fairlead.Engine.Deploying;
using Fairlead.Engine.Responding.Alerts;
using Fairlead.Engine.Responding.Routing;
using Fairlead.Model.Alerting;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Responding.Telling;

/// <summary>
/// Decides who is told whenever alerts begin or end, a silence is set, or a time has come, and writes down what was decided together
/// with what is to be sent: both or neither survive a crash.
/// </summary>
public sealed class Notifier(
    RoutingBook routing,
    AlertView alerts,
    Courier courier,
    (IStore Store, Func<Fence> Fence) to,
    (World World, ILogger Log, string ExternalUrl) own
) : IBackgroundWork
{
    public const string Groups = "alert-groups";

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(30);

    private readonly Bell bell = new(own.World.Clock);
    private Dictionary<string, AlertGroup>? known;

    public string Name => "alerts";

    /// <summary>Adds what helps to understand what is told: links, and what changed just before.</summary>
    public Func<Notification, CancellationToken, Task<Notification>> ExplainAsync { get; init; } =
        static (notification, _) => Task.FromResult(notification);

    public void Ring() => bell.Ring();

    public async Task RunAsync(CancellationToken stop)
    {
        await routing.LoadAsync(stop);
        while (true)
        {
            var next = alerts.IsSettled ? await TurnAsync(stop) : null;
            var pause = next is { } at ? at - own.World.Now : LookEvery;
            if (pause > TimeSpan.Zero)
            {
                await bell.SleepAsync(pause < LookEvery ? pause : LookEvery, stop);
            }
        }
    }

    /// <summary>Decides once.</summary>
    /// <returns>When to decide again at the latest; null when nothing is due.</returns>
    internal async Task<DateTimeOffset?> TurnAsync(CancellationToken stop)
    {
        known ??= (await to.Store.ListAsync(Groups, "", stop))
            .Select(Records.Read<AlertGroup>)
            .ToDictionary(static one => one.Id, StringComparer.Ordinal);
        var now = own.World.Now;
        var muting = await alerts.MutingAsync(stop);
        var decided = Dispatch.Decide(routing.Plan, alerts.All, known.Values, (muting.Of, own.ExternalUrl), now);
        var after = decided.Groups.ToDictionary(static one => one.Id, StringComparer.Ordinal);
        List<Write> writes =
        [
            .. known.Keys.Where(id => !after.ContainsKey(id)).Select(static id => new Write(Groups, id, Body: null)),
            // When it is due next follows from what is known; only what was told must be kept.
            .. after
                .Values.Where(one => known.GetValueOrDefault(one.Id) is not { } before || before.Number != one.Number)
                .Select(static one => new Write(Groups, one.Id, Records.Tree(one))),
        ];
        var deliveries = new List<Delivery>();
        foreach (var notification in decided.Told)
        {
            deliveries.AddRange(courier.Of(notification.Receiver, await ExplainAsync(notification, stop)));
        }
        writes.AddRange(deliveries.Select(static one => new Write(Delivery.Collection, one.Id, Records.Tree(one))));
        if (writes.Count > 0)
        {
            await CommitAsync(writes, stop);
        }
        known = after;
        courier.Take(deliveries);
        return decided.NextAt;
    }

    private async Task CommitAsync(List<Write> writes, CancellationToken stop)
    {
        try
        {
            await to.Store.CommitAsync(new Change(to.Fence()) { Writes = writes }, stop);
        }
        catch (ProblemException caught)
        {
            // People are told that a disk is full although it is; after a crash they may be told so once more.
            Log.AlertsNotKept(own.Log, caught.Problem.Code, caught.Problem.Why);
        }
    }
}
