using System.Globalization;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Responding.Telling;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Responding.Subscribing;

/// <summary>
/// Tells subscribers what is new on their page: each update of an incident, and work that is announced. What is told is written down together with the
/// deliveries of it, so that a kill in between neither loses nor repeats it.
/// </summary>
public sealed class SubscriberTeller(
    SubscriberBook book,
    SubscriberDesk desk,
    IStatusUpdates updates,
    IStore store,
    World world
) : IBackgroundWork
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    /// <summary>What is older is no news any more, also after a long stop.</summary>
    private static readonly TimeSpan NewsFor = TimeSpan.FromHours(6);

    private readonly Bell bell = new(world.Clock);

    public string Name => "subscribers";

    public async Task RunAsync(CancellationToken stop)
    {
        await book.LoadAsync(stop);
        while (true)
        {
            await TurnAsync(stop);
            await bell.SleepAsync(LookEvery, stop);
        }
    }

    /// <summary>Tells what is new.</summary>
    internal async Task TurnAsync(CancellationToken stop)
    {
        foreach (var page in (await desk.LookAsync(stop)).Where(static one => one.Receiver is not null))
        {
            await TellAsync(page, stop);
        }
    }

    private async Task TellAsync(StatusPage page, CancellationToken stop)
    {
        var all = await AllAsync(page, stop);
        var keys = all.Select(static one => one.Letter.Key).ToList();
        var told = await book.ToldAsync(page.Name, stop);
        var news = all.Where(one => told?.Keys.Contains(one.Letter.Key) is not true).ToList();
        if (news.Count == 0)
        {
            return;
        }
        var deliveries = new List<Delivery>();
        foreach (var subscriber in book.Of(page.Name))
        {
            // What was said before they asked is no news to them.
            foreach (var (at, letter) in news.Where(one => one.At >= subscriber.ConfirmedAt))
            {
                deliveries.AddRange(await desk.OfAsync(subscriber, letter, stop));
            }
        }
        await book.KeepAsync(page.Name, new(keys), [.. deliveries.Select(SubscriberDesk.Written)], stop);
        desk.Take(deliveries);
    }

    /// <summary>All that is news now, the oldest first.</summary>
    private async Task<IReadOnlyList<(DateTimeOffset At, SubscriberDesk.Letter Letter)>> AllAsync(
        StatusPage page,
        CancellationToken stop
    )
    {
        var now = world.Now;
        var labels = page
            .Groups.SelectMany(static one => one.Components)
            .DistinctBy(static one => one.Monitor)
            .ToDictionary(static one => one.Monitor, static one => one.Label, StringComparer.Ordinal);
        List<string> Named(IEnumerable<string> monitors) =>
            [
                .. monitors
                    .Select(one => labels.GetValueOrDefault(one))
                    .OfType<string>()
                    .Distinct(StringComparer.Ordinal),
            ];
        var said = (await updates.UpdatesAsync(now - NewsFor, stop))
            .Where(one => one.Components.Count == 0 || Named(one.Components).Count > 0)
            .Select(one => (one.At, Of(page, one, Named(one.Components))));
        var planned = (await store.ListAsync(Maintenance.Collection, "", stop))
            .Select(Records.Read<Maintenance>)
            .Where(one => one.To > now)
            .Select(one => (Work: one, Concerned: Named(labels.Keys.Where(one.Concerns))))
            .Where(static one => one.Concerned.Count > 0)
            .Select(one => (now, Of(page, one.Work, one.Concerned)));
        return [.. said.Concat(planned).OrderBy(static one => one.Item1)];
    }

    private SubscriberDesk.Letter Of(StatusPage page, StatusUpdate update, IReadOnlyList<string> concerned) =>
        new(
            $"{page.Title}: {update.Title} ({update.State.ToString().ToLowerInvariant()})",
            [update.Text, .. Concerns(concerned), $"All of it: {desk.PlaceOf(page.Name)}"],
            SubscriberBook.IdOf(
                update.Title,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{update.At.ToUnixTimeMilliseconds()} {update.State} {update.Text}"
                )
            )
        );

    private SubscriberDesk.Letter Of(StatusPage page, Maintenance work, IReadOnlyList<string> concerned) =>
        new(
            $"{page.Title}: maintenance {work.From.UtcDateTime:yyyy-MM-dd HH:mm} to {work.To.UtcDateTime:yyyy-MM-dd HH:mm} UTC",
            [work.Text, .. Concerns(concerned), $"All of it: {desk.PlaceOf(page.Name)}"],
            SubscriberBook.IdOf("maintenance", work.Id)
        );

    private static IReadOnlyList<string> Concerns(IReadOnlyList<string> labels) =>
        labels.Count == 0 ? [] : [$"It concerns {string.Join(", ", labels)}."];
}
