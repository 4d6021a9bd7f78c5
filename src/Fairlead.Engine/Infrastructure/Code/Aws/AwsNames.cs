using System.Globalization;
using Fairlead.Model.Resources;
using static Fairlead.Engine.Infrastructure.Code.Aws.AwsDraft;
using static Fairlead.Engine.Infrastructure.Code.CodeValue;

namespace Fairlead.Engine.Infrastructure.Code.Aws;

/// <summary>Certificates, and names in zones that are there already.</summary>
internal static class AwsNames
{
    /// <summary>The provider that works where CloudFront takes certificates from.</summary>
    public const string CdnProvider = "us_east_1";

    private const string Part = "traffic";
    private const int LifeSeconds = 60;

    /// <summary>Whether something must be made elsewhere than all else.</summary>
    public static bool NeedsCdnProvider(ResourceGraph graph) =>
        graph.All<Certificate>().Any(one => IsElsewhere(graph, one));

    /// <summary>A certificate once the records in its zone were seen: what uses it earlier is refused.</summary>
    public static CodeValue Proven(AwsDraft draft, Certificate one) =>
        draft.At("aws_acm_certificate_validation", one, "certificate_arn", "proven");

    private static bool IsElsewhere(ResourceGraph graph, Certificate one) =>
        one.IsForCdn && graph.Place.Region != AwsPages.CertificateRegion;

    private static CodeValue Zone(AwsDraft draft, DnsZone zone) =>
        draft.Look(
            new("aws_route53_zone", draft.Label(zone), [Set("name", zone.Domain)])
            {
                Part = Part,
                Why = "There already, and of more than one app: nobody makes or removes it here.",
            },
            "zone_id"
        );

    public static void Add(AwsDraft draft, Certificate certificate)
    {
        IReadOnlyList<PieceLine> where = IsElsewhere(draft.Graph, certificate)
            ? [Set("provider", new Of("aws", CdnProvider, ""))]
            : [];
        var itself = draft.Add(
            Part,
            "aws_acm_certificate",
            certificate,
            [
                .. where,
                Set("domain_name", certificate.Hosts[0]),
                .. Some(
                    "subject_alternative_names",
                    certificate.Hosts.Count == 1 ? null : Texts(certificate.Hosts.Skip(1))
                ),
                Set("validation_method", "DNS"),
                Group("lifecycle", Set("create_before_destroy", true)),
            ],
            where.Count > 0 ? $"CloudFront takes certificates from {AwsPages.CertificateRegion} only." : null
        );
        var records = new List<CodeValue>();
        for (var number = 0; number < certificate.Hosts.Count; number++)
        {
            records.Add(AddProof(draft, certificate, itself, number).At("fqdn"));
        }
        draft.Add(
            Part,
            "aws_acm_certificate_validation",
            (certificate, "proven"),
            [.. where, Set("certificate_arn", itself.At("arn")), Set("validation_record_fqdns", new Items(records))]
        );
    }

    private static Piece AddProof(AwsDraft draft, Certificate certificate, Piece itself, int number)
    {
        CodeValue Asked(string attribute) =>
            new Pick(itself.At("domain_validation_options"), "domain_name", certificate.Hosts[number], attribute);

        return draft.Add(
            Part,
            "aws_route53_record",
            (certificate, string.Create(CultureInfo.InvariantCulture, $"proof{(number == 0 ? "" : $"_{number + 1}")}")),
            [
                Set("zone_id", Zone(draft, certificate.Zone)),
                Set("name", Asked("resource_record_name")),
                Set("type", Asked("resource_record_type")),
                Set("records", List(Asked("resource_record_value"))),
                Set("ttl", LifeSeconds),
                // A host and everything below it are proven by the same record.
                Set("allow_overwrite", true),
            ]
        );
    }

    public static void Add(AwsDraft draft, DnsRecord record)
    {
        var zone = Zone(draft, record.Zone);
        // CloudFront has one zone for all of the world, and answers by IPv6 as well.
        var (name, of, types) = record.To switch
        {
            LoadBalancer balancer => (
                draft.At("aws_lb", balancer, "dns_name"),
                (CodeValue)draft.At("aws_lb", balancer, "zone_id"),
                (string[])["A"]
            ),
            Cdn cdn => (
                draft.At("aws_cloudfront_distribution", cdn, "domain_name"),
                draft.At("aws_cloudfront_distribution", cdn, "hosted_zone_id"),
                ["A", "AAAA"]
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(record), record, "leads to nothing that has a name"),
        };
        foreach (var type in types)
        {
            draft.Add(
                Part,
                "aws_route53_record",
                (record, type == "A" ? "" : "ipv6"),
                [
                    Set("zone_id", zone),
                    Set("name", record.Host),
                    Set("type", type),
                    Each("alias", Set("name", name), Set("zone_id", of), Set("evaluate_target_health", false)),
                ]
            );
        }
    }
}
