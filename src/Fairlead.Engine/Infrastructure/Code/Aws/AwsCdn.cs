using Fairlead.Model.Resources;
using static Fairlead.Engine.Infrastructure.Code.Aws.AwsDraft;

namespace Fairlead.Engine.Infrastructure.Code.Aws;

/// <summary>CloudFront before a bucket that nobody else reads.</summary>
internal static class AwsCdn
{
    private const string Part = "cdn";
    private static readonly string[] Reading = ["GET", "HEAD"];
    private static readonly string[] All = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"];

    public static void Add(AwsDraft draft, Cdn cdn)
    {
        var access = draft.Add(
            Part,
            "aws_cloudfront_origin_access_control",
            (cdn, "access"),
            [
                Set("name", draft.Called(cdn.Name, 64)),
                Set("origin_access_control_origin_type", "s3"),
                Set("signing_behavior", "always"),
                Set("signing_protocol", "sigv4"),
            ]
        );
        var paths = draft.Add(
            Part,
            "aws_cloudfront_function",
            (cdn, "paths"),
            [
                Set("name", draft.Called(cdn.Name, 64)),
                Set("comment", "Leads paths to pages"),
                Set("runtime", "cloudfront-js-2.0"),
                Set("publish", true),
                Set("code", AwsPages.Paths(cdn)),
            ]
        );
        var itself = draft.Add(
            Part,
            "aws_cloudfront_distribution",
            cdn,
            [
                Set("enabled", true),
                Set(
                    "comment",
                    AwsSizes.Said($"{cdn.Name} of {draft.Graph.Site.App} in {draft.Graph.Site.Environment}")
                ),
                Set("http_version", "http2and3"),
                Set("is_ipv6_enabled", true),
                Set("price_class", "PriceClass_100"),
                Set("default_root_object", "index.html"),
                .. Some("aliases", cdn.Certificate is null ? null : Texts(cdn.Hosts)),
                .. Origins(draft, cdn, access),
                Files(paths),
                .. cdn.Behind is null ? [] : cdn.BehindPaths.SelectMany(AwsTraffic.Patterns).Select(Programs),
                Group("restrictions", Group("geo_restriction", Set("restriction_type", "none"))),
                Certified(draft, cdn),
                // Another place of the files, which a deploy of them leads to.
                Ignoring("origin"),
            ]
        );
        draft.Note(
            $"Deploys lead {cdn.Name} to other files, so that its origins are left as they are: where one is added later, take ignore_changes out for that plan."
        );
        draft.Tell($"{draft.Label(cdn)}_domain", $"Where {cdn.Name} answers", itself.At("domain_name"));
        draft.Tell($"{draft.Label(cdn)}_id", $"For taking files of {cdn.Name} out of caches", itself.At("id"));
    }

    private static PieceLine Files(Piece paths) =>
        Group(
            "default_cache_behavior",
            Set("target_origin_id", "files"),
            Set("viewer_protocol_policy", "redirect-to-https"),
            Set("allowed_methods", Texts(Reading)),
            Set("cached_methods", Texts(Reading)),
            Set("compress", true),
            Set("cache_policy_id", AwsPages.CachingOptimized),
            Set("response_headers_policy_id", AwsPages.SecurityHeaders),
            Each("function_association", Set("event_type", "viewer-request"), Set("function_arn", paths.At("arn")))
        );

    private static PieceLine Programs(string pattern) =>
        Each(
            "ordered_cache_behavior",
            Set("path_pattern", pattern),
            Set("target_origin_id", "programs"),
            Set("viewer_protocol_policy", "redirect-to-https"),
            Set("allowed_methods", Texts(All)),
            Set("cached_methods", Texts(Reading)),
            Set("cache_policy_id", AwsPages.CachingDisabled),
            Set("origin_request_policy_id", AwsPages.AllViewer)
        );

    private static IEnumerable<PieceLine> Origins(AwsDraft draft, Cdn cdn, Piece access)
    {
        yield return Each(
            "origin",
            Set("origin_id", "files"),
            Set("domain_name", draft.At("aws_s3_bucket", cdn.Bucket, "bucket_regional_domain_name")),
            Set("origin_access_control_id", access.At("id"))
        );
        if (cdn.Behind is not { } balancer || cdn.BehindPaths.Count == 0)
        {
            yield break;
        }
        yield return Each(
            "origin",
            Set("origin_id", "programs"),
            Set("domain_name", draft.At("aws_lb", balancer, "dns_name")),
            // The host that visitors asked for goes along, and the balancer's certificate is for it.
            Group(
                "custom_origin_config",
                Set("http_port", 80),
                Set("https_port", 443),
                Set("origin_protocol_policy", balancer.Certificate is null ? "http-only" : "https-only"),
                Set("origin_ssl_protocols", Texts(["TLSv1.2"]))
            )
        );
    }

    private static PieceLine Certified(AwsDraft draft, Cdn cdn) =>
        cdn.Certificate is { } certificate
            ? Group(
                "viewer_certificate",
                Set("acm_certificate_arn", AwsNames.Proven(draft, certificate)),
                Set("ssl_support_method", "sni-only"),
                Set("minimum_protocol_version", "TLSv1.2_2021")
            )
            : Group("viewer_certificate", Set("cloudfront_default_certificate", true));
}
