using Fairlead.Engine.Deploying.Gates;
using Fairlead.Engine.Operations;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying;

/// <summary>The gates of the step under way: broken ones end it at once, the others have until the hold is over.</summary>
public static class Watching
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    public static Decision Next(Situation now, Step.Watch watch)
    {
        var deployment = now.Deployment!;
        for (var index = 0; index < watch.Gates.Count; index++)
        {
            if (watch.Gates[index] is Gate.Command command && !now.Seen.Commands.ContainsKey(KeyOf(deployment, index)))
            {
                return new Decision.Do(new Move.RunGate(command, watch.Part, KeyOf(deployment, index)));
            }
        }

        var isOver = deployment.IsHurried || now.Now >= deployment.StepBegan + watch.Hold;
        var verdicts = watch.Gates.Select((gate, index) => Rule(now, watch, gate, index, isOver)).ToList();
        if (verdicts.FirstOrDefault(verdict => verdict.Ruling == Ruling.Broken) is { } broken)
        {
            return Transitions.TakeBack(
                now with
                {
                    Deployment = deployment with { Verdicts = verdicts },
                },
                DeploymentPhase.RolledBack,
                Problems.GateBroken(deployment, watch, broken)
            );
        }
        var unknown = verdicts.FirstOrDefault(verdict => verdict.Ruling == Ruling.Unknown);
        return (isOver, unknown, watch.Quiet) switch
        {
            (true, null, _) => Transitions.Advance(now, verdicts),
            (true, _, Quiet.Proceed) when !IsCommandPending(now, watch) => Transitions.Advance(now, verdicts),
            (true, _, Quiet.Rollback) when !IsCommandPending(now, watch) => Transitions.TakeBack(
                now,
                DeploymentPhase.RolledBack,
                Problems.Inconclusive(deployment, watch, unknown!)
            ),
            _ when IsNews(deployment, verdicts) => Transitions.Ruled(now, verdicts),
            _ => new Decision.Wait(Look, Waiting(now, watch, unknown)),
        };
    }

    /// <summary>Names one run of a gate's command: it survives a restart of the server as "already run".</summary>
    public static string KeyOf(Deployment deployment, int gate) => $"{deployment.Id}/{deployment.Step}/{gate}";

    private static Verdict Rule(Situation now, Step.Watch watch, Gate gate, int index, bool isOver) =>
        GateJudge.Rule(
            gate,
            now.Seen.Router.TrafficOf(watch.Part),
            now.Seen.Commands.GetValueOrDefault(KeyOf(now.Deployment!, index)),
            isOver
        );

    private static bool IsCommandPending(Situation now, Step.Watch watch) =>
        watch
            .Gates.Where(
                (gate, index) =>
                    gate is Gate.Command
                    && now.Seen.Commands.GetValueOrDefault(KeyOf(now.Deployment!, index))
                        is null
                            or { ExitCode: null, Problem: null }
            )
            .Any();

    // Only a changed ruling is worth a line in the journal; numbers change with every look.
    private static bool IsNews(Deployment deployment, List<Verdict> verdicts) =>
        !verdicts
            .Select(verdict => (verdict.Gate, verdict.Ruling))
            .SequenceEqual(deployment.Verdicts.Select(verdict => (verdict.Gate, verdict.Ruling)));

    private static string Waiting(Situation now, Step.Watch watch, Verdict? unknown)
    {
        var passed = now.Now - now.Deployment!.StepBegan;
        var left = $"{(int)Math.Min(passed.TotalSeconds, watch.Hold.TotalSeconds)} s of {watch.Hold.Text}";
        return unknown is null ? $"watching {watch.Part}, {left}" : $"watching {watch.Part}, {left}: {unknown.Reason}";
    }
}
