using Fairlead.Model.Apps;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Guarding.Certificates;

/// <summary>A host that must have a certificate. Each has its own: a host that cannot be proven spoils no other.</summary>
/// <param name="Authorities">Who may sign it, in the order in which they are asked; at least one.</param>
/// <param name="Policy">How control of the host is shown; null where the authority is this Fairlead itself.</param>
public sealed record NeededCertificate(Site Site, string Host, IReadOnlyList<string> Authorities, TlsPolicy? Policy)
{
    /// <summary>This Fairlead itself, as manifests call it.</summary>
    public const string Local = "local";

    /// <summary>What a release calls for. Where it says nothing of TLS, names that are local get certificates, and no others.</summary>
    public static IReadOnlyList<NeededCertificate> Of(Release release) =>
        release.Tls?.Mode is TlsMode.Off
            ? []
            : [.. release.Hosts.Select(host => Of(release.Site, host, release.Tls)).OfType<NeededCertificate>()];

    /// <summary>What one host calls for; null where it has none.</summary>
    public static NeededCertificate? Of(Site site, string host, TlsPolicy? tls) =>
        tls switch
        {
            { Mode: TlsMode.Off } => null,
            { Mode: TlsMode.Auto } policy when !TlsPolicy.IsLocal(host) => new(site, host, policy.Authorities, policy),
            null when !TlsPolicy.IsLocal(host) => null,
            _ => new(site, host, [Local], Policy: null),
        };
}
