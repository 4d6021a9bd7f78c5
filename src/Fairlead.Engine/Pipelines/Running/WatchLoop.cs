using System.Globalization;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Pipelines.Running;

/// <summary>
/// Runs a pipeline, then again what changes of its inputs touch, until it is stopped. It looks for itself instead of being told: a look costs a walk over what the
/// tasks read, whose digests are remembered, and holds wherever files do, also where a system tells of no changes or has no more watches to give.
/// </summary>
/// <param name="file">The pipeline's own, from the folder.</param>
/// <param name="load">Reads the pipeline as it is now.</param>
/// <param name="doAsync">Does the jobs of a graph once.</param>
internal sealed class WatchLoop(
    PipelinePorts ports,
    string file,
    Func<LoadedPipeline> load,
    Func<LoadedPipeline, CancellationToken, Task> doAsync
)
{
    // Looking is at most a tenth of the time, however large the folder.
    private const int LookShare = 10;
    private const int LooksToSettle = 25;

    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(200);

    private TimeSpan pause = PauseMin;

    /// <exception cref="OperationCanceledException"><paramref name="stop"/> fired; what ran is gone.</exception>
    /// <exception cref="ProblemException">The pipeline cannot be read at the beginning, or nothing says what it reads.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        var loaded = Repeatable(load());
        if (!loaded.Graph.Runs.SelectMany(static run => run.Job.Tasks).Any(static task => task.Inputs is not null))
        {
            throw new ProblemException(Nothing(loaded));
        }
        IReadOnlyDictionary<string, string> seen = Look(loaded) ?? [];
        var wanted = Enumerable.Repeat(element: true, loaded.Graph.Runs.Count).ToArray();
        while (true)
        {
            using var cut = CancellationTokenSource.CreateLinkedTokenSource(stop);
            var round = loaded with { Graph = loaded.Graph.Only(wanted) };
            var run = OnceAsync(round, cut.Token);
            try
            {
                (loaded, seen, wanted) = await NextAsync(new(loaded, seen, wanted), (run, cut), stop);
            }
            finally
            {
                // Nothing of a round outlives it, also when somebody stops all of it.
                await cut.CancelAsync();
                await run;
            }
        }
    }

    private sealed record Round(LoadedPipeline Loaded, IReadOnlyDictionary<string, string> Seen, bool[] Wanted);

    /// <summary>Waits for changes that touch something, cuts the round where it is among what it does, and says what is to be done next.</summary>
    private async Task<(LoadedPipeline, IReadOnlyDictionary<string, string>, bool[])> NextAsync(
        Round now,
        (Task Run, CancellationTokenSource Cut) going,
        CancellationToken stop
    )
    {
        var (loaded, seen, wanted) = (now.Loaded, now.Seen, now.Wanted);
        var next = new bool[wanted.Length];
        while (true)
        {
            await Task.Delay(pause, ports.World.Clock, stop);
            if (going.Run.IsCompleted && next.Contains(value: true))
            {
                return (loaded, seen, next);
            }
            if (await SettledAsync(loaded, seen, stop) is not { } looked)
            {
                continue;
            }
            List<string> changed = [.. Differing(seen, looked)];
            seen = looked;
            ports.Say($"watch: {string.Join(", ", changed.Take(3))}{(changed.Count > 3 ? " and more" : "")} changed");
            if (changed.Contains(file))
            {
                if (Reloaded() is not { } other)
                {
                    continue;
                }
                return (other, Look(other) ?? seen, Enumerable.Repeat(element: true, other.Graph.Runs.Count).ToArray());
            }
            var affected = new Affected(loaded.Graph, new(file, changed), ports.Workspace, file);
            for (var at = 0; at < next.Length; at++)
            {
                next[at] |= affected.IsIn(loaded.Graph.Runs[at]);
            }
            if (!going.Run.IsCompleted && next.Where((one, at) => one && wanted[at]).Any())
            {
                ports.Say("watch: what goes on is out of date and is ended");
                await going.Cut.CancelAsync();
                await going.Run;
                // What it had done is up to date; what it had not come to is still to be done.
                return (loaded, seen, [.. next.Select((one, at) => one || wanted[at])]);
            }
        }
    }

    /// <returns>Null when nothing changed, or cannot be seen now.</returns>
    private async Task<IReadOnlyDictionary<string, string>?> SettledAsync(
        LoadedPipeline loaded,
        IReadOnlyDictionary<string, string> seen,
        CancellationToken stop
    )
    {
        if (Look(loaded) is not { } looked || !Differing(seen, looked).Any())
        {
            return null;
        }
        // An editor saves many files, and a checkout changes thousands: what they end with counts.
        for (var look = 0; look < LooksToSettle; look++)
        {
            await Task.Delay(pause, ports.World.Clock, stop);
            if (Look(loaded) is { } again)
            {
                if (!Differing(looked, again).Any())
                {
                    break;
                }
                looked = again;
            }
        }
        return Differing(seen, looked).Any() ? looked : null;
    }

    private async Task OnceAsync(LoadedPipeline round, CancellationToken stop)
    {
        // The first look comes at once, whatever a round begins with.
        await Task.Yield();
        try
        {
            await doAsync(round, stop);
            ports.Say("watch: waiting for changes; Ctrl-C ends it");
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Cut, by a change or by whoever runs it.
        }
        catch (ProblemException caught)
        {
            Say(caught);
        }
    }

    /// <summary>What all tasks read, but what tasks make: digests by path.</summary>
    /// <returns>Null when it cannot be read just now, as in the midst of a change.</returns>
    private Dictionary<string, string>? Look(LoadedPipeline loaded)
    {
        var began = ports.World.Clock.GetTimestamp();
        var tasks = loaded
            .Graph.Runs.Select(static run => run.Job)
            .Distinct()
            .SelectMany(static job => job.Tasks)
            .ToList();
        List<string> made = [.. tasks.SelectMany(static one => one.Outputs.Concat(one.Reports)).Distinct()];
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            var globs = tasks.Select(static one => one.Inputs).OfType<IReadOnlyList<string>>().Append([file]);
            foreach (var read in globs.DistinctBy(static one => string.Join('\n', one)))
            {
                foreach (var one in ports.Workspace.Find(TaskKeys.Read(read, made)))
                {
                    found[one.Path] = TaskKeys.FileText(one);
                }
            }
        }
        catch (ProblemException)
        {
            return null;
        }
        var took = ports.World.Clock.GetElapsedTime(began);
        pause = took * LookShare > PauseMin ? took * LookShare : PauseMin;
        return found;
    }

    private static IEnumerable<string> Differing(
        IReadOnlyDictionary<string, string> one,
        IReadOnlyDictionary<string, string> other
    ) =>
        one
            .Keys.Union(other.Keys, StringComparer.Ordinal)
            .Where(path => one.GetValueOrDefault(path) != other.GetValueOrDefault(path))
            .Order(StringComparer.Ordinal);

    private LoadedPipeline? Reloaded()
    {
        try
        {
            return Repeatable(load());
        }
        catch (ProblemException caught)
        {
            // Half written, or wrong: the next change may mend it.
            Say(caught);
            return null;
        }
    }

    /// <summary>Without what must not be done twice, such as deploying, and what needs that: nobody means to publish with each save.</summary>
    private LoadedPipeline Repeatable(LoadedPipeline whole)
    {
        var stays = new bool[whole.Graph.Runs.Count];
        for (var at = 0; at < stays.Length; at++)
        {
            var run = whole.Graph.Runs[at];
            stays[at] = run.Needs.All(need => stays[need]) && !run.Job.Tasks.Any(static task => task.IsOnce);
            if (!stays[at])
            {
                ports.Say($"watch: {run.Id} is left out: it, or what it needs, must not be done twice");
            }
        }
        return whole with { Graph = whole.Graph.Only(stays) };
    }

    private void Say(ProblemException caught)
    {
        foreach (var problem in caught.Problems)
        {
            ports.Say($"watch: {problem.What} {problem.Why}");
        }
    }

    private static Problem Nothing(LoadedPipeline loaded) =>
        new(
            "pipeline.nothing-to-watch",
            What: string.Create(
                CultureInfo.InvariantCulture,
                $"No task of '{loaded.Pipeline.Name}' that may be done again says what it reads."
            ),
            Why: "Changes of inputs are what it waits for.",
            Fix: "Write them: inputs: [src/**]"
        )
        {
            Trouble = Trouble.WrongUse,
        };
}
