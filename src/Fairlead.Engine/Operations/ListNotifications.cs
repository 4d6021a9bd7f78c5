using System.ComponentModel;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Responding.Telling;

namespace Fairlead.Engine.Operations;

/// <summary>Who was told of what, and whether it arrived.</summary>
public static class ListNotifications
{
    public sealed record Input
    {
        [Description("How many, the newest first; 1 to 500.")]
        public int Most { get; init; } = 50;

        [Description("Only those that were not taken.")]
        public bool Failed { get; init; }
    }

    public sealed record Output(IReadOnlyList<Row> Notifications);

    /// <param name="State">waiting, sent, failed or superseded.</param>
    /// <param name="Why">Why it was not taken the last time.</param>
    public sealed record Row(
        DateTimeOffset At,
        string Receiver,
        string Channel,
        string State,
        string Title,
        int Attempts,
        double? Milliseconds,
        string? Why
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "notification.list",
            "List who was told of what, and whether it arrived.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead notification list --failed"],
            Needs = Need.OfAll(Permission.Watch),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop) =>
        new([
            .. (await engine.Server.Store.ListAsync(Delivery.Collection, "", stop))
                .Select(Records.Read<Delivery>)
                .Where(one =>
                    !input.Failed
                    || one.State is DeliveryState.Failed
                    || (one.Attempts > 0 && one.State is DeliveryState.Waiting)
                )
                .OrderByDescending(static one => one.At)
                .Take(Math.Clamp(input.Most, 1, 500))
                .Select(static one => new Row(
                    one.At,
                    one.Receiver,
                    one.Kind,
                    one.State.ToString().ToLowerInvariant(),
                    one.Notification.Title,
                    one.Attempts,
                    one.State is DeliveryState.Sent && one.EndedAt is { } ended
                        ? Math.Round((ended - one.At).TotalMilliseconds)
                        : null,
                    one.Why
                )),
        ]);
}
