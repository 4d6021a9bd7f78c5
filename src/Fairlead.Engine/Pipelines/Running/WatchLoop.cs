using System.Globalization;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Pipelines.Running;

/// <summary>Runs a pipeline, then again what changes of its inputs touch, until it is stopped.</summary>
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
    private const int NamesMax = 3;
    private const int LoadsMax = 4;

    // In so many rounds in a row the same file changed: then the run itself may be who changes it.
    private const int EchoesMax = 3;
    private const int HoldSecondsMax = 60;

    private readonly WatchedFiles files = new(ports, file);

    /// <exception cref="OperationCanceledException"><paramref name="stop"/> fired; what ran is gone.</exception>
    /// <exception cref="ProblemException">The pipeline cannot be read at the beginning, or nothing says what it reads.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        var round = Fresh();
        if (
            !round.Loaded.Graph.Runs.SelectMany(static run => run.Job.Tasks).Any(static task => task.Inputs is not null)
        )
        {
            throw new ProblemException(Nothing(round.Loaded));
        }
        while (true)
        {
            if (round.Echoes > EchoesMax)
            {
                var hold = Math.Min(1 << Math.Min(round.Echoes - EchoesMax, 10), HoldSecondsMax);
                await Task.Delay(TimeSpan.FromSeconds(hold), ports.World.Clock, stop);
            }
            using var cut = CancellationTokenSource.CreateLinkedTokenSource(stop);
            var run = OnceAsync(round.Loaded with { Graph = round.Loaded.Graph.Only(round.Wanted) }, cut.Token);
            try
            {
                round = await NextAsync(round, run, stop);
            }
            finally
            {
                // Nothing of a round outlives it, also when somebody stops all of it.
                await cut.CancelAsync();
                await run;
            }
        }
    }

    /// <param name="Seen">Files as they were when it was decided what is to be done.</param>
    /// <param name="Wanted">For each of the graph, whether it is done in this round.</param>
    /// <param name="Echoing">Of files that changed while the round before went on, in how many rounds in a row they did.</param>
    private sealed record Round(
        LoadedPipeline Loaded,
        IReadOnlyDictionary<string, string> Seen,
        bool[] Wanted,
        IReadOnlyDictionary<string, int> Echoing
    )
    {
        public int Echoes => Most(Echoing);
    }

    /// <summary>Waits for changes that touch something, and says what is to be done next; what still goes on then is out of date.</summary>
    private async Task<Round> NextAsync(Round now, Task going, CancellationToken stop)
    {
        var (seen, next) = (now.Seen, new bool[now.Wanted.Length]);
        var echoing = new Dictionary<string, int>(StringComparer.Ordinal);
        var (isIdle, isBroken) = (false, false);
        while (true)
        {
            await files.PauseAsync(stop);
            if (going.IsFaulted)
            {
                // A fault of ours: it ends the watch.
                await going;
            }
            var wasIdle = isIdle;
            isIdle = going.IsCompleted;
            if (await files.ChangedAsync(now.Loaded, seen, stop) is { } looked)
            {
                List<string> changed = [.. WatchedFiles.Differing(seen, looked)];
                seen = looked;
                ports.Say($"watch: {Some(changed)} changed");
                Echo(now, wasIdle ? [] : changed, echoing);
                if (changed.Contains(file))
                {
                    if (Reloaded() is { } other)
                    {
                        return other;
                    }
                    isBroken = true;
                }
                Touch(next, now.Loaded, changed);
                if (!isBroken && !going.IsCompleted && IsStale(now, next, echoing))
                {
                    ports.Say("watch: what goes on is out of date and is ended");
                    // What it had done is up to date; what it had not come to is still to be done.
                    return now with
                    {
                        Seen = seen,
                        Wanted = [.. next.Select((one, at) => one || now.Wanted[at])],
                        Echoing = echoing,
                    };
                }
            }
            // While nobody can read the pipeline, nothing begins by what it said before.
            if (!isBroken && going.IsCompletedSuccessfully && next.Contains(value: true))
            {
                return now with { Seen = seen, Wanted = next, Echoing = echoing };
            }
        }
    }

    private void Echo(Round now, List<string> changed, Dictionary<string, int> echoing)
    {
        List<string> again = [];
        foreach (var path in changed)
        {
            echoing[path] = now.Echoing.GetValueOrDefault(path) + 1;
            if (echoing[path] == EchoesMax)
            {
                again.Add(path);
            }
        }
        if (again.Count > 0)
        {
            ports.Say(
                $"watch: {Some(again)} changed in {EchoesMax} rounds in a row; if a task writes there itself, name it in its outputs. From here on rounds come to their end, ever more slowly"
            );
        }
    }

    /// <summary>Whether what goes on does what a change touches; when that came often in a row, it is let come to its end.</summary>
    private static bool IsStale(Round now, bool[] next, Dictionary<string, int> echoing) =>
        Most(echoing) < EchoesMax && next.Where((one, at) => one && now.Wanted[at]).Any();

    private void Touch(bool[] next, LoadedPipeline loaded, List<string> changed)
    {
        var affected = new Affected(loaded.Graph, new(file, changed), ports.Workspace, file);
        for (var at = 0; at < next.Length; at++)
        {
            next[at] |= affected.IsIn(at);
        }
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

    private Round? Reloaded()
    {
        try
        {
            return Fresh();
        }
        catch (ProblemException caught)
        {
            // Half written, or wrong: the next change may mend it.
            Say(caught);
            ports.Say($"watch: waiting for a {file} that can be read");
            return null;
        }
    }

    // All of the pipeline, and its files as they are since it was read.
    private Round Fresh()
    {
        for (var loads = 1; ; loads++)
        {
            var whole = load();
            var (loaded, left) = Repeatable(whole);
            var seen = files.Look(loaded) ?? new Dictionary<string, string>();
            if (loads < LoadsMax && load().Source != whole.Source)
            {
                continue;
            }
            foreach (var id in left)
            {
                ports.Say($"watch: {id} is left out: it, or what it needs, must not be done twice");
            }
            bool[] all = [.. Enumerable.Repeat(element: true, loaded.Graph.Runs.Count)];
            return new(loaded, seen, all, new Dictionary<string, int>());
        }
    }

    /// <summary>Without what must not be done twice, such as deploying, and what needs that: nobody means to publish with each save.</summary>
    private static (LoadedPipeline Loaded, List<string> Left) Repeatable(LoadedPipeline whole)
    {
        var (stays, left) = (new bool[whole.Graph.Runs.Count], new List<string>());
        for (var at = 0; at < stays.Length; at++)
        {
            var run = whole.Graph.Runs[at];
            stays[at] = run.Needs.All(need => stays[need]) && !run.Job.Tasks.Any(static task => task.IsOnce);
            if (!stays[at])
            {
                left.Add(run.Id);
            }
        }
        return (whole with { Graph = whole.Graph.Only(stays) }, left);
    }

    private void Say(ProblemException caught)
    {
        foreach (var problem in caught.Problems)
        {
            ports.Say($"watch: {problem.What} {problem.Why}");
        }
    }

    private static int Most(IReadOnlyDictionary<string, int> echoing) => echoing.Values.DefaultIfEmpty().Max();

    private static string Some(List<string> paths) =>
        $"{string.Join(", ", paths.Take(NamesMax))}{(paths.Count > NamesMax ? " and more" : "")}";

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
