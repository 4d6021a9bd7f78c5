using Fairlead.Engine.Operations;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying;

/// <summary>
/// Snapshots of databases that a cloud runs, before a deployment changes any schema. All of them come first: one that cannot be taken ends the
/// deployment while nothing was changed of any database. The name follows from the deployment, so whoever goes on after a crash finds it.
/// </summary>
public static class Snapshotting
{
    /// <summary>How long one may take before the deployment is given up.</summary>
    public static readonly TimeSpan TimeMax = TimeSpan.FromHours(4);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    /// <summary>One for each place of which something is migrated: several databases may be at one.</summary>
    /// <param name="steps">What is done to databases.</param>
    internal static IEnumerable<Step> Steps(Release next, IReadOnlyList<Step> steps) =>
        (next.Databases ?? [])
            .Where(one => one.Rds is not null)
            .Where(one => steps.OfType<Step.Migrate>().Any(step => step.Database == one.Name))
            .DistinctBy(static one => (one.Rds!.Name, one.Rds.IsCluster, one.Rds.Region))
            .Select(static one => new Step.Snapshot(one.Name));

    /// <summary>Begins it, waits for it, and goes on or back by it.</summary>
    internal static Decision Next(Situation now) =>
        now.Seen.Snapshot switch
        {
            null => new Decision.Do(new Move.BeginSnapshot(OrderOf(now)!)),
            { Problem: { } problem } => Transitions.TakeBack(
                now,
                DeploymentPhase.RolledBack,
                NotTaken(now.Deployment!, problem)
            ),
            { IsTaken: true } view => Taken(now, view),
            var view => new Decision.Wait(Look, $"{now.Deployment!.Current}: {view.Says}"),
        };

    internal static async Task<SnapshotView?> LookAsync(
        Situation known,
        ISnapshots? snapshots,
        CancellationToken stop
    ) =>
        OrderOf(known) is not { } order ? null
        : snapshots is null ? new("", "nobody takes it") { Problem = Nobody(order) }
        : await snapshots.ObserveAsync(order, stop);

    // Null while no step takes one.
    private static SnapshotOrder? OrderOf(Situation now)
    {
        if (now.Deployment is not { Current: Step.Snapshot step, Phase: DeploymentPhase.RollingOut } deployment)
        {
            return null;
        }
        var place = now.Next!.Databases!.First(one => one.Name == step.Database).Rds!; // The step is of one.
        return new(now.Site, step.Database, place, deployment.Id, TimeMax);
    }

    private static Decision.Note Taken(Situation now, SnapshotView view)
    {
        var (deployment, order) = (now.Deployment!, OrderOf(now)!);
        var kept = now with
        {
            Deployment = deployment with
            {
                Snapshots = [.. deployment.Snapshots ?? [], new(order.Database, view.Name, now.Now)],
                Warnings = [.. deployment.Warnings, .. view.Warnings],
            },
        };
        var advanced = Transitions.Advance(kept, []);
        return advanced with
        {
            Entries =
            [
                new(now.Site, deployment.Id, "snapshot", $"{view.Name} of {order.Place} is complete"),
                .. advanced.Entries,
            ],
        };
    }

    private static Problem NotTaken(Deployment deployment, Problem problem) =>
        new(
            "deployment.no-snapshot",
            What: $"{deployment} stopped before anything was changed: '{deployment.Current}' failed.",
            Why: $"{problem.What} {problem.Why}",
            Fix: problem.Fix
        )
        {
            Trouble = Trouble.RolledBack,
        };

    private static Problem Nobody(SnapshotOrder order) =>
        new(
            "rds.no-snapshots",
            What: $"No snapshot of {order.Place} can be taken.",
            Why: "This server asks no cloud: it plays a demo.",
            Fix: "Deploy at a server of your own, or remove 'rds' of the database."
        );
}
