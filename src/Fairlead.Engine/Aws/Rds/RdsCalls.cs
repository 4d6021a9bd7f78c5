using System.Text;
using Fairlead.Model.Data;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Aws.Rds;

/// <summary>What RDS is asked about snapshots (its API of 2014-10-31). Pure.</summary>
internal static class RdsCalls
{
    public const string Database = "fairlead:database";
    public const string Deployment = "fairlead:deployment";

    /// <summary>Of clusters; those of instances may be longer.</summary>
    private const int NameLettersMax = 63;

    private const int PageMax = 100;

    /// <summary>
    /// Such as <c>fairlead-shop-production-db-1f3a9c27</c>: it begins with a letter, and has no two hyphens side by side, as RDS wants it.
    /// What had to be changed for that ends with a hash of all of it.
    /// </summary>
    public static string NameOf(SnapshotOrder order)
    {
        var (site, database, _, deployment, _) = order;
        var whole = $"fairlead-{site.App}-{site.Environment}-{database}-{deployment}".ToLowerInvariant();
        var fit = new StringBuilder();
        foreach (var letter in whole)
        {
            var one = char.IsAsciiLetterOrDigit(letter) ? letter : '-';
            if (one != '-' || fit[^1] != '-')
            {
                fit.Append(one);
            }
        }
        var name = fit.ToString().TrimEnd('-');
        return name == whole ? AwsMarks.Name(whole, NameLettersMax) : AwsMarks.Hashed(name, whole, NameLettersMax);
    }

    /// <summary>By which our snapshots of a database are known; nothing else is ever deleted.</summary>
    public static OrderedDictionary<string, string> Marks(SnapshotOrder order, string owner) =>
        new()
        {
            [AwsMarks.App] = order.Site.App,
            [AwsMarks.Environment] = order.Site.Environment,
            [Database] = order.Database,
            [AwsMarks.Owner] = owner,
        };

    public static AwsCall Create(SnapshotOrder order, string owner) =>
        Query(
            order.Place,
            order.Place.IsCluster ? "CreateDBClusterSnapshot" : "CreateDBSnapshot",
            [
                (Snapshot(order.Place), NameOf(order)),
                (Source(order.Place), order.Place.Name),
                .. Marks(order, owner)
                    .Append(new(Deployment, order.Deployment))
                    .SelectMany(
                        static (one, index) =>
                            new[]
                            {
                                ($"Tags.Tag.{AwsRest.Text(index + 1)}.Key", one.Key),
                                ($"Tags.Tag.{AwsRest.Text(index + 1)}.Value", one.Value),
                            }
                    ),
            ]
        );

    public static AwsCall Describe(SnapshotOrder order) =>
        Query(order.Place, Described(order.Place), [(Snapshot(order.Place), NameOf(order))]);

    /// <summary>Those that somebody took of it; what AWS takes by itself is not among them.</summary>
    /// <param name="marker">Of the page before; null for the first.</param>
    public static AwsCall List(RdsPlace place, string? marker) =>
        Query(
            place,
            Described(place),
            [
                (Source(place), place.Name),
                ("SnapshotType", "manual"),
                ("MaxRecords", AwsRest.Text(PageMax)),
                .. marker is null ? Array.Empty<(string, string)>() : [("Marker", marker)],
            ]
        );

    public static AwsCall Delete(RdsPlace place, string name) =>
        Query(place, place.IsCluster ? "DeleteDBClusterSnapshot" : "DeleteDBSnapshot", [(Snapshot(place), name)]);

    private static AwsCall Query(RdsPlace place, string action, IEnumerable<(string, string)> fields) =>
        AwsRest.Query("rds", "2014-10-31", action, fields) with
        {
            Region = place.Region,
        };

    private static string Described(RdsPlace place) =>
        place.IsCluster ? "DescribeDBClusterSnapshots" : "DescribeDBSnapshots";

    private static string Snapshot(RdsPlace place) =>
        place.IsCluster ? "DBClusterSnapshotIdentifier" : "DBSnapshotIdentifier";

    private static string Source(RdsPlace place) => place.IsCluster ? "DBClusterIdentifier" : "DBInstanceIdentifier";
}
