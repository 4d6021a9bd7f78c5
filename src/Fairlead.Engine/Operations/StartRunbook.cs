using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Responding.Incidents;
using Fairlead.Model.Incidents;

namespace Fairlead.Engine.Operations;

/// <summary>Starts a runbook for an incident.</summary>
public static class StartRunbook
{
    /// <summary>More runbooks of one incident help nobody.</summary>
    private const int StartedMax = 20;

    public sealed record Input
    {
        [Description("Its number, as 'fairlead incident list' shows it.")]
        [Positional]
        public required int Incident { get; init; }

        [Description("The runbook, as 'fairlead incident show' names it.")]
        [Positional]
        public required string Runbook { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, IncidentView>(
            "incident.runbook",
            "Start a runbook: its steps are done one by one.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead incident runbook 7 database-full"],
            Needs = Need.Of(Permission.Deploy),
            Agents = AgentUse.Always,
        };

    private static async Task<IncidentView> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var incident = await engine.Server.Incidents.FindAsync(input.Incident, stop);
        var runbook = await RunbookDesk.FindAsync(engine.Server, incident, input.Runbook, stop);
        var run = new RunbookRun(
            runbook.Name,
            engine.World.Now,
            $"{engine.Caller}",
            [.. runbook.Steps.Select(static one => new RunbookStepRun(one, RunbookStepState.ToDo))]
        );
        return await IncidentChanges.ChangeAsync(
            engine,
            incident.Number,
            now =>
                now.Runbooks.Any(one => one.Name == runbook.Name && !one.IsOver) ? now
                : !now.IsOpen ? throw IncidentChanges.Over(now, "needs no runbook any more")
                : (now with { Runbooks = [.. now.Runbooks.TakeLast(StartedMax - 1), run] }).With(
                    engine.World.Now,
                    "note",
                    $"The runbook {runbook.Name} was started: {runbook.Steps.Count} steps.",
                    $"{engine.Caller}"
                ),
            stop
        );
    }
}
