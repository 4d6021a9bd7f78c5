using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Handoffs;
using Fairlead.Engine.Handoffs.Kinds;
using Fairlead.Model.Agents;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations.Handoffs;

/// <summary>Accepts a hand-off: from now on it is enforced.</summary>
public static class AcceptHandoff
{
    public sealed record Input
    {
        [Description("Its id; the first 6 letters will do.")]
        [Positional]
        public required string Handoff { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, HandoffView>(
            "handoff.accept",
            "Accept what was handed over: from now on it is enforced.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead handoff accept 1f3a9c"],
            Needs = Need.Of(Permission.Deploy),
            Agents = AgentUse.Freely,
        };

    private static async Task<HandoffView> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var book = HandoffDesk.Book(engine);
        var (handoff, version) = await book.FindAsync(input.Handoff, stop);
        engine.Demand(Permission.Deploy, handoff.Site);
        if (handoff.State is not HandoffState.Offered)
        {
            throw new ProblemException(HandoffProblems.WrongState(handoff, "accepted"));
        }
        var body = HandoffReading.BodyOf(handoff);
        if (body is SecurityFinding { WaivedUntil: not null })
        {
            HandoffDesk.DemandPerson(engine, "It waives a weakness");
        }
        var accepted = handoff with { State = HandoffState.Accepted };
        List<(Handoff, int)> changed = [(accepted, version)];
        if (handoff.Supersedes is { } id)
        {
            var (old, oldVersion) = await book.FindAsync(id, stop);
            if (old.Site != handoff.Site || old.Kind != handoff.Kind)
            {
                throw new ProblemException(
                    HandoffProblems.Wrong("It takes the place of one of another kind, or of another app.")
                );
            }
            if (old.State is HandoffState.Accepted)
            {
                // Its own newer results take each other's place every day; what was agreed to is another thing.
                if (body is not GateResult)
                {
                    HandoffDesk.DemandPerson(engine, "It takes the place of one that holds");
                }
                await HandoffDesk.UndoAsync(old, engine, stop);
            }
            changed.Add(
                (old with { State = HandoffState.Superseded, Reason = $"{handoff.Id} took its place." }, oldVersion)
            );
        }
        await HandoffDesk.EnactAsync(accepted, engine, stop);
        await book.CommitAsync(
            changed,
            $"{handoff.Kind} {handoff.Id} was accepted by {engine.Caller}: {string.Join("; ", handoff.Effects)}",
            stop
        );
        return HandoffView.Of(accepted, engine.World.Now);
    }
}
