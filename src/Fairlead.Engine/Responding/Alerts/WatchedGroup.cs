using Fairlead.Engine.Guarding.Access.Narrowed;
using Fairlead.Engine.Judging.PromQl;
using Fairlead.Engine.Watching.Rules;
using Fairlead.Model.Alerting;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Responding.Alerts;

/// <summary>Rules that are to be evaluated all the time.</summary>
/// <param name="Key">What it is known by, also after a restart: letters, digits, dashes and slashes.</param>
/// <param name="Site">Whose rules they are: they see no other site's numbers, and what they give bears its name. Null for rules of operators.</param>
public sealed record WatchedGroup(string Key, RuleGroup Group, Site? Site = null)
{
    /// <summary>How often rules are evaluated that do not say it.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromSeconds(15);

    public TimeSpan Every => Group.Interval ?? Usual;

    /// <summary>Evaluated whenever there are new numbers of the edge.</summary>
    public bool IsFast => Every <= TimeSpan.FromSeconds(1);

    /// <summary>The rules of a site with its name on all that they give.</summary>
    public static WatchedGroup Of(Site site, string name, RuleGroup group) =>
        new(
            $"{site}/{name}",
            group with
            {
                Rules =
                [
                    .. group.Rules.Select(rule =>
                        rule with
                        {
                            Labels =
                            [
                                .. rule.Labels.Where(static one =>
                                    one.Name is not (Source.AppLabel or Source.EnvironmentLabel)
                                ),
                                new(Source.AppLabel, site.App),
                                new(Source.EnvironmentLabel, site.Environment),
                            ],
                        }
                    ),
                ],
            },
            site
        );
}

/// <summary>Such a group while it is evaluated again and again.</summary>
internal sealed class GroupRun
{
    private readonly List<RuleRun> rules;
    private readonly RuleGround ground;

    public GroupRun(WatchedGroup watched, IMetricStore store, World world, (Labels External, string Url) own)
    {
        Watched = watched;
        rules = [.. watched.Group.Rules.Select(static rule => new RuleRun(rule))];
        var seen = watched.Site is { } site
            ? new NarrowMetrics(store, new(one => one == site, [site])) { Keeps = store }
            : store;
        ground = new(seen, new QueryEngine(seen, world), own.External, own.Url) { HoldsWhenBlind = true };
        Set = new(watched.Key);
    }

    public WatchedGroup Watched { get; }

    public AlertSet Set { get; private set; }

    /// <summary>When it is due without being rung for.</summary>
    public DateTimeOffset NextAt { get; set; }

    public long EvaluatedAt { get; private set; }

    public TimeSpan Took { get; private set; }

    public RuleGroupState State =>
        new(
            Watched.Group.Name,
            Watched.Group.File,
            Watched.Every,
            [.. rules.Select(static one => one.State)],
            EvaluatedAt
        )
        {
            Took = Took,
        };

    /// <summary>Goes on where it was, until when those that fired are held.</summary>
    public void Restore(AlertSet set, DateTimeOffset until)
    {
        Set = set;
        // Of rules that share a name each takes its own: those whose labels it gives.
        var mine = set.Active.ToLookup(one => rules.Find(rule => IsOf(rule.Rule, one)));
        foreach (var rule in rules)
        {
            rule.Restore(mine[rule].Select(static one => one.State), until.ToUnixTimeMilliseconds());
        }
    }

    private static bool IsOf(Rule rule, RuleAlert alert) =>
        rule.IsAlerting
        && rule.Name == alert.Rule
        && rule.Labels.All(one =>
            one.Value.Contains("{{", StringComparison.Ordinal) || alert.State.Labels[one.Name] == one.Value
        );

    /// <summary>The set as it is now, and what began or ended.</summary>
    public async Task<(AlertSet Before, IReadOnlyList<Alert> News)> EvaluateAsync(
        World world,
        TimeSpan keep,
        CancellationToken stop
    )
    {
        var (now, began) = (world.Now, world.Clock.GetTimestamp());
        EvaluatedAt = now.ToUnixTimeMilliseconds();
        foreach (var rule in rules)
        {
            await rule.EvaluateAsync(ground, (EvaluatedAt, Watched.Group), stop);
        }
        Took = world.Clock.GetElapsedTime(began);
        var before = Set;
        var active = rules
            .Where(static one => one.Rule.IsAlerting)
            .SelectMany(static one => one.Alerts.Select(alert => new RuleAlert(one.Rule.Name, alert)))
            // Two rules may raise the same alert: it is one, and fires when either says so.
            .OrderBy(static one => !one.State.IsFiring)
            .DistinctBy(static one => one.State.Labels)
            .ToList();
        (Set, var news) = Set.After(active, now, keep);
        return (before, news);
    }
}
