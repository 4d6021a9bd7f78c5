using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Handoffs;
using Fairlead.Model.Agents;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations.Handoffs;

/// <summary>Rejects a hand-off, with the reason: it is enforced no longer, or never was.</summary>
public static class RejectHandoff
{
    public sealed record Input
    {
        [Description("Its id; the first 6 letters will do.")]
        [Positional]
        public required string Handoff { get; init; }

        [Description("Why: whoever handed it over is told.")]
        public required string Reason { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, HandoffView>(
            "handoff.reject",
            "Reject what was handed over, and say why.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead handoff reject 1f3a9c --reason 'no such service'"],
            Needs = Need.Of(Permission.Deploy),
            Agents = AgentUse.Freely,
        };

    private static async Task<HandoffView> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var book = HandoffDesk.Book(engine);
        var (handoff, version) = await book.FindAsync(input.Handoff, stop);
        engine.Demand(Permission.Deploy, handoff.Site);
        if (handoff.State is not (HandoffState.Offered or HandoffState.Accepted))
        {
            throw new ProblemException(HandoffProblems.WrongState(handoff, "rejected"));
        }
        if (handoff.State is HandoffState.Accepted)
        {
            HandoffDesk.DemandPerson(engine, "It holds");
            await HandoffDesk.UndoAsync(handoff, engine, stop);
        }
        var rejected = handoff with { State = HandoffState.Rejected, Reason = HandoffDesk.Clean(input.Reason) };
        await book.CommitAsync(
            [(rejected, version)],
            $"{handoff.Kind} {handoff.Id} was rejected by {engine.Caller}: {rejected.Reason}",
            stop
        );
        return HandoffView.Of(rejected, engine.World.Now);
    }
}
