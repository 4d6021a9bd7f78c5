using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Policies.Rules;

/// <summary>Of files and disks. S3 encrypts whatever is stored since January 2023, so nothing is asked of it there.</summary>
internal static class StoragePolicies
{
    private static readonly string[] Blocks =
    [
        "block_public_acls",
        "block_public_policy",
        "ignore_public_acls",
        "restrict_public_buckets",
    ];

    private static readonly (string Type, string Attribute)[] Encrypted =
    [
        ("aws_db_instance", "storage_encrypted"),
        ("aws_rds_cluster", "storage_encrypted"),
        ("aws_docdb_cluster", "storage_encrypted"),
        ("aws_neptune_cluster", "storage_encrypted"),
        ("aws_redshift_cluster", "encrypted"),
        ("aws_ebs_volume", "encrypted"),
        ("aws_efs_file_system", "encrypted"),
        ("aws_elasticache_replication_group", "at_rest_encryption_enabled"),
    ];

    public static IReadOnlyList<Policy> All { get; } =
    [
        new(
            "bucket-public",
            PolicySeverity.Critical,
            "Whoever knows or guesses its name reads what is in it.",
            "Keep it private, and serve files through a CDN or by signed addresses."
        )
        {
            Find = static plan => [.. PublicBuckets(plan), .. PublicElsewhere(plan)],
        },
        new(
            "bucket-unblocked",
            PolicySeverity.High,
            "One policy or access list, added later by mistake, opens it.",
            "Add an aws_s3_bucket_public_access_block for it, with all four set to true."
        )
        {
            Find = Unblocked,
        },
        new(
            "storage-unencrypted",
            PolicySeverity.High,
            "Whoever gets at the disk, a snapshot or a copy reads it; and it cannot be switched on later without making it anew.",
            "Switch encryption on; a key of your own says moreover who may read."
        )
        {
            Find = static plan => [.. Unencrypted(plan), .. UnencryptedDisks(plan), .. UnencryptedMessages(plan)],
        },
        new(
            "transit-unencrypted",
            PolicySeverity.High,
            "Whoever listens on the way reads and changes it.",
            "Let it take encrypted connections only."
        )
        {
            Find = InTransit,
        },
    ];

    private static IEnumerable<Violation> PublicBuckets(JudgedPlan plan)
    {
        foreach (var one in plan.Of("aws_s3_bucket_public_access_block", "aws_s3_account_public_access_block"))
        {
            foreach (var name in Blocks.Where(one.IsOff))
            {
                yield return Violation.Of(one, name, $"'{name}' is off.");
            }
        }
        foreach (var one in plan.Of("aws_s3_bucket_acl", "aws_s3_bucket"))
        {
            if (
                one.Values["acl"].Text() is { } acl
                && acl is "public-read" or "public-read-write" or "authenticated-read"
            )
            {
                yield return Violation.Of(one, "acl", $"Its access list is '{acl}'.");
            }
        }
    }

    private static IEnumerable<Violation> PublicElsewhere(JudgedPlan plan)
    {
        foreach (
            var one in plan.Of(
                "google_storage_bucket_iam_member",
                "google_storage_bucket_iam_binding",
                "google_storage_bucket_access_control"
            )
        )
        {
            foreach (var name in (string[])["member", "members", "entity"])
            {
                if (one.Values[name].Texts().Any(static who => who is "allUsers" or "allAuthenticatedUsers"))
                {
                    yield return Violation.Of(one, name, "Everybody may use the bucket.");
                }
            }
        }
        foreach (var one in plan.Of("azurerm_storage_container"))
        {
            if (one.Values["container_access_type"].Text() is "blob" or "container")
            {
                yield return Violation.Of(one, "container_access_type", "Everybody may read the container.");
            }
        }
        foreach (var one in plan.Of("azurerm_storage_account"))
        {
            if (one.Values["allow_nested_items_to_be_public"].Truth() is true)
            {
                yield return Violation.Of(one, "allow_nested_items_to_be_public", "Containers in it may be public.");
            }
        }
    }

    private static IEnumerable<Violation> Unblocked(JudgedPlan plan)
    {
        var blocks = plan.Of("aws_s3_bucket_public_access_block").ToList();
        // Made of a local value or of another state: nobody can tell here which bucket it is for.
        var isUnsure = blocks.Any(static one =>
            one.Values["bucket"].Text() is null
            && (
                !one.Refers.TryGetValue("bucket", out var names)
                || names.Any(static name => name.StartsWith("local.", StringComparison.Ordinal))
            )
        );
        return plan.Of("aws_s3_bucket")
            .Where(bucket =>
                !isUnsure
                && !blocks.Any(one =>
                    JudgedPlan.Refers(one, "bucket", bucket)
                    || (one.Values["bucket"].Text() is { } name && name == bucket.Values["bucket"].Text())
                )
            )
            .Select(static bucket => Violation.Of(bucket, null, "Nothing keeps it from being opened to the public."));
    }

    private static IEnumerable<Violation> Unencrypted(JudgedPlan plan) =>
        Encrypted
            .SelectMany(kind => plan.Of(kind.Type).Select(one => (Thing: one, kind.Attribute)))
            // What reads from another database or snapshot is as that one is, unless it says otherwise.
            .Where(static one =>
                one.Thing.IsOff(one.Attribute)
                && !(one.Thing.Values[one.Attribute].Truth() is null && IsCopy(one.Thing))
            )
            .Select(static one => Violation.Of(one.Thing, one.Attribute, "It is stored unencrypted."));

