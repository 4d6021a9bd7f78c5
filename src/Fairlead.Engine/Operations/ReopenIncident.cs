using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Responding.Incidents;
using Fairlead.Model.Incidents;

namespace Fairlead.Engine.Operations;

/// <summary>Opens an incident again.</summary>
public static class ReopenIncident
{
    public sealed record Input
    {
        [Description("Its number, as 'fairlead incident list' shows it.")]
        [Positional]
        public required int Incident { get; init; }

        [Description("Why.")]
        public required string Reason { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, IncidentView>(
            "incident.reopen",
            "Open it again: it is not over.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead incident reopen 7 --reason 'It fails again.'"],
            Needs = Need.Of(Permission.Deploy),
            Agents = AgentUse.Always,
        };

    private static Task<IncidentView> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var reason = IncidentChanges.Checked(input.Reason, "reason");
        return IncidentChanges.ChangeAsync(
            engine,
            input.Incident,
            now =>
                now.IsOpen
                    ? now
                    : (
                        now with
                        {
                            State = IncidentState.Open,
                            MitigatedAt = null,
                            ResolvedAt = null,
                            MergedInto = null,
                            // Fairlead closes by itself only what it opened by itself.
                            OpenedBy = $"{engine.Caller}",
                        }
                    ).With(engine.World.Now, "state", $"Open again: {reason}", $"{engine.Caller}"),
            stop
        );
    }
}
