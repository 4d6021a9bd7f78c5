using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Data;

namespace Fairlead.Engine.Operations;

/// <summary>Lets the standby of a database take its place; the old one is put aside and never writes again.</summary>
public static class FailOverDatabase
{
    public sealed record Input
    {
        [Description("The database, as in the manifest.")]
        [Positional]
        public required string Database { get; init; }

        [Description("App name, as in the manifest.")]
        [Names("app")]
        public string? App { get; init; }

        [Description("Environment.")]
        public string? Environment { get; init; }
    }

    /// <param name="RtoSeconds">From the order until the new one answered: as long nobody could write.</param>
    public sealed record Output(DatabaseView Database, double RtoSeconds, string Next);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "database.failover",
            "Let the standby of a database take its place, and put the old one aside.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead database failover db --app shop"],
            Needs = Need.Of(Permission.Secure),
            AnswerMax = TimeSpan.FromMinutes(10),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var site = await SecretSites.MeantAsync(engine.Server, input.App, input.Environment, stop);
        var (database, took) = await engine.Server.Databases.FailOverAsync(
            site,
            input.Database,
            engine.Caller.ToString(),
            stop
        );
        return new(
            DatabaseView.Of(database, ServerState.Ready, null),
            Math.Round(took.TotalSeconds, 2),
            "It answers at the same address. The old one's data is kept beside it until the next failover, and another standby is made by itself."
        );
    }
}
