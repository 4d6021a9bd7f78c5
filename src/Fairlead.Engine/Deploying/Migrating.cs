using System.Globalization;
using Fairlead.Engine.Data.Migrations;
using Fairlead.Engine.Deploying.Gates;
using Fairlead.Engine.Operations;
using Fairlead.Model.Apps;
using Fairlead.Model.Data;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying;

/// <summary>
/// What a deployment does to databases, before anything of it gets traffic. A schema is only ever expanded by the release that needs more of
/// it; what a release makes needless is taken away by the one after, when what is live knows of it. So code can always go back by one.
/// </summary>
public static class Migrating
{
    /// <summary>How long a backup may take before what it stands before is given up.</summary>
    public static readonly TimeSpan SaveMax = TimeSpan.FromHours(2);

    /// <summary>How long it may take to restore a backup and to run there what is pending.</summary>
    public static readonly TimeSpan RehearseMax = TimeSpan.FromHours(4);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>The steps for all databases of a release, in the order of the manifest.</summary>
    /// <param name="contracted">Contracts that were carried out already.</param>
    public static IEnumerable<Step> Steps(Release? live, Release next, IReadOnlyList<string> contracted)
    {
        Step[] steps = [.. Changing(live, next, contracted)];
        // All of them first: what fails on a copy has changed nothing, of no database.
        var rehearsed =
            from database in next.Databases ?? []
            where database.Migrations is { IsRehearsed: true }
            // Without a backup that was promised already there is nothing to make a copy of.
            where live?.Databases?.Any(one => one.Name == database.Name && one.Backup is not null) is true
            let own = steps.OfType<Step.Migrate>().Where(one => one.Database == database.Name).ToList()
            where own.Count > 0
            select new Step.Rehearse(database.Name, [.. own.SelectMany(static one => one.Contracts)]);
        return [.. rehearsed, .. Snapshotting.Steps(next, steps), .. steps];
    }

    private static IEnumerable<Step> Changing(Release? live, Release next, IReadOnlyList<string> contracted)
    {
        foreach (var database in next.Databases ?? [])
        {
            if (database.Migrations is not { } migrations)
            {
                continue;
            }
            var known = live?.Databases?.FirstOrDefault(one => one.Name == database.Name)?.Migrations;
            // Without anything live nobody can miss what is taken away.
            var contracts = migrations
                .Files.Where(one => one.IsContract && !contracted.Contains($"{database.Name}/{one.Name}"))
                .Where(one => live is null || known?.Files.Any(old => old.Name == one.Name) == true)
                .Select(static one => one.Name)
                .ToList();
            var fresh = migrations
                .Files.Where(one => !one.IsContract && known?.Files.Any(old => old.Name == one.Name) != true)
                .Select(static one => one.Name)
                .ToList();
            var isStale = migrations.Digest is not null && migrations.Digest != known?.Digest;
            if (live is null && (fresh.Count + contracts.Count > 0 || isStale))
            {
                yield return new Step.Migrate(database.Name, migrations.Tool, fresh, contracts, migrations.Timeout);
                continue;
            }
            if (fresh.Count > 0 || isStale)
            {
                yield return new Step.Migrate(database.Name, migrations.Tool, fresh, [], migrations.Timeout);
            }
            if (contracts.Count > 0)
            {
                // Only once all that is added is there: what fails before has taken nothing away.
                if (database.Backup is not null)
                {
                    yield return new Step.Save(database.Name);
                }
                yield return new Step.Migrate(database.Name, migrations.Tool, [], contracts, migrations.Timeout);
            }
        }
    }

    /// <summary>Begins what the step does, waits for its end, and goes on or back by it.</summary>
    internal static Decision Next(Situation now)
    {
        var deployment = now.Deployment!;
        var step = deployment.Current!;
        return now.Seen.Commands.GetValueOrDefault(KeyOf(deployment)) switch
        {
            null => new Decision.Do(new Move.BeginOnDatabase(step, KeyOf(deployment))),
            { ExitCode: null, Problem: null } view => new Decision.Wait(
                Look,
                view.Lines is [.., var last] ? $"{step}: {last}" : $"{step}"
            ),
            { ExitCode: 0 } view when step is Step.Rehearse => Rehearsed(now, view),
            { ExitCode: 0 } => Transitions.Advance(now, []),
            var view => Transitions.TakeBack(now, DeploymentPhase.RolledBack, Failed(deployment, step, view)),
        };
    }

