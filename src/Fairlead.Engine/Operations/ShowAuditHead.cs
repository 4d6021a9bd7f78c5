using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations;

/// <summary>Signs what the journal is now, for people to keep elsewhere.</summary>
public static class ShowAuditHead
{
    public sealed record Input;

    public sealed record Output(TreeHead Head, [property: Description("The public key, in PEM.")] string PublicKey);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "audit.head",
            "Sign what the journal is now; kept elsewhere, it proves the journal later.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead audit head > head.json"],
            Needs = Need.OfAll(Permission.Audit),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop) =>
        await engine.Server.Audit.SignAsync(stop) is { } head
            ? new(head, engine.Server.Audit.PublicPem)
            : throw new ProblemException(Empty());

    internal static Problem Empty() =>
        new(
            "audit.empty",
            What: "There is nothing to sign yet.",
            Why: "The journal is empty: nothing was deployed or changed.",
            Fix: "Deploy something: fairlead deploy FOLDER"
        )
        {
            Trouble = Trouble.NotFound,
        };
}
