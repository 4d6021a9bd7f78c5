using Fairlead.Engine.Deploying;
using Fairlead.Engine.Operations;
using Fairlead.Model.Apps;
using Fairlead.Model.Git;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Sources;

/// <summary>
/// The loop of one source: look at the repository, decide, ask for deployments, follow them. All that must survive is in the store, and a
/// turn that was cut off is done again: a commit is remembered only once its deployment is durable.
/// </summary>
internal sealed class SourceLoop(string name, SourceLoop.Ports ports)
{
    /// <param name="Engine">As the server has it.</param>
    public sealed record Ports(
        Func<EngineContext> Engine,
        SourceBook Book,
        IGitMirrors Mirrors,
        IForges Forges,
        ILogger Log
    );

    private const int ReleasesKept = 5;
    private const string AsBefore = "it is live already";
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PollFloor = TimeSpan.FromSeconds(1);

    private IReadOnlyDictionary<string, GitHead>? heads;
    private DateTimeOffset lookAt;
    private DateTimeOffset tellAt;
    private bool isWaiting;

    private EngineContext Engine => ports.Engine();

    /// <summary>One turn.</summary>
    /// <param name="looks">Look at the repository now, whenever it is due.</param>
    /// <param name="again">Also what was handed over or refused before.</param>
    /// <returns>How long nothing has to be done; null when there is no such source any more.</returns>
    public async Task<TimeSpan?> TurnAsync(bool looks, bool again, CancellationToken stop)
    {
        if (await ports.Book.FindAsync(name, stop) is not { } source)
        {
            return null;
        }
        if (source.IsLeaving && (await ports.Book.PreviewsAsync(name, stop)).All(static one => one.IsOver))
        {
            ports.Mirrors.Remove(name);
            await ports.Book.ForgetAsync(source, stop);
            return null;
        }
        var state = await ports.Book.StateAsync(name, stop);
        var isNews = await LookAsync(source, state, looks, stop);
        state = await ports.Book.StateAsync(name, stop);
        if (heads is not null && (isNews || isWaiting || source.IsLeaving))
        {
            isWaiting = false;
            state = source.IsLeaving ? state : await BranchAsync(source, state, again, stop);
            await PreviewsAsync(source, again, stop);
        }
        var isBusy = await EndAsync(source, stop) | await FollowAsync(source, state, stop);
        if (isNews)
        {
            await PruneAsync(source, stop);
        }
        var rest = lookAt - Engine.World.Now;
        return isBusy || isWaiting || source.IsLeaving || rest < Soon ? Soon : rest;
    }

    // What cannot be reached is tried again with the next look; a mirror that cannot be read is made anew.
    private async Task<bool> LookAsync(GitSource source, SourceState state, bool looks, CancellationToken stop)
    {
        var world = Engine.World;
        if (source.IsLeaving || (!looks && heads is not null && world.Now < lookAt))
        {
            heads ??= new Dictionary<string, GitHead>(StringComparer.Ordinal);
            return false;
        }
        lookAt =
            world.Now
            + TimeSpan.FromTicks(
                Math.Max(PollFloor.Ticks, (long)(source.Poll.Ticks * (0.9 + (0.2 * world.Random.NextDouble()))))
            );
        try
        {
            var token = source.TokenSecret is { } named
                ? await SourceSecrets.OpenAsync(Engine.Server.Vault, source, named, stop)
                : null;
            var changes = (await ports.Book.PreviewsAsync(name, stop))
                .Where(static one => one is { IsOver: false, Change: not null })
                .ToDictionary(static one => one.Change!.Value, one => ReferenceOf(source, one.Change!.Value));
            heads = await ports.Mirrors.FetchAsync(new(name, source.Url, source.IsInside, token, changes), stop);
            var isMended = state.Trouble is { } old && IsOfLook(old);
            await ports.Book.KeepAsync(
                source,
                state with
                {
                    LookedAt = world.Now,
                    Trouble = isMended ? null : state.Trouble,
                },
                text: null,
                stop
            );
            return true;
        }
        catch (ProblemException caught)
        {
            if (caught.Problem.Code == "git.failed")
            {
                ports.Mirrors.Remove(name);
            }
            Log.Trouble(ports.Log, name, caught.Problem.Code, caught.Problem.What, caught.Problem.Why);
            await ports.Book.KeepAsync(source, state with { Trouble = caught.Problem }, text: null, stop);
            return false;
        }
    }

