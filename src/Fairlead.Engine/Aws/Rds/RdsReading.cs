using System.Globalization;
using System.Xml.Linq;
using Fairlead.Model.Data;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Aws.Rds;

/// <summary>A snapshot as RDS tells of it.</summary>
/// <param name="Of">Identifier of the instance or cluster.</param>
/// <param name="Status">Such as <c>creating</c> or <c>available</c>.</param>
/// <param name="Percent">How far it is; null where RDS does not say.</param>
/// <param name="At">Null until it has begun.</param>
internal sealed record RdsSnapshot(
    string Name,
    string Of,
    string Status,
    int? Percent,
    DateTimeOffset? At,
    IReadOnlyDictionary<string, string> Tags
);

/// <summary>Reads what RDS says of snapshots. Pure; what has no name is passed over.</summary>
internal static class RdsReading
{
    public static IReadOnlyList<RdsSnapshot> Snapshots(XElement answer, RdsPlace place)
    {
        var (group, snapshot, source) = place.IsCluster
            ? ("DBClusterSnapshots", "DBClusterSnapshotIdentifier", "DBClusterIdentifier")
            : ("DBSnapshots", "DBSnapshotIdentifier", "DBInstanceIdentifier");
        return
        [
            .. from one in answer.Members(@group)
            let name = one.Child(snapshot)?.Value
            where name is { Length: > 0 }
            select new RdsSnapshot(
                name,
                one.Child(source)?.Value ?? "",
                one.Child("Status")?.Value ?? "",
                int.TryParse(
                    one.Child("PercentProgress")?.Value,
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var percent
                )
                && percent <= 100
                    ? percent
                    : null,
                DateTimeOffset.TryParse(
                    one.Child("SnapshotCreateTime")?.Value,
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal,
                    out var at
                )
                    ? at
                    : null,
                Tags(one)
            ),
        ];
    }

    /// <summary>
    /// Those that are too many, the oldest first: of ours of this database that are complete the newest stay, and of those that failed none.
    /// What has not all of our tags, or was not said when it was taken, is not ours to delete.
    /// </summary>
    public static IReadOnlyList<RdsSnapshot> Surplus(
        IReadOnlyList<RdsSnapshot> all,
        SnapshotOrder order,
        IReadOnlyDictionary<string, string> marks
    )
    {
        var ours = all.Where(one =>
                one.Of == order.Place.Name && one.Name != RdsCalls.NameOf(order) && one.At is not null
            )
            .Where(one => marks.All(mark => one.Tags.GetValueOrDefault(mark.Key) == mark.Value))
            .OrderByDescending(static one => one.At)
            .ToList();
        // The one just taken is the newest of those that stay.
        return
        [
            .. ours.Where(static one => one.Status == "available")
                .Skip(order.Place.Keep - 1)
                .Concat(ours.Where(static one => one.Status == "failed"))
                .OrderBy(static one => one.At),
        ];
    }

    private static Dictionary<string, string> Tags(XElement snapshot)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var one in snapshot.Members("TagList"))
        {
            if (one.Child("Key")?.Value is { } key)
            {
                tags[key] = one.Child("Value")?.Value ?? "";
            }
        }
        return tags;
    }
}
