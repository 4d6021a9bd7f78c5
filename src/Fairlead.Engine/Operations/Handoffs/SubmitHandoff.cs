using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Handoffs;
using Fairlead.Engine.Handoffs.Kinds;
using Fairlead.Model.Agents;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations.Handoffs;

/// <summary>Hands a document over: what it asks for is enforced once it is accepted.</summary>
public static class SubmitHandoff
{
    public sealed record Input
    {
        [Description("The document, in YAML or JSON.")]
        [Confidential]
        public required string Text { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, HandoffView>(
            "handoff.submit",
            "Hand over what has to hold, as a typed document.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead handoff submit --file e2e.yaml"],
            Needs = Need.Of(Permission.Develop),
            Agents = AgentUse.Freely,
        };

    private static async Task<HandoffView> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var (by, now) = ($"{engine.Caller}", engine.World.Now);
        var handoff = HandoffReading.Read(input.Text, by, now);
        engine.Demand(Permission.Develop, handoff.Site);
        if (handoff.From is HandoffRole.Deployment)
        {
            throw new ProblemException(
                HandoffProblems.Wrong("Only Fairlead itself says this: fairlead handoff write.")
            );
        }
        var book = HandoffDesk.Book(engine);
        if (HandoffReading.BodyOf(handoff) is GateResult result)
        {
            var known = await book.AllAsync(handoff.Site, stop);
            if (!known.Any(one => one.State is HandoffState.Accepted && IsGate(one, result.Gate)))
            {
                // Nobody waits for it, so it would decide nothing.
                throw new ProblemException(HandoffProblems.Comment(handoff.Kind));
            }
        }
        if (handoff.Supersedes is { } old)
        {
            _ = await book.FindAsync(old, stop); // There has to be one.
        }
        var signed = HandoffSigning.Sign(handoff, engine.Scanning.Signer);
        return HandoffView.Of(await book.OfferAsync(signed, stop), now);
    }

    private static bool IsGate(Handoff one, string gate) =>
        HandoffReading.BodyOf(one) switch
        {
            QualityGate { Phase: GatePhase.Prepare } known => known.Gate == gate,
            MigrationPlan plan => plan.BackupGate == gate,
            _ => false,
        };
}
