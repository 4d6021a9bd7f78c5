using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Handoffs;
using Fairlead.Engine.Handoffs.Kinds;
using Fairlead.Model.Agents;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations.Handoffs;

/// <summary>Says that what a hand-off asked for is done: it is enforced no longer.</summary>
public static class FulfilHandoff
{
    public sealed record Input
    {
        [Description("Its id; the first 6 letters will do.")]
        [Positional]
        public required string Handoff { get; init; }

        [Description("What fulfilled it.")]
        public required string Reason { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, HandoffView>(
            "handoff.fulfil",
            "Say that what was handed over is done, and how.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead handoff fulfil 1f3a9c --reason 'patched in release 42'"],
            Needs = Need.Of(Permission.Deploy),
        };

    private static async Task<HandoffView> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var book = HandoffDesk.Book(engine);
        var (handoff, version) = await book.FindAsync(input.Handoff, stop);
        engine.Demand(Permission.Deploy, handoff.Site);
        if (HandoffReading.BodyOf(handoff) is PostMortem learned)
        {
            var incident = await engine.Server.Incidents.FindAsync(learned.Incident, stop);
            if (incident.FollowUps.Count(static one => !one.IsDone) is > 0 and var open)
            {
                throw new ProblemException(
                    HandoffProblems.Open(handoff, $"{open} follow-ups of incident {incident.Number} are not done.")
                );
            }
        }
        if (handoff.State is not HandoffState.Accepted)
        {
            throw new ProblemException(HandoffProblems.WrongState(handoff, "fulfilled"));
        }
        await HandoffDesk.UndoAsync(handoff, engine, stop);
        var done = handoff with { State = HandoffState.Fulfilled, Reason = HandoffDesk.Clean(input.Reason) };
        await book.CommitAsync(
            [(done, version)],
            $"{handoff.Kind} {handoff.Id} was fulfilled, says {engine.Caller}: {done.Reason}",
            stop
        );
        return HandoffView.Of(done, engine.World.Now);
    }
}
