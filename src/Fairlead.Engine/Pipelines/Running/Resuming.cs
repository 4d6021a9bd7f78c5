using Fairlead.Model.Pipelines;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Pipelines.Running;

/// <summary>
/// What an interrupted run means for the next one. What ended well need not be done again; what must not be done twice, and may have been
/// done, is not done again unasked.
/// </summary>
internal static class Resuming
{
    /// <returns>Tasks that are not done again, as <c>job/task</c>.</returns>
    /// <exception cref="ProblemException">There is nothing to go on with, or nobody knows whether a task was done.</exception>
    public static IReadOnlySet<string> Of(LoadedPipeline loaded, bool resumes, IReadOnlyList<string> again)
    {
        var last = loaded.Ports.Shelf.Last(loaded.Pipeline.Name);
        var interrupted = last is { Took: null } && last.Source == loaded.Source ? last : null;
        if (interrupted is null)
        {
            return resumes ? throw new ProblemException(Nothing(loaded, last)) : new HashSet<string>();
        }
        var unknown = loaded
            .Graph.Runs.SelectMany(run =>
                run.Job.Tasks.Where(static task => task.IsOnce).Select(task => $"{run.Id}/{task.Name}")
            )
            .Where(name => interrupted.Open.Contains(name) || WasCut(interrupted, name))
            .FirstOrDefault(name => !again.Contains(name));
        if (unknown is not null)
        {
            throw new ProblemException(Unknown(interrupted, unknown));
        }
        return resumes
            ? interrupted
                .Results.Where(static one => one.IsGood)
                .Select(static one => $"{one.Job}/{one.Task}")
                .Where(name => !again.Contains(name))
                .ToHashSet(StringComparer.Ordinal)
            : new HashSet<string>();
    }

    /// <summary>A run that was cut off may have left processes and containers, which would disturb the next one.</summary>
    public static async Task SweepAsync(LoadedPipeline loaded, CancellationToken stop)
    {
        var ports = loaded.Ports;
        var cut = ports.Shelf.Last(loaded.Pipeline.Name) is { Took: null } last ? last : null;
        if (cut is not null && ports.Runner.Sweep(cut.Id) is > 0 and var count)
        {
            ports.Say($"{count} processes of run {cut.Id}, which was cut off, were ended");
        }
        // Who asks for no containers does not wait for their engine, but for what may have been cut off.
        var hasRooms = loaded.Graph.Runs.Any(static run => run.Job.HasRoom);
        if ((hasRooms || cut is not null && loaded.Pipeline.Jobs.Any(static job => job.HasRoom)) && ports.Rooms.IsThere)
        {
            await SweepRoomsAsync(ports, hasRooms, stop);
        }
    }

    private static async Task SweepRoomsAsync(PipelinePorts ports, bool isNeeded, CancellationToken stop)
    {
        try
        {
            if (await ports.Rooms.SweepAsync(stop) is > 0 and var count)
            {
                ports.Say($"{count} containers of a run that was cut off were ended");
            }
        }
        catch (ProblemException caught) when (!isNeeded)
        {
            ports.Say($"containers of a run that was cut off may be left: {caught.Problem.What}");
        }
    }

    // It had begun when somebody stopped the run.
    private static bool WasCut(RunRecord run, string name) =>
        run.Results.Any(one =>
            one.Outcome == TaskOutcome.Cancelled && one.Attempts > 0 && $"{one.Job}/{one.Task}" == name
        );

    private static Problem Nothing(LoadedPipeline loaded, RunRecord? last) =>
        new(
            "pipeline.nothing-to-resume",
            What: $"There is no interrupted run of '{loaded.Pipeline.Name}' to go on with.",
            Why: last is null ? "It never ran here."
                : last.Took is not null ? "The last run came to its end."
                : "The pipeline or the commit is another one since.",
            Fix: "Run it: fairlead ci run"
        )
        {
            Trouble = Trouble.WrongUse,
        };

    private static Problem Unknown(RunRecord run, string name) =>
        new(
            "pipeline.may-be-done",
            What: $"Nobody knows whether {name} was done.",
            Why: $"Run {run.Id} began it and was interrupted, and doing it twice could do harm ('once').",
            Fix: $"See whether it was done. To do it again: fairlead ci run --again '{name}'"
        );
}
