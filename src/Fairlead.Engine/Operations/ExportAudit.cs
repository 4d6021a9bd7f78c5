using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Writes the whole journal into a file that proves itself, for auditors and other systems.</summary>
public static class ExportAudit
{
    public sealed record Input;

    /// <param name="File">Where it lies on the server's machine.</param>
    /// <param name="Entries">How many entries it has.</param>
    public sealed record Output(
        string File,
        long Entries,
        [property: Description("Id of the key that signed it.")] string Key,
        string Note
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "audit.export",
            "Write the journal to a file that proves itself.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead audit export > journal.json"],
            Needs = Need.OfAll(Permission.Audit),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop) =>
        await engine.Server.Audit.ExportAsync(stop) is { } made
            ? new(
                made.Path,
                made.Head.Size,
                made.Head.Key,
                $"Check it anywhere: fairlead audit check {made.Path} --key {made.Head.Key}"
            )
            : throw new ProblemException(ShowAuditHead.Empty());
}
