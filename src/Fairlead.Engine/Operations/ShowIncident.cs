using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations;

/// <summary>All that is known of an incident.</summary>
public static class ShowIncident
{
    public sealed record Input
    {
        [Description("Its number, as 'fairlead incident list' shows it.")]
        [Positional]
        public required int Incident { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, IncidentView>(
            "incident.show",
            "Show what is known of an incident, from its first symptom on.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead incident show 7"],
            Needs = Need.Of(Permission.See),
        };

    private static async Task<IncidentView> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var incident = await engine.Server.Incidents.FindAsync(input.Incident, stop);
        var fitting = await RunbookDesk.FittingAsync(engine.Server, incident, stop);
        var started = incident.Runbooks.Select(static one => one.Name).ToHashSet(StringComparer.Ordinal);
        var view = IncidentView.Of(incident);
        return view with
        {
            Runbooks = [.. view.Runbooks, .. fitting.Where(one => !started.Contains(one.Name)).Select(RunbookView.Of)],
        };
    }
}
