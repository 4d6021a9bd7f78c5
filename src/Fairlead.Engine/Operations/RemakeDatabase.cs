using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Data;

namespace Fairlead.Engine.Operations;

/// <summary>Makes a database anew whose data is lost: empty and at the same address, so that a backup can be brought back.</summary>
public static class RemakeDatabase
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

    public sealed record Output(DatabaseView Database, string Next);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "database.remake",
            "Make a database anew that lost all of its data: empty, at the same address.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead database remake db --app shop"],
            Needs = Need.Of(Permission.Secure),
            AnswerMax = TimeSpan.FromMinutes(10),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var site = await SecretSites.MeantAsync(engine.Server, input.App, input.Environment, stop);
        var made = await engine.Server.Databases.RemakeAsync(site, input.Database, engine.Caller.ToString(), stop);
        return new(
            DatabaseView.Of(made, ServerState.Ready, null),
            $"It is empty. Bring back what was saved: fairlead backup restore {site.App} --database {input.Database} --switch"
        );
    }
}
