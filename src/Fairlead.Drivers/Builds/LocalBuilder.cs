using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Drivers.Containers;
using Fairlead.Drivers.State;
using Fairlead.Model.Apps;
using Fairlead.Model.Images;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;
using Microsoft.Extensions.Logging;

namespace Fairlead.Drivers.Builds;

/// <summary>Builds on this machine with the tools that are on it: one build of a service at a time, two at once in all.</summary>
public sealed class LocalBuilder : IBuilder, IAsyncDisposable
{
    private const string MarkName = "FAIRLEAD_BUILD";
    private const int AtOnceMax = 2;
    private const int RememberedMax = 100;

    private readonly StateFolder state;
    private readonly World world;
    private readonly ILogger logger;
    private readonly ArtifactStore artifacts;
    private readonly SourceHasher hasher;
    private readonly ReadyImages images;
    private readonly Lazy<Task> swept;
    private readonly Lock gate = new();
    private readonly Dictionary<string, Running> builds = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> turns = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim slots = new(AtOnceMax);

    public LocalBuilder(StateFolder state, World world, ILogger logger)
    {
        (this.state, this.world, this.logger) = (state, world, logger);
        artifacts = new(state);
        hasher = new(world);
        images = new(ContainerEngine.OfEnvironment(world));
        swept = new(() => Task.Run(Sweep));
    }

    /// <summary>Is told of what was built before it gets its name; null for nobody.</summary>
    public IBuildWitness? Witness { get; init; }

    /// <summary>Asks a registry which image a name means now.</summary>
    public Func<string, CancellationToken, Task<ReadyImage>> Pin { get; init; } =
        static (_, _) => throw new NotSupportedException("Nobody to ask which image a name means.");

    /// <summary>Hides secrets in what builds print.</summary>
    public LiveMask? Mask { get; init; }

    public async Task<string> DigestAsync(BuildOrder order, CancellationToken stop)
    {
        if (order.Service.Container?.Image is not null)
        {
            return SourceHasher.Digest(order, []);
        }
        var files = await Task.Run(() => new SourceScan(order, state.Root, stop).Run(), stop);
        return SourceHasher.Digest(order, await hasher.HashAsync(order.Source, files, stop));
    }

    public Task StartAsync(BuildOrder order, string artifact, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        CheckNames(order, artifact);
        lock (gate)
        {
            var isThere = artifacts.Has(artifact);
            var isRunning = builds.TryGetValue(artifact, out var before) && !before.Task.IsCompleted;
            if (!isThere && !isRunning)
            {
                ForgetOldest();
                builds[artifact] = Begin(order, artifact);
            }
        }
        return Task.CompletedTask;
    }

    public async Task<BuildView> ObserveAsync(string artifact, CancellationToken stop)
    {
        Running? build;
        lock (gate)
        {
            builds.TryGetValue(artifact, out build);
        }
        if (build is { Task.IsCompleted: false })
        {
            return new(BuildState.Running, Lines: build.Lines);
        }
        if (IsDigest(artifact) && artifacts.Has(artifact))
        {
            return new(BuildState.Done, Lines: build?.Lines) { Warnings = build?.Output?.Warnings ?? [] };
        }
        // A build that says Done without an artifact was pruned since.
        var view = build is null ? null : await build.Task.WaitAsync(stop);
        return view is { State: BuildState.Failed } ? view : new(BuildState.Missing);
    }

    public async Task CancelAsync(string artifact, CancellationToken stop)
    {
        Running? build;
        lock (gate)
        {
            builds.Remove(artifact, out build);
        }
        if (build is not null)
        {
            await build.Cancel.CancelAsync();
            await build.Task.WaitAsync(stop);
        }
    }

    /// <summary>Removes artifacts that nobody names any more; one that is being built stays.</summary>
    /// <param name="keep">Digests that a release or a running deployment names.</param>
    /// <returns>How many it removed.</returns>
    public async Task<int> PruneAsync(IReadOnlySet<string> keep, CancellationToken stop)
    {
        var count = await Task.Run(() => artifacts.Prune(keep, stop), stop);
        if (count > 0)
        {
            logger.Pruned(count);
        }
        return count;
    }

    /// <summary>Ends all builds with everything they started.</summary>
    public async ValueTask DisposeAsync()
    {
        Running[] all;
        lock (gate)
        {
            all = [.. builds.Values];
            builds.Clear();
        }
        foreach (var build in all)
        {
            await build.Cancel.CancelAsync();
        }
        await Task.WhenAll(all.Select(build => build.Task));
        slots.Dispose();
        images.Dispose();
    }

