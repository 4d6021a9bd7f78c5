using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Responding.Incidents;
using Fairlead.Model.Incidents;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Takes the suspected release of an incident back.</summary>
public static class RollbackIncident
{
    public sealed record Input
    {
        [Description("Its number, as 'fairlead incident list' shows it.")]
        [Positional]
        public required int Incident { get; init; }

        [Description("Do not: the release stays.")]
        public bool Decline { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, IncidentView>(
            "incident.rollback",
            "Take the release back that is suspected.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead incident rollback 7", "fairlead incident rollback 7 --decline"],
            Needs = Need.Of(Permission.Deploy),
            Agents = AgentUse.Always,
        };

    private static async Task<IncidentView> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var incident = await engine.Server.Incidents.FindAsync(input.Incident, stop);
        if (incident.Rollback is not { State: RollbackState.Asked } asked)
        {
            throw new ProblemException(
                new Problem(
                    "incident.no-rollback",
                    What: $"Incident {incident.Number} asks for no rollback.",
                    Why: incident.Rollback is { } decided
                        ? $"It was decided: {decided.State.ToString().ToLowerInvariant()}."
                        : "No release went live just before it began.",
                    Fix: $"Go back all the same: fairlead rollback {incident.Site?.App ?? "APP"}"
                )
                {
                    Trouble = Trouble.Conflict,
                }
            );
        }
        if (input.Decline)
        {
            return await IncidentChanges.ChangeAsync(
                engine,
                incident.Number,
                now =>
                    (now with { Rollback = asked with { State = RollbackState.Declined } }).With(
                        engine.World.Now,
                        "decision",
                        $"Release {asked.From} stays.",
                        $"{engine.Caller}"
                    ),
                stop
            );
        }
        var deployment = await engine.Server.FrontDoor.RollbackAsync(incident.Site!, asked.To, stop);
        return await IncidentChanges.ChangeAsync(
            engine,
            incident.Number,
            now =>
                (now with { Rollback = asked with { State = RollbackState.Running, Deployment = deployment.Id } }).With(
                    engine.World.Now,
                    "decision",
                    $"Going back to release {asked.To}: deployment {deployment.Id}.",
                    $"{engine.Caller}"
                ),
            stop
        );
    }
}
