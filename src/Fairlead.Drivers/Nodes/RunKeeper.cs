using Fairlead.Drivers.Shell;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Drivers.Nodes;

/// <summary>One run of a job: begun, watched to its end, and begun again as often as it may. An attempt that was begun is never begun anew, whatever is killed.</summary>
internal sealed class RunKeeper(InstanceOrder order, (Replica Replica, IProgram Program) of, Ground ground)
{
    private const int EvidenceLines = 20;

    private readonly Replica replica = of.Replica;
    private readonly IProgram program = of.Program;

    /// <summary>Ends when the run is over, and how it ended is noted.</summary>
    public async Task RunAsync(JobRules rules, CancellationToken stop)
    {
        while (replica.Now.Ending is null)
        {
            var ending = await AttemptAsync(rules, stop);
            await replica.EndRestAsync(stop);
            var isOver = ending.Problem is null || replica.Now.Attempts >= rules.Retries;
            replica.NoteAttempt(isOver ? ending : null);
            if (!isOver)
            {
                replica.Show(InstanceState.Down, ending.Problem);
                await Task.Delay(Backoff.Pause(replica.Now.Attempts), ground.World.Clock, stop);
            }
        }
        replica.Show(InstanceState.Ended, null);
    }

    private async Task<RunEnding> AttemptAsync(JobRules rules, CancellationToken stop)
    {
        try
        {
            var note = replica.Now;
            if (note.Starts <= note.Attempts)
            {
                await program.EndAsync(note, TimeSpan.Zero, stop);
                await ground.Secrets.ArrivedAsync(order, stop);
                await replica.StartAsync(stop);
                return await WatchAsync(rules, rules.Timeout, stop);
            }
            if (await program.FindAsync(note, stop) is not { } found)
            {
                return EndingOf(await program.PastAsync(note, stop) ?? Ending.Unknown);
            }
            replica.TakeOver(found);
            // By the clock on the wall, which may have been set meanwhile: never more than a whole attempt, never less than none.
            var left = found.StartedAt + rules.Timeout - ground.World.Now;
            return await WatchAsync(rules, TimeSpan.FromTicks(Math.Clamp(left.Ticks, 0, rules.Timeout.Ticks)), stop);
        }
        catch (ProblemException caught)
        {
            return new(null, caught.Problem, ground.World.Now, Lines());
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            var folder = ground.Folder(order.Key).Path;
            return new(null, NodeProblems.Disk(folder, caught.Message), ground.World.Now, Lines());
        }
    }

    private async Task<RunEnding> WatchAsync(JobRules rules, TimeSpan left, CancellationToken stop)
    {
        replica.Show(InstanceState.Ready, null);
        using var limit = new CancellationTokenSource(left, ground.World.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            return EndingOf(await program.EndedAsync(replica.Now, either.Token));
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            await replica.EndRestAsync(stop);
            var lines = Lines();
            return new(null, NodeProblems.RunTimedOut(order.Key, rules.Timeout, lines), ground.World.Now, lines);
        }
    }

    private RunEnding EndingOf(Ending ending)
    {
        // The shell that waits for it says signals as codes.
        var seen = ending.Code is { } code ? ExitKeeping.Of(code) : ending;
        var lines = Lines();
        var problem =
            seen.Code == 0
                ? null
                : NodeProblems.RunFailed(
                    order.Key,
                    NodeProblems.Reason(seen, program.IsOutOfMemory(replica.Now), order.Service.Limits.Memory),
                    lines
                );
        return new(seen.Code, problem, ground.World.Now, lines);
    }

    private IReadOnlyList<string> Lines()
    {
        try
        {
            return NodeProblems.Evidence(replica.SettledOutput.Tail(replica.Now.LogStart, EvidenceLines));
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            return []; // How it ended matters more than what it said.
        }
    }
}
