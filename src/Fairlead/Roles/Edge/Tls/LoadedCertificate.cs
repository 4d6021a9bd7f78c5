using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Roles.Edge.Tls;

/// <summary>A certificate made ready for handshakes: what each of them needs is prepared once.</summary>
internal sealed class LoadedCertificate
{
    private LoadedCertificate(HeldCertificate held, SslServerAuthenticationOptions options)
    {
        Held = held;
        Options = options;
    }

    public HeldCertificate Held { get; }

    /// <summary>For any handshake with it.</summary>
    public SslServerAuthenticationOptions Options { get; }

    /// <exception cref="ProblemException">It is no certificate, its key is another's, or it does not stand for its hosts.</exception>
    public static LoadedCertificate Load(IssuedCertificate issued)
    {
        try
        {
            using var leaf = X509Certificate2.CreateFromPem(issued.ChainPem, issued.KeyPem);
            if (issued.Hosts.FirstOrDefault(host => !leaf.MatchesHostname(Sample(host))) is { } foreign)
            {
                throw new ProblemException(Refused($"It does not stand for {foreign}."));
            }
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(issued.ChainPem);
            chain.RemoveAt(0);
            var held = new HeldCertificate(
                issued.Hosts,
                leaf.GetNameInfo(X509NameType.SimpleName, forIssuer: true),
                leaf.SerialNumber,
                new DateTimeOffset(leaf.NotBefore.ToUniversalTime()),
                new DateTimeOffset(leaf.NotAfter.ToUniversalTime())
            );
            return new(held, OptionsOf(SslStreamCertificateContext.Create(Own(leaf), chain, offline: true)));
        }
        catch (Exception caught) when (caught is CryptographicException or ArgumentException)
        {
            throw new ProblemException(Refused(caught.Message), caught);
        }
    }

    /// <summary>For a handshake that only shows an answer to a challenge.</summary>
    public static SslServerAuthenticationOptions ForChallenge(
        X509Certificate2 certificate,
        SslApplicationProtocol protocol
    )
    {
        var options = OptionsOf(
            SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true)
        );
        options.ApplicationProtocols = [protocol];
        return options;
    }

    // No policy of cipher suites: .NET's own for a server is forward secret and authenticated first, and with one of ours it
    // would prepare OpenSSL's context, and forget sessions, at every handshake.
    private static SslServerAuthenticationOptions OptionsOf(SslStreamCertificateContext context) =>
        new()
        {
            ServerCertificateContext = context,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            AllowRenegotiation = false,
            ClientCertificateRequired = false,
        };

    // The PEM reader's key does not outlive the object on every platform; a copy of its own does.
    private static X509Certificate2 Own(X509Certificate2 leaf) =>
        X509CertificateLoader.LoadPkcs12(leaf.Export(X509ContentType.Pkcs12), password: null);

    private static string Sample(string host) =>
        host.StartsWith("*.", StringComparison.Ordinal) ? $"any{host[1..]}" : host;

    private static Problem Refused(string why) =>
        new(
            "edge.certificate-refused",
            What: "The edge did not take a certificate.",
            Why: why,
            Fix: "Get another one: fairlead certificate renew"
        );
}
