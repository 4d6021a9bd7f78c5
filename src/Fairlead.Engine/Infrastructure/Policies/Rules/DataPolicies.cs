using Fairlead.Engine.Infrastructure.Applying;
using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Policies.Rules;

/// <summary>Of databases, and of what happens to data.</summary>
internal static class DataPolicies
{
    private static readonly (string Type, string Path)[] Public =
    [
        ("aws_db_instance", "publicly_accessible"),
        ("aws_rds_cluster_instance", "publicly_accessible"),
        ("aws_redshift_cluster", "publicly_accessible"),
        ("aws_mq_broker", "publicly_accessible"),
        ("aws_dms_replication_instance", "publicly_accessible"),
        ("azurerm_mssql_server", "public_network_access_enabled"),
        ("azurerm_postgresql_flexible_server", "public_network_access_enabled"),
        ("azurerm_mysql_flexible_server", "public_network_access_enabled"),
        ("azurerm_redis_cache", "public_network_access_enabled"),
    ];

    private static readonly (string Type, string Attribute)[] Protected =
    [
        ("aws_db_instance", "deletion_protection"),
        ("aws_rds_cluster", "deletion_protection"),
        ("aws_docdb_cluster", "deletion_protection"),
        ("aws_neptune_cluster", "deletion_protection"),
        ("aws_dynamodb_table", "deletion_protection_enabled"),
        ("aws_lb", "enable_deletion_protection"),
        ("google_sql_database_instance", "deletion_protection"),
    ];

    public static IReadOnlyList<Policy> All { get; } =
    [
        new(
            "database-public",
            PolicySeverity.Critical,
            "Everybody can try passwords, and every weakness of the database is one of yours.",
            "Put it into private subnets, and let only the programs' security group in."
        )
        {
            Find = static plan => [.. PublicOnes(plan), .. PublicGoogle(plan)],
        },
        new(
            "database-unbacked",
            PolicySeverity.High,
            "After a wrong command or a broken release there is nothing to go back to.",
            "Keep backups for 7 days at least, and try once how one is put back."
        )
        {
            Find = Unbacked,
        },
        new(
            "database-alone",
            PolicySeverity.Medium,
            "When its zone or its machine fails, it is down until AWS has made another: minutes to hours.",
            "Set multi_az = true in production."
        )
        {
            Find = static plan =>
                plan.Settings.IsProtected
                    ? plan.Of("aws_db_instance")
                        .Where(static one => one.IsOff("multi_az") && one.IsUnset("replicate_source_db"))
                        .Select(static one => Violation.Of(one, "multi_az", "Nothing takes over when it fails."))
                    : [],
        },
        new(
            "snapshot-skipped",
            PolicySeverity.Medium,
            "Whoever removes it by mistake has lost all of it, backups too.",
            "Set skip_final_snapshot = false and name a final_snapshot_identifier."
        )
        {
            Find = static plan =>
                plan.Settings.IsProtected
                    ? plan.Of("aws_db_instance", "aws_rds_cluster", "aws_docdb_cluster", "aws_redshift_cluster")
                        .Where(static one =>
                            one.Values["skip_final_snapshot"].Truth() is true && one.IsUnset("replicate_source_db")
                        )
                        .Select(static one =>
                            Violation.Of(one, "skip_final_snapshot", "No last snapshot is made when it is removed.")
                        )
                    : [],
        },
        new(
            "unprotected",
            PolicySeverity.High,
            "One wrong command, or one wrong line in a change, removes it in production.",
            "Switch deletion protection on; it is switched off in a change of its own, when it is meant."
        )
        {
            Find = static plan => plan.Settings.IsProtected ? [.. Unprotected(plan)] : [],
        },
        new(
            "data-destroyed",
            PolicySeverity.Critical,
            "What is in it is gone, and backups that belong to it may be too.",
            "Keep it in the code, or move it with a 'moved' block if only its name changed. If it is meant, allow it for a day, by its address."
        )
        {
            Find = static plan =>
                // Whoever takes down what is not protected was asked by its name.
                plan.Settings
                    is { IsDestroy: true, IsProtected: false }
                    ? []
                    : plan
                        .Plan.Changes.Where(static one =>
                            one.Action is PlannedAction.Delete && PlanRisk.Holds(one.Type)
                        )
                        .Select(static one => new Violation(one.Address, null, "It is removed with the data in it.")),
        },
        new(
            "data-replaced",
            PolicySeverity.Critical,
            "It is removed and made anew, empty.",
            "Leave the attribute as it is, or make the new one beside it, move the data, then remove the old one. If it is meant, allow it for a day, by its address."
        )
        {
            Find = static plan =>
                plan.Plan.Changes.Where(static one => one.Action is PlannedAction.Replace && PlanRisk.Holds(one.Type))
                    .Select(static one => new Violation(
                        one.Address,
                        one.Forced is [var first, ..] ? first : null,
                        one.Forced.Count > 0
                            ? $"It is made anew, as {string.Join(", ", one.Forced)} cannot be changed."
                            : $"It is made anew{(one.Reason is { } reason ? $": {reason}" : "")}."
                    )),
        },
    ];

