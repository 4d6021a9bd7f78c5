using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Aws.Rds;

/// <summary>What can go wrong with snapshots at RDS, in words.</summary>
internal static class RdsProblems
{
    public static Problem NotThere(SnapshotOrder order) =>
        new(
            "rds.no-database",
            What: $"There is no {order.Place.ToString()["the ".Length..]}.",
            Why: $"'rds' of the database '{order.Database}' names it, and AWS knows none of that name in {Region(order)}.",
            Fix: "Correct 'rds' in fairlead.yaml (instance or cluster, and region): aws rds describe-db-instances"
        )
        {
            Trouble = Trouble.NotFound,
        };

    public static Problem NotReady(SnapshotOrder order, TimeSpan waited, string why) =>
        new(
            "rds.not-ready",
            What: $"AWS took no snapshot of {order.Place} for {waited.Text}.",
            Why: why,
            Fix: "See what it does there, start it if it is stopped, and deploy again."
        );

    public static Problem Full(SnapshotOrder order) =>
        new(
            "rds.too-many-snapshots",
            What: $"AWS takes no further snapshot of {order.Place}.",
            Why: "The account has as many snapshots by hand as it may in this region.",
            Fix: "Delete what nobody needs, or have the quota raised: aws rds describe-db-snapshots --snapshot-type manual"
        );

    public static Problem Failed(SnapshotOrder order, string name) =>
        new(
            "rds.snapshot-failed",
            What: $"The snapshot {name} of {order.Place} failed.",
            Why: "AWS says: failed.",
            Fix: "See its events, and deploy again: aws rds describe-events --source-type db-snapshot"
        );

    public static Problem TooSlow(SnapshotOrder order, string name, string says) =>
        new(
            "rds.too-slow",
            What: $"The snapshot {name} of {order.Place} was not complete after {order.TimeMax.Text}.",
            Why: says,
            Fix: "It goes on at AWS. Wait until it is complete and deploy again: what comes after it is quick, as it has only what changed."
        );

    public static Problem NotOurs(SnapshotOrder order, string name) =>
        AwsProblems.NotOurs(
            $"The snapshot {name}",
            $"It has not the tags of this Fairlead, or is not of {order.Place}."
        );

    private static string Region(SnapshotOrder order) => order.Place.Region ?? "the server's region";
}
