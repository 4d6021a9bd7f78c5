using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations;

/// <summary>A secret's versions: when, by whom, how; never a value.</summary>
public static class ShowSecretHistory
{
    public sealed record Input
    {
        [Description("The secret's name.")]
        [Positional]
        public required string Name { get; init; }

        [Description("App name, as in the manifest.")]
        [Names("app")]
        public string? App { get; init; }

        [Description("Environment.")]
        public string? Environment { get; init; }
    }

    public sealed record Row(
        int Version,
        string State,
        DateTimeOffset At,
        string How,
        string By,
        DateTimeOffset? RetiredAt
    );

    public sealed record Output(string Secret, IReadOnlyList<Row> Versions);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "secret.history",
            "Show a secret's versions: when, by whom and how, never a value.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead secret history DATABASE_URL --app shop"],
            Needs = Need.Of(Permission.Secure),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var site = await SecretSites.MeantAsync(engine.Server, input.App, input.Environment, stop);
        var record = await engine.Server.Vault.GetAsync(site, input.Name, stop);
        return new(
            record.Key,
            [
                .. record.Versions.Select(one => new Row(
                    one.Number,
                    one.IsLive ? "live" : "retired",
                    one.At,
                    one.Origin,
                    one.By,
                    one.RetiredAt
                )),
            ]
        );
    }
}