    /// <summary>Names one run of the step's command: it survives a restart of the server as "not run", and then it is run again.</summary>
    internal static string KeyOf(Deployment deployment) =>
        string.Create(CultureInfo.InvariantCulture, $"{deployment.Id}/{deployment.Step}/data");

    /// <summary>What is run, with the address in its environment alone.</summary>
    /// <exception cref="ProblemException">The address has no value.</exception>
    internal static async Task<CommandOrder> OrderAsync(
        Move.BeginOnDatabase move,
        Situation now,
        EnginePorts ports,
        CancellationToken stop
    )
    {
        var next = now.Next!;
        if (move.Step is Step.Save save)
        {
            string[] state = ports.StateFolder is { } folder ? ["--state", folder] : [];
            string[] words =
            [
                "backup",
                "run",
                now.Site.App,
                "--environment",
                now.Site.Environment,
                "--database",
                save.Database,
            ];
            return new(
                move.Key,
                [.. ports.Program, .. words, .. state],
                next.Source,
                new Dictionary<string, string>(),
                SaveMax
            );
        }
        if (move.Step is Step.Rehearse rehearse)
        {
            return Rehearsal(move.Key, rehearse, now, ports);
        }
        var step = (Step.Migrate)move.Step;
        var database = next.Databases!.First(one => one.Name == step.Database);
        var migrations = database.Migrations!;
        var url = await AddressAsync(now.Site, database, ports, stop);
        var env = MigrationTools.Variables(database, url).ToDictionary();
        string[] run = migrations.Command is { Count: > 0 } said
            ? [.. said]
            :
            [
                .. ports.Program,
                "migration",
                "run",
                migrations.Folder,
                "--url-from",
                database.Url ?? "DATABASE_URL",
                "--lock-timeout",
                Seconds(migrations.LockTimeout),
                "--statement-timeout",
                Seconds(migrations.StatementTimeout),
                "--release",
                next.ToString(),
                "--expect",
                MigrationFolder.DigestOf(migrations.Files),
                .. step.Contracts.SelectMany(static one => new[] { "--contract", one }),
            ];
        return new(move.Key, run, next.Source, env, migrations.Timeout);
    }

    private static CommandOrder Rehearsal(string key, Step.Rehearse step, Situation now, EnginePorts ports)
    {
        string[] state = ports.StateFolder is { } folder ? ["--state", folder] : [];
        string[] words =
        [
            "migration",
            "rehearse",
            now.Next!.Source,
            "--app",
            now.Site.App,
            "--environment",
            now.Site.Environment,
            "--database",
            step.Database,
            "--migrations",
            now.Next.Databases!.First(one => one.Name == step.Database).Migrations!.Folder,
            "--save",
            .. step.Contracts.SelectMany(static one => new[] { "--contract", one }),
        ];
        return new(
            key,
            [.. ports.Program, .. words, .. state],
            now.Next.Source,
            new Dictionary<string, string>(),
            RehearseMax
        );
    }

    // How long each file took and what it locked is what people want to have seen before.
    private static Decision.Note Rehearsed(Situation now, CommandView view)
    {
        var deployment = now.Deployment!;
        var advanced = Transitions.Advance(now, []);
        var told = string.Join("; ", view.Lines.Select(static one => one.Trim()).Where(static one => one.Length > 0));
        return advanced with
        {
            Entries = [new(now.Site, deployment.Id, "rehearsed", $"{deployment.Current}: {told}"), .. advanced.Entries],
        };
    }

