using System.ComponentModel;
using Fairlead.Engine.Agents;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Agents;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations.Agents;

/// <summary>Says what agents may do in a day, and where a person has to say yes.</summary>
public static class LimitAgents
{
    private const int ChangesMax = 1_000;
    private const int ReplicasMax = 100_000;
    private const int EnvironmentsMax = 50;

    public sealed record Input
    {
        [Description("Plans that one agent may apply in a day: 0 to 1000.")]
        public int? Changes { get; init; }

        [Description("Replicas that an agent's plans may touch in a day: 0 to 100000.")]
        public int? Replicas { get; init; }

        [Description("Environments in which a person has to say yes, instead of those so far; 'none' for none.")]
        public IReadOnlyList<string> Protect { get; init; } = [];
    }

    public static Operation Operation { get; } =
        new Operation<Input, AgentLimits>(
            "agent.limit",
            "Say what agents may do in a day, and where a person has to say yes.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead agent limit --changes 10 --protect production --protect staging"],
            Needs = Need.OfAll(Permission.Govern),
        };

    private static async Task<AgentLimits> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        if (
            input.Changes is < 0 or > ChangesMax
            || input.Replicas is < 0 or > ReplicasMax
            || input.Protect.Count > EnvironmentsMax
            || !input.Protect.All(Site.IsName)
        )
        {
            throw new ProblemException(
                AgentProblems.WrongOrder(
                    $"Changes are 0 to {ChangesMax}, replicas 0 to {ReplicasMax}, and environments are names.",
                    "Write for example: fairlead agent limit --changes 20 --protect production"
                )
            );
        }
        var book = AgentDesk.Book(engine);
        var was = await book.LimitsAsync(stop);
        var limits = new AgentLimits
        {
            Changes = input.Changes ?? was.Changes,
            Replicas = input.Replicas ?? was.Replicas,
            Protected =
                input.Protect.Count == 0 ? was.Protected : [.. input.Protect.Where(static one => one != "none")],
        };
        await book.SetLimitsAsync(
            limits,
            $"agents may make {limits.Changes} changes and touch {limits.Replicas} replicas a day; protected: {string.Join(", ", limits.Protected)}; by {engine.Caller}",
            stop
        );
        return limits;
    }
}
