using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Deploying;

/// <summary>Takes requests: once it has answered, they are durable and will reach an end, whatever is killed.</summary>
/// <param name="by">Who asks; null for nobody in particular.</param>
/// <param name="reach">Sites that may be asked about.</param>
public sealed class FrontDoor(Conductor conductor, Principal? by = null, Reach? reach = null)
{
    // Someone else may make a release at the same moment; so often in a row is a bug, not bad luck.
    private const int AttemptsMax = 20;
    private static readonly TimeSpan QueueLimit = TimeSpan.FromHours(2);

    /// <summary>The same for a caller.</summary>
    internal FrontDoor For(Principal caller, Reach allowed) => new(conductor, caller, allowed);

    /// <summary>The same, which brings along what people have said yes to already; of it only what may count is taken.</summary>
    internal FrontDoor Bringing(IReadOnlyList<Approval> approvals) => new(conductor, by, reach) { Brought = approvals };

    private IReadOnlyList<Approval> Brought { get; init; } = [];

    private EnginePorts Ports => conductor.Ports;

    /// <summary>The release that the candidate would become now; nothing is kept.</summary>
    public async Task<Release> DraftAsync(Candidate candidate, CancellationToken stop) =>
        (await DraftWithWritesAsync(candidate, stop)).Release;

    /// <summary>Makes a release of the candidate and asks for its deployment.</summary>
    /// <param name="approvedPlan">Refuse when the plan would be another one by then; null for any.</param>
    /// <param name="waits">Let the deployment under way end first.</param>
    /// <param name="breakGlass">Why approvals and freezes are set aside; null when they hold.</param>
    public async Task<Deployment> DeployAsync(
        Candidate candidate,
        string? approvedPlan,
        bool waits,
        string? breakGlass,
        CancellationToken stop
    )
    {
        if (breakGlass is null && candidate.Blocks.Count > 0)
        {
            throw new ProblemException(candidate.Blocks);
        }
        for (var attempt = 1; ; attempt++)
        {
            var (release, writes) = await DraftWithWritesAsync(candidate, stop);
            var deployment = New(release.Site, release.Number) with
            {
                ApprovedPlan = approvedPlan,
                BrokenGlass = breakGlass is null ? null : new(by?.ToString() ?? "nobody", breakGlass, Ports.World.Now),
            };
            deployment = deployment with
            {
                Approvals = [.. Brought.Where(one => one.Plan == approvedPlan && Protecting.MayCount(deployment, one))],
            };
            try
            {
                await AskAsync(deployment, waits, ($"Release {release.Number}", release.CommittedAt), writes, stop);
                return deployment;
            }
            catch (ConflictException) when (attempt < AttemptsMax)
            {
                // Another release took the number; draft again.
            }
        }
    }

    /// <summary>Asks to make an earlier release live again.</summary>
    public async Task<Deployment> RollbackAsync(Site site, int release, CancellationToken stop)
    {
        await Migrating.ThrowIfPastAsync(Ports.Store, site, release, stop);
        var deployment = New(site, release) with { IsRollback = true };
        await AskAsync(deployment, waits: false, ($"A rollback to release {release}", null), [], stop);
        return deployment;
    }

    /// <summary>Asks the deployment under way to hurry or to stop.</summary>
    public async Task AskAsync(Site site, RequestKind kind, string? deployment, string? reason, CancellationToken stop)
    {
        var request = new Request
        {
            Id = NewKey(),
            Site = site,
            Kind = kind,
            Deployment = deployment,
            Reason = reason,
        };
        await CommitAsync(request, [], ($"{kind}: {reason}", null), stop);
    }

    /// <summary>Asks the deployment under way to stay where it is.</summary>
    public Task HoldAsync(Deployment deployment, TimeSpan lasts, string? reason, CancellationToken stop) =>
        CommitAsync(
            new Request
            {
                Id = NewKey(),
                Site = deployment.Site,
                Kind = RequestKind.Hold,
                Deployment = deployment.Id,
                Reason = reason,
                For = lasts,
            },
            [],
            ($"A hold for {lasts.Text}{(reason is null ? "" : $": {reason}")}", null),
            stop
        );

    /// <summary>Asks for a run of a job, or for the end of those that are open.</summary>
    /// <returns>The id of the request: a run that comes of it has it as what it is for.</returns>
    public async Task<string> AskForJobAsync(
        Site site,
        string service,
        RequestKind kind,
        string? reason,
        CancellationToken stop
    )
    {
        var request = new Request
        {
            Id = NewKey(),
            Site = site,
            Kind = kind,
            Service = service,
            Reason = reason,
            By = WhoAsks,
        };
        var word = kind == RequestKind.RunJob ? "A run" : "The end of the runs";
        await CommitAsync(request, [], ($"{word} of {service}{(reason is null ? "" : $": {reason}")}", null), stop);
        return request.Id;
    }

    /// <summary>Says yes to exactly one plan of a deployment.</summary>
    public Task ApproveAsync(Deployment deployment, Approval approval, string? reason, CancellationToken stop) =>
        CommitAsync(
            new Request
            {
                Id = NewKey(),
                Site = deployment.Site,
                Kind = RequestKind.Approve,
                Deployment = deployment.Id,
                Reason = reason,
                Approval = approval,
            },
            [],
            ($"Approval of the plan {approval.Plan}{(reason is null ? "" : $": {reason}")}", null),
            stop
        );

