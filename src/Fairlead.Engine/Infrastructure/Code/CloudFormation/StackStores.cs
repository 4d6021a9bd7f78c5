using System.Globalization;
using Fairlead.Engine.Infrastructure.Code.Aws;
using Fairlead.Model.Resources;
using static Fairlead.Engine.Infrastructure.Code.CloudFormation.StackDraft;
using static Fairlead.Engine.Infrastructure.Code.CodeValue;

namespace Fairlead.Engine.Infrastructure.Code.CloudFormation;

/// <summary>Databases, caches, buckets and queues. What holds data stays when the stack goes.</summary>
internal static class StackStores
{
    private const int DeadSeconds = 14 * 24 * 3600;
    private const int AbortDays = 7;

    public static void Add(StackDraft draft, Database database)
    {
        var isPostgres = database.Engine is DatabaseEngine.Postgres;
        draft.Add(
            draft.Id(database, "Subnets"),
            "AWS::RDS::DBSubnetGroup",
            ("DBSubnetGroupDescription", AwsSizes.Said($"{database.Name} of {draft.Graph.Site}")),
            ("SubnetIds", List([.. database.Subnets.Select(one => draft.Ref(one, "Subnet"))]))
        );
        draft.Add(
            new(
                draft.Id(database),
                "AWS::RDS::DBInstance",
                new([
                    ("Engine", isPostgres ? "postgres" : "mysql"),
                    ("EngineVersion", database.Version),
                    ("DBInstanceClass", AwsSizes.Database(database.Size)),
                    ("AllocatedStorage", AwsSizes.Gigabytes(database.Storage).ToString(CultureInfo.InvariantCulture)),
                    ("StorageType", "gp3"),
                    ("StorageEncrypted", true),
                    ("DBName", database.Schema),
                    ("MasterUsername", AwsWorkloads.DatabaseUser),
                    ("ManageMasterUserPassword", true),
                    ("MultiAZ", database.HasStandby),
                    ("BackupRetentionPeriod", database.BackupDays),
                    ("CopyTagsToSnapshot", true),
                    ("DeletionProtection", database.IsProtected),
                    ("PubliclyAccessible", false),
                    ("DBSubnetGroupName", draft.Ref(database, "Subnets")),
                    ("VPCSecurityGroups", List(draft.At(database.Firewall, "GroupId"))),
                    ("EnableCloudwatchLogsExports", Names(isPostgres ? ["postgresql"] : ["error"])),
                ])
            )
            {
                Kept = Kept.Copy,
                Why =
                    "AWS makes and keeps the password, so that nobody types it and no template has it. A major version without a minor one is the newest of it, which cfn-lint does not know.",
                Unjudged = ["E3691", "W3691"],
            }
        );
        draft.Tell(
            draft.Id(database, "Host"),
            $"Where {database.Name} answers",
            draft.At(database, "Endpoint.Address")
        );
        draft.Tell(
            draft.Id(database, "PasswordArn"),
            $"Where the password of {database.Name} is kept",
            draft.At(database, "MasterUserSecret.SecretArn")
        );
    }

    public static void Add(StackDraft draft, Cache cache)
    {
        draft.Add(
            draft.Id(cache, "Subnets"),
            "AWS::ElastiCache::SubnetGroup",
            ("Description", AwsSizes.Said($"{cache.Name} of {draft.Graph.Site}")),
            ("SubnetIds", List([.. cache.Subnets.Select(one => draft.Ref(one, "Subnet"))]))
        );
        draft.Add(
            new(
                draft.Id(cache),
                "AWS::ElastiCache::ReplicationGroup",
                new([
                    ("ReplicationGroupDescription", AwsSizes.Said($"{cache.Name} of {draft.Graph.Site}")),
                    ("Engine", "redis"),
                    ("EngineVersion", cache.Version),
                    ("CacheNodeType", AwsSizes.Cache(cache.Size)),
                    ("NumCacheClusters", cache.Replicas + 1),
                    ("AutomaticFailoverEnabled", cache.Replicas > 0),
                    ("MultiAZEnabled", cache.Replicas > 0),
                    ("AtRestEncryptionEnabled", true),
                    ("TransitEncryptionEnabled", true),
                    ("TransitEncryptionMode", "preferred"),
                    ("CacheSubnetGroupName", draft.Ref(cache, "Subnets")),
                    ("SecurityGroupIds", List(draft.At(cache.Firewall, "GroupId"))),
                ])
            )
            {
                Kept = Kept.Gone,
                Why =
                    "Takes connections with and without TLS; set TransitEncryptionMode to required once all programs use it.",
            }
        );
        draft.Tell(draft.Id(cache, "Host"), $"Where {cache.Name} answers", draft.At(cache, "PrimaryEndPoint.Address"));
    }

