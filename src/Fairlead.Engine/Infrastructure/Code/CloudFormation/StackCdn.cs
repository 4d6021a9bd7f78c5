using Fairlead.Engine.Infrastructure.Code.Aws;
using Fairlead.Model.Resources;
using static Fairlead.Engine.Infrastructure.Code.CloudFormation.StackDraft;
using static Fairlead.Engine.Infrastructure.Code.CodeValue;

namespace Fairlead.Engine.Infrastructure.Code.CloudFormation;

/// <summary>CloudFront before a bucket that nobody else reads.</summary>
internal static class StackCdn
{
    /// <summary>The only region whose certificates CloudFront takes.</summary>
    public const string CertificateRegion = AwsPages.CertificateRegion;

    /// <summary>The parameter that names a certificate of another stack.</summary>
    public const string CertificateParameter = "CdnCertificateArn";

    public static void Add(StackDraft draft, Cdn cdn)
    {
        draft.Add(
            draft.Id(cdn, "Access"),
            "AWS::CloudFront::OriginAccessControl",
            (
                "OriginAccessControlConfig",
                Map(
                    ("Name", Join(StackName, $"-{cdn.Name}")),
                    ("OriginAccessControlOriginType", "s3"),
                    ("SigningBehavior", "always"),
                    ("SigningProtocol", "sigv4")
                )
            )
        );
        draft.Add(
            draft.Id(cdn, "Paths"),
            "AWS::CloudFront::Function",
            ("Name", Join(StackName, $"-{cdn.Name}")),
            ("AutoPublish", true),
            ("FunctionCode", AwsPages.Paths(cdn)),
            ("FunctionConfig", Map(("Comment", "Leads paths to pages"), ("Runtime", "cloudfront-js-2.0")))
        );
        draft.Add(draft.Id(cdn), "AWS::CloudFront::Distribution", ("DistributionConfig", Distribution(draft, cdn)));
        draft.Tell(draft.Id(cdn, "Domain"), $"Where {cdn.Name} answers", draft.At(cdn, "DomainName"));
        draft.Tell(draft.Id(cdn, "Id"), $"For taking files of {cdn.Name} out of caches", draft.Ref(cdn));
    }

    private static CodeValue Distribution(StackDraft draft, Cdn cdn)
    {
        var (aliases, certificate) = Names(draft, cdn);
        return Map([
            ("Enabled", true),
            ("Comment", AwsSizes.Said($"{cdn.Name} of {draft.Graph.Site}")),
            ("HttpVersion", "http2and3"),
            ("IPV6Enabled", true),
            ("PriceClass", "PriceClass_100"),
            ("DefaultRootObject", "index.html"),
            .. Some("Aliases", aliases),
            ("ViewerCertificate", certificate),
            ("Origins", List([.. Origins(draft, cdn)])),
            ("DefaultCacheBehavior", Files(draft, cdn)),
            .. Some(
                "CacheBehaviors",
                cdn.Behind is null || cdn.BehindPaths.Count == 0
                    ? null
                    : List([.. cdn.BehindPaths.SelectMany(AwsTraffic.Patterns).Select(Programs)])
            ),
        ]);
    }

    private static CodeValue Files(StackDraft draft, Cdn cdn) =>
        Map(
            ("TargetOriginId", "files"),
            ("ViewerProtocolPolicy", "redirect-to-https"),
            ("Compress", true),
            ("CachePolicyId", AwsPages.CachingOptimized),
            ("ResponseHeadersPolicyId", AwsPages.SecurityHeaders),
            (
                "FunctionAssociations",
                List(
                    Map(
                        ("EventType", "viewer-request"),
                        ("FunctionARN", At(draft.Id(cdn, "Paths"), "FunctionMetadata.FunctionARN"))
                    )
                )
            )
        );

    private static CodeValue Programs(string pattern) =>
        Map(
            ("PathPattern", pattern),
            ("TargetOriginId", "programs"),
            ("ViewerProtocolPolicy", "redirect-to-https"),
            ("AllowedMethods", StackDraft.Names(["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"])),
            ("CachePolicyId", AwsPages.CachingDisabled),
            ("OriginRequestPolicyId", AwsPages.AllViewer)
        );

    private static IEnumerable<CodeValue> Origins(StackDraft draft, Cdn cdn)
    {
        yield return Map(
            ("Id", "files"),
            ("DomainName", draft.At(cdn.Bucket, "RegionalDomainName")),
            ("OriginAccessControlId", At(draft.Id(cdn, "Access"), "Id")),
            // Of the old way, which must be named and empty.
            ("S3OriginConfig", Map(("OriginAccessIdentity", "")))
        );
        if (cdn.Behind is not { } balancer || cdn.BehindPaths.Count == 0)
        {
            yield break;
        }
        yield return Map(
            ("Id", "programs"),
            ("DomainName", draft.At(balancer, "DNSName")),
            (
                "CustomOriginConfig",
                // The host that visitors asked for goes along, and the balancer's certificate is for it.
                balancer.Certificate
                    is null
                    ? Map(("OriginProtocolPolicy", "http-only"))
                    : Map(("OriginProtocolPolicy", "https-only"), ("OriginSSLProtocols", StackDraft.Names(["TLSv1.2"])))
            )
        );
    }

    private static (CodeValue? Aliases, CodeValue Certificate) Names(StackDraft draft, Cdn cdn)
    {
        var own = Map(("CloudFrontDefaultCertificate", true));
        if (cdn.Certificate is not { } certificate)
        {
            return (null, own);
        }
        var hosts = StackDraft.Names(cdn.Hosts);
        if (draft.Graph.Place.Region == CertificateRegion)
        {
            return (hosts, Certified(draft.Ref(certificate)));
        }
        draft.Parameter(
            CertificateParameter,
            "String",
            $"Certificate in {CertificateRegion} for {string.Join(", ", cdn.Hosts)}; the CDN answers to its own name only while there is none",
            ""
        );
        var condition = draft.Said(CertificateParameter);
        return (If(condition, hosts, Nothing), If(condition, Certified(new Setting(CertificateParameter)), own));
    }

    private static CodeValue Certified(CodeValue arn) =>
        Map(("AcmCertificateArn", arn), ("SslSupportMethod", "sni-only"), ("MinimumProtocolVersion", "TLSv1.2_2021"));
}
