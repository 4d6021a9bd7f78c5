using Fairlead.Engine.Deploying.Scaling;
using Fairlead.Engine.Judging;
using Fairlead.Engine.Operations;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying;

/// <summary>The moments of a deployment's life that are remembered.</summary>
public static class Transitions
{
    private static readonly TimeSpan BuildLimit = 30.Minutes;

    /// <summary>The next one in the queue becomes the one under way.</summary>
    public static Decision.Note Begin(Situation now)
    {
        var deployment = now.Deployment!;
        var began = deployment with
        {
            Phase = DeploymentPhase.Building,
            Replaces = now.Record.Live,
            StepBegan = now.Now,
            StepDeadline = now.Now + BuildLimit,
            Deadline = now.Now + BuildLimit + (BuildLimit / 2),
            Meter = deployment.Meter.Read(now.Seen.Router.Epoch, now.Seen.Router.Total),
        };
        var entries = new List<NewEntry> { Entry(now, "began", $"{deployment} begins") };
        if (deployment.BrokenGlass is { } glass)
        {
            entries.Add(
                Entry(now, "break-glass", $"{deployment}: {glass.By} set approvals and freezes aside: {glass.Reason}")
            );
        }
        var record = now.Record with
        {
            Active = deployment.Id,
            Queue = [.. now.Record.Queue.Where(id => id != deployment.Id)],
        };
        return new Decision.Note(record, [began], entries);
    }

    /// <summary>Everything is built: the steps are planned against what is live now.</summary>
    public static Decision.Note RollOut(Situation now)
    {
        var deployment = now.Deployment!;
        var next = now.Next!;
        if (Protecting.FreezeOf(now) is { } freeze)
        {
            return End(now, DeploymentPhase.Failed, Problems.Frozen(now.Site, freeze));
        }
        if (deployment.ApprovedPlan is { } approved && approved != PlanDigest.Of(now.Live, next))
        {
            return End(now, DeploymentPhase.Failed, Problems.PlanMoved(deployment));
        }
        var steps =
            deployment.IsRollback && now.Live is { } live
                ? Planner.Rollback(live, next)
                : Planner.Deploy(now.Live, next, now.Record.Contracted);
        var limit = steps.Aggregate(TimeSpan.Zero, (sum, step) => sum + Planner.LimitOf(step, next));
        var planned = deployment with
        {
            Phase = DeploymentPhase.RollingOut,
            Steps = steps,
            Step = 0,
            StepBegan = now.Now,
            StepDeadline = now.Now + Planner.LimitOf(steps[0], next),
            Deadline = now.Now + limit + Planner.TakeBackLimit(now.Live, next),
            Warnings = [.. deployment.Warnings, .. BuildWarnings(now, next)],
        };
        return new Decision.Note(
            Migrating.After(now.Record with { Warm = [] }, done: null, steps[0]),
            [Metered(planned, now)],
            [Entry(now, "planned", $"{deployment}: {steps.Count} steps"), Entry(now, "step", steps[0].ToString())]
        );
    }

    /// <summary>Built; now people are asked. Nothing of the world was touched.</summary>
    public static Decision.Note AwaitApproval(Situation now)
    {
        var wait = Protecting.WaitOf(now);
        var waiting = now.Deployment! with
        {
            Phase = DeploymentPhase.AwaitingApproval,
            StepBegan = now.Now,
            StepDeadline = now.Now + wait,
            Deadline = now.Now + wait + AfterApproval,
        };
        return new Decision.Note(
            now.Record,
            [Metered(waiting, now)],
            [
                Entry(
                    now,
                    "awaiting",
                    $"{waiting}: the plan {PlanDigest.Of(now.Live, now.Next!)} waits for {Protecting.MissingOf(now)}"
                ),
            ]
        );
    }

    // Deadlines are looked at once a turn: the end of the wait comes before the end of everything.
    private static readonly TimeSpan AfterApproval = 5.Minutes;

    private const int WarningsMax = 50;

    private static IEnumerable<string> BuildWarnings(Situation now, Release next) =>
        next
            .Services.SelectMany(one =>
                (now.Seen.Builds.GetValueOrDefault(one.Artifact)?.Warnings ?? []).Select(text =>
                    $"{one.Service.Name}: {text}"
                )
            )
            .Take(WarningsMax);

    /// <summary>The step is done.</summary>
    /// <param name="doubted">Verdicts that say too little, and did not hold it up.</param>
    public static Decision.Note Advance(
        Situation now,
        IReadOnlyList<Verdict> verdicts,
        IReadOnlyList<Verdict>? doubted = null
    )
    {
        var deployment = now.Deployment!;
        var step = deployment.Step + 1;
        var next = deployment with
        {
            Step = step,
            StepBegan = now.Now,
            StepDeadline = now.Now + Planner.LimitOf(deployment.Steps[step], now.Next!),
            Verdicts = verdicts.Count > 0 ? verdicts : deployment.Verdicts,
            Warnings =
            [
                .. deployment.Warnings,
                .. (doubted ?? []).Select(verdict =>
                    $"{deployment.Current}: {verdict.Gate} is unknown ({verdict.Reason}); it went on because the replicas are healthy"
                ),
            ],
        };
        return new Decision.Note(
            Migrating.After(now.Record, deployment.Current, deployment.Steps[step]),
            [Metered(next, now)],
            [
                .. verdicts.Select(verdict =>
                    Entry(now, "verdict", $"{verdict.Gate}: {Word(verdict)}, {verdict.Reason}")
                ),
                Entry(now, "step", deployment.Steps[step].ToString()),
            ]
        );
    }

