using Fairlead.Drivers.Shell;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Drivers.Nodes;

/// <summary>One start of a program, watched until it ends or is given up.</summary>
internal sealed class Watch(InstanceOrder order, Note note, (Replica Replica, IProgram Program) of, Ground ground)
{
    private const int EvidenceLines = 20;
    private const int FailuresUntilDown = 3;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a program without a health check must stay up to count as ready.</summary>
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(1);

    private readonly Replica replica = of.Replica;
    private readonly IProgram program = of.Program;

    /// <summary>Watches.</summary>
    /// <returns>Why it is over, to be completed by the pause until the next start.</returns>
    public async Task<Func<TimeSpan, Problem>> RunAsync(bool isAdopted, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var end = program.EndedAsync(note, over.Token);
        var health = KeepHealthAsync(isAdopted, over.Token);
        await Task.WhenAny(end, health);
        await over.CancelAsync();
        try
        {
            await Task.WhenAll(end, health);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested) { }
        stop.ThrowIfCancellationRequested();
        if (!end.IsCompletedSuccessfully)
        {
            var given = await health;
            return _ => given;
        }
        return Ended(await end);
    }

    private async Task<Problem> KeepHealthAsync(bool isAdopted, CancellationToken stop)
    {
        // Taken over from before the node's own restart: it stays what it was until a probe says otherwise, and one is enough.
        var wasReady = isAdopted && note.WasReady;
        if (!wasReady && await AwaitReadyAsync(stop) is { } late)
        {
            return late;
        }
        if (!wasReady)
        {
            replica.BecomeReady();
        }
        return await StayReadyAsync(wasReady ? FailuresUntilDown - 1 : 0, stop);
    }

    private async Task<Problem?> AwaitReadyAsync(CancellationToken stop)
    {
        var deadline = note.StartedAt + order.Service.Health.StartGrace;
        if (!Probe.Exists(order.Service.Health))
        {
            await Task.Delay(SettleTime, ground.World.Clock, stop);
            return null;
        }
        Answer? last = null;
        for (var pause = FirstPause; ; pause = Shorter(pause * 1.25, LongestPause))
        {
            await Task.Delay(pause, ground.World.Clock, stop);
            last = await AskAsync(stop);
            if (last.IsHealthy)
            {
                return null;
            }
            if (ground.World.Now >= deadline)
            {
                return NodeProblems.NotReady(order, last, program.ListensElsewhere(note)) with
                {
                    Evidence = replica.Output.Tail(note.LogStart, EvidenceLines),
                };
            }
        }
    }

    // A program that stays unwell for as long as a start may take will not mend itself and is started anew. Until then it is
    // left alone: what it waits for, such as a database, may come back.
    private async Task<Problem> StayReadyAsync(int failures, CancellationToken stop)
    {
        var health = order.Service.Health;
        if (!Probe.Exists(health))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, ground.World.Clock, stop);
        }
        for (DateTimeOffset? downSince = null; ; )
        {
            if (failures == 0)
            {
                await Task.Delay(health.Every, ground.World.Clock, stop);
            }
            var answer = await AskAsync(stop);
            if (answer.IsHealthy)
            {
                if (downSince is not null)
                {
                    replica.BecomeReady();
                }
                (failures, downSince) = (0, null);
                continue;
            }
            if (++failures >= FailuresUntilDown)
            {
                var unwell = NodeProblems.Unhealthy(order.Key, answer, failures);
                replica.BecomeDown(unwell);
                downSince ??= ground.World.Now;
                if (ground.World.Now - downSince >= health.StartGrace)
                {
                    return unwell;
                }
            }
            await Task.Delay(health.Every, ground.World.Clock, stop);
        }
    }

    // A health command has the secrets too, and may say them.
    private async Task<Answer> AskAsync(CancellationToken stop)
    {
        var answer = await program.AskAsync(note, stop);
        return answer with { Answered = ground.Secrets.Mask.Masked(answer.Answered) };
    }

    private Func<TimeSpan, Problem> Ended(Ending ending)
    {
        var log = replica.SettledOutput.Tail(note.LogStart, EvidenceLines);
        var isOutOfMemory = ending.Code != 0 && program.IsOutOfMemory(note);
        var reason = NodeProblems.Reason(ending, isOutOfMemory, order.Service.Limits.Memory);
        if (replica.View().State == InstanceState.Starting)
        {
            var problem = program.PortHolder(note) is { } holder
                ? NodeProblems.PortTaken(order.Key, note.Port, holder, log)
                : NodeProblems.ExitedAtStart(order, reason, log);
            return _ => problem;
        }
        return pause => NodeProblems.Crashed(order.Key, reason, pause, log);
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
