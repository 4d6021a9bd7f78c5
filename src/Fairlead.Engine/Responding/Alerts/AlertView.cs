using Fairlead.Engine.Responding.Routing;
using Fairlead.Model.Alerting;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Responding.Alerts;

/// <summary>All alerts there are, and why nobody is told of some of them.</summary>
/// <param name="received">Alerts that others raise, firing and ended lately; null while it is not known which there are.</param>
/// <param name="works">Announced work that goes on now; null for none ever.</param>
public sealed class AlertView(
    RuleDesk rules,
    RoutingBook routing,
    World world,
    Func<IReadOnlyList<Alert>?> received,
    Func<CancellationToken, Task<IReadOnlyList<Maintenance>>>? works = null
)
{
    /// <summary>It is known what fires; false for the first moments after a start.</summary>
    public bool IsSettled => rules.IsSettled && received() is not null;

    /// <summary>Those that fire and those that ended lately.</summary>
    public IReadOnlyList<Alert> All =>
        [
            .. Firing
                .Concat(rules.Sets.SelectMany(static one => one.Ended))
                .Concat(Received.Where(static one => !one.IsFiring))
                .DistinctBy(static one => one.Labels),
        ];

    /// <summary>Each once, also where rules of several groups raise it.</summary>
    public IReadOnlyList<Alert> Firing =>
        [
            .. rules
                .Sets.SelectMany(static one => one.Firing)
                .Concat(Received.Where(static one => one.IsFiring))
                .DistinctBy(static one => one.Labels),
        ];

    /// <summary>Those whose time has not come yet.</summary>
    public IReadOnlyList<Alert> Pending =>
        [
            .. rules
                .Sets.SelectMany(static one => one.Active)
                .Where(static one => !one.State.IsFiring)
                .Select(static one => one.Alert),
        ];

    private IReadOnlyList<Alert> Received => received() ?? [];

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
