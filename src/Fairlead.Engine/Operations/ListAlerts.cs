using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Responding.Alerts;
using Fairlead.Model.Alerting;

namespace Fairlead.Engine.Operations;

/// <summary>What is wrong now.</summary>
public static class ListAlerts
{
    public sealed record Input
    {
        [Description("Only this app's.")]
        [Positional]
        [Names("app")]
        public string? App { get; init; }

        [Description("Only this environment's.")]
        public string? Environment { get; init; }

        [Description("Those whose time has not come yet and those that ended lately, too.")]
        public bool All { get; init; }
    }

    public sealed record Output(IReadOnlyList<View> Alerts);

    /// <param name="State">firing, pending or ended.</param>
    /// <param name="Muted">Why nobody is told of it; null when somebody is.</param>
    /// <param name="Action">What to do.</param>
    public sealed record View(
        string Alert,
        string State,
        string Severity,
        string? Site,
        DateTimeOffset Since,
        string Summary,
        string? Muted,
        string? Action,
        string Fingerprint,
        IReadOnlyDictionary<string, string> Labels
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>("alert.list", "List what is wrong now, the gravest first.", Effect.Reads, RunAsync)
        {
            Examples = ["fairlead alert list", "fairlead alert list shop --all"],
            Needs = Need.Of(Permission.Watch),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var alerts = engine.Server.Response.Alerts;
        var muting = await alerts.MutingAsync(stop);
        var all = input.All
            ? alerts
                .All.Select(static one => (one, one.IsFiring ? "firing" : "ended"))
                .Concat(alerts.Pending.Select(static one => (one, "pending")))
            : alerts.Firing.Select(static one => (one, "firing"));
        return new([
            .. all.Where(one => IsShown(one.one, input, engine.Server))
                .OrderBy(static one => one.Item2 != "firing")
                .ThenBy(static one => one.one.Severity != Alert.Page)
                .ThenBy(static one => one.one.StartsAt)
                .Select(one => Of(one.one, one.Item2, muting.Of(one.one))),
        ]);
    }

    // What is about no app is for those who may see all.
    internal static bool IsShown(Alert alert, Input input, ServerSide server)
    {
        var site = RuleDesk.SiteOf(alert.Labels);
        return (site is null ? server.Reach.IsAll : server.Reach.Has(site))
            && (input.App is null || site?.App == input.App)
            && (input.Environment is null || site?.Environment == input.Environment);
    }

    private static View Of(Alert alert, string state, string? muted) =>
        new(
            alert.Name,
            state,
            alert.Severity,
            RuleDesk.SiteOf(alert.Labels)?.ToString(),
            alert.StartsAt,
            alert.Summary,
            muted,
            alert.Annotations["action"] is { Length: > 0 } action ? action : null,
            alert.Fingerprint,
            alert.Labels.ToDictionary(static one => one.Name, static one => one.Value, StringComparer.Ordinal)
        );
}
