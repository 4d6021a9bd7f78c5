using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Agents;

namespace Fairlead.Engine.Operations.Agents;

/// <summary>Stops all agents at once: they look, and return to what was good, and nothing else.</summary>
public static class FreezeAgents
{
    public sealed record Input
    {
        [Description("Why: agents are told.")]
        [Positional]
        public required string Reason { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, AgentFreeze>(
            "agent.freeze",
            "Stop all agents: they change nothing until 'agent thaw'.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead agent freeze 'something is odd'"],
            Needs = Need.OfAll(Permission.Operate),
        };

    private static async Task<AgentFreeze> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var freeze = new AgentFreeze($"{engine.Caller}", PlainText.Of(input.Reason.Trim(), 500), engine.World.Now);
        await AgentDesk
            .Book(engine)
            .SetFreezeAsync(freeze, $"agents were stopped by {freeze.By}: {freeze.Reason}", stop);
        return freeze;
    }
}
