using Fairlead.Engine.Deploying;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Operations;

/// <summary>Finds what an operation is about.</summary>
internal static class Sites
{
    public static async Task<IReadOnlyList<SiteRecord>> AllAsync(ServerSide server, CancellationToken stop) =>
        [.. (await server.Store.ListAsync(Records.Sites, "", stop)).Select(Records.Read<SiteRecord>)];

    /// <summary>The site meant by an app and an environment; either may be left out when only one fits.</summary>
    public static async Task<SiteRecord> FindAsync(
        ServerSide server,
        string? app,
        string? environment,
        CancellationToken stop
    )
    {
        var all = await AllAsync(server, stop);
        var fitting = all.Where(one =>
                (app is null || one.Site.App == app) && (environment is null || one.Site.Environment == environment)
            )
            .ToList();
        return fitting switch
        {
            [var only] => only,
            [] => throw new ProblemException(Unknown(app, environment, all)),
            _ => throw new ProblemException(Ambiguous(fitting)),
        };
    }

    public static async Task<Release> ReleaseAsync(ServerSide server, Site site, int number, CancellationToken stop)
    {
        var document = await server.Store.ReadAsync(Records.Releases, Memory.ReleaseKey(site, number), stop);
        return document is not null
            ? Records.Read<Release>(document)
            : throw new ProblemException(
                new Problem(
                    "release.unknown",
                    What: $"{site} has no release {number}.",
                    Why: "Release numbers start at 1 and are never reused.",
                    Fix: $"List what there is: fairlead releases {site.App}"
                )
                {
                    Trouble = Trouble.NotFound,
                }
            );
    }

    public static async Task<IReadOnlyList<Deployment>> DeploymentsAsync(
        ServerSide server,
        Site site,
        CancellationToken stop
    ) =>
        [
            .. (await server.Store.ListAsync(Records.Deployments, $"{site}/", stop))
                .Select(Records.Read<Deployment>)
                .OrderBy(one => one.RequestedAt),
        ];

    public static async Task<Deployment> DeploymentAsync(ServerSide server, string id, CancellationToken stop)
    {
        foreach (var record in await AllAsync(server, stop))
        {
            if (await server.Store.ReadAsync(Records.Deployments, $"{record.Site}/{id}", stop) is { } document)
            {
                return Records.Read<Deployment>(document);
            }
        }
        // A site's record is written by its loop; its first deployment may be asked for before that.
        var asked = (await server.Store.ListAsync(Records.Deployments, "", stop))
            .Select(Records.Read<Deployment>)
            .FirstOrDefault(one => one.Id == id);
        return asked
            ?? throw new ProblemException(
                new Problem(
                    "deployment.unknown",
                    What: $"There is no deployment {id}.",
                    Why: "No site has one of that id.",
                    Fix: "See what there is: fairlead status"
                )
                {
                    Trouble = Trouble.NotFound,
                }
            );
    }

    public static ProblemException NothingUnderWay(Site site, string verb) =>
        new(
            new Problem(
                "deployment.none-under-way",
                What: $"There is nothing to {verb}: {site} has no deployment under way.",
                Why: "The last one is over.",
                Fix: $"See where it stands: fairlead status {site.App}"
            )
            {
                Trouble = Trouble.Conflict,
            }
        );

    private static Problem Unknown(string? app, string? environment, IReadOnlyList<SiteRecord> all) =>
        new(
            "app.unknown",
            What: app is null ? "No app has been deployed yet." : $"There is no app '{app}'{In(environment)}.",
            Why: all.Count == 0
                ? "This Fairlead has not deployed anything."
                : $"There are: {string.Join(", ", all.Select(one => one.Site))}.",
            Fix: "Deploy one: fairlead deploy FOLDER"
        )
        {
            Trouble = Trouble.NotFound,
        };

    private static Problem Ambiguous(List<SiteRecord> fitting) =>
        new(
            "app.ambiguous",
            What: "It is not clear which app is meant.",
            Why: $"Several fit: {string.Join(", ", fitting.Select(one => one.Site))}.",
            Fix: $"Name one, such as: {fitting[0].Site.App} --env {fitting[0].Site.Environment}"
        )
        {
            Trouble = Trouble.WrongUse,
        };

    private static string In(string? environment) => environment is null ? "" : $" in environment '{environment}'";
}