    private async Task<SourceState> BranchAsync(GitSource source, SourceState state, bool again, CancellationToken stop)
    {
        var known = again ? state with { Commit = null } : state;
        var head = heads!.TryGetValue(source.Branch, out var found) ? found.Commit : null;
        var changed =
            known.Commit is { } from && head is not null && source.Paths.Count > 0
                ? await ports.Mirrors.ChangedAsync(name, from, head, stop)
                : null;
        var phase = await PhaseAsync(source.Site, stop);
        var latest = again ? null : await LatestAsync(source.Site, stop);
        switch (SourceTurn.Of(new(source, known, head, latest, phase), changed))
        {
            case SourceTurn.Gone:
                return await KeepAsync(source, state with { Trouble = SourceProblems.BranchGone(source) }, null, stop);
            case SourceTurn.Wait:
                isWaiting = true;
                return state;
            case SourceTurn.Leave leave:
                return await KeepAsync(
                    source,
                    new(name)
                    {
                        LookedAt = state.LookedAt,
                        Commit = leave.Commit,
                        Outcome = "nothing in its paths changed",
                    },
                    $"{leave.Commit[..12]} changes nothing in its paths",
                    stop
                );
            case SourceTurn.Remember same:
                return await KeepAsync(
                    source,
                    new(name)
                    {
                        LookedAt = state.LookedAt,
                        Commit = same.Commit,
                        Outcome = $"release {same.Release}",
                        Deployment = await DeploymentOfAsync(source.Site, same.Commit, stop),
                    },
                    null,
                    stop
                );
            case SourceTurn.Ship ship:
                return await ShipAsync(source, state, ship.Commit, stop);
            default:
                return state;
        }
    }

    private async Task<SourceState> ShipAsync(
        GitSource source,
        SourceState state,
        string commit,
        CancellationToken stop
    )
    {
        var isRewritten =
            state.Commit is { } before
            && before != commit
            && !await ports.Mirrors.IsWithinAsync(name, before, commit, stop);
        var history = isRewritten ? $"; the branch was rewritten, {state.Commit![..12]} is in it no longer" : "";
        try
        {
            DateTimeOffset? at =
                heads!.TryGetValue(source.Branch, out var head) && head.Commit == commit ? head.At : null;
            var deployment = await new Shipment(source, Engine, ports.Mirrors).DeployAsync(commit, at, stop);
            var outcome = deployment is null ? AsBefore : $"release {deployment.Release}";
            return await KeepAsync(
                source,
                new(name)
                {
                    LookedAt = state.LookedAt,
                    Commit = commit,
                    Outcome = outcome,
                    Deployment = deployment is null ? null : $"{source.Site}/{deployment.Id}",
                },
                $"{commit[..12]} of {source.Branch}: {outcome}{history}",
                stop
            );
        }
        catch (ProblemException caught)
        {
            Log.Trouble(ports.Log, name, caught.Problem.Code, caught.Problem.What, caught.Problem.Why);
            var isOver = !MayPass(caught.Problem);
            return await KeepAsync(
                source,
                new(name)
                {
                    LookedAt = state.LookedAt,
                    Commit = isOver ? commit : state.Commit,
                    Outcome = isOver ? "not deployed" : state.Outcome,
                    Trouble = caught.Problem,
                },
                isOver ? $"{commit[..12]} is not deployed: {caught.Problem.What} {caught.Problem.Why}{history}" : null,
                stop
            );
        }
    }

