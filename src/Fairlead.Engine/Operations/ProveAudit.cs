using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Guarding.Audit;

namespace Fairlead.Engine.Operations;

/// <summary>Proves one line of the journal to somebody who may not see the others.</summary>
public static class ProveAudit
{
    public sealed record Input
    {
        [Description("The line's number, 'sequence' in an export.")]
        [Positional]
        public required long Line { get; init; }
    }

    /// <param name="File">Where the proof lies on the server's machine.</param>
    public sealed record Output(
        long Line,
        string Text,
        string File,
        [property: Description("The proof itself, as it is in the file.")] JournalProof Proof,
        string Note
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "audit.prove",
            "Prove that one line stands in the signed journal, without the others.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead audit prove 1204 > line.json"],
            Needs = Need.OfAll(Permission.Audit),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var proof = await engine.Server.Audit.ProveAsync(input.Line, stop);
        var file = await engine.Server.Audit.KeepAsync(proof, stop);
        return new(
            input.Line,
            $"{proof.Line.Row.At} {proof.Line.Row.App}/{proof.Line.Row.Environment} {proof.Line.Row.Kind}: {proof.Line.Row.Text}",
            file,
            proof,
            $"Check it anywhere: fairlead audit check {file} --key {proof.Head.Key}"
        );
    }
}
