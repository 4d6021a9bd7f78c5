using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations;

/// <summary>Puts all secrets under a new master key.</summary>
public static class RekeySecrets
{
    public sealed record Input
    {
        [Description("Where the new master key is: file, environment, passphrase or aws-kms.")]
        public string To { get; init; } = "file";

        [Description("A setting of that kind, such as key=alias/fairlead, region=eu-central-1 or variable=NAME.")]
        public IReadOnlyList<string> Set { get; init; } = [];
    }

    /// <param name="Rewrapped">Versions that are under it by now.</param>
    public sealed record Output(string MasterKey, string Kind, int Rewrapped, string Note);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "secret.rekey",
            "Put all secrets under a new master key; no value is opened, and nothing is started anew.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead secret rekey --to aws-kms --set key=alias/fairlead --set region=eu-central-1"],
            Needs = Need.OfAll(Permission.Secure),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var vault = engine.Server.Vault;
        var key = await vault.RekeyAsync(input.To, Settings.Read(input.Set), stop);
        var count = await vault.RewrapAsync(stop);
        return new(key.Id, key.Kind, count, "Should this be cut off, the server goes on by itself.");
    }
}
