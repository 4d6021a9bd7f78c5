using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Responding.Incidents;

namespace Fairlead.Engine.Operations;

/// <summary>Says that somebody looks at an incident, so nobody else is woken.</summary>
public static class AcknowledgeIncident
{
    public sealed record Input
    {
        [Description("Its number, as 'fairlead incident list' shows it.")]
        [Positional]
        public required int Incident { get; init; }

        [Description("Who leads; the caller when left out.")]
        public string? Commander { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, IncidentView>(
            "incident.acknowledge",
            "Say that you look at it: nobody else is woken.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead incident acknowledge 7"],
            Needs = Need.Of(Permission.Deploy),
            Agents = AgentUse.Always,
        };

    private static async Task<IncidentView> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var who = input.Commander is { } said ? IncidentChanges.Checked(said, "commander") : $"{engine.Caller}";
        return await IncidentChanges.ChangeAsync(
            engine,
            input.Incident,
            now =>
                !now.IsOpen ? throw IncidentChanges.Over(now, "needs nobody any more")
                : now.AcknowledgedAt is not null && now.Commander == who ? now
                : (now with { AcknowledgedAt = now.AcknowledgedAt ?? engine.World.Now, Commander = who }).With(
                    engine.World.Now,
                    "state",
                    $"Acknowledged; {who} leads.",
                    $"{engine.Caller}"
                ),
            stop
        );
    }
}