    private async Task PreviewsAsync(GitSource source, bool again, CancellationToken stop)
    {
        var known = await ports.Book.PreviewsAsync(name, stop);
        if (source.Previews is null && known.Count == 0)
        {
            return;
        }
        if (again)
        {
            known = [.. known.Select(static one => one.IsOver ? one : one with { Commit = null })];
        }
        var closed = await ClosedAsync(source, known, stop);
        foreach (var move in PreviewPlan.Of(new(source, heads!, known, closed, Engine.World.Now)))
        {
            switch (move)
            {
                case PreviewMove.Ship ship:
                    await ShipAsync(source, ship.Preview, ship.Commit, stop);
                    break;
                case PreviewMove.End { Preview.Ending: null } end:
                    Log.Said(ports.Log, end.Preview.Key, end.Why);
                    await ports.Book.KeepAsync(
                        end.Preview with
                        {
                            Ending = end.Why,
                        },
                        $"its preview ends: {end.Why}",
                        stop
                    );
                    break;
                case PreviewMove.Forget forget:
                    await ports.Book.ForgetAsync(forget.Preview, stop);
                    break;
            }
        }
    }

    private async Task ShipAsync(GitSource source, Preview preview, string commit, CancellationToken stop)
    {
        if (await PhaseAsync(preview.Site, stop) is { IsOver: false })
        {
            isWaiting = true;
            return;
        }
        // It is there before anything of it is: what was cut off is found again, and ends like every other.
        await ports.Book.KeepAsync(preview, text: null, stop);
        try
        {
            if (preview.Change is { } change)
            {
                Approved(preview, heads!.GetValueOrDefault($"change:{change}").Commit);
            }
            var ground = new PreviewGround(source, Engine);
            var deployment = await new Shipment(source, Engine, ports.Mirrors).PreviewAsync(
                preview,
                source.Previews!, // Only then is there one to be shipped.
                commit,
                ground,
                stop
            );
            await ports.Book.KeepAsync(
                preview with
                {
                    Commit = commit,
                    Deployment = deployment is null
                        ? await DeploymentOfAsync(preview.Site, commit, stop)
                        : $"{preview.Site}/{deployment.Id}",
                    Trouble = null,
                    IsPrepared = true,
                },
                $"{commit[..12]} goes to its preview, {preview.Host}",
                stop
            );
        }
        catch (ProblemException caught)
        {
            Log.Trouble(ports.Log, preview.Key, caught.Problem.Code, caught.Problem.What, caught.Problem.Why);
            var isOver = !MayPass(caught.Problem);
            await ports.Book.KeepAsync(
                preview with
                {
                    Commit = isOver ? commit : preview.Commit,
                    Deployment = null,
                    Trouble = caught.Problem,
                },
                isOver ? $"{commit[..12]} gets no preview: {caught.Problem.What} {caught.Problem.Why}" : null,
                stop
            );
        }
    }

    // Of a change that moved on, what was approved is deployed while it is the head, and nothing else ever.
    private static void Approved(Preview preview, string? head)
    {
        if (head is not null && head != preview.Approved)
        {
            throw new ProblemException(SourceProblems.NotApproved(preview, head));
        }
    }

    private async Task<IReadOnlySet<int>> ClosedAsync(
        GitSource source,
        IReadOnlyList<Preview> known,
        CancellationToken stop
    )
    {
        var closed = new HashSet<int>();
        foreach (var change in known.Where(static one => !one.IsOver).Select(static one => one.Change).OfType<int>())
        {
            try
            {
                if (
                    source is { Forge: { } address, TokenSecret: { } tokenName }
                    && !await ports
                        .Forges.Open(
                            address,
                            source.IsInside,
                            await SourceSecrets.OpenAsync(Engine.Server.Vault, source, tokenName, stop)
                        )
                        .IsOpenAsync(change, stop)
                )
                {
                    closed.Add(change);
                }
            }
            catch (ProblemException caught)
            {
                // What is not known ends nothing; its time does.
                Log.Trouble(ports.Log, name, caught.Problem.Code, caught.Problem.What, caught.Problem.Why);
            }
        }
        return closed;
    }

