using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations.Agents;

/// <summary>Shows a planned change: what differs, in which steps, how risky, how it is undone.</summary>
public static class ShowPlan
{
    public sealed record Input
    {
        [Description("Id of the plan.")]
        [Positional]
        public required string Plan { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, PlanView>(
            "agent.show",
            "Show a planned change: its diff, steps, risk, cost and digest.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead agent show 40674936"],
            Needs = Need.Of(Permission.See),
        };

    private static async Task<PlanView> RunAsync(Input input, EngineContext engine, CancellationToken stop) =>
        PlanView.Of((await AgentDesk.Book(engine).FindAsync(input.Plan, stop)).Plan, engine.World.Now);
}
