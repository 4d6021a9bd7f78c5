using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Manifests.Resolving;

/// <summary>What a manifest's words about TLS mean.</summary>
internal static class TlsChoice
{
    private static readonly TimeSpan UsualHsts = TimeSpan.FromDays(180);
    private static readonly string[] Known = [TlsPolicy.LetsEncrypt, "letsencrypt-staging", "zerossl", "local"];

    /// <param name="node">Where it is said.</param>
    public static TlsPolicy? Of(TlsEntry? entry, Node node, Findings findings)
    {
        if (entry is null)
        {
            return null;
        }
        Check(entry, node, findings);
        var mode = entry.Mode ?? TlsMode.Auto;
        var isAuto = mode is TlsMode.Auto;
        var hsts = entry.Hsts ?? (isAuto ? UsualHsts : TimeSpan.Zero);
        return new TlsPolicy
        {
            Mode = mode,
            Authorities = entry.Authorities is { Count: > 0 } said ? said : [TlsPolicy.LetsEncrypt],
            Email = entry.Email,
            Proofs = Proofs(entry),
            Dns = entry.Dns is { } dns ? new DnsAccount(KindOf(dns.Kind), Settings(dns)) : null,
            TrustedRoot = entry.Root,
            Https = new HttpsRules(entry.Redirect ?? isAuto, hsts > TimeSpan.Zero ? hsts : null),
        };
    }

    private static IReadOnlyList<ChallengeKind> Proofs(TlsEntry entry) =>
        entry.Proofs is { Count: > 0 } said ? [.. said.Select(KindOf).Distinct()]
        : entry.Dns is not null ? [ChallengeKind.Dns, ChallengeKind.TlsAlpn, ChallengeKind.Http]
        : [ChallengeKind.TlsAlpn, ChallengeKind.Http];

    private static ChallengeKind KindOf(ProofEntry proof) =>
        proof switch
        {
            ProofEntry.TlsAlpn => ChallengeKind.TlsAlpn,
            ProofEntry.Http => ChallengeKind.Http,
            _ => ChallengeKind.Dns,
        };

    private static string KindOf(DnsKind kind) =>
        kind switch
        {
            DnsKind.Route53 => "route53",
            DnsKind.Cloudflare => "cloudflare",
            _ => "rfc2136",
        };

    private static Dictionary<string, string> Settings(DnsEntry dns)
    {
        (string Name, string? Value)[] all = dns.Kind switch
        {
            DnsKind.Route53 =>
            [
                ("accessKeyId", dns.AccessKeyId ?? "AWS_ACCESS_KEY_ID"),
                ("secretAccessKey", dns.SecretAccessKey ?? "AWS_SECRET_ACCESS_KEY"),
                ("endpoint", dns.Endpoint),
            ],
            DnsKind.Cloudflare => [("token", dns.Token ?? "CLOUDFLARE_API_TOKEN")],
            _ => [("server", dns.Server), ("keyName", dns.KeyName), ("keySecret", dns.KeySecret ?? "DNS_TSIG_SECRET")],
        };
        return all.Where(one => one.Value is not null).ToDictionary(one => one.Name, one => one.Value!);
    }

    private static void Check(TlsEntry entry, Node node, Findings findings)
    {
        foreach (var (name, index) in (entry.Authorities ?? []).Select((name, index) => (name, index)))
        {
            if (!Known.Contains(name) && !IsDirectory(name))
            {
                findings.Add(
                    node.At("authorities", index),
                    "unknown-authority",
                    (
                        $"There is no authority {Shown.Quoted(name)}.",
                        $"Known are {string.Join(", ", Known)}, and addresses of ACME directories, which begin with https://.",
                        Nearest.To(name, Known) is { } near
                            ? $"Did you mean '{near}'?"
                            : $"Write for example: authorities: [{TlsPolicy.LetsEncrypt}]"
                    )
                );
            }
        }
        if (entry.Email is { } email && (email.Count(letter => letter == '@') != 1 || email.Any(char.IsWhiteSpace)))
        {
            findings.Add(
                node.At("email"),
                "no-email",
                (
                    $"{Shown.Quoted(email)} is no e-mail address.",
                    "Authorities write to it before certificates end.",
                    "Write for example: email: ops@example.com"
                )
            );
        }
        if (entry.Dns is null && entry.Proofs?.Contains(ProofEntry.Dns) == true)
        {
            findings.Add(
                node.At("proofs"),
                "no-dns",
                (
                    "Control shall be shown by DNS, but nothing says who keeps the names.",
                    "TXT records are written through an account at the keeper of the names.",
                    "Add for example: dns: { kind: cloudflare }"
                )
            );
        }
        if (entry.Dns is { Kind: DnsKind.Rfc2136 } dns && (dns.Server is null || dns.KeyName is null))
        {
            findings.Add(
                node.At("dns"),
                "dns-incomplete",
                (
                    "rfc2136 needs a server and a key.",
                    "Names are changed at a server that only takes signed changes.",
                    "Write for example: dns: { kind: rfc2136, server: '127.0.0.1:53', keyName: fairlead }"
                )
            );
        }
    }

    private static bool IsDirectory(string name) =>
        Uri.TryCreate(name, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps;
}
