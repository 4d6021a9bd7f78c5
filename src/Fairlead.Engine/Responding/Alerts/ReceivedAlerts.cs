using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Alerting;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Responding.Alerts;

/// <summary>An alert as somebody else raises it.</summary>
/// <param name="StartsAt">Now when left out.</param>
/// <param name="EndsAt">When it ends unless it is said again; some minutes from now when left out. Past: it is over.</param>
public sealed record SentAlert(Labels Labels, Labels Annotations, DateTimeOffset? StartsAt, DateTimeOffset? EndsAt)
{
    public string SourceUrl { get; init; } = "";
}

/// <summary>
/// Alerts that others raise: Prometheus, Grafana, scripts. Each is said again and again while it holds, as Alertmanager's clients do, and is
/// over when it was not said for a while. They survive a restart, after which their senders have that while to say them again.
/// </summary>
public sealed class ReceivedAlerts((IStore Store, Func<Fence> Fence) to, World world, ILogger log)
    : IBackgroundWork,
        IDisposable
{
    public const string Collection = "received-alerts";

    /// <summary>How many are known at a time.</summary>
    public const int CountMax = 5_000;

    /// <summary>How long one holds that does not say it, as Alertmanager has it.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromMinutes(5);

    /// <summary>The longest that one holds without being said again.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    /// <summary>How many alerts that began or ended at once are written into the journal; the rest is counted.</summary>
    private const int EntriesMax = 20;

    private readonly SemaphoreSlim gate = new(1);
    private readonly Dictionary<Labels, Received> known = [];
    private IReadOnlyList<Alert> all = [];
    private bool isLoaded;

    public string Name => "received alerts";

    /// <summary>How long alerts that ended are kept for whoever must still be told.</summary>
    public Func<TimeSpan> KeepEnded { get; init; } = static () => Usual;

    /// <summary>Called when alerts began or ended.</summary>
    public Action Changed { get; set; } = static () => { };

    /// <summary>Those that fire and those that ended lately; null until it is known which were there before the start.</summary>
    public IReadOnlyList<Alert>? All => Volatile.Read(ref isLoaded) ? Volatile.Read(ref all) : null;

    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            await TurnAsync(stop);
            await Task.Delay(LookEvery, world.Clock, stop);
        }
    }

    /// <summary>Takes what somebody says.</summary>
    /// <exception cref="ProblemException">There are too many.</exception>
    public async Task TakeAsync(IReadOnlyList<SentAlert> sent, string by, CancellationToken stop)
    {
        await gate.WaitAsync(stop);
        try
        {
            await LoadAsync(stop);
            var begins = sent.Where(one => !IsOver(one)).Select(static one => one.Labels).Distinct();
            var firing = known.Values.Count(static one => one.Alert.IsFiring);
            if (firing + begins.Count(one => !known.TryGetValue(one, out var old) || !old.Alert.IsFiring) > CountMax)
            {
                throw TooMany();
            }
            await KeepAsync([.. sent.Select(one => Taken(one, by)).OfType<Received>()], forgotten: [], stop);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Ends what was not said again, and forgets what ended long ago.</summary>
    internal async Task TurnAsync(CancellationToken stop)
    {
        await gate.WaitAsync(stop);
        try
        {
            await LoadAsync(stop);
            var (now, keep) = (world.Now, KeepEnded());
            var forgotten = known.Values.Where(one => now - one.Alert.EndsAt >= keep).ToList();
            forgotten.ForEach(one => known.Remove(one.Alert.Labels));
            var ended = known
                .Values.Where(one => one.Alert.IsFiring && one.Until <= now)
                .Select(one => one with { Alert = one.Alert with { EndsAt = now } })
                .ToList();
            await KeepAsync(ended, forgotten, stop);
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();

    private bool IsOver(SentAlert one) => one.EndsAt is { } end && end <= world.Now;

    // What changes by it; null for nothing that anybody need know. Whoever says it again only moves its end.
    private Received? Taken(SentAlert sent, string by)
    {
        var now = world.Now;
        var old = known.GetValueOrDefault(sent.Labels);
        var isFiring = old is { Alert.IsFiring: true };
        if (IsOver(sent))
        {
            return isFiring ? old! with { Alert = old.Alert with { EndsAt = sent.EndsAt } } : null;
        }
        var until = sent.EndsAt ?? now + Usual;
        var begins = sent.StartsAt is { } said && said < now ? said : now;
        var next = new Received(
            new Alert(
                sent.Labels,
                sent.Annotations,
                isFiring && old!.Alert.StartsAt < begins ? old.Alert.StartsAt : begins
            )
            {
                SourceUrl = sent.SourceUrl,
            },
            until < now + Longest ? until : now + Longest,
            by
        );
        if (isFiring)
        {
            known[sent.Labels] = next;
            return null;
        }
        return next;
    }

    private async Task LoadAsync(CancellationToken stop)
    {
        if (isLoaded)
        {
            return;
        }
        foreach (var document in await to.Store.ListAsync(Collection, "", stop))
        {
            var read = Records.Read<Received>(document);
            // Its sender could not reach a server that was not there.
            var until = world.Now + Usual;
            known[read.Alert.Labels] = read.Until < until ? read with { Until = until } : read;
        }
        Show();
        Volatile.Write(ref isLoaded, true);
    }

    private async Task KeepAsync(
        IReadOnlyList<Received> changed,
        IReadOnlyList<Received> forgotten,
        CancellationToken stop
    )
    {
        foreach (var one in changed)
        {
            known[one.Alert.Labels] = one;
        }
        Show();
        if (changed.Count == 0 && forgotten.Count == 0)
        {
            return;
        }
        try
        {
            await to.Store.CommitAsync(
                new Change(to.Fence())
                {
                    Entries = Entries([.. changed.Select(static one => one.Alert)]),
                    Writes =
                    [
                        .. forgotten.Select(static one => new Write(Collection, one.Alert.Fingerprint, Body: null)),
                        .. changed.Select(static one => new Write(
                            Collection,
                            one.Alert.Fingerprint,
                            Records.Tree(one)
                        )),
                    ],
                },
                stop
            );
        }
        catch (ProblemException caught)
        {
            // A disk that is full must not keep anybody from being told so.
            Log.AlertsNotKept(log, caught.Problem.Code, caught.Problem.Why);
        }
        if (changed.Count > 0)
        {
            Changed();
        }
    }

    private void Show() => Volatile.Write(ref all, [.. known.Values.Select(static one => one.Alert)]);

    private static IReadOnlyList<NewEntry> Entries(IReadOnlyList<Alert> news) =>
        [
            .. news.Take(EntriesMax).Select(RuleDesk.Entry),
            .. news.Count > EntriesMax
                ?
                [
                    new NewEntry(
                        AccessBook.Platform,
                        Deployment: null,
                        "alert",
                        $"... and {news.Count - EntriesMax} more alerts that were sent began or ended"
                    ),
                ]
                : Array.Empty<NewEntry>(),
        ];

    private static ProblemException TooMany() =>
        new(
            new Problem(
                "alert.too-many",
                What: "No more alerts are taken.",
                Why: $"{CountMax} alerts that others sent fire already.",
                Fix: "Group them where they are raised, by fewer labels; see them with: fairlead alert list"
            )
            {
                Trouble = Trouble.Conflict,
            }
        );

    /// <param name="Until">When it ends unless it is said again.</param>
    /// <param name="By">Who said it.</param>
    private sealed record Received(Alert Alert, DateTimeOffset Until, string By);
}
