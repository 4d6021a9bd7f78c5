using Fairlead.Model.Pipelines;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Pipelines.Running;

/// <summary>
/// What the tasks of a pipeline read, looked at again and again. It looks for itself instead of being told: a look costs a walk over those files, whose digests are
/// remembered, and holds wherever files do, also where a system tells of no changes or has no more watches to give.
/// </summary>
/// <param name="file">The pipeline's own, from the folder.</param>
internal sealed class WatchedFiles(PipelinePorts ports, string file)
{
    // Looking is at most a tenth of the time, however large the folder.
    private const int LookShare = 10;
    private const int LooksToSettle = 25;

    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(200);

    private TimeSpan pause = PauseMin;

    /// <summary>Waits until the next look is due.</summary>
    public Task PauseAsync(CancellationToken stop) => Task.Delay(pause, ports.World.Clock, stop);

    /// <summary>What all tasks read, but what tasks make: digests by path.</summary>
    /// <returns>Null when it cannot be read just now, as in the midst of a change.</returns>
    public IReadOnlyDictionary<string, string>? Look(LoadedPipeline loaded)
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
            foreach (
                var read in tasks
                    .Select(static one => one.Inputs)
                    .OfType<IReadOnlyList<string>>()
                    .DistinctBy(static one => string.Join('\n', one))
            )
            {
                Add(found, ports.Workspace.Find(TaskKeys.Read(read, made)));
            }
            Add(found, ports.Workspace.Find([file]));
        }
        catch (ProblemException)
        {
            return null;
        }
        var took = ports.World.Clock.GetElapsedTime(began);
        pause = took * LookShare > PauseMin ? took * LookShare : PauseMin;
        return found;
    }

    /// <summary>What is there once it stays as it is: an editor saves many files, and a checkout changes thousands.</summary>
    /// <returns>Null when nothing changed, or cannot be seen now.</returns>
    public async Task<IReadOnlyDictionary<string, string>?> ChangedAsync(
        LoadedPipeline loaded,
        IReadOnlyDictionary<string, string> seen,
        CancellationToken stop
    )
    {
        if (Look(loaded) is not { } looked || !Differing(seen, looked).Any())
        {
            return null;
        }
        for (var look = 0; look < LooksToSettle; look++)
        {
            await PauseAsync(stop);
            if (Look(loaded) is not { } again)
            {
                continue;
            }
            if (!Differing(looked, again).Any())
            {
                break;
            }
            looked = again;
        }
        // What was put back meanwhile never changed.
        return Differing(seen, looked).Any() ? looked : null;
    }

    /// <summary>Paths of what is new, gone or other, sorted.</summary>
    public static IEnumerable<string> Differing(
        IReadOnlyDictionary<string, string> one,
        IReadOnlyDictionary<string, string> other
    ) =>
        one
            .Keys.Union(other.Keys, StringComparer.Ordinal)
            .Where(path => one.GetValueOrDefault(path) != other.GetValueOrDefault(path))
            .Order(StringComparer.Ordinal);

    private static void Add(Dictionary<string, string> found, IReadOnlyList<WorkFile> files)
    {
        foreach (var one in files)
        {
            found[one.Path] = TaskKeys.FileText(one);
        }
    }
}
