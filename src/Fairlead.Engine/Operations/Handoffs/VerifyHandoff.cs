using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Handoffs;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations.Handoffs;

/// <summary>Proves that a gate's result is as it was handed over, and gives what others need to prove it themselves.</summary>
public static class VerifyHandoff
{
    public sealed record Input
    {
        [Description("Id of the gate-result; the first 6 letters will do.")]
        [Positional]
        public required string Handoff { get; init; }
    }

    /// <param name="Text">What is signed.</param>
    /// <param name="Signature">ECDSA on P-256 over SHA-256, as DER in base 64: what <c>openssl dgst -sha256 -verify</c> reads.</param>
    /// <param name="Key">The public key, in PEM.</param>
    public sealed record Output(string Handoff, string Text, string Signature, string KeyId, string Key);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "handoff.verify",
            "Prove that a gate's result is as it was handed over, by its signature.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead handoff verify 1f3a9c"],
            Needs = Need.Of(Permission.See),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var (handoff, _) = await HandoffDesk.Book(engine).FindAsync(input.Handoff, stop);
        if (handoff.Kind is not "gate-result")
        {
            throw new ProblemException(
                HandoffProblems.Wrong($"{handoff.Id} is a {handoff.Kind}, and only a gate-result is signed.")
            );
        }
        var signer = engine.Scanning.Signer;
        return HandoffSigning.Holds(handoff, signer)
            ? new(handoff.Id, HandoffSigning.TextOf(handoff), handoff.Signature!, signer.KeyId, signer.PublicPem) // It holds, so it is there.
            : throw new ProblemException(HandoffProblems.Unsigned(handoff));
    }
}
