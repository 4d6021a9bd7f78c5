using Fairlead.Model.Resources;
using static Fairlead.Engine.Infrastructure.Code.Aws.AwsDraft;
using static Fairlead.Engine.Infrastructure.Code.CodeValue;

namespace Fairlead.Engine.Infrastructure.Code.Aws;

/// <summary>Buckets: encrypted, closed, and read by a CDN where there is one.</summary>
internal static class AwsBuckets
{
    private const string Part = "data";
    private const int AbortDays = 7;

    // A bucket's name is one for all of the world, so that AWS ends it with letters of its own: 37 are left for us.
    private const int PrefixLettersMax = 36;

    public static void Add(AwsDraft draft, Bucket bucket)
    {
        var itself = draft.Add(
            Part,
            "aws_s3_bucket",
            bucket,
            [
                Set("bucket_prefix", Join(draft.Called(bucket.Name, PrefixLettersMax), "-")),
                Set("force_destroy", bucket.IsDisposable),
            ]
        );
        AddShut(draft, bucket, itself);
        if (bucket.HasVersions)
        {
            draft.Add(
                Part,
                "aws_s3_bucket_versioning",
                (bucket, "versions"),
                [Set("bucket", itself.At("id")), Group("versioning_configuration", Set("status", "Enabled"))]
            );
        }
        draft.Add(
            Part,
            "aws_s3_bucket_lifecycle_configuration",
            (bucket, "lifecycle"),
            [Set("bucket", itself.At("id")), .. Lifecycle(bucket), .. After(draft, bucket)]
        );
        draft.Add(
            Part,
            "aws_s3_bucket_policy",
            (bucket, "policy"),
            [
                Set("bucket", itself.At("id")),
                Set(
                    "policy",
                    new Json(
                        AwsAccess.Policy([
                            OnlyTls("s3:*", itself.At("arn"), Join(itself.At("arn"), "/*")),
                            .. Readers(draft, bucket, itself),
                        ])
                    )
                ),
            ]
        );
        draft.Tell($"{draft.Label(bucket)}_name", $"Bucket {bucket.Name}", itself.At("bucket"));
    }

    /// <summary>What keeps the public out of a bucket.</summary>
    public static IReadOnlyList<PieceLine> Shut(Piece bucket) =>
        [
            Set("bucket", bucket.At("id")),
            Set("block_public_acls", true),
            Set("block_public_policy", true),
            Set("ignore_public_acls", true),
            Set("restrict_public_buckets", true),
        ];

    private static void AddShut(AwsDraft draft, Bucket bucket, Piece itself)
    {
        draft.Add(Part, "aws_s3_bucket_public_access_block", (bucket, "shut"), Shut(itself));
        draft.Add(
            Part,
            "aws_s3_bucket_ownership_controls",
            (bucket, "owner"),
            [Set("bucket", itself.At("id")), Group("rule", Set("object_ownership", "BucketOwnerEnforced"))]
        );
        draft.Add(
            Part,
            "aws_s3_bucket_server_side_encryption_configuration",
            (bucket, "encryption"),
            [
                Set("bucket", itself.At("id")),
                Each("rule", Group("apply_server_side_encryption_by_default", Set("sse_algorithm", "AES256"))),
            ]
        );
    }

    private static IEnumerable<PieceLine> Lifecycle(Bucket bucket)
    {
        yield return Rule(
            "parts-of-uploads-that-broke-off",
            Group("abort_incomplete_multipart_upload", Set("days_after_initiation", AbortDays))
        );
        if (bucket.HasVersions)
        {
            yield return Rule(
                "what-was-written-over",
                Group("noncurrent_version_expiration", Set("noncurrent_days", bucket.OldDays))
            );
        }
        if (bucket.ExpireDays is { } days)
        {
            yield return Rule("old-files", Group("expiration", Set("days", days)));
        }
    }

    private static PieceLine Rule(string id, PieceLine what) =>
        Each("rule", Set("id", id), Set("status", "Enabled"), Group("filter"), what);

    // AWS takes rules for older versions only where there are versions.
    private static IReadOnlyList<PieceLine> After(AwsDraft draft, Bucket bucket) =>
        bucket.HasVersions
            ? [Set("depends_on", List(draft.At("aws_s3_bucket_versioning", bucket, "", "versions")))]
            : [];

    /// <summary>A statement that refuses whoever comes without TLS.</summary>
    public static CodeValue OnlyTls(string actions, params IReadOnlyList<CodeValue> on) =>
        Map(
            ("Sid", "OnlyByTls"),
            ("Effect", "Deny"),
            ("Principal", "*"),
            ("Action", actions),
            ("Resource", on.Count == 1 ? on[0] : new Items(on)),
            ("Condition", Map(("Bool", Map(("aws:SecureTransport", "false")))))
        );

    private static IEnumerable<CodeValue> Readers(AwsDraft draft, Bucket bucket, Piece itself) =>
        draft
            .Graph.All<Cdn>()
            .Where(one => one.Bucket == bucket)
            .Select(cdn =>
                Map(
                    ("Sid", "TheCdnReads"),
                    ("Effect", "Allow"),
                    ("Principal", Map(("Service", "cloudfront.amazonaws.com"))),
                    ("Action", "s3:GetObject"),
                    ("Resource", Join(itself.At("arn"), "/*")),
                    (
                        "Condition",
                        Map(
                            (
                                "StringEquals",
                                Map(("aws:SourceArn", draft.At("aws_cloudfront_distribution", cdn, "arn")))
                            )
                        )
                    )
                )
            );
}
