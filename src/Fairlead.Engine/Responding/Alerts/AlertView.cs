using Fairlead.Engine.Responding.Routing;
using Fairlead.Model.Alerting;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Responding.Alerts;

/// <summary>All alerts there are, and why nobody is told of some of them.</summary>
/// <param name="more">Alerts that others raise.</param>
/// <param name="works">Announced work that goes on now; null for none ever.</param>
public sealed class AlertView(
    RuleDesk rules,
    RoutingBook routing,
    World world,
    Func<IReadOnlyList<AlertSet>> more,
    Func<CancellationToken, Task<IReadOnlyList<Maintenance>>>? works = null
)
{
    /// <summary>It is known what fires; false for the first moments after a start.</summary>
    public bool IsSettled => rules.IsSettled;

    /// <summary>Those that fire and those that ended lately.</summary>
    public IReadOnlyList<Alert> All =>
        [
            .. Sets.SelectMany(static one => one.Firing)
                .Concat(Sets.SelectMany(static one => one.Ended))
                .DistinctBy(static one => one.Labels),
        ];

    /// <summary>Each once, also where rules of several groups raise it.</summary>
    public IReadOnlyList<Alert> Firing =>
        [.. Sets.SelectMany(static one => one.Firing).DistinctBy(static one => one.Labels)];

    /// <summary>Those whose time has not come yet.</summary>
    public IReadOnlyList<Alert> Pending =>
        [
            .. Sets.SelectMany(static one => one.Active)
                .Where(static one => !one.State.IsFiring)
                .Select(static one => one.Alert),
        ];

    private IEnumerable<AlertSet> Sets => rules.Sets.Concat(more());

    public async Task<Muting> MutingAsync(CancellationToken stop)
    {
        var silences = await routing.SilencesAsync(stop);
        return new(
            routing.Plan.InhibitRules,
            Firing,
            [.. silences.Where(one => one.Holds(world.Now))],
            works is null ? [] : await works(stop)
        );
    }
}
