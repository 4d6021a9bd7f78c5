using Fairlead.Engine.Infrastructure.Code.Bicep;
using Fairlead.Model.Resources;
using static Fairlead.Engine.Infrastructure.Code.Azure.AzureDraft;
using static Fairlead.Engine.Infrastructure.Code.CodeValue;

namespace Fairlead.Engine.Infrastructure.Code.Azure;

/// <summary>Hosts that Front Door answers to, and the records that prove them and lead to it.</summary>
internal static class AzureNames
{
    /// <summary>The parameter that says in which resource group the zone of names is.</summary>
    public const string ZoneGroup = "zoneResourceGroup";

    private const string Part = AzureParts.Names;
    private const int LifeSeconds = 300;

    /// <summary>A host as Front Door knows it, with a certificate that it makes and renews.</summary>
    public static BicepResource Domain(AzureDraft draft, string host)
    {
        var key = $"{host.Replace("*", "any", StringComparison.Ordinal)}-domain";
        var symbol = draft.Symbol(key);
        return draft.Resources.FirstOrDefault(one => one.Symbol == symbol)
            ?? draft.Add(
                draft.New(
                    AzureParts.Traffic,
                    AzureTypes.Domain,
                    key,
                    ("name", Short(Dashes(host), 90)),
                    (
                        "properties",
                        Map(
                            ("hostName", host),
                            (
                                "tlsSettings",
                                Map(("certificateType", "ManagedCertificate"), ("minimumTlsVersion", "TLS12"))
                            )
                        )
                    )
                ) with
                {
                    Parent = AzureTraffic.Profile(draft).Symbol,
                }
            );
    }

    public static void Add(AzureDraft draft, Certificate certificate) =>
        draft.Note(
            $"Front Door makes and renews certificates for {string.Join(", ", certificate.Hosts)} once it saw the TXT records that are made with it, which takes up to an hour."
        );

    public static void Add(AzureDraft draft, DnsRecord record)
    {
        draft.Parameter(
            new(
                ZoneGroup,
                "string",
                $"Resource group of the zone {record.Zone.Domain}, which is there already",
                "rg-dns"
            )
        );
        var zone = Zone(draft, record.Zone);
        var name = record.Host == record.Zone.Domain ? "@" : record.Host[..^(record.Zone.Domain.Length + 1)];
        AddProof(draft, record, (zone, name));
        if (name == "@")
        {
            AddTop(draft, record, zone);
            return;
        }
        draft.Add(
            draft.New(
                Part,
                AzureTypes.ZoneAlias,
                record,
                ("name", name),
                (
                    "properties",
                    Map(
                        ("TTL", LifeSeconds),
                        ("CNAMERecord", Map(("cname", draft.At(record.To, "properties.hostName"))))
                    )
                )
            ) with
            {
                Parent = zone,
            }
        );
    }

    // By it Front Door sees whose the host is.
    private static void AddProof(AzureDraft draft, DnsRecord record, (string Zone, string Name) at) =>
        draft.Add(
            draft.New(
                Part,
                AzureTypes.ZoneText,
                (record, "proof"),
                ("name", at.Name == "@" ? "_dnsauth" : $"_dnsauth.{at.Name}"),
                (
                    "properties",
                    Map(
                        ("TTL", LifeSeconds),
                        (
                            "TXTRecords",
                            List(
                                Map(
                                    (
                                        "value",
                                        List(
                                            Domain(draft, record.Host)
                                                .At("properties.validationProperties.validationToken")
                                        )
                                    )
                                )
                            )
                        )
                    )
                )
            ) with
            {
                Parent = at.Zone,
            }
        );

    // The zone's own name takes no CNAME.
    private static void AddTop(AzureDraft draft, DnsRecord record, string zone)
    {
        foreach (
            var (ending, type) in (IEnumerable<(string, string)>)
                [("", AzureTypes.ZoneAddress), ("ipv6", AzureTypes.ZoneAddress6)]
        )
        {
            draft.Add(
                draft.New(
                    Part,
                    type,
                    (record, ending),
                    ("name", "@"),
                    ("properties", Map(("TTL", LifeSeconds), ("targetResource", ById(draft.At(record.To, "id")))))
                ) with
                {
                    Parent = zone,
                }
            );
        }
    }

    private static string Zone(AzureDraft draft, DnsZone zone)
    {
        var symbol = draft.Symbol(zone);
        if (!draft.Resources.Any(one => one.Symbol == symbol))
        {
            draft.Add(
                draft.New(Part, AzureTypes.Zone, zone, ("name", zone.Domain)) with
                {
                    IsExisting = true,
                    Why = "There already, and of more than one app: nobody makes or removes it here.",
                }
            );
        }
        return symbol;
    }

    private static string Dashes(string host) => host.Replace("*", "any", StringComparison.Ordinal).Replace('.', '-');
}
