using Fairlead.Model.Ports;

namespace Fairlead.Model.Apps;

/// <summary>Where a site's certificates come from, and what visitors without TLS are told.</summary>
public sealed record TlsPolicy
{
    /// <summary>Who signs by itself where nothing else is said.</summary>
    public const string LetsEncrypt = "letsencrypt";

    // RFC 2606, 6761, 6762 and 8375, and what ICANN set apart.
    private static readonly string[] LocalEndings = [".localhost", ".test", ".internal", ".local", ".home.arpa"];

    public required TlsMode Mode { get; init; }

    /// <summary>Names of authorities, or addresses of their ACME directories: the next one is asked when one fails again and again.</summary>
    public IReadOnlyList<string> Authorities { get; init; } = [LetsEncrypt];

    /// <summary>Where authorities may write to; null for nowhere.</summary>
    public string? Email { get; init; }

    /// <summary>Ways in which control of a host is shown, best first.</summary>
    public IReadOnlyList<ChallengeKind> Proofs { get; init; } = [ChallengeKind.TlsAlpn, ChallengeKind.Http];

    /// <summary>Where TXT records are written; null when they are not.</summary>
    public DnsAccount? Dns { get; init; }

    /// <summary>A file of PEM certificates on the server: who signed the authority's own address, where the system does not trust it.</summary>
    public string? TrustedRoot { get; init; }

    public required HttpsRules Https { get; init; }

    /// <summary>Whether no public authority may sign for the name, because it means something else everywhere.</summary>
    /// <param name="host">Lower case, without a dot at its end.</param>
    public static bool IsLocal(ReadOnlySpan<char> host)
    {
        if (!host.Contains('.'))
        {
            return true;
        }
        foreach (var ending in LocalEndings)
        {
            if (host.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }
        return false;
    }
}

/// <summary>Whether certificates are got, and from whom.</summary>
public enum TlsMode
{
    /// <summary>Nobody: another program in front speaks TLS.</summary>
    Off,

    /// <summary>This Fairlead itself: browsers trust it once they are told to.</summary>
    Local,

    /// <summary>Public authorities by ACME; this Fairlead itself for names that can only be local.</summary>
    Auto,
}

/// <summary>What a host that has a certificate tells visitors.</summary>
/// <param name="Redirects">Those without TLS are sent to the same address with it.</param>
/// <param name="Hsts">For how long browsers shall come with TLS alone (RFC 6797); null says nothing of it.</param>
public sealed record HttpsRules(bool Redirects, TimeSpan? Hsts);

/// <summary>An account at a keeper of names.</summary>
/// <param name="Kind">The driver: route53, cloudflare or rfc2136.</param>
/// <param name="Settings">The driver's own settings; secrets are named by the server's environment variables that hold them.</param>
public sealed record DnsAccount(string Kind, IReadOnlyDictionary<string, string> Settings);
