using Fairlead.Engine.Deploying.Jobs;
using Fairlead.Engine.Deploying.Scaling;
using Fairlead.Engine.Operations;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Deploying;

/// <summary>What people and programs ask of a site, turned into its record. A request is handled once: it is deleted with the same commit.</summary>
public static class Intake
{
    public static Decision.Note Take(Situation now, Request request)
    {
        var note = request.Kind switch
        {
            RequestKind.Begin => Begin(now, request),
            RequestKind.Abort => Abort(now, request),
            RequestKind.Approve => Approve(now, request),
            RequestKind.Reject => Reject(now, request),
            RequestKind.Scale => Counts.Change(now, request.Scale),
            RequestKind.Hold => Holds.Begin(now, request),
            RequestKind.Resume => Holds.End(now, request),
            RequestKind.RunJob or RequestKind.CancelJob => JobTurn.Asked(now, request),
            _ => Hurry(now, request),
        };
        return note with { Handled = request };
    }

    private static Decision.Note Begin(Situation now, Request request)
    {
        var id = request.Deployment!;
        if (request.Waits)
        {
            return Nothing(now) with { Record = now.Record with { Queue = [.. now.Record.Queue, id] } };
        }
        var note = now.Record.Active is null
            ? Nothing(now)
            : Stop(now, DeploymentPhase.Superseded, Superseded(now, request));
        var passed = now
            .Others.Where(one => now.Record.Queue.Contains(one.Id))
            .Select(one => Over(one, now, DeploymentPhase.Superseded, Superseded(now, request)))
            .ToList();
        return note with
        {
            Record = note.Record with { Queue = [id] },
            Deployments = [.. note.Deployments, .. passed],
            Entries = [.. note.Entries, .. passed.Select(one => Entry(now, one.Id, "ended", $"{one} was superseded"))],
        };
    }

    private static Decision.Note Abort(Situation now, Request request)
    {
        var reason = new Problem(
            "deployment.aborted",
            What: "It was aborted.",
            Why: request.Reason ?? "Someone asked for it.",
            Fix: "Deploy again when it is mended."
        );
        if (now.Record.Active is not null && (request.Deployment ?? now.Record.Active) == now.Record.Active)
        {
            return Stop(now, DeploymentPhase.Aborted, reason);
        }
        var queued = now.Others.FirstOrDefault(one =>
            one.Id == request.Deployment && now.Record.Queue.Contains(one.Id)
        );
        return queued is null
            ? Nothing(now)
            : new Decision.Note(
                now.Record with
                {
                    Queue = [.. now.Record.Queue.Where(id => id != queued.Id)],
                },
                [Over(queued, now, DeploymentPhase.Aborted, reason)],
                [Entry(now, queued.Id, "ended", $"{queued} was aborted before it began")]
            );
    }

    // Asked again here, because time has passed since the operation looked: the plan, the waiting and the others' yes may have changed.
    private static Decision.Note Approve(Situation now, Request request) =>
        now is { Deployment: { Phase: DeploymentPhase.AwaitingApproval } deployment, Next: { } next }
        && deployment.Id == request.Deployment
        && request.Approval is { } approval
        && approval.Plan == PlanDigest.Of(now.Live, next)
        && Protecting.MayCount(deployment, approval)
            ? new Decision.Note(
                now.Record,
                [deployment with { Approvals = [.. deployment.Approvals, approval] }],
                [
                    Entry(
                        now,
                        deployment.Id,
                        "approved",
                        $"{deployment}: {approval.Name} approved the plan {approval.Plan}"
                    ),
                ]
            )
            : Nothing(now);

    private static Decision.Note Reject(Situation now, Request request) =>
        now is { Deployment: { Phase: DeploymentPhase.AwaitingApproval } deployment }
        && deployment.Id == request.Deployment
            ? Transitions.End(now, DeploymentPhase.Aborted, Problems.Rejected(request))
            : Nothing(now);

    private static Decision.Note Hurry(Situation now, Request request) =>
        now is { Record.Active: { } active, Deployment: { Phase: DeploymentPhase.RollingOut } deployment }
        && (request.Deployment ?? active) == active
            ? new Decision.Note(
                now.Record,
                [Holds.Without(deployment, now.Now) with { IsHurried = true }],
                [Entry(now, active, "hurried", $"{deployment}: {request.Reason ?? "someone asked to promote it now"}")]
            )
            : Nothing(now);

    // What is only being built ends at once; what touched the world is taken back first; what is being taken back goes on.
    private static Decision.Note Stop(Situation now, DeploymentPhase endsAs, Problem reason) =>
        now.Deployment!.Phase switch
        {
            DeploymentPhase.Building or DeploymentPhase.AwaitingApproval => Transitions.End(now, endsAs, reason),
            DeploymentPhase.RollingOut => Transitions.TakeBack(now, endsAs, reason),
            _ => Nothing(now),
        };

    private static Decision.Note Nothing(Situation now) => new(now.Record, [], []);

    private static Deployment Over(Deployment deployment, Situation now, DeploymentPhase phase, Problem reason) =>
        deployment with
        {
            Phase = phase,
            Reason = reason,
            EndedAt = now.Now,
        };

    private static Problem Superseded(Situation now, Request request) =>
        new(
            "deployment.superseded",
            What: "A newer deployment took its place.",
            Why: $"{request.Reason ?? $"Deployment {request.Deployment}"} came while it was under way.",
            Fix: $"Watch that one: fairlead status {now.Site.App}. Use 'deploy --queue' to let the one before end first."
        )
        {
            Trouble = Trouble.Conflict,
        };

    private static NewEntry Entry(Situation now, string deployment, string kind, string text) =>
        new(now.Site, deployment, kind, text);
}
