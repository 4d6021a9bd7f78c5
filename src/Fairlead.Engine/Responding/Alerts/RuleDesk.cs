using System.Text.Json.Nodes;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Alerting;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Responding.Alerts;

/// <summary>
/// Evaluates all rules there are, each in its time and those of the edge's numbers whenever there are new ones, and remembers which
/// alerts fire, so that a restart neither forgets one nor raises it anew.
/// </summary>
/// <param name="find">All rules as they are now.</param>
public sealed class RuleDesk(
    (IMetricStore Metrics, IStore Store) stores,
    Func<Fence> fence,
    Func<CancellationToken, Task<IReadOnlyList<WatchedGroup>>> find,
    World world,
    ILogger log
) : IBackgroundWork
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FastFallback = TimeSpan.FromSeconds(2);

    /// <summary>How long after a start alerts that fired before are believed without being found.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(30);

    /// <summary>How many alerts of one evaluation are written into the journal; the rest is counted.</summary>
    private const int EntriesMax = 20;

    private readonly Dictionary<string, GroupRun> groups = new(StringComparer.Ordinal);
    private readonly Bell bell = new(world.Clock);
    private IReadOnlyList<(WatchedGroup Watched, RuleGroupState State)> watched = [];
    private IReadOnlyList<AlertSet> sets = [];
    private DateTimeOffset lookedAt = DateTimeOffset.MinValue;
    private bool isArrived;

    public string Name => "rules";

    /// <summary>How long alerts that ended are kept for whoever must still be told.</summary>
    public Func<TimeSpan> KeepEnded { get; init; } = static () => TimeSpan.FromMinutes(5);

    /// <summary>Called when alerts began or ended, and once after the first evaluation of all.</summary>
    public Action Changed { get; set; } = static () => { };

    /// <summary>Labels and the address of this installation, for templates.</summary>
    public (Labels External, string Url) Own { get; init; } = (Labels.None, "");

    /// <summary>Every rule was evaluated since the start: what fires is known, and nobody is told of anything before.</summary>
    public bool IsSettled { get; private set; }

    /// <summary>Groups, with what became of their rules.</summary>
    public IReadOnlyList<RuleGroupState> States => [.. Watched.Select(static one => one.State)];

    /// <summary>The same with whose they are.</summary>
    public IReadOnlyList<(WatchedGroup Watched, RuleGroupState State)> Watched => Volatile.Read(ref watched);

    /// <summary>Which rules of people have lost the numbers they need. The usual ones fit whatever there is.</summary>
    public void Measure(MetricPage page)
    {
        foreach (var (one, state) in Watched.Where(static one => one.Watched.Group.File != DefaultRules.File))
        {
            foreach (var rule in state.Rules.DistinctBy(static rule => rule.Name))
            {
                page.Gauge(
                    "fairlead_rule_data_lost",
                    "1 when parts of the rule's query find nothing although they did within the last day, else 0.",
                    rule.Lost.Count > 0 ? 1 : 0,
                    [
                        .. one.Site is { } site
                            ? new Source(site).Stamp.Select(static each => (each.Name, each.Value))
                            : [],
                        ("group", state.Name),
                        ("rule", rule.Name),
                    ]
                );
            }
        }
    }

    /// <summary>When a rule was evaluated last.</summary>
    public DateTimeOffset EvaluatedAt =>
        Watched
            .Select(static one => DateTimeOffset.FromUnixTimeMilliseconds(one.State.EvaluatedAt))
            .DefaultIfEmpty()
            .Max();

    /// <summary>All alerts, by group.</summary>
    public IReadOnlyList<AlertSet> Sets => Volatile.Read(ref sets);

    /// <summary>There are new numbers of the edge.</summary>
    public void Arrived()
    {
        Volatile.Write(ref isArrived, true);
        bell.Ring();
    }

    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            await TurnAsync(stop);
            var next = groups.Count == 0 ? world.Now + LookEvery : groups.Values.Min(static one => one.NextAt);
            var pause = next - world.Now;
            if (pause > TimeSpan.Zero && !Volatile.Read(ref isArrived))
            {
                await bell.SleepAsync(pause < LookEvery ? pause : LookEvery, stop);
            }
        }
    }

    /// <summary>Evaluates what is due.</summary>
    internal async Task TurnAsync(CancellationToken stop)
    {
        var hasNumbers = Interlocked.Exchange(ref isArrived, false);
        if (world.Now - lookedAt >= LookEvery)
        {
            await LookAsync(stop);
        }
        var isChanged = false;
        foreach (
            var run in groups
                .Values.Where(one => one.NextAt <= world.Now || (hasNumbers && one.Watched.IsFast))
                .ToList()
        )
        {
            run.NextAt = world.Now + (run.Watched.IsFast ? FastFallback : run.Watched.Every);
            var (before, news) = await run.EvaluateAsync(world, KeepEnded(), stop);
            if (!before.IsSame(run.Set))
            {
                await KeepAsync(run, news, stop);
            }
            isChanged |= news.Count > 0;
        }
        Volatile.Write(
            ref watched,
            [
                .. groups
                    .Values.Where(static one => one.Watched.Group.Rules.Count > 0)
                    .Select(static one => (one.Watched, one.State)),
            ]
        );
        Volatile.Write(ref sets, [.. groups.Values.Select(static one => one.Set)]);
        var isFirst = !IsSettled && groups.Values.All(static one => one.EvaluatedAt > 0);
        IsSettled |= isFirst;
        if (isChanged || isFirst)
        {
            Changed();
        }
    }

    private async Task LookAsync(CancellationToken stop)
    {
        var found = (await find(stop))
            .DistinctBy(static one => one.Key)
            .ToDictionary(static one => one.Key, StringComparer.Ordinal);
        foreach (var (key, run) in groups.ToList())
        {
            if (!found.TryGetValue(key, out var wanted) || !IsSame(wanted, run.Watched))
            {
                groups.Remove(key);
            }
        }
        var isFirst = lookedAt == DateTimeOffset.MinValue;
        foreach (var one in found.Values.Where(each => !groups.ContainsKey(each.Key)))
        {
            var run = new GroupRun(one, stores.Metrics, world, Own);
            if (await stores.Store.ReadAsync(AlertSet.Collection, one.Key, stop) is { } document)
            {
                run.Restore(Records.Read<AlertSet>(document), isFirst ? world.Now + Settling : world.Now);
            }
            groups[one.Key] = run;
        }
        foreach (var document in await stores.Store.ListAsync(AlertSet.Collection, "", stop))
        {
            if (!found.ContainsKey(document.Key))
            {
                groups[document.Key] = Gone(Records.Read<AlertSet>(document));
            }
        }
        lookedAt = world.Now;
    }

    // By what is written: records compare their lists by identity.
    private static bool IsSame(WatchedGroup left, WatchedGroup right) =>
        left.Every == right.Every
        && left.Group.Rules.Count == right.Group.Rules.Count
        && left.Group.Rules.Zip(right.Group.Rules)
            .All(static pair =>
                pair.First.Name == pair.Second.Name
                && pair.First.Query == pair.Second.Query
                && pair.First.For == pair.Second.For
                && pair.First.KeepFiringFor == pair.Second.KeepFiringFor
                && pair.First.Labels.SequenceEqual(pair.Second.Labels)
                && pair.First.Annotations.SequenceEqual(pair.Second.Annotations)
            );

    // Rules that are there no more end their alerts, and whoever was told of them hears so before they are forgotten.
    private GroupRun Gone(AlertSet set)
    {
        var run = new GroupRun(new(set.Key, new(set.Key, "", Interval: null, [])), stores.Metrics, world, Own);
        run.Restore(set, world.Now);
        return run;
    }

    private Task KeepAsync(GroupRun run, IReadOnlyList<Alert> news, CancellationToken stop) =>
        CommitAsync(
            [
                .. news.Take(EntriesMax).Select(static one => Entry(one)),
                .. news.Count > EntriesMax
                    ?
                    [
                        new NewEntry(
                            AccessBook.Platform,
                            Deployment: null,
                            "alert",
                            $"... and {news.Count - EntriesMax} more alerts of {run.Watched.Group.Name} began or ended"
                        ),
                    ]
                    : Array.Empty<NewEntry>(),
            ],
            [
                new Write(
                    AlertSet.Collection,
                    run.Watched.Key,
                    run.Set.Active.Count + run.Set.Ended.Count == 0 ? null : Records.Tree(run.Set)
                ),
            ],
            stop
        );

    internal static NewEntry Entry(Alert alert) =>
        new(
            SiteOf(alert.Labels) ?? AccessBook.Platform,
            Deployment: null,
            "alert",
            $"{alert.Name} {(alert.IsFiring ? "fires" : "is over")}: {alert.Summary}",
            new JsonObject
            {
                ["fingerprint"] = alert.Fingerprint,
                ["name"] = alert.Name,
                ["severity"] = alert.Severity,
                ["isFiring"] = alert.IsFiring,
                ["startsAt"] = alert.StartsAt.ToString("O"),
            }
        );

    /// <summary>The site that an alert is about; null when it names none.</summary>
    public static Site? SiteOf(Labels labels) =>
        Site.TryParse($"{labels[Source.AppLabel]}/{labels[Source.EnvironmentLabel]}");

    private async Task CommitAsync(IReadOnlyList<NewEntry> entries, IReadOnlyList<Write> writes, CancellationToken stop)
    {
        try
        {
            await stores.Store.CommitAsync(new Change(fence()) { Entries = entries, Writes = writes }, stop);
        }
        catch (ProblemException caught)
        {
            // A disk that is full must not keep anybody from being told so.
            Log.AlertsNotKept(log, caught.Problem.Code, caught.Problem.Why);
        }
    }
}
