using System.Text.Json.Serialization;
using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Applying;

/// <summary>How much can go wrong with a change of infrastructure.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PlanDanger>))]
public enum PlanDanger
{
    /// <summary>Something new, or a change in place.</summary>
    [JsonStringEnumMemberName("low")]
    Low,

    /// <summary>Something is removed or made anew, and is away for a while.</summary>
    [JsonStringEnumMemberName("interrupts")]
    Interrupts,

    /// <summary>Data is lost.</summary>
    [JsonStringEnumMemberName("loses-data")]
    LosesData,
}

/// <summary>Ranks changes: what loses data comes first, then what interrupts. Pure.</summary>
public static class PlanRisk
{
    // Of each kind of thing that holds data, as tools call it.
    private static readonly HashSet<string> HoldsData =
    [
        "aws_backup_vault",
        "aws_cloudwatch_log_group",
        "aws_cognito_user_pool",
        "aws_db_instance",
        "aws_docdb_cluster",
        "aws_dynamodb_table",
        "aws_ebs_volume",
        "aws_ecr_repository",
        "aws_efs_file_system",
        "aws_elasticache_cluster",
        "aws_elasticache_replication_group",
        "aws_elasticsearch_domain",
        "aws_kinesis_stream",
        "aws_kms_key",
        "aws_msk_cluster",
        "aws_neptune_cluster",
        "aws_opensearch_domain",
        "aws_rds_cluster",
        "aws_rds_cluster_instance",
        "aws_redshift_cluster",
        "aws_route53_zone",
        "aws_s3_bucket",
        "aws_secretsmanager_secret",
        "aws_sqs_queue",
        "azurerm_cosmosdb_account",
        "azurerm_key_vault",
        "azurerm_managed_disk",
        "azurerm_mssql_database",
        "azurerm_mysql_flexible_server",
        "azurerm_postgresql_flexible_server",
        "azurerm_redis_cache",
        "azurerm_servicebus_queue",
        "azurerm_storage_account",
        "azurerm_storage_container",
        "google_bigquery_dataset",
        "google_bigtable_instance",
        "google_compute_disk",
        "google_firestore_database",
        "google_kms_crypto_key",
        "google_pubsub_subscription",
        "google_pubsub_topic",
        "google_redis_instance",
        "google_secret_manager_secret",
        "google_spanner_database",
        "google_spanner_instance",
        "google_sql_database_instance",
        "google_storage_bucket",
        "AWS::DynamoDB::Table",
        "AWS::EC2::Volume",
        "AWS::ECR::Repository",
        "AWS::EFS::FileSystem",
        "AWS::ElastiCache::ReplicationGroup",
        "AWS::KMS::Key",
        "AWS::Logs::LogGroup",
        "AWS::RDS::DBCluster",
        "AWS::RDS::DBInstance",
        "AWS::S3::Bucket",
        "AWS::SQS::Queue",
        "AWS::SecretsManager::Secret",
    ];

    public static bool Holds(string type) => HoldsData.Contains(type);

    public static PlanDanger Of(PlannedChange change) =>
        change.Action switch
        {
            PlannedAction.Delete or PlannedAction.Replace when Holds(change.Type) => PlanDanger.LosesData,
            PlannedAction.Delete or PlannedAction.Replace => PlanDanger.Interrupts,
            _ => PlanDanger.Low,
        };

    /// <summary>The most dangerous first; those that are alike by their addresses.</summary>
    public static IReadOnlyList<PlannedChange> Ranked(IEnumerable<PlannedChange> changes) =>
        [
            .. changes
                .OrderByDescending(Of)
                .ThenBy(static one => OrderOf(one.Action))
                .ThenBy(static one => one.Address, StringComparer.Ordinal),
        ];

    /// <summary>Why a change is made as it is, for people; empty where it is only new.</summary>
    public static string Because(PlannedChange change)
    {
        var why =
            change.Forced.Count > 0 ? $"{string.Join(", ", change.Forced)} cannot be changed in place"
            : change.Reason is { } said ? said
            : change.Action is PlannedAction.Update ? string.Join(", ", change.Differs)
            : "";
        return Of(change) is PlanDanger.LosesData ? $"{why}{(why.Length > 0 ? "; " : "")}the data in it is lost" : why;
    }

    /// <summary>Such as <c>3 to create, 1 to replace</c>.</summary>
    public static string Summary(IReadOnlyList<PlannedChange> changes) =>
        changes.Count == 0
            ? "nothing to do"
            : string.Join(
                ", ",
                changes
                    .GroupBy(static one => one.Action)
                    .OrderBy(static group => OrderOf(group.Key))
                    .Select(static group => $"{group.Count()} to {Word(group.Key)}")
            );

    public static string Word(PlannedAction action) =>
        action switch
        {
            PlannedAction.Create => "create",
            PlannedAction.Update => "change",
            PlannedAction.Replace => "replace",
            PlannedAction.Delete => "remove",
            PlannedAction.Forget => "forget",
            _ => "take over",
        };

    private static int OrderOf(PlannedAction action) =>
        action switch
        {
            PlannedAction.Delete => 0,
            PlannedAction.Replace => 1,
            PlannedAction.Update => 2,
            PlannedAction.Create => 3,
            PlannedAction.Import => 4,
            _ => 5,
        };
}
