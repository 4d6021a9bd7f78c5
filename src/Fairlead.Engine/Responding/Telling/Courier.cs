using Fairlead.Engine.Deploying;
using Fairlead.Engine.Responding.Routing;
using Fairlead.Model.Alerting;
using Fairlead.Model.Ports;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Responding.Telling;

/// <summary>
/// Tells what was decided to be told: each channel in its order and beside all others, again and again where it is not taken, and
/// somebody else where it never is. What was sent and not yet written down as sent is sent again with the same id after a crash.
/// </summary>
public sealed class Courier(RoutingBook routing, (IStore Store, Func<Fence> Fence) to, World world, ILogger log)
    : IBackgroundWork
{
    /// <summary>More waiting news than that are no news; the oldest are given up.</summary>
    public const int WaitingMax = 10_000;

    private const int SendingMax = 16;
    private const int PassesMax = 5;
    private static readonly TimeSpan AgeMax = TimeSpan.FromHours(24);
    private static readonly TimeSpan PauseMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseMax = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(10);

    /// <summary>A channel that was not told for so long is as good as broken: its fallback is told.</summary>
    private static readonly TimeSpan PassOnAfter = TimeSpan.FromSeconds(30);

    private readonly DeliveryBook book = new(to, log);
    private readonly Lock gate = new();
    private readonly List<Delivery> waiting = [];
    private readonly Dictionary<string, (Task Task, string Id)> sending = new(StringComparer.Ordinal);
    private readonly Bell bell = new(world.Clock);
    private DateTimeOffset sweptAt;

    public string Name => "notifications";

    /// <summary>The channels of receivers that are in no file, such as subscribers of status pages.</summary>
    public Func<string, IReadOnlyList<ReceiverChannel>> Others { get; set; } = static _ => [];

    /// <summary>The deliveries of a notification: one for each channel of its receiver.</summary>
    /// <param name="receiver">A receiver, or <c>person:ana</c>.</param>
    public IReadOnlyList<Delivery> Of(string receiver, Notification notification, int passes = 0) =>
        [
            .. ChannelsOf(receiver)
                .Select((channel, index) => (channel, index))
                .Where(one =>
                    one.channel.Settings.SendsResolved || notification.Firing.Any() || notification.Headline is not null
                )
                .Select(one => new Delivery(
                    $"{notification.Id}-{one.index}{(passes == 0 ? "" : $"-{passes}")}",
                    receiver,
                    one.index,
                    one.channel.Kind,
                    one.channel.Settings.SendsResolved
                        ? notification
                        : notification with
                        {
                            Alerts = notification.Firing.Any() ? [.. notification.Firing] : notification.Alerts,
                        },
                    world.Now
                )
                {
                    Passes = passes,
                }),
        ];

    /// <summary>Takes what was written down to be sent.</summary>
    public void Take(IReadOnlyList<Delivery> deliveries)
    {
        lock (gate)
        {
            waiting.AddRange(deliveries);
        }
        bell.Ring();
    }

    public async Task RunAsync(CancellationToken stop)
    {
        await routing.LoadAsync(stop);
        await LoadAsync(stop);
        try
        {
            while (true)
            {
                await SweepAsync(stop);
                var next = Begin(stop);
                var pause = next is { } at ? at - world.Now : SweepEvery;
                if (pause > TimeSpan.Zero)
                {
                    await bell.SleepAsync(pause < SweepEvery ? pause : SweepEvery, stop);
                }
            }
        }
        finally
        {
            Task[] last;
            lock (gate)
            {
                last = [.. sending.Values.Select(static one => one.Task)];
            }
            await Task.WhenAll(last);
        }
    }

    private async Task LoadAsync(CancellationToken stop)
    {
        var kept = await book.WaitingAsync(stop);
        lock (gate)
        {
            var ids = kept.Select(static one => one.Id).ToHashSet(StringComparer.Ordinal);
            waiting.RemoveAll(one => ids.Contains(one.Id));
            waiting.InsertRange(0, kept);
        }
    }

    /// <summary>Begins what is due on lanes that are free.</summary>
    /// <returns>When the next is due; null when nothing waits.</returns>
    private DateTimeOffset? Begin(CancellationToken stop)
    {
        lock (gate)
        {
            DateTimeOffset? next = null;
            foreach (var lane in waiting.GroupBy(static one => one.Lane).ToList())
            {
                var first = lane.First();
                if (sending.ContainsKey(lane.Key) || sending.Count >= SendingMax)
                {
                    continue; // It rings when it is over.
                }
                if (first.NextAt <= world.Now)
                {
                    sending[lane.Key] = (SendAsync(first, stop), first.Id);
                }
                else if (next is null || first.NextAt < next)
                {
                    next = first.NextAt;
                }
            }
            return next;
        }
    }

    private async Task SendAsync(Delivery delivery, CancellationToken stop)
    {
        await Task.Yield(); // Not under the lock of whoever begins it.
        try
        {
            var sent = await TryAsync(delivery, stop);
            await EndAsync(delivery, sent, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // It waits for the next start.
        }
        finally
        {
            // Before it rings: whoever wakes finds the lane free.
            lock (gate)
            {
                sending.Remove(delivery.Lane);
            }
            bell.Ring();
        }
    }

    private async Task<Sent> TryAsync(Delivery delivery, CancellationToken stop)
    {
        var channels = ChannelsOf(delivery.Receiver);
        if (delivery.Channel >= channels.Count || channels[delivery.Channel].Kind != delivery.Kind)
        {
            return Sent.Never("The receiver has no such channel any more.");
        }
        if (routing.Channels.FirstOrDefault(one => one.Kind == delivery.Kind) is not { } kind)
        {
            return Sent.Never($"There is no channel of the kind {delivery.Kind} here.");
        }
        try
        {
            return await kind.SendAsync(delivery.Notification, channels[delivery.Channel].Settings, stop);
        }
        // A bug in one channel must not silence all others; what it says may hold secrets.
        catch (Exception caught) when (caught is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            return Sent.Later($"{kind.Kind} failed with {caught.GetType().Name}.");
        }
    }

    private async Task EndAsync(Delivery delivery, Sent sent, CancellationToken stop)
    {
        var now = world.Now;
        var next = delivery with { Attempts = delivery.Attempts + 1, Why = sent.Why };
        if (sent.IsTaken)
        {
            next = next with { State = DeliveryState.Sent, EndedAt = now };
        }
        else if (!sent.MayRetry || now - delivery.At > AgeMax)
        {
            next = next with { State = DeliveryState.Failed, EndedAt = now };
        }
        else
        {
            next = IsSuperseded(delivery)
                ? next with
                {
                    State = DeliveryState.Superseded,
                    EndedAt = now,
                }
                : next with
                {
                    NextAt = now + Pause(next.Attempts, sent.After),
                };
        }
        if (!sent.IsTaken)
        {
            Log.NotTold(log, delivery.Receiver, delivery.Kind, sent.Why ?? "");
        }
        var instead = await book.UnknownAsync(PassedOn(next, now), stop);
        next = next with { IsPassedOn = next.IsPassedOn || instead.Count > 0 };
        lock (gate)
        {
            var at = waiting.IndexOf(delivery);
            if (next.State is not DeliveryState.Waiting)
            {
                waiting.RemoveAt(at);
            }
            else
            {
                waiting[at] = next;
            }
            instead = [.. instead.Where(one => !waiting.Exists(other => other.Id == one.Id))];
            waiting.AddRange(instead);
        }
        await book.KeepAsync([next, .. instead], stop);
    }

    // Newer news of the same group that name all alerts of this one; what ended here and was told as such need not be named there.
    private bool IsSuperseded(Delivery delivery)
    {
        lock (gate)
        {
            return waiting.Exists(one =>
                one.Lane == delivery.Lane
                && one.Id != delivery.Id
                && one.Notification.GroupKey == delivery.Notification.GroupKey
                && one.Notification.At > delivery.Notification.At
                && delivery.Notification.Alerts.All(alert =>
                    one.Notification.Alerts.Any(other => other.Labels.Equals(alert.Labels))
                )
            );
        }
    }

    /// <summary>Whom the fallback tells in place of a channel that fails; nobody when there is none, or it was told.</summary>
    private IReadOnlyList<Delivery> PassedOn(Delivery delivery, DateTimeOffset now)
    {
        var isBroken =
            delivery.State is DeliveryState.Failed
            || (delivery.State is DeliveryState.Waiting && now - delivery.At >= PassOnAfter);
        return
            isBroken
            && !delivery.IsPassedOn
            && delivery.Passes < PassesMax
            && routing.Plan.Receivers.GetValueOrDefault(delivery.Receiver)?.Fallback is { } fallback
            ? Of(
                fallback,
                delivery.Notification with
                {
                    Notes =
                    [
                        .. delivery.Notification.Notes,
                        $"{delivery.Receiver} could not be told by {delivery.Kind}: {delivery.Why}",
                    ],
                },
                delivery.Passes + 1
            )
            : [];
    }

    private TimeSpan Pause(int attempts, TimeSpan? asked)
    {
        var usual = TimeSpan.FromTicks(Math.Min(PauseMax.Ticks, PauseMin.Ticks << Math.Min(attempts - 1, 20)));
        var spread = usual * (0.8 + (0.4 * world.Random.NextDouble()));
        return asked is { } least && least > spread
            ? least < AgeMax
                ? least
                : AgeMax
            : spread;
    }

    private IReadOnlyList<ReceiverChannel> ChannelsOf(string receiver) =>
        receiver.StartsWith(Delivery.PersonPrefix, StringComparison.Ordinal)
            ? routing.Plan.Roster.People.GetValueOrDefault(receiver[Delivery.PersonPrefix.Length..])?.Channels ?? []
            : routing.Plan.Receivers.GetValueOrDefault(receiver)?.Channels ?? Others(receiver);

    private async Task SweepAsync(CancellationToken stop)
    {
        List<Delivery> surplus = [];
        lock (gate)
        {
            if (waiting.Count > WaitingMax)
            {
                // A lane that is stuck is the one that grows: only what is under way just now stays.
                var going = sending.Values.Select(static one => one.Id).ToHashSet(StringComparer.Ordinal);
                surplus = [.. waiting.Where(one => !going.Contains(one.Id)).Take(waiting.Count - WaitingMax)];
                var ids = surplus.Select(static one => one.Id).ToHashSet(StringComparer.Ordinal);
                waiting.RemoveAll(one => ids.Contains(one.Id));
            }
        }
        if (surplus.Count > 0)
        {
            await book.KeepAsync(
                [
                    .. surplus.Select(one =>
                        one with
                        {
                            State = DeliveryState.Failed,
                            EndedAt = world.Now,
                            Why = $"More than {WaitingMax} notifications wait.",
                        }
                    ),
                ],
                stop
            );
        }
        if (world.Now - sweptAt < SweepEvery)
        {
            return;
        }
        sweptAt = world.Now;
        await book.ForgetAsync(world.Now, stop);
    }
}
