using Fairlead.Model.Monitoring;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Responding.Monitors;

/// <summary>What looks become in the store of metrics: named as by Prometheus's blackbox_exporter, so that its rules and dashboards fit.</summary>
public static class MonitorMetrics
{
    /// <summary>1 while it is up, 0 while it is down; not there while nobody can tell.</summary>
    public const string State = "fairlead_monitor_state";

    /// <summary>All of one look, but for the state.</summary>
    /// <param name="at">In milliseconds since 1970.</param>
    public static IEnumerable<SeriesSamples> Of(MonitorDefinition monitor, MonitorLook look, long at)
    {
        if (look.Verdict is LookVerdict.Unable)
        {
            yield break;
        }
        yield return One(monitor, new("probe_success", look.Verdict is LookVerdict.Up ? 1 : 0), at);
        yield return One(monitor, new("probe_duration_seconds", look.Took.TotalSeconds), at);
        foreach (var number in look.Numbers)
        {
            yield return One(monitor, number, at);
        }
    }

    /// <summary>The state's number at a moment; its end where there is none any more.</summary>
    public static SeriesSamples StateOf(MonitorDefinition monitor, MonitorState state, long at) =>
        One(
            monitor,
            new(
                State,
                state switch
                {
                    MonitorState.Up or MonitorState.Pending => 1,
                    MonitorState.Down => 0,
                    _ => Sample.Stale,
                }
            ),
            at
        );

    /// <summary>Whether a state has a number.</summary>
    public static bool HasNumber(MonitorState state) =>
        state is MonitorState.Up or MonitorState.Pending or MonitorState.Down;

    private static SeriesSamples One(MonitorDefinition monitor, LookNumber number, long at) =>
        new(
            Labels.Of([
                new(Labels.MetricName, number.Name),
                new("monitor", monitor.Spec.Name),
                new("app", monitor.Site?.App ?? ""),
                new("environment", monitor.Site?.Environment ?? ""),
                new("phase", number.Phase),
            ]),
            [new(at, number.Value)]
        );
}
