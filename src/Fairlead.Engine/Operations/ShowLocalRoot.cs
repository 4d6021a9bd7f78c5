using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations;

/// <summary>Shows what to trust, so that browsers believe the certificates that this Fairlead signs itself.</summary>
public static class ShowLocalRoot
{
    public sealed record Input;

    public sealed record Output(string Pem);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "certificate.root",
            "Print the certificate of Fairlead's own authority, for people to trust.",
            Effect.Reads,
            (_, engine, _) => Task.FromResult(new Output(engine.Server.LocalRoot()))
        )
        {
            Examples = ["fairlead certificate root > fairlead-root.pem"],
            Needs = Need.Anybody,
        };
}
