using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Apps;
using Fairlead.Model.Data;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Lets a database go that Fairlead runs: saved once more, then it stands still for a week, then its data goes.</summary>
public static class RemoveDatabase
{
    public sealed record Input
    {
        [Description("The database, as it was in the manifest.")]
        [Positional]
        public required string Database { get; init; }

        [Description("App name, as in the manifest.")]
        [Names("app")]
        public string? App { get; init; }

        [Description("Environment.")]
        public string? Environment { get; init; }

        [Description("Do not save it before: for one that cannot be started any more.")]
        public bool WithoutBackup { get; init; }

        [Description("Change your mind: it stays, and is started again.")]
        public bool Undo { get; init; }
    }

    /// <param name="Backup">The last one that was taken of it, in Fairlead's own repository; null where none was.</param>
    public sealed record Output(DatabaseView Database, string? Backup, string Summary);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "database.remove",
            "Let a database go in a week that Fairlead runs and no release names; --undo keeps it.",
            Effect.Destroys,
            RunAsync
        )
        {
            Examples = ["fairlead database remove db --app shop", "fairlead database remove db --app shop --undo"],
            // Neither who deploys nor an agent: what they may harm must not be what brings it back.
            Needs = Need.Of(Permission.Govern),
            AnswerMax = TimeSpan.FromHours(1),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var site = await SecretSites.MeantAsync(engine.Server, input.App, input.Environment, stop);
        var desk = engine.Server.Databases;
        var by = engine.Caller.ToString();
        if (input.Undo)
        {
            var kept = await desk.KeepAgainAsync(site, input.Database, by, stop);
            return new(DatabaseView.Of(kept, ServerState.Unknown, null), null, "It stays, and is started again.");
        }
        await desk.ThrowIfInUseAsync(site, input.Database, stop);
        var backup = input.WithoutBackup ? null : await SaveAsync(engine, site, input.Database, stop);
        var gone = await desk.RemoveAsync(site, input.Database, by, stop);
        return new(
            DatabaseView.Of(gone, ServerState.Removed, null),
            backup,
            $"It stands still. Until {gone.RemovedAfter:u} it can be had back: fairlead database remove {input.Database} --app {site.App} --env {site.Environment} --undo"
        );
    }

    private static async Task<string?> SaveAsync(EngineContext engine, Site site, string name, CancellationToken stop)
    {
        var known = (await engine.Server.Databases.ListAsync(site, stop)).FirstOrDefault(one =>
            one.Database.Name == name
        );
        if (known.Database is not { RemovedAfter: null } database)
        {
            return null;
        }
        try
        {
            var last = new Database
            {
                Name = name,
                Kind = database.Kind,
                Url = database.Url,
                Backup = new(),
            };
            return (await engine.Server.Backups.TakeAsync(site, last, stop)).Id;
        }
        catch (ProblemException caught)
        {
            throw new ProblemException(
                new Problem(
                    "database.not-saved",
                    What: $"The database '{name}' of {site} stays: it could not be saved before.",
                    Why: $"{caught.Problem.What} {caught.Problem.Why}",
                    Fix: $"Mend that, or let it go unsaved: fairlead database remove {name} --app {site.App} --env {site.Environment} --without-backup"
                ),
                caught
            );
        }
    }
}