    public static void Add(StackDraft draft, Bucket bucket)
    {
        draft.Add(
            new(
                draft.Id(bucket),
                "AWS::S3::Bucket",
                new([
                    (
                        "PublicAccessBlockConfiguration",
                        Map(
                            ("BlockPublicAcls", true),
                            ("BlockPublicPolicy", true),
                            ("IgnorePublicAcls", true),
                            ("RestrictPublicBuckets", true)
                        )
                    ),
                    ("OwnershipControls", Map(("Rules", List(Map(("ObjectOwnership", "BucketOwnerEnforced")))))),
                    (
                        "BucketEncryption",
                        Map(
                            (
                                "ServerSideEncryptionConfiguration",
                                List(Map(("ServerSideEncryptionByDefault", Map(("SSEAlgorithm", "AES256")))))
                            )
                        )
                    ),
                    .. Some("VersioningConfiguration", bucket.HasVersions ? Map(("Status", "Enabled")) : null),
                    ("LifecycleConfiguration", Map(("Rules", List([.. Lifecycle(bucket)])))),
                ])
            )
            {
                Kept = bucket.IsDisposable ? Kept.Gone : Kept.Whole,
            }
        );
        if (bucket.IsDisposable)
        {
            draft.Note(
                $"CloudFormation removes {bucket.Name} only when there is nothing in it: aws s3 rm --recursive s3://NAME, and its older versions, come first."
            );
        }
        draft.Add(
            draft.Id(bucket, "Policy"),
            "AWS::S3::BucketPolicy",
            ("Bucket", draft.Ref(bucket)),
            (
                "PolicyDocument",
                StackAccess.Policy([
                    OnlyTls("s3:*", [draft.At(bucket, "Arn"), Join(draft.At(bucket, "Arn"), "/*")]),
                    .. Readers(draft, bucket),
                ])
            )
        );
        draft.Tell(draft.Id(bucket, "Name"), $"Bucket {bucket.Name}", draft.Ref(bucket));
    }

    private static IEnumerable<CodeValue> Lifecycle(Bucket bucket)
    {
        yield return Map(
            ("Id", "parts-of-uploads-that-broke-off"),
            ("Status", "Enabled"),
            ("AbortIncompleteMultipartUpload", Map(("DaysAfterInitiation", AbortDays)))
        );
        if (bucket.HasVersions)
        {
            yield return Map(
                ("Id", "what-was-written-over"),
                ("Status", "Enabled"),
                ("NoncurrentVersionExpiration", Map(("NoncurrentDays", bucket.OldDays)))
            );
        }
        if (bucket.ExpireDays is { } days)
        {
            yield return Map(("Id", "old-files"), ("Status", "Enabled"), ("ExpirationInDays", days));
        }
    }

    private static CodeValue OnlyTls(string actions, IReadOnlyList<CodeValue> on) =>
        Map(
            ("Sid", "OnlyByTls"),
            ("Effect", "Deny"),
            ("Principal", "*"),
            ("Action", actions),
            ("Resource", on.Count == 1 ? on[0] : new Items(on)),
            ("Condition", Map(("Bool", Map(("aws:SecureTransport", "false")))))
        );

    private static IEnumerable<CodeValue> Readers(StackDraft draft, Bucket bucket) =>
        draft
            .Graph.All<Cdn>()
            .Where(one => one.Bucket == bucket)
            .Select(cdn =>
                Map(
                    ("Sid", "TheCdnReads"),
                    ("Effect", "Allow"),
                    ("Principal", Map(("Service", "cloudfront.amazonaws.com"))),
                    ("Action", "s3:GetObject"),
                    ("Resource", Join(draft.At(bucket, "Arn"), "/*")),
                    (
                        "Condition",
                        Map(
                            (
                                "StringEquals",
                                Map(
                                    (
                                        "aws:SourceArn",
                                        Join(
                                            "arn:",
                                            Partition,
                                            ":cloudfront::",
                                            Account,
                                            ":distribution/",
                                            draft.Ref(cdn)
                                        )
                                    )
                                )
                            )
                        )
                    )
                )
            );

    public static void Add(StackDraft draft, Messages queue)
    {
        var dead = draft.Id(queue, "PutAside");
        draft.Add(
            new(dead, "AWS::SQS::Queue", new([("SqsManagedSseEnabled", true), ("MessageRetentionPeriod", DeadSeconds)]))
            {
                Kept = Kept.Whole,
                Why = "Messages that nobody could handle, for people to look at.",
            }
        );
        draft.Add(
            new(
                draft.Id(queue),
                "AWS::SQS::Queue",
                new([
                    ("SqsManagedSseEnabled", true),
                    ("VisibilityTimeout", (int)Math.Clamp(queue.Hidden.TotalSeconds, 0, 43_200)),
                    ("MessageRetentionPeriod", (int)Math.Clamp(queue.Kept.TotalSeconds, 60, 1_209_600)),
                    (
                        "RedrivePolicy",
                        Map(("deadLetterTargetArn", At(dead, "Arn")), ("maxReceiveCount", queue.Attempts))
                    ),
                ])
            )
            {
                Kept = Kept.Whole,
            }
        );
        draft.Add(
            draft.Id(queue, "Policy"),
            "AWS::SQS::QueuePolicy",
            ("Queues", List(draft.Ref(queue), Ref(dead))),
            ("PolicyDocument", StackAccess.Policy([OnlyTls("sqs:*", [(CodeValue)"*"])]))
        );
        draft.Tell(draft.Id(queue, "Url"), $"Address of {queue.Name}", draft.Ref(queue));
    }
}
