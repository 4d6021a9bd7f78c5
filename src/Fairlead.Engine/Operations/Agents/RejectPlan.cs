using System.ComponentModel;
using Fairlead.Engine.Agents;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Agents;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations.Agents;

/// <summary>Says no to a plan: it can never be applied.</summary>
public static class RejectPlan
{
    public sealed record Input
    {
        [Description("Id of the plan.")]
        [Positional]
        public required string Plan { get; init; }

        [Description("Why: it is told to whoever made it.")]
        public string? Reason { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, PlanView>(
            "agent.reject",
            "Say no to a plan: it can never be applied.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead agent reject 40674936 --reason 'not on a Friday'"],
            Needs = Need.Of(Permission.Approve),
        };

    private static async Task<PlanView> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var book = AgentDesk.Book(engine);
        var (plan, version) = await book.FindAsync(input.Plan, stop);
        engine.Demand(Permission.Approve, plan.Site);
        var state = plan.StateAt(engine.World.Now);
        if (state is not (PlanState.Ready or PlanState.AwaitingApproval or PlanState.Approved))
        {
            throw new ProblemException(AgentProblems.NotAwaited(plan, state));
        }
        var reason = Approve.Clean(input.Reason) ?? "no reason was given";
        var rejected = plan with { State = PlanState.Rejected, Outcome = $"{engine.Caller} said no: {reason}" };
        await book.ChangeAsync(
            (rejected, version),
            $"the plan {plan.Id} was rejected, by {engine.Caller}: {reason}",
            [],
            stop
        );
        return PlanView.Of(rejected, engine.World.Now);
    }
}