    private static IEnumerable<Violation> PublicOnes(JudgedPlan plan) =>
        Public
            .SelectMany(kind => plan.Of(kind.Type).Select(one => (Thing: one, kind.Path)))
            .Where(static one => one.Thing.Values.At(one.Path).Truth() is true)
            .Select(static one => Violation.Of(one.Thing, one.Path, "It can be reached from the whole internet."));

    private static IEnumerable<Violation> PublicGoogle(JudgedPlan plan)
    {
        foreach (var one in plan.Of("google_sql_database_instance"))
        {
            var networks = one.Values.At("settings.0.ip_configuration.0.authorized_networks");
            foreach (
                var (at, network) in networks
                    .Groups()
                    .Where(static one => Addresses.IsEverybody(one.Group["value"].Text()))
            )
            {
                yield return Violation.Of(
                    one,
                    $"settings.0.ip_configuration.0.authorized_networks.{at}.value",
                    "It can be reached from the whole internet."
                ) with
                {
                    Hints = [network["value"].Text() ?? ""],
                };
            }
        }
    }

    private static IEnumerable<Violation> Unbacked(JudgedPlan plan)
    {
        foreach (var one in plan.Of("aws_db_instance", "aws_rds_cluster", "aws_docdb_cluster"))
        {
            if (one.Values["backup_retention_period"].Number() is 0 && one.IsUnset("replicate_source_db"))
            {
                yield return Violation.Of(one, "backup_retention_period", "No backups are made of it.");
            }
        }
        foreach (var one in plan.Of("aws_dynamodb_table"))
        {
            if (
                one.Values["point_in_time_recovery"].At("0.enabled").Truth() is false
                || (one.IsUnset("point_in_time_recovery") && plan.Settings.IsProtected)
            )
            {
                yield return Violation.Of(one, "point_in_time_recovery.0.enabled", "No backups are made of it.") with
                {
                    Severity = PolicySeverity.Medium,
                };
            }
        }
        foreach (var one in plan.Of("google_sql_database_instance"))
        {
            var backups = one.Values.At("settings.0.backup_configuration.0");
            if (
                backups.At("enabled").Truth() is not true
                && !backups.IsUnknown()
                && one.IsUnset("master_instance_name")
            )
            {
                yield return Violation.Of(
                    one,
                    "settings.0.backup_configuration.0.enabled",
                    "No backups are made of it."
                );
            }
        }
    }

    private static IEnumerable<Violation> Unprotected(JudgedPlan plan)
    {
        foreach (var (type, attribute) in Protected)
        {
            foreach (var one in plan.Of(type).Where(one => one.IsOff(attribute)))
            {
                yield return Violation.Of(one, attribute, "Nothing keeps it from being removed.");
            }
        }
        foreach (
            var one in plan.Of("aws_s3_bucket", "google_storage_bucket")
                .Where(static one => one.Values["force_destroy"].Truth() is true)
        )
        {
            yield return Violation.Of(one, "force_destroy", "It is removed with all files in it.");
        }
    }
}
