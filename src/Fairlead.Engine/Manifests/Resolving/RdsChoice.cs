using System.Text.RegularExpressions;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Data;

namespace Fairlead.Engine.Manifests.Resolving;

/// <summary>Whether RDS runs a database, and which one of RDS it is.</summary>
internal static partial class RdsChoice
{
    /// <returns>Null where a snapshot of it is never taken.</returns>
    public static RdsPlace? Of(string database, DataStoreEntry said, Node node, (Place Place, Findings Findings) with)
    {
        if (said.Rds is not { } entry)
        {
            return null;
        }
        Check(database, said, node, with.Findings);
        foreach (var name in (entry.In ?? []).Where(one => !with.Place.All.Contains(one)))
        {
            with.Findings.Add(node.At("in"), "rds-environment", Unknown(database, name, with.Place.All));
        }
        if ((entry.Instance is null) == (entry.Cluster is null))
        {
            with.Findings.Add(
                node,
                "rds-place",
                (
                    $"It is not clear what the database '{database}' is at RDS.",
                    "Exactly one of instance and cluster says it.",
                    "Write for example: rds: shop-production-db, or: rds: { cluster: shop-production }"
                )
            );
            return null;
        }
        var called = new AwsWords(with.Place).In(entry.Instance ?? entry.Cluster!); // One of them is said.
        if (!Identifier().IsMatch(called))
        {
            with.Findings.Add(
                node.At(entry.Cluster is null ? "instance" : "cluster"),
                "rds-name",
                (
                    $"{Shown.Quoted(called)} cannot be at RDS.",
                    "An identifier has 1 to 63 lower-case letters, digits and single hyphens, begins with a letter and does not end with a hyphen.",
                    "Write it as 'aws rds describe-db-instances' shows it."
                )
            );
        }
        return entry.In is { } only && !only.Contains(with.Place.Name)
            ? null
            : new()
            {
                Name = called,
                IsCluster = entry.Cluster is not null,
                Region = entry.Region,
                Keep = entry.Keep ?? RdsPlace.KeepUsually,
            };
    }

    private static void Check(string database, DataStoreEntry said, Node node, Findings findings)
    {
        if (said.Migrations is null)
        {
            findings.Add(
                node,
                "rds-migrations",
                (
                    $"Nothing would take a snapshot of '{database}'.",
                    "One is taken before migrations, and nothing says that there are any.",
                    "Add to it: migrations: db/migrations, or remove 'rds'."
                )
            );
        }
        if (said.Kind is not (DatabaseKind.Postgres or DatabaseKind.Mysql) || said.Url is null)
        {
            findings.Add(
                node,
                "rds-kind",
                (
                    $"RDS does not run the database '{database}'.",
                    said.Url is null
                        ? "Without 'url' Fairlead runs its server itself, or it is in files."
                        : "RDS runs PostgreSQL, MySQL and MariaDB.",
                    "Say the secret that holds its address: url: DATABASE_URL, or remove 'rds'."
                )
            );
        }
    }

    // A name that is written wrong would be a snapshot that is missed when it is needed.
    private static (string What, string Why, string Fix) Unknown(
        string database,
        string name,
        IReadOnlyList<string> names
    ) =>
        (
            $"There is no environment {Shown.Quoted(name)}, in which '{database}' would be at RDS.",
            $"There are: {string.Join(", ", names)}.",
            Nearest.To(name, names) is { } near ? $"Did you mean '{near}'?" : "Name one of these."
        );

    [GeneratedRegex(
        "^(?!.*--)[a-z]([a-z0-9-]{0,61}[a-z0-9])?$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Identifier();
}