    private Task AskAsync(
        Deployment deployment,
        bool waits,
        (string Reason, DateTimeOffset? CommittedAt) what,
        IReadOnlyList<Write> writes,
        CancellationToken stop
    )
    {
        var request = new Request
        {
            Id = NewKey(),
            Site = deployment.Site,
            Kind = RequestKind.Begin,
            Deployment = deployment.Id,
            Waits = waits,
            Reason = what.Reason,
        };
        var document = new Write(Records.Deployments, deployment.Key, Records.Body(deployment), Expected: 0);
        return CommitAsync(request, [.. writes, document], ($"{what.Reason} was asked for", what.CommittedAt), stop);
    }

    private async Task CommitAsync(
        Request request,
        IReadOnlyList<Write> writes,
        (string Text, DateTimeOffset? CommittedAt) told,
        CancellationToken stop
    )
    {
        if (reach?.Has(request.Site) == false)
        {
            throw new ProblemException(AccessProblems.Foreign());
        }
        var asked = request with { By = WhoAsks };
        var change = new Change(conductor.Fence)
        {
            Entries =
            [
                new NewEntry(
                    request.Site,
                    request.Deployment,
                    "requested",
                    by is null ? told.Text : $"{told.Text}, by {by}",
                    BodyOf(told.CommittedAt)
                ),
            ],
            Writes = [.. writes, new Write(Records.Requests, request.Key, Records.Body(asked))],
        };
        await Ports.Store.CommitAsync(change, stop);
        conductor.Wake(request.Site);
    }

    private JsonObject? BodyOf(DateTimeOffset? committedAt)
    {
        if (by is null && committedAt is null)
        {
            return null;
        }
        var body = new JsonObject();
        if (by is not null)
        {
            body["by"] = by.Written();
        }
        if (committedAt is { } at)
        {
            body["committedAt"] = at;
        }
        return body;
    }

    private async Task<(Release Release, List<Write> Writes)> DraftWithWritesAsync(
        Candidate candidate,
        CancellationToken stop
    )
    {
        var site = candidate.Site;
        if (site == AccessBook.Platform)
        {
            throw new ProblemException(Problems.OwnSite(site));
        }
        var counter = await Ports.Store.ReadAsync(Records.Counters, site.ToString(), stop);
        var number = (counter is null ? 0 : Records.Read<int>(counter)) + 1;
        var writes = new List<Write>
        {
            new(Records.Counters, site.ToString(), JsonValue.Create(number), counter?.Version ?? 0),
        };
        var services = new List<ReleasedService>();
        foreach (var service in candidate.Services)
        {
            var key = $"{site}/{service.Service.Name}/{ContentOf(service)}";
            var known = await Ports.Store.ReadAsync(Records.Parts, key, stop);
            if (known is null)
            {
                writes.Add(new Write(Records.Parts, key, JsonValue.Create(number), Expected: 0));
            }
            var part = new Part(service.Service.Name, known is null ? number : Records.Read<int>(known));
            services.Add(new ReleasedService(service.Service, part, service.Artifact, service.Strategy));
        }
        var release = new Release
        {
            Site = site,
            Number = number,
            Services = services,
            Hosts = candidate.Hosts,
            Tls = candidate.Tls,
            NeedsProvenance = candidate.NeedsProvenance,
            Protection = candidate.Protection,
            Data = candidate.Data,
            Watch = candidate.Watch,
            Monitors = candidate.Monitors,
            Databases = candidate.Databases,
            Source = candidate.Source,
            Commit = candidate.Commit,
            CommittedAt = candidate.CommittedAt,
            At = Ports.World.Now,
        };
        writes.Add(new Write(Records.Releases, Memory.ReleaseKey(site, number), Records.Body(release), Expected: 0));
        return (release, writes);
    }

    // What makes a new version: what runs and how. How many, where it is routed and how it is rolled out do not.
    private static string ContentOf(CandidateService service)
    {
        var content = service.Service with
        {
            Replicas = 1,
            Job = service.Service.Job?.AsRun,
            Scale = null,
            Idle = null,
            Routes = [],
            Keep = TimeSpan.Zero,
            Drain = TimeSpan.Zero,
            Path = "",
            IsExclusive = false,
            Gateway = null,
            Traffic = null,
        };
        var bytes = JsonSerializer.SerializeToUtf8Bytes((content, service.Artifact).ToTuple(), Records.Json);
        return Convert.ToHexStringLower(SHA256.HashData(bytes))[..16];
    }

    private Deployment New(Site site, int release) =>
        new()
        {
            Id = Ports.World.NewId()[..8],
            Site = site,
            Release = release,
            RequestedAt = Ports.World.Now,
            Deadline = Ports.World.Now + QueueLimit,
            RequestedBy = WhoAsks,
        };

    private Requester? WhoAsks => by is null ? null : new(by.Id, by.ToString(), by.Answerable.Id);

    // Sorts by time, so that requests are handled in the order in which they came.
    private string NewKey() => $"{Ports.World.Now.UtcTicks:x16}-{Ports.World.NewId()[..6]}";
}