    /// <summary>What is known of a site once a step is done, and the next one is about to begin.</summary>
    /// <param name="done">Null before the first.</param>
    internal static SiteRecord After(SiteRecord record, Step? done, Step next)
    {
        var after = record;
        if (done is Step.Migrate { Contracts.Count: > 0 } ended)
        {
            after = after with { Contracted = [.. (after.Contracted ?? []).Union(Named(ended))] };
        }
        // Remembered before the first of them runs: of one that is cut off nobody could say what it took away.
        return next is Step.Migrate { Contracts.Count: > 0 } begun
            ? after with
            {
                Contracting = [.. (after.Contracting ?? []).Union(Named(begun))],
            }
            : after;
    }

    private static IEnumerable<string> Named(Step.Migrate step) =>
        step.Contracts.Select(one => $"{step.Database}/{one}");

    /// <exception cref="ProblemException">The release would read what was taken away since.</exception>
    internal static async Task ThrowIfPastAsync(IStore store, Site site, int number, CancellationToken stop)
    {
        if (
            await store.ReadAsync(Records.Sites, site.ToString(), stop) is not { } document
            || Records.Read<SiteRecord>(document) is not { Contracting: { Count: > 0 } contracted }
            || await store.ReadAsync(Records.Releases, Memory.ReleaseKey(site, number), stop) is not { } kept
        )
        {
            return;
        }
        var release = Records.Read<Release>(kept);
        var unknown = contracted.Where(one => !Knows(release, one)).ToList();
        if (unknown.Count > 0)
        {
            throw new ProblemException(PastContract(release, unknown));
        }
    }

    private static bool Knows(Release release, string contract)
    {
        var slash = contract.IndexOf('/', StringComparison.Ordinal);
        var database = release.Databases?.FirstOrDefault(one => one.Name == contract[..slash]);
        return database?.Migrations?.Files.Any(one => one.Name == contract[(slash + 1)..]) == true;
    }

    private static async Task<string> AddressAsync(
        Site site,
        Database database,
        EnginePorts ports,
        CancellationToken stop
    )
    {
        if (database.Url is not { } secret)
        {
            return database.Path ?? "";
        }
        return ports.SecretAsync is { } ask && await ask(site, secret, stop) is { Length: > 0 } value
            ? value
            : throw new ProblemException(
                new Problem(
                    "database.no-address",
                    What: $"The database '{database.Name}' of {site.App} cannot be reached.",
                    Why: $"Its address is the secret {secret}, which has no value in {site.Environment}.",
                    Fix: $"fairlead secret set {secret} --app {site.App} --env {site.Environment} < url.txt"
                )
            );
    }

    private static string Seconds(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{(int)Math.Ceiling(time.TotalSeconds)}s");

    private static Problem Failed(Deployment deployment, Step step, CommandView view)
    {
        var verdict = CheckGate.Rule(new Gate.Command([step.ToString()], TimeSpan.Zero), view, isFinal: true);
        return new(
            step switch
            {
                Step.Save => "deployment.not-saved",
                Step.Rehearse => "deployment.rehearsal-failed",
                _ => "deployment.migration-failed",
            },
            What: $"{deployment} stopped before it got traffic: '{step}' failed.",
            Why: $"{verdict.Reason}.",
            Fix: step is Step.Save
                    ? $"See how backups stand: fairlead backup list {deployment.Site.App}. Nothing was changed."
                : step is Step.Rehearse
                    ? $"It ran on a copy, and nothing was changed. Mend it, see it run there by itself (fairlead migration rehearse --app {deployment.Site.App}), and deploy again."
                : $"Mend the migration and deploy again; what was done of it is kept and not done twice. The release that was live answers all requests."
        )
        {
            Trouble = Trouble.RolledBack,
            Evidence = verdict.Evidence ?? [],
        };
    }

    private static Problem PastContract(Release release, List<string> unknown) =>
        new(
            "release.past-contract",
            What: $"{release} cannot be brought back.",
            Why: $"Since then the schema lost what it may read: {string.Join(", ", unknown)}.",
            Fix: $"Go back to a release after that, or mend forward: fairlead releases {release.Site.App}"
        )
        {
            Trouble = Trouble.Conflict,
        };
}
