using Fairlead.Engine.Deploying.Jobs;
using Fairlead.Engine.Deploying.Scaling;
using Fairlead.Engine.Operations;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying;

/// <summary>Chooses the one next thing for a site. Pure: the same situation gives the same decision, whatever was lost before.</summary>
public static class Decider
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan SoonEnough = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Impatience = 5.Seconds;
    private static readonly TimeSpan Later = 2.Seconds;

    public static Decision Next(Situation now)
    {
        if (now.Requests is [var request, ..])
        {
            return Intake.Take(now, request);
        }
        if (JobTurn.Next(now) is { } job)
        {
            return job;
        }
        if (now.Record.Warm.Any(warm => warm.Until <= now.Now))
        {
            return Cooled(now);
        }
        if (Counts.Followed(now) is { } followed)
        {
            return followed;
        }
        return now switch
        {
            { Deployment: null } => Idle(now),
            { Record.Active: null } => Transitions.Begin(now),
            { Deployment.Phase: DeploymentPhase.Building } => Build(now),
            { Deployment.Phase: DeploymentPhase.AwaitingApproval } => AwaitApproval(now),
            { Deployment.Phase: DeploymentPhase.RollingOut } => Holds.Kept(now, RollOut(now)),
            _ => RollBack(now),
        };
    }

    /// <summary>The world cannot be seen; deadlines pass all the same.</summary>
    public static Decision Blind(Situation now, Problem problem) =>
        now is { Record.Active: not null, Deployment: { } deployment } && now.Now >= deployment.Deadline
            ? Transitions.End(now, DeploymentPhase.Failed, problem)
            : new Decision.Wait(TimeSpan.FromMilliseconds(250), problem.What);

    private static Decision.Note Cooled(Situation now)
    {
        var left = now.Record.Warm.Where(warm => warm.Until > now.Now).ToList();
        return new Decision.Note(
            now.Record with
            {
                Warm = left,
            },
            [],
            [
                .. now
                    .Record.Warm.Except(left)
                    .Select(warm => new NewEntry(now.Site, null, "cooled", $"{warm.Part} is no longer kept warm")),
            ]
        );
    }

    private static Decision Idle(Situation now) => Do(Moves.Next(Aims.Idle(now), now), now);

    private static Decision Build(Situation now)
    {
        var deployment = now.Deployment!;
        if (now.Now >= deployment.StepDeadline)
        {
            return Transitions.End(now, DeploymentPhase.Failed, Problems.BuildTookTooLong(deployment));
        }
        var left = new List<string>();
        foreach (var service in now.Next!.Services)
        {
            switch (now.Seen.Builds.GetValueOrDefault(service.Artifact)?.State ?? BuildState.Missing)
            {
                case BuildState.Failed:
                    return Transitions.End(
                        now,
                        DeploymentPhase.Failed,
                        now.Seen.Builds[service.Artifact].Problem ?? Problems.BuildFailed(service)
                    );
                case BuildState.Missing:
                    return new Decision.Do(new Move.Build(service));
                case BuildState.Running:
                    left.Add(service.Service.Name);
                    break;
            }
        }
        if (left.Count == 0)
        {
            return Protecting.MissingOf(now) is null ? Transitions.RollOut(now) : Transitions.AwaitApproval(now);
        }
        var healing = Moves.Next(Aims.Idle(now), now).Move;
        return healing is not null
            ? new Decision.Do(healing)
            : new Decision.Wait(Soon, $"building {string.Join(", ", left)}");
    }

    private static Decision AwaitApproval(Situation now)
    {
        if (Protecting.MissingOf(now) is not { } missing)
        {
            return Transitions.RollOut(now);
        }
        if (now.Now >= now.Deployment!.StepDeadline)
        {
            return Transitions.End(now, DeploymentPhase.Failed, Problems.NotApproved(now.Deployment, missing));
        }
        // What is live is looked after meanwhile, as when nothing is under way.
        return Moves.Next(Aims.Idle(now), now).Move is { } healing
            ? new Decision.Do(healing)
            : new Decision.Wait(SoonEnough, $"{missing}: fairlead approve {now.Deployment.Id}");
    }

    private static Decision RollOut(Situation now)
    {
        var deployment = now.Deployment!;
        if (Trouble(now) is { } trouble)
        {
            return Transitions.TakeBack(now, DeploymentPhase.RolledBack, trouble);
        }
        if (deployment.Current is null or Step.Promote)
        {
            return Transitions.Promote(now);
        }
        var progress = Moves.Next(Aims.RollOut(now), now);
        if (progress is not { Move: null, Waiting: null })
        {
            return Do(progress, now);
        }
        return deployment.Current switch
        {
            Step.Watch watch => Watching.Next(now, watch),
            Step.Rehearse or Step.Save or Step.Migrate => Migrating.Next(now),
            Step.Snapshot => Snapshotting.Next(now),
            Step.Run run => RunSteps.Next(now, run),
            Step.Preview preview when !deployment.IsHurried && now.Now < deployment.StepBegan + preview.Hold =>
                new Decision.Wait(Soon, $"preview at {preview.Host}: promote it, or wait for {preview.Hold.Text}"),
            _ => Transitions.Advance(now, []),
        };
    }

    // A new replica that cannot start, or dies under its first requests, needs no statistics.
    private static Problem? Trouble(Situation now)
    {
        var deployment = now.Deployment!;
        var broken = now.Seen.Instances.FirstOrDefault(one =>
            one.State is InstanceState.Failed or InstanceState.Down && Aims.Changed(now).Contains(one.Key.Part)
        );
        return broken is not null ? broken.Problem ?? Problems.ReplicaFailed(broken)
            : deployment.Held is { } held && now.Now >= held.Until ? Problems.HeldTooLong(deployment, held)
            : now.Now >= deployment.StepDeadline
                ? Problems.StepTookTooLong(deployment, Moves.Next(Aims.RollOut(now), now).Waiting, now.Failure)
            : null;
    }

    private static Decision RollBack(Situation now)
    {
        var deployment = now.Deployment!;
        var progress = Moves.Next(Aims.RollBack(now), now);
        if (progress is { Move: null, Waiting: null })
        {
            return Transitions.End(now, deployment.EndsAs ?? DeploymentPhase.RolledBack, deployment.Reason);
        }
        if (now.Now >= deployment.Deadline)
        {
            return Transitions.End(
                now,
                deployment.EndsAs ?? DeploymentPhase.RolledBack,
                Problems.TakeBackTookTooLong(deployment, progress.Waiting)
            );
        }
        return Do(progress, now);
    }

    // Most waits are short, and their end should be seen at once; long ones can be looked at less often.
    private static Decision Do(Progress progress, Situation now) =>
        progress.Move is { } move ? new Decision.Do(move)
        : now.Deployment is null && IsWaking(now) ? new Decision.Wait(Soon, progress.Waiting)
        : now.Deployment is null ? new Decision.Wait(progress.Waiting is null ? Later : SoonEnough, progress.Waiting)
        : new Decision.Wait(now.Now - now.Deployment.StepBegan < Impatience ? Soon : SoonEnough, progress.Waiting);

    private static bool IsWaking(Situation now) =>
        now.Seen.Router.Routing.Services.Any(one =>
            one.IsAsleep && now.Now - now.QuietSince.GetValueOrDefault(one.Service) < Impatience
        );
}
