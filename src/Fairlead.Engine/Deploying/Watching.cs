using Fairlead.Engine.Deploying.Gates;
using Fairlead.Engine.Judging;
using Fairlead.Engine.Operations;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying;

/// <summary>The gates of the step under way: broken ones end it at once, the others have until the hold is over.</summary>
public static class Watching
{
    // A hold is also there for harm that comes late: proof of no harm ends it early, but not before this part of it.
    private const int EarlyPart = 3;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    public static Decision Next(Situation now, Step.Watch watch)
    {
        var deployment = now.Deployment!;
        for (var index = 0; index < watch.Gates.Count; index++)
        {
            if (
                watch.Gates[index] is { TimeMax: not null } gate
                && !now.Seen.Commands.ContainsKey(KeyOf(deployment, index))
                && CheckGate.IsReady(gate, watch.Part, now)
            )
            {
                return new Decision.Do(new Move.RunGate(gate, watch.Part, KeyOf(deployment, index)));
            }
        }
        if (Grown(now) is { } evidence)
        {
            return Transitions.Learned(now, evidence);
        }

        var judgement = JudgementOf(now, watch);
        // Somebody who holds it wants to see more: what is not known yet decides nothing until they let it go on.
        var isOver = deployment.Held is null && (deployment.IsHurried || now.Now >= deployment.StepBegan + watch.Hold);
        if (!isOver && judgement?.Ruling == Ruling.Holds && now.Now >= deployment.StepBegan + (watch.Hold / EarlyPart))
        {
            var early = Rule(now, watch, judgement, isOver: true);
            if (early.All(verdict => verdict.Ruling == Ruling.Holds))
            {
                return Transitions.Advance(now, early);
            }
        }
        var verdicts = Rule(now, watch, judgement, isOver);
        if (verdicts.FirstOrDefault(verdict => verdict.Ruling == Ruling.Broken) is { } broken)
        {
            return Transitions.TakeBack(
                now with
                {
                    Deployment = deployment with { Verdicts = verdicts },
                },
                DeploymentPhase.RolledBack,
                Broken(deployment, watch, verdicts.IndexOf(broken), broken)
            );
        }
        var doubted = Doubted(now, watch, judgement, verdicts);
        return (isOver && !IsInDoubt(now, watch, judgement), doubted, watch.Quiet) switch
        {
            (true, [], _) => Transitions.Advance(now, verdicts),
            (true, _, Quiet.Proceed) when !IsCommandPending(now, watch) => Transitions.Advance(now, verdicts, doubted),
            (true, [var unknown, ..], Quiet.Rollback) when !IsCommandPending(now, watch) => Transitions.TakeBack(
                now,
                DeploymentPhase.RolledBack,
                Problems.Inconclusive(deployment, watch, unknown)
            ),
            _ when IsNews(deployment, verdicts) => Transitions.Ruled(now, verdicts),
            _ => new Decision.Wait(Look, Waiting(now, watch, isOver, doubted)),
        };
    }

    /// <summary>Names one run of a gate's command: it survives a restart of the server as "already run".</summary>
    public static string KeyOf(Deployment deployment, int gate) => $"{deployment.Id}/{deployment.Step}/{gate}";

    /// <summary>How much longer than its hold a step may be watched because the judge is in doubt.</summary>
    public static TimeSpan DoubtOf(Step.Watch watch) =>
        watch.Gates.Any(gate => gate is Gate.Judged) ? watch.Hold : TimeSpan.Zero;

    // What was seen becomes evidence once it is a block; what is not remembered is not judged.
    private static Evidence? Grown(Situation now) =>
        now.Trial is { Next: { } next, Evidence: var evidence }
            ? evidence with
            {
                Blocks = [.. evidence.Blocks, next],
            }
            : null;

    private static Judgement? JudgementOf(Situation now, Step.Watch watch) =>
        !watch.Gates.Any(gate => gate is Gate.Judged)
            ? null
            : now.Trial?.Judgement ?? new(Ruling.Unknown, "there is no other release to compare with", []);

    private static List<Verdict> Rule(Situation now, Step.Watch watch, Judgement? judgement, bool isOver) =>
        [
            .. watch.Gates.Select(
                (gate, index) =>
                    gate is Gate.Judged
                        ? new Verdict(gate.ToString(), judgement!.Ruling, judgement.Reason)
                        {
                            Measures = judgement.Measures,
                        }
                        : GateJudge.Rule(
                            gate,
                            now.Seen.Router.TrafficOf(watch.Part),
                            now.Seen.Commands.GetValueOrDefault(KeyOf(now.Deployment!, index)),
                            isOver,
                            now.Seen.Queries.GetValueOrDefault(KeyOf(now.Deployment!, index))
                        )
            ),
        ];

    private static Problem Broken(Deployment deployment, Step.Watch watch, int gate, Verdict verdict) =>
        watch.Gates[gate] is Gate.Judged
            ? Problems.Harmful(deployment, watch, verdict)
            : Problems.GateBroken(deployment, watch, verdict);

    // To a judge that has seen requests and cannot tell yet, more traffic is the answer, and the next share brings it.
    private static List<Verdict> Doubted(
        Situation now,
        Step.Watch watch,
        Judgement? judgement,
        List<Verdict> verdicts
    ) =>
        [
            .. verdicts.Where(
                (verdict, index) =>
                    verdict.Ruling == Ruling.Unknown
                    && !(
                        watch.Gates[index] is Gate.Judged
                        && judgement is { HasSeen: true }
                        && IsJudgedAgain(now.Deployment!, watch)
                    )
            ),
        ];

    private static bool IsJudgedAgain(Deployment deployment, Step.Watch watch) =>
        deployment
            .Steps.Skip(deployment.Step + 1)
            .OfType<Step.Watch>()
            .Any(later => later.Part == watch.Part && later.Gates.Any(gate => gate is Gate.Judged));

    // Half a proof of harm: as much time again may complete or refute it.
    private static bool IsInDoubt(Situation now, Step.Watch watch, Judgement? judgement) =>
        judgement is { IsInDoubt: true }
        && !now.Deployment!.IsHurried
        && now.Now < now.Deployment.StepBegan + watch.Hold + DoubtOf(watch);

    private static bool IsCommandPending(Situation now, Step.Watch watch) =>
        watch
            .Gates.Where(
                (gate, index) =>
                    gate.TimeMax is not null
                    && now.Seen.Commands.GetValueOrDefault(KeyOf(now.Deployment!, index))
                        is null
                            or { ExitCode: null, Problem: null }
            )
            .Any();

    // Only a changed ruling is worth a line in the journal; numbers change with every look.
    internal static bool IsNews(Deployment deployment, IReadOnlyList<Verdict> verdicts) =>
        !verdicts
            .Select(verdict => (verdict.Gate, verdict.Ruling))
            .SequenceEqual(deployment.Verdicts.Select(verdict => (verdict.Gate, verdict.Ruling)));

    private static string Waiting(Situation now, Step.Watch watch, bool isOver, List<Verdict> doubted)
    {
        var passed = now.Now - now.Deployment!.StepBegan;
        var left = $"{(int)Math.Min(passed.TotalSeconds, watch.Hold.TotalSeconds)} s of {watch.Hold.Text}";
        return now.Deployment.Held is { } held ? Holds.Words(held)
            : doubted is [var unknown, ..] ? $"watching {watch.Part}, {left}: {unknown.Reason}"
            : isOver ? $"watching {watch.Part} for longer: the judge is in doubt"
            : $"watching {watch.Part}, {left}";
    }
}
