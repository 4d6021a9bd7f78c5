using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Responding.Incidents;
using Fairlead.Model.Incidents;

namespace Fairlead.Engine.Operations;

/// <summary>Says that an incident is over.</summary>
public static class ResolveIncident
{
    public sealed record Input
    {
        [Description("Its number, as 'fairlead incident list' shows it.")]
        [Positional]
        public required int Incident { get; init; }

        [Description("What it was, and what was done.")]
        public string? Reason { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, IncidentView>("incident.resolve", "Say that it is over.", Effect.Changes, RunAsync)
        {
            Examples = ["fairlead incident resolve 7 --reason 'Release 41 is live again.'"],
            Needs = Need.Of(Permission.Deploy),
            Agents = AgentUse.Always,
        };

    private static Task<IncidentView> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var reason = input.Reason is { } said ? IncidentChanges.Checked(said, "reason") : null;
        return IncidentChanges.ChangeAsync(
            engine,
            input.Incident,
            now =>
                !now.IsOpen
                    ? throw IncidentChanges.Over(now, "cannot be resolved twice")
                    : (
                        now with
                        {
                            State = IncidentState.Resolved,
                            MitigatedAt = now.MitigatedAt ?? engine.World.Now,
                            ResolvedAt = engine.World.Now,
                        }
                    ).With(
                        engine.World.Now,
                        "state",
                        reason is null ? "Resolved." : $"Resolved: {reason}",
                        $"{engine.Caller}"
                    ),
            stop
        );
    }
}