    internal static bool IsDigest(string name) => name.Length == 64 && name.All(char.IsAsciiHexDigitLower);

    private Running Begin(BuildOrder order, string artifact)
    {
        var running = new Running(new CancellationTokenSource());
        running.Task = Task.Run(() => RunAsync(order, artifact, running, running.Cancel.Token), CancellationToken.None);
        return running;
    }

    private async Task<BuildView> RunAsync(BuildOrder order, string artifact, Running running, CancellationToken stop)
    {
        var turn = turns.GetOrAdd($"{order.App}/{order.Service.Name}", _ => new SemaphoreSlim(1));
        var (hasTurn, hasSlot) = (false, false);
        try
        {
            await swept.Value.WaitAsync(stop);
            await turn.WaitAsync(stop);
            hasTurn = true;
            await slots.WaitAsync(stop);
            hasSlot = true;
            return await BuildAsync(order, artifact, running, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            logger.Cancelled(order.App, order.Service.Name);
            return new(BuildState.Missing);
        }
        finally
        {
            _ = hasSlot ? slots.Release() : 0;
            _ = hasTurn ? turn.Release() : 0;
        }
    }

    private async Task<BuildView> BuildAsync(BuildOrder order, string artifact, Running running, CancellationToken stop)
    {
        var began = world.Clock.GetTimestamp();
        using var limit = new CancellationTokenSource(Build.Limit, world.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        logger.Building(order.App, order.Service.Name, artifact);
        try
        {
            var folder = Path.Combine(state.Builds, order.App);
            Directory.CreateDirectory(folder);
            var root = Path.Combine(folder, order.Service.Name, "src");
            using var output = new BuildOutput(Path.Combine(folder, order.Service.Name + ".log"), root, Mask);
            running.Output = output;
            try
            {
                await new Build(order, artifact, Place(order, artifact, root), output).RunAsync(both.Token);
            }
            catch (OperationCanceledException caught) when (limit.IsCancellationRequested)
            {
                throw new ProblemException(BuildProblems.TimedOut(order, Build.Limit, output), caught);
            }
            finally
            {
                artifacts.Drop(artifact);
            }
            var took = world.Clock.GetElapsedTime(began);
            logger.Built(order.App, order.Service.Name, took);
            return new(BuildState.Done);
        }
        catch (ProblemException caught)
        {
            var others = caught.Problems.Skip(1).Select(one => $"{one.What} {one.Fix}");
            return Failed(caught.Problem with { Evidence = [.. caught.Problem.Evidence, .. others] });
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            return Failed(BuildProblems.Disk(order, caught));
        }
    }

    private BuildView Failed(Problem problem)
    {
        logger.Failed(problem.What, problem.Why);
        return new(BuildState.Failed, problem, problem.Evidence);
    }

    private BuildPlace Place(BuildOrder order, string artifact, string root) =>
        new(
            new Workspace(root, order, hasher),
            artifacts,
            BuildEnv.Read(Environment.GetEnvironmentVariables()),
            new(MarkName, Owner + artifact),
            state.Root,
            world
        )
        {
            Witness = Witness,
            Images = images,
            Pin = Pin,
        };

    // Which Fairlead a build belongs to: another one on this machine may be building too.
    private string Owner =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(state.Root))))[..16] + "-";

    private void Sweep()
    {
        var count = ProcessTree.KillAll(new(MarkName, Owner));
        if (count > 0)
        {
            logger.EndedLeftovers(count);
        }
        artifacts.Sweep();
    }

    private void ForgetOldest()
    {
        foreach (
            var (artifact, _) in builds
                .Where(one => one.Value.Task.IsCompleted)
                .Take(builds.Count - RememberedMax)
                .ToList()
        )
        {
            builds.Remove(artifact);
        }
    }

    private static void CheckNames(BuildOrder order, string artifact)
    {
        if (!IsDigest(artifact) || !Site.IsName(order.App) || !Site.IsName(order.Service.Name))
        {
            throw new ArgumentException(
                $"Not names that a path can be made of: {order.App}, {order.Service.Name}, {artifact}.",
                nameof(order)
            );
        }
    }

    /// <summary>A build that was begun; how it ended is what its task returns.</summary>
    private sealed class Running(CancellationTokenSource cancel)
    {
        public CancellationTokenSource Cancel => cancel;

        public Task<BuildView> Task { get; set; } = null!;

        public BuildOutput? Output { get; set; }

        public IReadOnlyList<string> Lines => Output?.Last ?? [];
    }
}
