using Fairlead.Engine.Operations;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying;

/// <summary>
/// A rollout that somebody keeps where it is: the step under way is finished and its gates go on being watched, but no other step begins. What
/// nobody lets go on in time is taken back, as whatever else outlives its limit.
/// </summary>
public static class Holds
{
    /// <summary>All holds of one deployment together.</summary>
    public static readonly TimeSpan Most = TimeSpan.FromHours(24);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    /// <summary>It is kept from now on; a hold that it has already ends, and this one takes its place.</summary>
    internal static Decision.Note Begin(Situation now, Request request)
    {
        if (!IsMeant(now, request) || request.For is not { } asked)
        {
            return Nothing(now);
        }
        var free = Without(now.Deployment!, now.Now);
        var until = now.Now + asked;
        // Deadlines move with it, so they say how much of the limit is used already.
        var left = Most - free.HeldFor;
        if (left <= TimeSpan.Zero)
        {
            return new(now.Record, [], [Entry(now, "held", $"{free}: it was held for {Most.Text} already")]);
        }
        until = asked > left ? now.Now + left : until;
        var held = free with
        {
            Held = new(now.Now, until, request.By?.Name ?? "somebody", request.Reason),
            HeldFor = free.HeldFor + (until - now.Now),
            StepDeadline = free.StepDeadline + (until - now.Now),
            Deadline = free.Deadline + (until - now.Now),
        };
        return new(
            now.Record,
            [held],
            [
                Entry(
                    now,
                    "held",
                    $"{held} is held for {(until - now.Now).Text} by {held.Held.By}{(request.Reason is { } why ? $": {why}" : "")}"
                ),
            ]
        );
    }

    /// <summary>It goes on from where it is.</summary>
    internal static Decision.Note End(Situation now, Request request) =>
        IsMeant(now, request) && now.Deployment is { Held: not null } deployment
            ? new(
                now.Record,
                [Without(deployment, now.Now)],
                [
                    Entry(
                        now,
                        "resumed",
                        $"{deployment} goes on, by {request.By?.Name ?? "somebody"}{(request.Reason is { } why ? $": {why}" : "")}"
                    ),
                ]
            )
            : Nothing(now);

    /// <summary>The same when nobody holds it any more: what is left of the hold is taken from its deadlines again.</summary>
    internal static Deployment Without(Deployment deployment, DateTimeOffset now)
    {
        if (deployment.Held is not { } held)
        {
            return deployment;
        }
        var left = held.Until > now ? held.Until - now : TimeSpan.Zero;
        return deployment with
        {
            Held = null,
            HeldFor = deployment.HeldFor - left,
            StepDeadline = deployment.StepDeadline - left,
            Deadline = deployment.Deadline - left,
        };
    }

    /// <summary>What would begin another step, or make the release live, waits while it is held.</summary>
    internal static Decision Kept(Situation now, Decision decision)
    {
        if (
            now.Deployment is not { Held: { } held } deployment
            || decision is not Decision.Note { Deployments: [var next] }
            || next.Phase is not (DeploymentPhase.RollingOut or DeploymentPhase.Promoted)
            || (next.Phase == DeploymentPhase.RollingOut && next.Step == deployment.Step)
        )
        {
            return decision;
        }
        // What gates say is remembered all the same.
        return next.Verdicts.Count > 0 && Watching.IsNews(deployment, next.Verdicts)
            ? Transitions.Ruled(now, next.Verdicts)
            : new Decision.Wait(Look, Words(held));
    }

    /// <summary>Until when and by whom, in words.</summary>
    internal static string Words(Hold held) =>
        $"somebody to let it go on: {held.By} holds it until {held.Until.UtcDateTime:HH:mm:ss}Z{(held.Reason is { } reason ? $" ({reason})" : "")}";

    private static bool IsMeant(Situation now, Request request) =>
        now is { Record.Active: { } active, Deployment.Phase: DeploymentPhase.RollingOut }
        && (request.Deployment ?? active) == active;

    private static Decision.Note Nothing(Situation now) => new(now.Record, [], []);

    private static NewEntry Entry(Situation now, string kind, string text) =>
        new(now.Site, now.Record.Active, kind, text);
}
