using System.ComponentModel;
using System.Globalization;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations;

/// <summary>Brings data back, into a new place: what is in use is not touched, and kept.</summary>
public static class RestoreBackup
{
    public sealed record Input
    {
        [Description("App name, as in the manifest.")]
        [Positional]
        [Names("app")]
        public string? App { get; init; }

        [Description("Environment.")]
        public string? Environment { get; init; }

        [Description("The database, as in the manifest; left out where the app has only one.")]
        public string? Database { get; init; }

        [Description("The backup's id; the newest that may be trusted when left out.")]
        public string? Backup { get; init; }

        [Description("The newest of before this time, such as 2026-11-28T10:00:00Z.")]
        public string? Before { get; init; }

        [Description(
            "The moment that is wanted, such as 2026-11-28T10:00:00Z, or 'latest'; for databases with 'points'. When left out, with none of --before: latest."
        )]
        public string? To { get; init; }

        [Description("As it was just before this deployment, by its id; with 'points' at that very moment.")]
        public string? BeforeDeployment { get; init; }

        [Description("What the new one is called; the database's name and the time when left out.")]
        public string? Into { get; init; }

        [Description("Give the app the new address, and lead it there by a deployment.")]
        public bool Switch { get; init; }
    }

    /// <param name="Into">What the new one is called. Nothing of the old one was touched.</param>
    /// <param name="DeploymentId">The one that leads the app there; null when none was asked for.</param>
    public sealed record Output(
        string Backup,
        DateTimeOffset At,
        string Into,
        double Seconds,
        string? DeploymentId,
        string Next
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "backup.restore",
            "Bring data back into a new place beside what is in use, and lead the app there if asked.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead backup restore shop --into shop_restored",
                "fairlead backup restore shop --to 2026-11-28T10:00:00Z",
                "fairlead backup restore shop --before-deployment 1f3a9c20 --switch",
            ],
            Needs = Need.Of(Permission.Secure),
            AnswerMax = TimeSpan.FromHours(6),
        };

    internal static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var (site, database) = await BackupDatabases.OfAsync(
            engine,
            input.App,
            input.Environment,
            input.Database,
            stop
        );
        var desk = engine.Server.Backups;
        var before = await BeforeAsync(input, engine, site, stop);
        var moment = MomentOf(input, database, before);
        var backup = BackupDatabases.Choose(
            await desk.Book.ListAsync(site, database.Name, stop),
            input.Backup,
            moment ?? before,
            database
        );
        var into =
            input.Into
            ?? string.Create(
                CultureInfo.InvariantCulture,
                $"{database.Name.Replace('-', '_')}_{engine.World.Now.UtcDateTime:yyyyMMdd_HHmmss}"
            );
        var (address, took) = await desk.RestoreAsync(
            site,
            database,
            (backup, into, backup.Log is null ? null : moment),
            stop
        );
        var deployment = input.Switch ? await SwitchAsync(engine, site, (database, address), stop) : null;
        return new(
            backup.Id,
            moment is { } had && backup.Log is not null ? had : backup.At,
            into,
            Math.Round(took.TotalSeconds, 2),
            deployment,
            deployment is not null
                    ? $"The app is led there: fairlead status {site.App}. The old one is kept; drop it when nobody misses it."
                : database.Url is { } secret
                    ? $"Look at it, then: fairlead secret set {secret} --app {site.App} --redeploy. Nothing uses it yet."
                : "Look at it, then let the app use it. Nothing uses it yet."
        );
    }

    // A deployment is asked for at a moment; without points only the backup before it can be had.
    private static DateTimeOffset? MomentOf(Input input, Model.Data.Database database, DateTimeOffset? before)
    {
        var hasPoints = database.Backup?.Points is not null;
        if (input.To is not { } text)
        {
            return hasPoints && input.BeforeDeployment is not null ? before : null;
        }
        if (!hasPoints || input.Before is not null || input.BeforeDeployment is not null)
        {
            throw Wrong(
                "It is not clear which moment is wanted.",
                hasPoints
                    ? "--to is the moment itself, --before and --before-deployment say another one."
                    : $"Of '{database.Name}' only backups are kept, and none of the moments between them.",
                hasPoints
                    ? "Say one of them."
                    : $"Say --before instead. For moments, write in fairlead.yaml: databases.{database.Name}.backup.points: 30s",
                Trouble.WrongUse
            );
        }
        return text == "latest" ? null : TimeOf("to", text);
    }

    private static async Task<string?> SwitchAsync(
        EngineContext engine,
        Site site,
        (Model.Data.Database Database, string Address) to,
        CancellationToken stop
    )
    {
        if (to.Database.Url is not { } secret)
        {
            return null;
        }
        await engine.Server.Vault.AddAsync(
            (site, secret),
            new Secret(to.Address),
            (engine.Caller.ToString(), "a restore"),
            static same => same,
            stop
        );
        engine.Server.RingVault();
        return (await SecretSites.RedeployAsync(engine.Server, site, secret, stop))?.Id;
    }

    private static async Task<DateTimeOffset?> BeforeAsync(
        Input input,
        EngineContext engine,
        Site site,
        CancellationToken stop
    )
    {
        if (input.BeforeDeployment is { } id)
        {
            return await engine.Server.Store.ReadAsync(Records.Deployments, $"{site}/{id}", stop) is { } found
                ? Records.Read<Deployment>(found).RequestedAt
                : throw Wrong(
                    $"There is no deployment '{id}' of {site}.",
                    "Its id is not known.",
                    "See them: fairlead explain " + site.App,
                    Trouble.NotFound
                );
        }
        if (input.Before is not { } text)
        {
            return null;
        }
        return TimeOf("before", text);
    }

    internal static DateTimeOffset TimeOf(string option, string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw Wrong(
                $"'{text}' is no time.",
                "It is read as UTC where it says no zone.",
                $"Write for example: --{option} 2026-11-28T10:00:00Z",
                Trouble.WrongUse
            );

    private static ProblemException Wrong(string what, string why, string fix, Trouble trouble) =>
        new(new Problem("backup.wrong-time", what, why, fix) { Trouble = trouble });
}
