using Fairlead.Engine.Watching.Rules.Templates;
using Fairlead.Model.Alerting;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Rules;

/// <summary>A rule while it is evaluated again and again: the alerts that are pending or fire, and the series that it gave last.</summary>
internal sealed class RuleRun(Rule rule)
{
    private const string AlertName = "alertname";
    private const long BlindCheckEvery = 30_000;

    /// <summary>So long an alert goes on although nobody can see whether it still should.</summary>
    private const long BlindHold = 300_000;

    private static readonly TimeSpan SeenWithin = TimeSpan.FromDays(1);

    private readonly Dictionary<Labels, AlertState> active = [];
    private HashSet<Labels> given = [];
    private string? error;
    private long evaluatedAt;
    private long heldUntil;
    private long blindCheckedAt = long.MinValue / 2;
    private IReadOnlyList<string> lost = [];

    public Rule Rule => rule;

    public IReadOnlyCollection<AlertState> Alerts => active.Values;

    public RuleState State =>
        new(rule.Name, rule.Query, Labels.Of(rule.Labels))
        {
            IsAlerting = rule.IsAlerting,
            For = rule.For,
            KeepFiringFor = rule.KeepFiringFor,
            Annotations = Labels.Of(rule.Annotations),
            Alerts = [.. active.Values],
            Error = error,
            Lost = lost,
            EvaluatedAt = evaluatedAt,
        };

    /// <summary>
    /// Takes over what was known of it before, as after a restart. What fired goes on firing until the given time even where it is not
    /// found: there may be no numbers yet of what happened meanwhile.
    /// </summary>
    public void Restore(IEnumerable<AlertState> alerts, long until)
    {
        foreach (var alert in alerts)
        {
            active[alert.Labels] = alert;
        }
        heldUntil = until;
    }

    /// <summary>Evaluates it once and keeps what it gives, with an end for each series that it no longer gives.</summary>
    /// <returns>What went wrong; null when nothing did.</returns>
    public async Task<string?> EvaluateAsync(RuleGround ground, (long At, RuleGroup Group) when, CancellationToken stop)
    {
        evaluatedAt = when.At;
        try
        {
            var found = await ground.FindAsync(
                rule.Query,
                when.At - (long)when.Group.QueryOffset.TotalMilliseconds,
                stop
            );
            await LookForLostAsync(found.Count == 0, ground, when.At, stop);
            var made = rule.IsAlerting ? await AlertsAsync(found, ground, when.At, stop) : Recorded(found);
            if (when.Group.Limit > 0 && made.Count > when.Group.Limit)
            {
                active.Clear();
                throw new RuleException(
                    $"exceeded limit of {when.Group.Limit} with {made.Count} {(rule.IsAlerting ? "alerts" : "series")}"
                );
            }
            await KeepAsync(made, ground.Store, when.At, stop);
            error = null;
        }
        catch (ProblemException caught)
        {
            error = caught.Problem.Why;
        }
        catch (RuleException caught)
        {
            error = caught.Message;
        }
        return error;
    }

    // That nothing is found is good news only while there are numbers in which it could be.
    private async Task LookForLostAsync(bool isNothingFound, RuleGround ground, long at, CancellationToken stop)
    {
        if (!isNothingFound)
        {
            lost = [];
        }
        else if (at - blindCheckedAt >= BlindCheckEvery || active.Values.Any(static one => one.IsFiring))
        {
            lost = await ground.Engine.LostAsync(rule.Query, at, SeenWithin, stop);
            blindCheckedAt = at;
        }
    }

    private List<QueryElement> Recorded(IReadOnlyList<QueryElement> found)
    {
        List<QueryElement> made =
        [
            .. found.Select(one => new QueryElement(
                Labels.Of([.. one.Labels, new(Labels.MetricName, rule.Name), .. rule.Labels]),
                one.Value
            )),
        ];
        return made.Select(static one => one.Labels).Distinct().Count() == made.Count
            ? made
            : throw new RuleException("vector contains metrics with the same labelset after applying rule labels");
    }

    private async Task<List<QueryElement>> AlertsAsync(
        IReadOnlyList<QueryElement> found,
        RuleGround ground,
        long at,
        CancellationToken stop
    )
    {
        var seen = new HashSet<Labels>();
        foreach (var one in found)
        {
            var plain = one.Labels.Where(static name => name != Labels.MetricName);
            // Templates see the labels that the query gave, the name among them.
            var view = new TemplateView(one.Labels, one.Value, ground.External, ground.ExternalUrl);
            var labels = Labels.Of([
                .. plain,
                .. await ground.ExpandAsync(rule.Labels, view, at, stop),
                new(AlertName, rule.Name),
            ]);
            if (!seen.Add(labels))
            {
                throw new RuleException("vector contains metrics with the same labelset after applying alert labels");
            }
            var annotations = Labels.Of(await ground.ExpandAsync(rule.Annotations, view, at, stop));
            active[labels] = active.TryGetValue(labels, out var known)
                ? known with
                {
                    Annotations = annotations,
                    Value = one.Value,
                    KeptSince = null,
                }
                : new(labels, annotations, IsFiring: false, at, one.Value);
        }
        Move(seen, at, ground.HoldsWhenBlind && lost.Count > 0);
        return
        [
            .. active.Values.SelectMany(alert =>
                (QueryElement[])
                    [
                        new(
                            alert
                                .Labels.With(Labels.MetricName, "ALERTS")
                                .With("alertstate", alert.IsFiring ? "firing" : "pending"),
                            1
                        ),
                        new(
                            alert.Labels.With(Labels.MetricName, "ALERTS_FOR_STATE"),
                            Math.Floor(alert.ActiveAt / 1000.0)
                        ),
                    ]
            ),
        ];
    }

    /// <summary>Alerts whose time has come fire; those that were not found go, unless they are kept firing.</summary>
    /// <param name="isBlind">The numbers are lost in which they could be found.</param>
    private void Move(HashSet<Labels> seen, long at, bool isBlind)
    {
        foreach (var (labels, alert) in active.ToArray())
        {
            if (seen.Contains(labels))
            {
                var isFiring = alert.IsFiring || at - alert.ActiveAt >= rule.For.TotalMilliseconds;
                active[labels] = alert with { IsFiring = isFiring, FiredAt = isFiring ? alert.FiredAt ?? at : null };
                continue;
            }
            if (alert.IsFiring && at < heldUntil)
            {
                continue;
            }
            var since = alert.KeptSince ?? at;
            var kept = Math.Max(rule.KeepFiringFor.TotalMilliseconds, isBlind ? BlindHold : 0);
            if (alert.IsFiring && at - since < kept)
            {
                active[labels] = alert with { KeptSince = since };
            }
            else
            {
                active.Remove(labels);
            }
        }
    }

    private async Task KeepAsync(IReadOnlyList<QueryElement> made, IMetricStore store, long at, CancellationToken stop)
    {
        var now = made.Select(static one => one.Labels).ToHashSet();
        await store.AppendAsync(
            [
                .. made.Select(one => new SeriesSamples(one.Labels, [new(at, one.Value)])),
                .. given
                    .Where(one => !now.Contains(one))
                    .Select(one => new SeriesSamples(one, [new(at, Sample.Stale)])),
            ],
            stop
        );
        given = now;
    }
}

/// <summary>A rule cannot be evaluated.</summary>
internal sealed class RuleException(string message) : Exception(message);
