using Fairlead.Engine.Deploying;
using Fairlead.Model.Apps;
using Fairlead.Model.Data;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Data.Backups;

/// <summary>Has the app itself say whether it can live on what was restored: its live release, one instance, led to the copy and reached by nobody.</summary>
internal sealed class SmokeWork(BackupPorts ports)
{
    // Far above any replica's and any run's.
    private const int Slot = 2_000_000_000;

    /// <param name="url">The copy's address.</param>
    /// <returns>What was seen, as a line of the drill.</returns>
    /// <exception cref="ProblemException">It does not come up, or cannot be tried.</exception>
    public async Task<string> TryAsync((Site Site, Database Database) of, string url, CancellationToken stop)
    {
        var rules = of.Database.Backup!.Smoke!; // Only then it is asked.
        var (release, service) = await ServiceAsync(of, rules, stop);
        if (ports is not { Smoke: { } ground, SecretsAsync: { } ask } || service.Service.Container is not null)
        {
            throw new ProblemException(NotHere(of.Database, service.Service.Name));
        }
        var given = await ask(of.Site, service.Service.Secrets ?? [], stop);
        var tried = service.Service with
        {
            Secrets = [.. given.Select(static one => one.Use)],
            Kind = rules.Command.Count > 0 ? Kind.Job : service.Service.Kind,
            Job = rules.Command.Count > 0 ? new JobRules { Timeout = rules.Timeout } : null,
            Recipe =
                rules.Command.Count > 0 ? service.Service.Recipe with { Run = rules.Command } : service.Service.Recipe,
        };
        var order = new SmokeOrder(
            new()
            {
                Key = new(of.Site, service.Part, Slot),
                Artifact = service.Artifact,
                Service = tried,
                Env = service.Service.Env,
            },
            [
                .. given.Select(one =>
                    one.Use.Secret == of.Database.Url ? one.Value with { Value = new(url) } : one.Value
                ),
            ],
            rules.Timeout + tried.Health.StartGrace
        );
        return await ground.TryAsync(order, stop) is { } problem
                ? throw new ProblemException(NotWell(of.Database, release, problem))
            : rules.Command.Count > 0 ? $"{service.Part} said yes to it: {string.Join(' ', rules.Command)}"
            : $"{service.Part} came up on it and is well";
    }

    private async Task<(Release Release, ReleasedService Service)> ServiceAsync(
        (Site Site, Database Database) of,
        SmokeRules rules,
        CancellationToken stop
    )
    {
        var site = await ports.Store.ReadAsync(Records.Sites, of.Site.ToString(), stop);
        var live = site is null ? null : Records.Read<SiteRecord>(site).Live;
        var document = live is { } number
            ? await ports.Store.ReadAsync(Records.Releases, Memory.ReleaseKey(of.Site, number), stop)
            : null;
        var release = document is null ? null : Records.Read<Release>(document);
        var fitting = (release?.Services ?? [])
            .Where(one => one.Service.Job is null || rules.Command.Count > 0)
            .Where(one => one.Service.Secrets?.Any(use => use.Secret == of.Database.Url) is true)
            .Where(one => (rules.Service ?? one.Service.Name) == one.Service.Name)
            .ToList();
        return fitting is [var only]
            ? (release!, only)
            : throw new ProblemException(NotOne(of.Database, rules, fitting));
    }

    private static Problem NotOne(Database database, SmokeRules rules, List<ReleasedService> fitting) =>
        new(
            "backup.no-smoke",
            What: $"Nobody can say whether the app lives on what was restored of '{database.Name}'.",
            Why: fitting.Count > 1
                    ? $"Its address is given to {string.Join(", ", fitting.Select(static one => one.Service.Name))}, and 'smoke' names none of them."
                : rules.Service is { } named ? $"The live release has no service '{named}' that is given its address."
                : "No service of the live release is given its address.",
            Fix: "Name one that uses it: smoke: { service: api }"
        );

    private static Problem NotHere(Database database, string service) =>
        new(
            "backup.no-smoke",
            What: $"Nobody can say whether the app lives on what was restored of '{database.Name}'.",
            Why: $"'{service}' runs in a container or a cluster, and what was restored is on this machine alone.",
            Fix: "Remove 'smoke', and say what must hold as 'checks'."
        );

    private static Problem NotWell(Database database, Release release, Problem problem) =>
        new(
            "backup.app-not-well",
            What: $"{release} does not come up on what was restored of '{database.Name}'.",
            Why: $"{problem.What} {problem.Why}",
            Fix: "See what it wrote. The data may lack what the app needs, or be older than its schema: fairlead backup drill"
        )
        {
            Evidence = problem.Evidence,
        };
}
