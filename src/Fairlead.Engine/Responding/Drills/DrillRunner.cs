using Fairlead.Engine.Deploying;
using Fairlead.Engine.Operations;
using Fairlead.Model.Incidents;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Responding.Drills;

/// <summary>
/// Walks through the steps of the drill that runs, one at a time. How far it is stands in the store, so that the server may be killed by the
/// drill itself, and the one after it goes on.
/// </summary>
/// <param name="engine">The whole server.</param>
public sealed class DrillRunner(Func<EngineContext> engine, DrillBook book, IDrillGround ground, World world)
    : IBackgroundWork
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookOften = TimeSpan.FromMilliseconds(250);

    private readonly Bell bell = new(world.Clock);

    public string Name => "drills";

    /// <summary>Everything is simulated here: there are no processes that could go wrong.</summary>
    public bool IsDemo { get; init; }

    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            var isRunning = await TurnAsync(stop);
            await bell.SleepAsync(isRunning ? LookOften : LookEvery, stop);
        }
    }

    /// <summary>Begins a drill.</summary>
    /// <exception cref="ProblemException">There is no such kind, or one runs.</exception>
    public async Task<Drill> BeginAsync(string kind, string by, CancellationToken stop)
    {
        if (AllDrills.Find(kind) is null)
        {
            throw new ProblemException(
                new Problem(
                    "drill.no-kind",
                    What: $"There is no drill '{kind}'.",
                    Why: $"There are {string.Join(", ", AllDrills.Entries.Select(static one => one.Name))}.",
                    Fix: "Name one of these."
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            );
        }
        if (IsDemo)
        {
            throw new ProblemException(
                new Problem(
                    "drill.demo",
                    What: "There are no drills in a demo.",
                    Why: "Its apps and machines are simulated: nothing real can go wrong.",
                    Fix: "Start Fairlead on a state of its own: fairlead up --state FOLDER"
                )
                {
                    Trouble = Trouble.Conflict,
                }
            );
        }
        var drill = await book.BeginAsync(kind, by, world.Now, stop);
        bell.Ring();
        return drill;
    }

    /// <summary>Tries the step that a running drill is at.</summary>
    /// <returns>Whether one runs.</returns>
    internal async Task<bool> TurnAsync(CancellationToken stop)
    {
        if ((await book.AllAsync(stop)).FirstOrDefault(static one => !one.IsOver) is not { } drill)
        {
            return false;
        }
        var steps = DrillSteps.Of(AllDrills.Find(drill.Kind)!);
        var step = steps[drill.Step];
        var scene = new DrillScene(drill, engine(), ground);
        try
        {
            if (await step.TryAsync(scene, world.Now, stop) is var (next, seen))
            {
                await KeepAsync(next, (step.Name, seen), (drill.Step + 1, steps.Count), stop);
                step.Then(scene);
                return true;
            }
            if (world.Now - drill.StepAt <= step.Limit)
            {
                return true;
            }
            await FailAsync(drill, step.Name, $"not within {step.Limit.TotalMinutes:0} minutes", stop);
        }
        catch (ProblemException caught)
        {
            await FailAsync(drill, step.Name, $"{caught.Problem.What} {caught.Problem.Why}", stop);
        }
        return true;
    }

    // What was not as it should be ends the drill, but never before the scratch app is gone or was tried to take away.
    private Task FailAsync(Drill drill, string step, string why, CancellationToken stop)
    {
        var count = DrillSteps.Of(AllDrills.Find(drill.Kind)!).Count;
        var clearing = count - DrillSteps.ClearingCount;
        var next = drill.Step < clearing ? clearing : drill.Step + 1;
        return KeepAsync(drill with { Why = drill.Why ?? $"{step}: {why}" }, (step, why), (next, count), stop);
    }

    private Task KeepAsync(
        Drill drill,
        (string Step, string Seen) what,
        (int Next, int Count) at,
        CancellationToken stop
    )
    {
        var now = world.Now;
        var isOver = at.Next >= at.Count;
        var next = drill with
        {
            Step = at.Next,
            StepAt = now,
            Moments = [.. drill.Moments, new(now, what.Step, what.Seen)],
            EndedAt = isOver ? now : null,
            State =
                !isOver ? DrillState.Running
                : drill.Why is null ? DrillState.Passed
                : DrillState.Failed,
        };
        return book.KeepAsync(next, $"{what.Step}: {what.Seen}", stop);
    }
}
