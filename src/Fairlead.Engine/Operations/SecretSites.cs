using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Secrets;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations;

/// <summary>What operations on secrets share: which site is meant, who asks, and how users of a secret get its newest version.</summary>
internal static class SecretSites
{
    private const string UsualEnvironment = "production";

    /// <summary>The site meant. It need not exist yet: secrets are set before the first deployment.</summary>
    /// <exception cref="ProblemException">It cannot be told, or the words cannot name a site.</exception>
    public static async Task<Site> MeantAsync(
        ServerSide server,
        string? app,
        string? environment,
        CancellationToken stop
    )
    {
        if (app is not null)
        {
            var known = (await Sites.AllAsync(server, stop)).Where(one => one.Site.App == app).ToList();
            var chosen = environment ?? (known is [var only] ? only.Site.Environment : null);
            if (chosen is null && known.Count == 0)
            {
                chosen = UsualEnvironment;
            }
            if (chosen is not null)
            {
                return Site.IsName(app) && Site.IsName(chosen)
                    ? new(app, chosen)
                    : throw new ProblemException(WrongName($"{app}/{chosen}"));
            }
        }
        return (await Sites.FindAsync(server, app, environment, stop)).Site;
    }

    public static void CheckName(string name)
    {
        if (!SecretVersion.IsName(name))
        {
            throw new ProblemException(WrongName(name));
        }
    }

    /// <summary>Makes a release of what is live with the newest version of a secret, and asks for its deployment.</summary>
    /// <returns>Null when what is live does not use it, or has that version already.</returns>
    public static async Task<Deployment?> RedeployAsync(
        ServerSide server,
        Site site,
        string secret,
        CancellationToken stop
    )
    {
        if (
            await server.Store.ReadAsync(Records.Sites, site.ToString(), stop) is not { } document
            || Records.Read<SiteRecord>(document).Live is not { } number
        )
        {
            return null;
        }
        var live = await Sites.ReleaseAsync(server, site, number, stop);
        var needs = new SecretNeeds(server, site) { Databases = live.Databases };
        List<CandidateService> services = [];
        foreach (var one in live.Services)
        {
            var uses = one.Service.Secrets?.Any(use => use.Secret == secret) is true;
            var service = uses ? one.Service with { Secrets = await needs.PinAsync(one.Service, stop) } : one.Service;
            services.Add(new CandidateService(service, one.Artifact, one.Strategy));
        }
        needs.ThrowIfMissing();
        var isNews = services
            .Zip(live.Services)
            .Any(pair => SecretLife.Differences(pair.Second.Service.Secrets, pair.First.Service.Secrets).Any());
        if (!isNews)
        {
            return null;
        }
        // A deployment under way ends first: a rotation must not take its place.
        return await server.FrontDoor.DeployAsync(
            Candidate.Of(live, services),
            approvedPlan: null,
            waits: true,
            breakGlass: null,
            stop
        );
    }

    private static Problem WrongName(string word) =>
        new(
            "secret.wrong-name",
            What: $"'{word}' cannot be the name of a secret, or of its app and environment.",
            Why: $"A secret's name has letters, digits and underscores, at most {SecretVersion.NameCharsMax}, as variables have.",
            Fix: "Write for example: fairlead secret set DATABASE_URL --app shop --env production"
        )
        {
            Trouble = Trouble.WrongUse,
        };
}
