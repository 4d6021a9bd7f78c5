using System.ComponentModel;
using System.Text.Json.Serialization;
using Fairlead.Engine.Manifests.Forms;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests;

/// <summary>Where an environment's certificates come from, as the manifest says it.</summary>
[Description("Where certificates come from, and what visitors without TLS are told.")]
public sealed record TlsEntry
{
    [Description(
        "'auto' gets certificates from public authorities by ACME, 'local' signs them itself, 'off' leaves TLS to others."
    )]
    [Alone]
    public TlsMode? Mode { get; init; }

    [Description(
        "Who is asked, in this order: letsencrypt, letsencrypt-staging, zerossl, local, or the address of an ACME directory; letsencrypt when left out."
    )]
    [Elsewhere("ca", "issuer", "issuers", "cas")]
    public IReadOnlyList<string>? Authorities { get; init; }

    [Description("Where authorities may write to.")]
    [Elsewhere("contact")]
    public string? Email { get; init; }

    [Description(
        "How control of a host is shown, best first; tls-alpn and http when left out, dns first where there is one."
    )]
    [Elsewhere("challenges", "challenge")]
    public IReadOnlyList<ProofEntry>? Proofs { get; init; }

    [Description("Who keeps the names, when control is shown by TXT records.")]
    public DnsEntry? Dns { get; init; }

    [Description(
        "A file of PEM certificates on the server, when the authority's own address is signed by nobody the system knows."
    )]
    [Elsewhere("ca_root", "trusted_roots")]
    public string? Root { get; init; }

    [Description("True sends visitors without TLS to the same address with it; true for 'auto' when left out.")]
    public bool? Redirect { get; init; }

    [Description("How long browsers shall come with TLS alone; 180d for 'auto' when left out, 0s for not at all.")]
    public TimeSpan? Hsts { get; init; }
}

/// <summary>A way to show control of a host.</summary>
public enum ProofEntry
{
    [JsonStringEnumMemberName("tls-alpn")]
    TlsAlpn,

    [JsonStringEnumMemberName("http")]
    Http,

    [JsonStringEnumMemberName("dns")]
    Dns,
}

/// <summary>An account at a keeper of names. Secrets stay in the server's environment; here are the names of its variables.</summary>
[Description(
    "An account at a keeper of names. Secrets stay in the server's environment; here are the names of its variables."
)]
public sealed record DnsEntry
{
    [Description("Who keeps the names.")]
    [Alone, Elsewhere("provider")]
    public required DnsKind Kind { get; init; }

    [Description("cloudflare: the variable with the API token; CLOUDFLARE_API_TOKEN when left out.")]
    [Shaped(Shape.Variable)]
    public string? Token { get; init; }

    [Description("route53: the variable with the access key's id; AWS_ACCESS_KEY_ID when left out.")]
    [Shaped(Shape.Variable)]
    public string? AccessKeyId { get; init; }

    [Description("route53: the variable with the secret access key; AWS_SECRET_ACCESS_KEY when left out.")]
    [Shaped(Shape.Variable)]
    public string? SecretAccessKey { get; init; }

    [Description("rfc2136: the name server, such as 127.0.0.1:53.")]
    public string? Server { get; init; }

    [Description("rfc2136: the name of the TSIG key.")]
    public string? KeyName { get; init; }

    [Description("rfc2136: the variable with the TSIG key's secret in base64; DNS_TSIG_SECRET when left out.")]
    [Shaped(Shape.Variable)]
    public string? KeySecret { get; init; }

    [Description("route53: another address of the API.")]
    [Shaped(Shape.Url)]
    public string? Endpoint { get; init; }
}

/// <summary>Keepers of names that have a driver.</summary>
public enum DnsKind
{
    [JsonStringEnumMemberName("route53")]
    Route53,

    [JsonStringEnumMemberName("cloudflare")]
    Cloudflare,

    [JsonStringEnumMemberName("rfc2136")]
    Rfc2136,
}
