using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Operations;
using Fairlead.Model.Apps;
using Fairlead.Model.Git;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Sources;

/// <summary>Brings one commit to one environment: checks it out, runs its pipeline, and asks for its deployment as whoever made the source.</summary>
internal sealed class Shipment(GitSource source, EngineContext engine, IGitMirrors mirrors)
{
    /// <summary>The branch's commit, to the source's environment.</summary>
    /// <exception cref="ProblemException">It is not deployed, and why.</exception>
    public async Task<Deployment?> DeployAsync(string commit, DateTimeOffset? committedAt, CancellationToken stop)
    {
        var context = await ContextAsync(source.Site, mustMay: true, stop);
        var folder = await FolderAsync(source.Branch, commit, stop);
        if (source.RunsPipeline)
        {
            await RunPipelineAsync(context, folder, (source.Site, commit), stop);
        }
        var candidate = await ReadAsync(context, folder, source.Environment, stop);
        return await AskAsync(context, candidate with { Commit = commit, CommittedAt = committedAt }, stop);
    }

    /// <summary>A branch's commit, to its preview.</summary>
    /// <inheritdoc cref="DeployAsync"/>
    public async Task<Deployment?> PreviewAsync(
        Preview preview,
        PreviewRules rules,
        string commit,
        PreviewGround ground,
        CancellationToken stop
    )
    {
        var context = await ContextAsync(preview.Site, mustMay: true, stop);
        var folder = await FolderAsync(preview.Branch, commit, stop);
        var like = new Site(source.App, rules.Like);
        if (source.RunsPipeline)
        {
            await RunPipelineAsync(context, folder, (like, commit), stop);
        }
        var candidate = await ReadAsync(context, folder, rules.Like, stop);
        await CheckAsync(preview, rules, candidate, stop);
        await ground.PrepareAsync(preview, rules, folder, stop);
        var needs = new SecretNeeds(engine.Server, preview.Site) { Databases = candidate.Databases };
        var services = new List<CandidateService>();
        foreach (var one in candidate.Services)
        {
            var pinned = await needs.PinAsync(one.Service, stop);
            // Nobody rolls a preview back, so nothing of it is kept warm.
            services.Add(one with { Service = one.Service with { Secrets = pinned, Keep = TimeSpan.Zero } });
        }
        needs.ThrowIfMissing();
        var whole = candidate with
        {
            Site = preview.Site,
            Hosts = [preview.Host],
            Services = services,
            Protection = null,
            Commit = commit,
        };
        return await AskAsync(context, whole, stop);
    }

    /// <summary>A release of nothing: what runs of the site ends.</summary>
    public async Task ClearAsync(Site site, CancellationToken stop)
    {
        var context = await ContextAsync(site, mustMay: false, stop);
        await context.Server.FrontDoor.DeployAsync(
            new Candidate(site, [], "/", []),
            approvedPlan: null,
            waits: false,
            breakGlass: null,
            stop
        );
    }

    /// <summary>The folder with the manifest, of a commit.</summary>
    public async Task<string> FolderAsync(string branch, string commit, CancellationToken stop)
    {
        var order = new GitOrder(
            source.Name,
            source.Url,
            source.IsInside,
            await TokenAsync(stop),
            new Dictionary<int, string>()
        )
        {
            ModuleHosts = source.ModuleHosts,
        };
        var tree = await mirrors.CheckOutAsync(order, branch, commit, stop);
        return source.Folder == "." ? tree : mirrors.Inside(source.Name, tree, source.Folder);
    }

    // Only submodules are read with it here; who ends a preview needs none.
    private async Task<Secret?> TokenAsync(CancellationToken stop)
    {
        try
        {
            return source.TokenSecret is { } named
                ? await SourceSecrets.OpenAsync(engine.Server.Vault, source, named, stop)
                : null;
        }
        catch (ProblemException)
        {
            return null;
        }
    }

    // A source is worth no more than whoever made it is now.
    private async Task<EngineContext> ContextAsync(Site site, bool mustMay, CancellationToken stop)
    {
        var maker =
            source.Maker.Id.Length == 0 ? Principal.Owner
            : await engine.Server.Identity.SignIn.PrincipalAsync(source.Maker.Id, stop) is { } person ? person
            : null;
        if (mustMay)
        {
            var known = maker ?? throw new ProblemException(SourceProblems.MakerGone(source));
            (await AccessBook.StandingAsync(engine.Server.Store, known, stop)).Demand(Permission.Deploy, site);
        }
        var caller = new Principal(PrincipalKind.Service, $"source-{source.Name}", $"source {source.Name}")
        {
            Behind = maker,
        };
        return engine with
        {
            Caller = caller,
            Server = engine.Server with
            {
                FrontDoor = engine.Server.FrontDoor.For(caller, new(one => one == site, [site])),
            },
        };
    }

    private async Task<Candidate> ReadAsync(
        EngineContext context,
        string folder,
        string environment,
        CancellationToken stop
    )
    {
        var (candidate, _) = await Candidates.ReadAsync(context, folder, environment, [], stop);
        return candidate.Site.App == source.App
            ? candidate
            : throw new ProblemException(SourceProblems.OtherApp(source, candidate.Site.App));
    }

    private async Task CheckAsync(Preview preview, PreviewRules rules, Candidate candidate, CancellationToken stop)
    {
        if (candidate.Protection is { Approvals: > 0 })
        {
            throw new ProblemException(
                SourceProblems.PreviewTarget(
                    source,
                    rules.Like,
                    "Its deployments need approvals, and each push would wait for one."
                )
            );
        }
        if (candidate.Services.Any(static one => one.Service.Container?.Cluster is not null))
        {
            throw new ProblemException(
                SourceProblems.PreviewTarget(
                    source,
                    rules.Like,
                    "Its cluster's namespace would be shared by all previews."
                )
            );
        }
        foreach (var other in await Sites.AllAsync(engine.Server, stop))
        {
            if (
                other.Site != preview.Site
                && other.Live is { } live
                && (await Sites.ReleaseAsync(engine.Server, other.Site, live, stop)).Hosts.Contains(preview.Host)
            )
            {
                throw new ProblemException(SourceProblems.HostTaken(preview.Host, other.Site));
            }
        }
    }

    // With the secrets of the environment that the commit goes to, and nothing of the server's own.
    private async Task RunPipelineAsync(
        EngineContext context,
        string folder,
        (Site Site, string Commit) of,
        CancellationToken stop
    )
    {
        var secrets = new Dictionary<string, string>(StringComparer.Ordinal);
        var own = await SourceSecrets.OwnAsync(engine.Server.Sources.Book, of.Site, stop);
        foreach (var record in await engine.Server.Vault.ListAsync(of.Site, stop))
        {
            if (record.Newest is { } newest && !own.Contains(record.Name))
            {
                secrets[record.Name] = (await engine.Server.Vault.OpenAsync(record, newest, stop)).Reveal();
            }
        }
        var apart = context with
        {
            OpenPipelines = path => context.OpenPipelines(path) with { Secret = secrets.GetValueOrDefault },
        };
        var output = await RunPipeline.OfFolderAsync(new() { Folder = folder, Event = "push" }, apart, stop);
        if (output.Problems.Count > 0)
        {
            throw new ProblemException(SourceProblems.PipelineFailed(of.Commit, output.Problems));
        }
    }

    private static async Task<Deployment?> AskAsync(
        EngineContext context,
        Candidate candidate,
        CancellationToken stop
    ) => (await Deploy.ShipAsync(candidate, context, waits: false, stop)).Deployment;
}
