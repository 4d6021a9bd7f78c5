using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fairlead.Drivers.Shell;
using Fairlead.Drivers.State;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Certificates;

/// <summary>
/// Signs certificates by itself, for names that no public authority could know. Browsers trust it once its root certificate is
/// added to those of the system. The root's key never leaves the state folder, where it is kept sealed.
/// </summary>
/// <param name="folder">Where root and key are kept.</param>
public sealed class LocalAuthority(string folder, World world) : ICertificateAuthority, IDisposable
{
    /// <summary>As manifests call it.</summary>
    public const string LocalName = "local";

    private const string Purpose = "local authority";
    private static readonly TimeSpan RootLife = TimeSpan.FromDays(3650);
    private static readonly TimeSpan LeafLife = TimeSpan.FromDays(90);

    // A clock behind this one by a little must not call the certificate one of the future.
    private static readonly TimeSpan ClockSlack = TimeSpan.FromHours(1);

    private readonly Lock gate = new();
    private readonly Sealer sealer = new(Path.Combine(folder, "authority.key"));
    private X509Certificate2? root;

    public string Name => LocalName;

    /// <summary>The certificate for people to trust.</summary>
    public string RootPem => Root().ExportCertificatePem() + "\n";

    public Task<IssuedCertificate> IssueAsync(CertificateOrder order, IChallengeDesk desk, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var signer = Root();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={order.Hosts[0]}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in order.Hosts)
        {
            if (IPAddress.TryParse(host, out var address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(host);
            }
        }
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true)
        );
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false)
        );
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(signer, includeKeyIdentifier: true, false)
        );
        var (from, until) = (world.Now - ClockSlack, world.Now + LeafLife);
        using var made = request.Create(signer, from, until, RandomNumberGenerator.GetBytes(16));
        return Task.FromResult(
            new IssuedCertificate(
                order.Hosts,
                made.ExportCertificatePem() + "\n",
                key.ExportPkcs8PrivateKeyPem(),
                from,
                until
            )
        );
    }

    public void Dispose() => root?.Dispose();

    private X509Certificate2 Root()
    {
        lock (gate)
        {
            return root ??= Load() ?? Make();
        }
    }

    private string FilePath => Path.Combine(folder, "authority.json");

    // An expired root, or one whose key is lost, is made anew; everybody has to trust the new one then.
    private X509Certificate2? Load() =>
        DurableFile.TryReadJson<Saved>(FilePath) is { } saved
        && sealer.Open<Key>(saved.SealedKey, Purpose) is { } key
        && X509Certificate2.CreateFromPem(saved.CertificatePem, key.Pem) is var known
        && known.NotAfter.ToUniversalTime() > (world.Now + LeafLife).UtcDateTime
            ? known
            : null;

    private X509Certificate2 Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(
            $"CN=Fairlead local authority on {Environment.MachineName}, O=Fairlead",
            key,
            HashAlgorithmName.SHA256
        );
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(true, hasPathLengthConstraint: true, 0, critical: true)
        );
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true)
        );
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var made = request.CreateSelfSigned(world.Now - ClockSlack, world.Now + RootLife);
        Directory.CreateDirectory(folder);
        var sealedKey = sealer.Seal(new Key(key.ExportPkcs8PrivateKeyPem()), Purpose);
        DurableFile.WriteJson(FilePath, new Saved(made.ExportCertificatePem(), sealedKey));
        return made;
    }

    private sealed record Saved(string CertificatePem, string SealedKey);

    private sealed record Key(string Pem);
}
