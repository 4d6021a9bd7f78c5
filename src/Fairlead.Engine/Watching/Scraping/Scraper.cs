using System.Collections.Concurrent;
using Fairlead.Engine.Deploying;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Watching.Scraping;

/// <summary>Asks every target at its own moments and keeps what they show.</summary>
/// <param name="find">Every target there is now, each once.</param>
public sealed class Scraper(
    IScrapes scrapes,
    IMetricStore store,
    Func<CancellationToken, Task<IReadOnlyList<ScrapeTarget>>> find,
    World world,
    ILogger log
) : IBackgroundWork
{
    private const int TargetsMax = 5_000;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan DeafFor = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, TargetView> views = new(StringComparer.Ordinal);
    private readonly Bell bell = new(world.Clock);

    public string Name => "scrape";

    /// <summary>Where it tells what targets say of their metrics.</summary>
    public MetricNotes Notes { get; init; } = new();

    /// <summary>Called when new numbers of a target are kept.</summary>
    public Action<ScrapeTarget> Arrived { get; set; } = static _ => { };

    /// <summary>Every target and how it was the last time.</summary>
    public IReadOnlyList<TargetView> Views =>
        [
            .. views
                .Values.OrderBy(one => one.Target.Job, StringComparer.Ordinal)
                .ThenBy(one => one.Target.Instance, StringComparer.Ordinal),
        ];

    /// <summary>Looks for targets at once.</summary>
    public void Ring() => bell.Ring();

    public async Task RunAsync(CancellationToken stop)
    {
        var loops = new Dictionary<string, Loop>(StringComparer.Ordinal);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            while (!stop.IsCancellationRequested)
            {
                await SettleAsync(loops, ending.Token);
                await bell.SleepAsync(LookEvery, stop);
            }
        }
        finally
        {
            Cancel(ending);
            await Task.WhenAll(loops.Values.Select(one => one.EndedAsync(CancellationToken.None)));
            loops.Values.ToList().ForEach(one => one.Dispose());
            views.Clear();
        }
    }

    private async Task SettleAsync(Dictionary<string, Loop> loops, CancellationToken stop)
    {
        IReadOnlyList<ScrapeTarget> found;
        try
        {
            found = await find(stop);
        }
        catch (ProblemException caught)
        {
            // A node that restarts has not lost its replicas: what is known is asked on, and shows by itself whether it is up.
            Log.TargetsNotFound(log, caught.Problem.Code, caught.Problem.Why);
            return;
        }
        if (found.Count > TargetsMax)
        {
            Log.TooManyTargets(log, found.Count, TargetsMax);
        }
        var wanted = found
            .Take(TargetsMax)
            .DistinctBy(one => one.Key)
            .ToDictionary(one => one.Key, StringComparer.Ordinal);
        foreach (
            var (key, loop) in loops
                .Where(one => wanted.GetValueOrDefault(one.Key)?.IsSame(one.Value.Target) is not true)
                .ToList()
        )
        {
            loops.Remove(key);
            views.TryRemove(key, out _);
            await loop.EndAsync(stop);
            await KeepAsync(loop.Target, loop.Memory.Gone(Now(world.Now)), stop);
            loop.Dispose();
        }
        foreach (var (key, target) in wanted.Where(one => !loops.ContainsKey(one.Key)))
        {
            views[key] = TargetView.Of(target);
            loops[key] = new(target, AskAlwaysAsync, stop);
        }
        // A loop that broke has a bug of its own; whoever keeps this work begins it again.
        await Task.WhenAll(loops.Values.Where(one => one.IsBroken).Select(one => one.EndAsync(stop)));
    }

    private async Task AskAlwaysAsync(ScrapeTarget target, ScrapeMemory memory, CancellationToken stop)
    {
        // Rung when there is news.
        var early = new Bell(world.Clock);
        var hearing = target.HasNews ? HearAsync(target, early, stop) : Task.CompletedTask;
        while (!hearing.IsFaulted)
        {
            var due = ScrapeSchedule.Next(target, world.Now);
            await early.SleepAsync(due - world.Now, stop);
            var now = world.Now;
            await AskAsync(target, memory, now < due ? now : ScrapeSchedule.TimeOf(due, now), stop);
        }
        await hearing;
    }

    // Who cannot be asked for news is asked again later: its own moments go on meanwhile.
    private async Task HearAsync(ScrapeTarget target, Bell early, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                if (await scrapes.NewsAsync(target, stop))
                {
                    early.Ring();
                }
            }
            catch (ProblemException)
            {
                await Task.Delay(DeafFor, world.Clock, stop);
            }
        }
    }

    private async Task AskAsync(ScrapeTarget target, ScrapeMemory memory, DateTimeOffset at, CancellationToken stop)
    {
        var began = world.Clock.GetTimestamp();
        MetricPage? page = null;
        Problem? problem = null;
        try
        {
            page = await scrapes.ScrapeAsync(target, stop);
            Notes.Tell(page.Abouts.Values);
        }
        catch (ProblemException caught)
        {
            problem = caught.Problem;
        }
        var took = world.Clock.GetElapsedTime(began);
        var kept = page is null ? memory.Failed(Now(at), took) : memory.Showed(page, Now(at), took);
        Note(target, view => view with { At = at, Took = took, Samples = page?.Samples.Count ?? 0, Problem = problem });
        await KeepAsync(target, kept, stop);
        Arrived(target);
    }

    private async Task KeepAsync(ScrapeTarget target, IReadOnlyList<SeriesSamples> samples, CancellationToken stop)
    {
        try
        {
            var appended = await store.AppendAsync(samples, stop);
            if (appended.Refused.Count > 0)
            {
                Note(target, view => view with { Refused = Sum(view.Refused, appended.Refused) });
            }
        }
        catch (ProblemException caught)
        {
            Log.SamplesNotKept(log, target.Job, target.Instance, caught.Problem.Code, caught.Problem.Why);
        }
    }

    private void Note(ScrapeTarget target, Func<TargetView, TargetView> change)
    {
        if (views.TryGetValue(target.Key, out var view))
        {
            views.TryUpdate(target.Key, change(view), view);
        }
    }

    private static Dictionary<string, long> Sum(
        IReadOnlyDictionary<string, long> known,
        IReadOnlyDictionary<string, long> more
    ) => known.Concat(more).GroupBy(one => one.Key).ToDictionary(one => one.Key, one => one.Sum(count => count.Value));

    // Here and now, as the simulation wants it: CancelAsync would do it on a thread of the pool.
    private static void Cancel(CancellationTokenSource source) => source.Cancel();

    private static long Now(DateTimeOffset at) => at.ToUnixTimeMilliseconds();

    /// <summary>One target, asked until it goes.</summary>
    private sealed class Loop : IDisposable
    {
        private readonly CancellationTokenSource told;
        private readonly Task work;

        public Loop(
            ScrapeTarget target,
            Func<ScrapeTarget, ScrapeMemory, CancellationToken, Task> ask,
            CancellationToken stop
        )
        {
            Target = target;
            Memory = new(target);
            told = CancellationTokenSource.CreateLinkedTokenSource(stop);
            work = ask(target, Memory, told.Token);
        }

        public ScrapeTarget Target { get; }

        public ScrapeMemory Memory { get; }

        public bool IsBroken => work.IsFaulted;

        public async Task EndAsync(CancellationToken stop)
        {
            Cancel(told);
            try
            {
                await work.WaitAsync(stop);
            }
            catch (OperationCanceledException) when (told.IsCancellationRequested)
            {
                // As it was told.
            }
        }

        /// <summary>Waits for its end, whatever that is.</summary>
        public async Task EndedAsync(CancellationToken stop) =>
            await work.WaitAsync(stop)
                .ConfigureAwait(
                    ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext
                );

        public void Dispose() => told.Dispose();
    }
}
