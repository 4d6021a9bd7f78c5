namespace Fairlead.Model.Ports;

/// <summary>Whoever signs certificates for host names.</summary>
public interface ICertificateAuthority
{
    /// <summary>As people call it, such as <c>letsencrypt</c>.</summary>
    string Name { get; }

    /// <summary>Proves control of every host and gets a certificate for all of them, with a new key.</summary>
    /// <param name="desk">Shows answers to challenges where the authority looks for them.</param>
    /// <exception cref="Problems.ProblemException">The authority refused, or could not be reached; says whether and when to try again.</exception>
    Task<IssuedCertificate> IssueAsync(CertificateOrder order, IChallengeDesk desk, CancellationToken stop);

    /// <summary>When the authority would like a certificate of its own to be renewed (RFC 9773); null where it has no opinion.</summary>
    /// <param name="chainPem">As issued, the leaf first.</param>
    /// <exception cref="Problems.ProblemException">It could not be asked; renew as if it had no opinion.</exception>
    Task<RenewalWindow?> AdviseAsync(string chainPem, CancellationToken stop) => Task.FromResult<RenewalWindow?>(null);
}

/// <summary>Between these two, at a moment chosen by chance, a certificate is best renewed; a window in the past means now.</summary>
public sealed record RenewalWindow(DateTimeOffset Start, DateTimeOffset End);

/// <summary>What is asked of an authority.</summary>
/// <param name="Hosts">1 to 100 names, lower case, ASCII (punycode); the first is the common name. May hold one level of wildcard.</param>
/// <param name="Proofs">Kinds of challenge that the desk can show, best first; a wildcard needs <see cref="ChallengeKind.Dns"/>.</param>
public sealed record CertificateOrder(IReadOnlyList<string> Hosts, IReadOnlyList<ChallengeKind> Proofs);

/// <summary>A certificate with its chain and key.</summary>
/// <param name="ChainPem">Leaf first, without the root.</param>
/// <param name="KeyPem">PKCS#8, not encrypted: never logged, and kept only encrypted.</param>
public sealed record IssuedCertificate(
    IReadOnlyList<string> Hosts,
    string ChainPem,
    string KeyPem,
    DateTimeOffset NotBefore,
    DateTimeOffset NotAfter
)
{
    /// <inheritdoc />
    public override string ToString() => $"certificate of {string.Join(", ", Hosts)} until {NotAfter:O}";
}

/// <summary>Shows answers to challenges. Both methods may be called twice.</summary>
public interface IChallengeDesk
{
    /// <summary>When it returns, whoever asks sees the answer.</summary>
    Task ShowAsync(Challenge challenge, CancellationToken stop);

    /// <summary>Takes the answer away; one that is not there is fine.</summary>
    Task RemoveAsync(Challenge challenge, CancellationToken stop);
}

/// <summary>One proof of control that an authority asks for (RFC 8555, section 8).</summary>
/// <param name="Host">The name to be proven, without a wildcard's <c>*.</c>.</param>
/// <param name="Token">As the authority gave it: base64url.</param>
/// <param name="KeyAuthorization">The token, a dot and the account key's thumbprint.</param>
public sealed record Challenge(ChallengeKind Kind, string Host, string Token, string KeyAuthorization);

/// <summary>Where an authority looks for an answer.</summary>
public enum ChallengeKind
{
    /// <summary>A file on port 80: http-01.</summary>
    Http,

    /// <summary>A certificate on port 443: tls-alpn-01 (RFC 8737).</summary>
    TlsAlpn,

    /// <summary>A TXT record: dns-01.</summary>
    Dns,
}
