using Fairlead.Model.Resources;
using static Fairlead.Engine.Infrastructure.Code.Aws.AwsDraft;
using static Fairlead.Engine.Infrastructure.Code.CodeValue;

namespace Fairlead.Engine.Infrastructure.Code.Aws;

/// <summary>Databases, caches and queues.</summary>
internal static class AwsStores
{
    private const string Part = "data";
    private const int DeadSeconds = 14 * 24 * 3600;

    public static CodeValue Arn(AwsDraft draft, Bucket one) => draft.At("aws_s3_bucket", one, "arn");

    public static CodeValue Arn(AwsDraft draft, Messages one) => draft.At("aws_sqs_queue", one, "arn");

    public static CodeValue Host(AwsDraft draft, Database one) => draft.At("aws_db_instance", one, "address");

    public static CodeValue Host(AwsDraft draft, Cache one) =>
        draft.At("aws_elasticache_replication_group", one, "primary_endpoint_address");

    /// <summary>Where AWS keeps the user and the password that it made.</summary>
    public static CodeValue Password(AwsDraft draft, Database one) =>
        draft.At("aws_db_instance", one, "master_user_secret[0].secret_arn");

    public static void Add(AwsDraft draft, Database database)
    {
        var isPostgres = database.Engine is DatabaseEngine.Postgres;
        var subnets = draft.Add(
            Part,
            "aws_db_subnet_group",
            (database, "subnets"),
            [Set("name", draft.Called(database.Name, 255)), Set("subnet_ids", AwsNetwork.Ids(draft, database.Subnets))]
        );
        draft.Add(
            Part,
            "aws_db_instance",
            database,
            [
                Set("identifier", draft.Called(database.Name, 63)),
                Set("engine", isPostgres ? "postgres" : "mysql"),
                Set("engine_version", database.Version),
                Set("instance_class", AwsSizes.Database(database.Size)),
                Set("allocated_storage", AwsSizes.Gigabytes(database.Storage)),
                Set("storage_type", "gp3"),
                Set("storage_encrypted", true),
                Set("db_name", database.Schema),
                Set("username", AwsWorkloads.DatabaseUser),
                Set("manage_master_user_password", true),
                Set("multi_az", database.HasStandby),
                Set("backup_retention_period", database.BackupDays),
                Set("copy_tags_to_snapshot", true),
                Set("deletion_protection", database.IsProtected),
                Set("skip_final_snapshot", false),
                Set("final_snapshot_identifier", draft.Called($"{database.Name}-final", 255)),
                Set("publicly_accessible", false),
                Set("db_subnet_group_name", subnets.At("name")),
                Set("vpc_security_group_ids", List(AwsNetwork.Id(draft, database.Firewall))),
                Set("enabled_cloudwatch_logs_exports", Texts(isPostgres ? ["postgresql"] : ["error"])),
            ],
            "AWS makes and keeps the password, so that nobody types it and no state has it. A last snapshot stays when it is removed."
        );
        draft.Tell($"{draft.Label(database)}_host", $"Where {database.Name} answers", Host(draft, database));
        draft.Tell(
            $"{draft.Label(database)}_password_arn",
            $"Where the password of {database.Name} is kept",
            Password(draft, database)
        );
    }

    public static void Add(AwsDraft draft, Cache cache)
    {
        var subnets = draft.Add(
            Part,
            "aws_elasticache_subnet_group",
            (cache, "subnets"),
            [Set("name", draft.Called(cache.Name, 255)), Set("subnet_ids", AwsNetwork.Ids(draft, cache.Subnets))]
        );
        draft.Add(
            Part,
            "aws_elasticache_replication_group",
            cache,
            [
                Set("replication_group_id", draft.Called(cache.Name, 40)),
                Set(
                    "description",
                    AwsSizes.Said($"{cache.Name} of {draft.Graph.Site.App} in {draft.Graph.Site.Environment}")
                ),
                Set("engine", "redis"),
                Set("engine_version", cache.Version),
                Set("node_type", AwsSizes.Cache(cache.Size)),
                Set("num_cache_clusters", cache.Replicas + 1),
                Set("automatic_failover_enabled", cache.Replicas > 0),
                Set("multi_az_enabled", cache.Replicas > 0),
                Set("at_rest_encryption_enabled", true),
                Set("transit_encryption_enabled", true),
                Set("transit_encryption_mode", "preferred"),
                Set("subnet_group_name", subnets.At("name")),
                Set("security_group_ids", List(AwsNetwork.Id(draft, cache.Firewall))),
            ],
            "Takes connections with and without TLS; set transit_encryption_mode to required once all programs use it."
        );
        draft.Tell($"{draft.Label(cache)}_host", $"Where {cache.Name} answers", Host(draft, cache));
    }

    public static void Add(AwsDraft draft, Messages queue)
    {
        var aside = draft.Add(
            Part,
            "aws_sqs_queue",
            (queue, "put_aside"),
            [
                Set("name", draft.Called($"{queue.Name}-put-aside", 80)),
                Set("sqs_managed_sse_enabled", true),
                Set("message_retention_seconds", DeadSeconds),
            ],
            "Messages that nobody could handle, for people to look at."
        );
        var itself = draft.Add(
            Part,
            "aws_sqs_queue",
            queue,
            [
                Set("name", draft.Called(queue.Name, 80)),
                Set("sqs_managed_sse_enabled", true),
                Set("visibility_timeout_seconds", (int)Math.Clamp(queue.Hidden.TotalSeconds, 0, 43_200)),
                Set("message_retention_seconds", (int)Math.Clamp(queue.Kept.TotalSeconds, 60, 1_209_600)),
                Set(
                    "redrive_policy",
                    new Json(Map(("deadLetterTargetArn", aside.At("arn")), ("maxReceiveCount", queue.Attempts)))
                ),
            ]
        );
        foreach (var (one, ending) in (IEnumerable<(Piece, string)>)[(itself, "policy"), (aside, "put_aside_policy")])
        {
            draft.Add(
                Part,
                "aws_sqs_queue_policy",
                (queue, ending),
                [
                    Set("queue_url", one.At("url")),
                    Set("policy", new Json(AwsAccess.Policy([AwsBuckets.OnlyTls("sqs:*", one.At("arn"))]))),
                ]
            );
        }
        draft.Tell($"{draft.Label(queue)}_url", $"Address of {queue.Name}", itself.At("url"));
    }
}