    private async Task<bool> EndAsync(GitSource source, CancellationToken stop)
    {
        var isBusy = false;
        var shipment = new Shipment(source, Engine, ports.Mirrors);
        var ending = (await ports.Book.PreviewsAsync(name, stop)).Where(static one =>
            one is { Ending: not null, IsOver: false }
        );
        foreach (var preview in ending)
        {
            if (!await new PreviewEnding(Engine, shipment).StepAsync(preview.Site, stop))
            {
                isBusy = true;
                continue;
            }
            var trouble = await CleanUpAsync(source, preview, shipment, stop);
            var (told, retryAt) = await TellAsync(
                source,
                new CommitNews(preview.Commit ?? "", "gone", preview.Ending!),
                preview.Told,
                preview,
                stop
            );
            tellAt = retryAt;
            isWaiting = true; // Another may have waited for its place.
            await ports.Book.KeepAsync(
                preview with
                {
                    IsOver = true,
                    Deployment = null,
                    Trouble = trouble,
                    IsPrepared = false,
                    Told = told,
                },
                trouble is null ? "its preview is gone" : $"its preview is gone, but {trouble.What} {trouble.Why}",
                stop
            );
        }
        return isBusy;
    }

    private async Task<Problem?> CleanUpAsync(
        GitSource source,
        Preview preview,
        Shipment shipment,
        CancellationToken stop
    )
    {
        try
        {
            var folder =
                preview.Commit is { } commit && source.Previews is { Data.CleanUp.Count: > 0 }
                    ? await shipment.FolderAsync(preview.Branch, commit, stop)
                    : "/";
            return await new PreviewGround(source, Engine).CleanUpAsync(preview, source.Previews, folder, stop);
        }
        catch (ProblemException caught)
        {
            return caught.Problem;
        }
    }

    // Deployments go on by themselves; this only tells of them.
    private async Task<bool> FollowAsync(GitSource source, SourceState state, CancellationToken stop)
    {
        var deployment = await DeploymentAsync(state.Deployment, stop);
        var isBusy = deployment is { Phase.IsOver: false };
        var isAsked = state.Trouble is null || !IsOfLook(state.Trouble);
        var (told, retryAt) = isAsked
            ? await TellAsync(
                source,
                CommitNews.Of(state.Commit, state.Trouble, deployment, state.Outcome),
                state.Told,
                null,
                stop
            )
            : (state.Told, tellAt);
        tellAt = retryAt;
        if (told != state.Told)
        {
            await ports.Book.KeepAsync(source, state with { Told = told }, text: null, stop);
        }
        foreach (var one in await ports.Book.PreviewsAsync(name, stop))
        {
            if (one.IsOver || one.Ending is not null)
            {
                continue;
            }
            var under = await DeploymentAsync(one.Deployment, stop);
            isBusy |= under is { Phase.IsOver: false };
            (told, tellAt) = await TellAsync(
                source,
                CommitNews.Of(one.Commit, one.Trouble, under, AsBefore),
                one.Told,
                one,
                stop
            );
            if (told != one.Told)
            {
                await ports.Book.KeepAsync(one with { Told = told }, text: null, stop);
            }
        }
        return isBusy;
    }

    private Task<(Told? Told, DateTimeOffset RetryAt)> TellAsync(
        GitSource source,
        CommitNews? news,
        Told? before,
        Preview? preview,
        CancellationToken stop
    ) =>
        new Telling(source, Engine, ports.Forges, ports.Log) { RetryAt = tellAt }.TellAsync(
            news,
            before,
            preview?.Site.Environment ?? source.Environment,
            preview,
            stop
        );

