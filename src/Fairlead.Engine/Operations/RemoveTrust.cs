using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Lets tokens of another issuer in no longer; those that were made with them end too.</summary>
public static class RemoveTrust
{
    public sealed record Input
    {
        [Description("What it is called.")]
        [Positional]
        public required string Name { get; init; }
    }

    public sealed record Output(string Name, string Issuer);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "trust.remove",
            "Let tokens of another issuer in no longer; those made with them end too.",
            Effect.Destroys,
            RunAsync
        )
        {
            Examples = ["fairlead trust remove github"],
            Needs = Need.OfAll(Permission.Govern),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var all = await TrustBook.AllAsync(engine.Server.Store, stop);
        var trust =
            all.FirstOrDefault(one => one.Name == input.Name)
            ?? throw new ProblemException(
                AccessProblems.Unknown("trust", input.Name, all.Select(static one => one.Name), "fairlead trust list")
            );
        await AccessWrites.CommitAsync(
            engine,
            $"tokens of {trust.Issuer} are trusted no longer as {trust.Name}",
            new Write(TrustBook.Collection, trust.Name, Body: null),
            stop
        );
        return new(trust.Name, trust.Issuer);
    }
}
