using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fairlead.Drivers.Certificates.Acme;

/// <summary>Asks for a certificate of some hosts, with a new P-256 key that never leaves the machine.</summary>
internal sealed class SigningRequest : IDisposable
{
    /// <summary>X.520's limit for a common name; longer hosts stand among the alternative names alone.</summary>
    private const int CommonNameMax = 64;

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private SigningRequest(IReadOnlyList<string> hosts)
    {
        var name = new X500DistinguishedNameBuilder();
        if (hosts[0].Length <= CommonNameMax)
        {
            name.AddCommonName(hosts[0]);
        }
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            names.AddDnsName(host);
        }
        var request = new CertificateRequest(name.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        Text = Base64Url.EncodeToString(request.CreateSigningRequest());
    }

    /// <summary>Base64url of DER, as RFC 8555 sends it.</summary>
    public string Text { get; }

    public string KeyPem => key.ExportPkcs8PrivateKeyPem();

    public static SigningRequest For(IReadOnlyList<string> hosts) => new(hosts);

    public bool IsAnsweredBy(X509Certificate2 certificate) =>
        key.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(certificate.PublicKey.ExportSubjectPublicKeyInfo());

    public void Dispose() => key.Dispose();
}
