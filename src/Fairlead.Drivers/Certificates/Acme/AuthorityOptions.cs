using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Fairlead.Drivers.Certificates.Acme;

/// <summary>Which authority to ask, and as whom.</summary>
/// <param name="Name">As people call it, such as <c>letsencrypt</c>.</param>
/// <param name="Directory">Where its directory is: https.</param>
/// <param name="Email">Whom it writes to about the account.</param>
/// <param name="TrustedRootPem">The roots that its own TLS certificate is judged by, instead of the machine's.</param>
/// <param name="EabKeyId">Name of the key that ties the account to a customer (RFC 8555, section 7.3.4).</param>
/// <param name="EabKey">That key: base64url.</param>
public sealed record AuthorityOptions(
    string Name,
    Uri Directory,
    string? Email = null,
    string? TrustedRootPem = null,
    string? EabKeyId = null,
    string? EabKey = null
)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);

    /// <inheritdoc />
    public override string ToString() => $"{Name} at {Directory}";

    /// <summary>A client that trusts the authority's roots and follows no redirects.</summary>
    public HttpClient OpenHttp()
    {
        var ssl = new SslClientAuthenticationOptions();
        if (TrustedRootPem is not null)
        {
            ssl.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            ssl.CertificateChainPolicy.CustomTrustStore.ImportFromPem(TrustedRootPem);
        }
        return new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                ConnectTimeout = TimeSpan.FromSeconds(10),
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                SslOptions = ssl,
            }
        )
        {
            Timeout = AnswerLimit,
        };
    }
}