    internal static bool IsCopy(PlannedThing one) =>
        !one.IsUnset("replicate_source_db")
        || !one.IsUnset("snapshot_identifier")
        || !one.IsUnset("replication_source_identifier");

    private static IEnumerable<Violation> UnencryptedDisks(JudgedPlan plan)
    {
        foreach (var one in plan.Of("aws_instance"))
        {
            if (one.Values["root_block_device"].Groups().FirstOrDefault().Group is { } root)
            {
                if (IsOff(one, "root_block_device", root["encrypted"]))
                {
                    yield return Violation.Of(one, "root_block_device.0.encrypted", "Its first disk is unencrypted.");
                }
            }
            else if (one.IsUnset("root_block_device") && one.IsUnset("launch_template"))
            {
                yield return Violation.Of(one, "root_block_device", "Its first disk is unencrypted.");
            }
            foreach (
                var (at, disk) in one.Values["ebs_block_device"]
                    .Groups()
                    .Where(disk => IsOff(one, "ebs_block_device", disk.Group["encrypted"]))
            )
            {
                yield return Violation.Of(
                    one,
                    $"ebs_block_device.{at}.encrypted",
                    $"The disk {disk["device_name"].Text()} is unencrypted."
                ) with
                {
                    Hints = [disk["device_name"].Text() ?? ""],
                };
            }
        }
        foreach (var one in plan.Of("aws_launch_template"))
        {
            foreach (var (at, mapping) in one.Values["block_device_mappings"].Groups())
            {
                if (mapping.At("ebs.0") is { } disk && IsOff(one, "block_device_mappings", disk["encrypted"]))
                {
                    yield return Violation.Of(
                        one,
                        $"block_device_mappings.{at}.ebs.0.encrypted",
                        $"The disk {mapping["device_name"].Text()} is unencrypted."
                    ) with
                    {
                        Hints = [mapping["device_name"].Text() ?? ""],
                    };
                }
            }
        }
    }

    // What is not known yet inside of a block may be said by the code.
    private static bool IsOff(PlannedThing one, string block, System.Text.Json.Nodes.JsonNode? value) =>
        value is null
        || value.Truth() is false
        || (value.IsUnknown() && one.Said?.Contains(block) is false)
        || (value.Text() is "");

    private static IEnumerable<Violation> UnencryptedMessages(JudgedPlan plan)
    {
        foreach (var one in plan.Of("aws_sqs_queue"))
        {
            // A queue that says nothing is encrypted with a key of the service.
            if (one.Values["sqs_managed_sse_enabled"].Truth() is false && one.IsUnset("kms_master_key_id"))
            {
                yield return Violation.Of(one, "sqs_managed_sse_enabled", "Messages wait unencrypted.");
            }
        }
        foreach (var one in plan.Of("aws_sns_topic").Where(static one => one.IsUnset("kms_master_key_id")))
        {
            yield return Violation.Of(one, "kms_master_key_id", "Messages are kept unencrypted.") with
            {
                Severity = PolicySeverity.Medium,
            };
        }
        foreach (
            var one in plan.Of("aws_kinesis_stream")
                .Where(static one => one.Values["encryption_type"].Text() is "NONE" || one.IsUnset("encryption_type"))
        )
        {
            yield return Violation.Of(one, "encryption_type", "Records are kept unencrypted.");
        }
        foreach (var one in plan.Of("aws_opensearch_domain", "aws_elasticsearch_domain"))
        {
            if (one.Values["encrypt_at_rest"].At("0.enabled").Truth() is false || one.IsUnset("encrypt_at_rest"))
            {
                yield return Violation.Of(one, "encrypt_at_rest.0.enabled", "It is stored unencrypted.");
            }
        }
    }

    private static IEnumerable<Violation> InTransit(JudgedPlan plan)
    {
        foreach (var one in plan.Of("aws_elasticache_replication_group"))
        {
            if (one.IsOff("transit_encryption_enabled"))
            {
                yield return Violation.Of(
                    one,
                    "transit_encryption_enabled",
                    "It takes connections that are not encrypted."
                );
            }
        }
        foreach (var one in plan.Of("azurerm_storage_account"))
        {
            foreach (var name in (string[])["https_traffic_only_enabled", "enable_https_traffic_only"])
            {
                if (one.Values[name].Truth() is false)
                {
                    yield return Violation.Of(one, name, "It takes requests over plain HTTP.");
                }
            }
        }
        foreach (var one in plan.Of("azurerm_redis_cache"))
        {
            foreach (var name in (string[])["non_ssl_port_enabled", "enable_non_ssl_port"])
            {
                if (one.Values[name].Truth() is true)
                {
                    yield return Violation.Of(one, name, "It takes connections that are not encrypted.");
                }
            }
        }
        foreach (var one in plan.Of("google_sql_database_instance"))
        {
            if (one.Values.At("settings.0.ip_configuration.0.ssl_mode").Text() is "ALLOW_UNENCRYPTED_AND_ENCRYPTED")
            {
                yield return Violation.Of(
                    one,
                    "settings.0.ip_configuration.0.ssl_mode",
                    "It takes connections that are not encrypted."
                );
            }
        }
    }
}