    /// <summary>A look at the gates that changed a ruling.</summary>
    public static Decision.Note Ruled(Situation now, IReadOnlyList<Verdict> verdicts) =>
        new Decision.Note(
            now.Record,
            [Metered(now.Deployment! with { Verdicts = verdicts }, now)],
            [.. verdicts.Select(verdict => Entry(now, "verdict", $"{verdict.Gate}: {Word(verdict)}, {verdict.Reason}"))]
        );

    /// <summary>A block of evidence is remembered; what follows from it is decided with the next look.</summary>
    public static Decision.Note Learned(Situation now, Evidence evidence) =>
        new(now.Record, [], []) { Evidence = evidence };

    /// <summary>All traffic goes back to the live release; the deployment ends when the world looks like before.</summary>
    public static Decision.Note TakeBack(Situation now, DeploymentPhase endsAs, Problem reason)
    {
        var deployment = now.Deployment!;
        var back = deployment with
        {
            Phase = DeploymentPhase.RollingBack,
            EndsAs = now.Live is null && endsAs == DeploymentPhase.RolledBack ? DeploymentPhase.Failed : endsAs,
            Reason = reason,
            StepBegan = now.Now,
            Deadline = now.Now + Planner.TakeBackLimit(now.Live, now.Next!),
        };
        return new Decision.Note(
            now.Record,
            [Metered(back, now)],
            [Entry(now, "taking-back", $"{deployment} is taken back: {reason.What} {reason.Why}")]
        );
    }

    /// <summary>The release is live; what it replaced stays warm.</summary>
    public static Decision.Note Promote(Situation now)
    {
        var next = now.Next!;
        var before = Shape.At(now.Live, next, now.Deployment!.Steps, now.Deployment.Steps.Count - 2);
        var warm =
            from service in before.Services
            from holding in service.Holdings
            let successor = next.Find(service.Service)
            where holding.Replicas > 0 && successor?.Part != holding.Part
            let keep = (successor ?? holding.Of).Service.Keep
            where keep > TimeSpan.Zero
            select new WarmPart(holding.Part, now.Live?.Number ?? 0, holding.Replicas, now.Now + keep);
        var record = now.Record with
        {
            // A rollback brings back what ran, not the rules of that time; who broke the glass has not changed them.
            Protection = now.Deployment is { IsRollback: false, BrokenGlass: null }
                ? next.Protection
                : now.Record.Protection ?? next.Protection,
            Live = next.Number,
            Warm = [.. warm],
            Scaled = Counts.Kept(now, next),
            History = [.. now.Record.History.Append(next.Number).TakeLast(SiteRecord.HistoryMax)],
        };
        return Over(now, record, DeploymentPhase.Promoted, null);
    }

    /// <summary>It is over; the world looks as it should, or cannot be made to.</summary>
    public static Decision.Note End(Situation now, DeploymentPhase phase, Problem? reason) =>
        Over(now, now.Record, phase, reason);

    private static Decision.Note Over(Situation now, SiteRecord record, DeploymentPhase phase, Problem? reason)
    {
        var over = Metered(now.Deployment! with { Phase = phase, EndedAt = now.Now, Reason = reason }, now);
        var measured = over.Meter.Sum;
        return new Decision.Note(
            record with
            {
                Active = null,
            },
            [over],
            [
                Entry(now, "ended", $"{over} {Words(phase)}{(reason is null ? "" : $": {reason.What} {reason.Why}")}"),
                Entry(
                    now,
                    "measured",
                    $"{measured.Requests} requests served, {measured.Failed + measured.Lost} failed, "
                        + $"{measured.Retried} retried, {measured.Cut} streams cut"
                ),
            ]
        );
    }

    private static string Words(DeploymentPhase phase) =>
        phase switch
        {
            DeploymentPhase.Promoted => "is live",
            DeploymentPhase.RolledBack => "was rolled back",
            DeploymentPhase.Aborted => "was aborted",
            DeploymentPhase.Superseded => "was superseded",
            _ => "failed",
        };

    private static string Word(Verdict verdict) =>
        verdict.Ruling switch
        {
            Ruling.Holds => "holds",
            Ruling.Broken => "broken",
            _ => "unknown",
        };

    private static Deployment Metered(Deployment deployment, Situation now) =>
        deployment with
        {
            Meter = deployment.Meter.Read(now.Seen.Router.Epoch, now.Seen.Router.Total),
        };

    private static NewEntry Entry(Situation now, string kind, string text) =>
        new(now.Site, now.Deployment!.Id, kind, text);
}