    private async Task PruneAsync(GitSource source, CancellationToken stop)
    {
        // A site's record is written by its loop; its first release is there before that.
        var records = (await Sites.AllAsync(Engine.Server, stop)).ToDictionary(static one => one.Site);
        var releases = await Engine.Server.Store.ListAsync(Records.Releases, $"{source.App}/", stop);
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var site in releases.Select(Records.Read<Release>).GroupBy(static one => one.Site))
        {
            var record = records.GetValueOrDefault(site.Key) ?? new(site.Key);
            used.UnionWith(
                site.Where(one => one.Number == record.Live || record.Warm.Any(warm => warm.Release == one.Number))
                    .Concat(site.TakeLast(ReleasesKept))
                    .Select(static one => one.Source)
            );
        }
        ports.Mirrors.Prune(name, used);
    }

    private async Task<SourceState> KeepAsync(GitSource source, SourceState state, string? text, CancellationToken stop)
    {
        await ports.Book.KeepAsync(source, state, text, stop);
        if (text is not null)
        {
            Log.Said(ports.Log, name, text);
        }
        return state;
    }

    private async Task<DeploymentPhase?> PhaseAsync(Site site, CancellationToken stop)
    {
        var store = Engine.Server.Store;
        if ((await store.ListAsync(Records.Requests, $"{site}/", stop)).Count > 0)
        {
            return DeploymentPhase.Queued;
        }
        return
            await store.ReadAsync(Records.Sites, site.ToString(), stop) is { } document
            && Records.Read<SiteRecord>(document) is var record
            && (record.Active ?? (record.Queue is [.., var last] ? last : null)) is { } id
            ? (await DeploymentAsync($"{site}/{id}", stop))?.Phase
            : null;
    }

    private async Task<Release?> LatestAsync(Site site, CancellationToken stop) =>
        await Engine.Server.Store.ReadAsync(Records.Counters, site.ToString(), stop) is { } counter
        && await Engine.Server.Store.ReadAsync(
            Records.Releases,
            Memory.ReleaseKey(site, Records.Read<int>(counter)),
            stop
        )
            is { } document
            ? Records.Read<Release>(document)
            : null;

    // Also of one that was asked for and not written down here, because the server was killed in between.
    private async Task<string?> DeploymentOfAsync(Site site, string commit, CancellationToken stop)
    {
        var releases = (await Engine.Server.Store.ListAsync(Records.Releases, $"{site}/", stop))
            .Select(Records.Read<Release>)
            .Where(one => one.Commit == commit)
            .Select(static one => one.Number)
            .ToHashSet();
        var last = (await Sites.DeploymentsAsync(Engine.Server, site, stop)).LastOrDefault(one =>
            releases.Contains(one.Release)
        );
        return last?.Key;
    }

    private async Task<Deployment?> DeploymentAsync(string? key, CancellationToken stop) =>
        key is not null && await Engine.Server.Store.ReadAsync(Records.Deployments, key, stop) is { } document
            ? Records.Read<Deployment>(document)
            : null;

    private static string ReferenceOf(GitSource source, int change) =>
        source.Forge?.Kind is ForgeKind.GitLab
            ? FormattableString.Invariant($"refs/merge-requests/{change}/head")
            : FormattableString.Invariant($"refs/pull/{change}/head");

    private static bool IsOfLook(Problem problem) =>
        problem.Code.StartsWith("git.", StringComparison.Ordinal)
        || problem.Code is "source.branch-gone" or "source.bug";

    /// <summary>Whether the same commit may be deployed a while later, with nothing changed.</summary>
    private static bool MayPass(Problem problem) =>
        problem.Trouble is Trouble.Unreachable or Trouble.TimedOut
        || problem.RetryAt is not null
        || problem.Code is "deploy.frozen";
}
