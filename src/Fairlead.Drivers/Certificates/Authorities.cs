using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fairlead.Drivers.Certificates.Acme;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Microsoft.Extensions.Logging;

namespace Fairlead.Drivers.Certificates;

/// <summary>Finds authorities by the names that manifests give them.</summary>
/// <param name="folder">Where their accounts' keys, and the local authority's, are kept.</param>
/// <param name="variable">Reads a variable of the server's environment; null when it is not set.</param>
public sealed class Authorities(string folder, Func<string, string?> variable, World world, ILoggerFactory logs)
    : IDisposable
{
    private static readonly IReadOnlyDictionary<string, Uri> Directories = new Dictionary<string, Uri>(
        StringComparer.Ordinal
    )
    {
        [TlsPolicy.LetsEncrypt] = new("https://acme-v02.api.letsencrypt.org/directory"),
        ["letsencrypt-staging"] = new("https://acme-staging-v02.api.letsencrypt.org/directory"),
        ["zerossl"] = new("https://acme.zerossl.com/v2/DV90"),
    };

    private readonly SealedAccountKeys keys = new(folder);
    private readonly ConcurrentDictionary<AuthorityOptions, Opened> opened = new();

    public LocalAuthority Local { get; } = new(folder, world);

    /// <summary>The authority, with the account that a site's settings name.</summary>
    /// <param name="name">Known, <c>local</c>, or the address of an ACME directory.</param>
    /// <exception cref="ProblemException">There is none of the name, or its root file cannot be read.</exception>
    public ICertificateAuthority Find(string name, TlsPolicy? policy)
    {
        if (name == LocalAuthority.LocalName)
        {
            return Local;
        }
        var directory = Directories.GetValueOrDefault(name) ?? Address(name);
        // A customer's binding, for authorities that want one: ZEROSSL_EAB_KID and ZEROSSL_EAB_KEY.
        var prefix = Directories.ContainsKey(name) ? name.ToUpperInvariant().Replace('-', '_') : "ACME";
        var options = new AuthorityOptions(
            name,
            directory,
            policy?.Email,
            policy?.TrustedRoot is { } path ? RootIn(path) : null,
            variable($"{prefix}_EAB_KID"),
            variable($"{prefix}_EAB_KEY")
        );
        return opened.GetOrAdd(options, Open).Authority;
    }

    public void Dispose()
    {
        foreach (var (authority, http) in opened.Values)
        {
            authority.Dispose();
            http.Dispose();
        }
        Local.Dispose();
    }

    private Opened Open(AuthorityOptions options)
    {
        var http = options.OpenHttp();
        return new(new AcmeAuthority(options, keys, http, world, logs.CreateLogger<AcmeAuthority>()), http);
    }

    private static Uri Address(string name) =>
        Uri.TryCreate(name, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps
            ? address
            : throw new ProblemException(
                new Problem(
                    "certificate.unknown-authority",
                    What: $"There is no authority '{name}'.",
                    Why: $"Known are {string.Join(", ", Directories.Keys)} and {LocalAuthority.LocalName}.",
                    Fix: "Name one of them, or write the https:// address of an ACME directory."
                )
            );

    private static string RootIn(string path)
    {
        try
        {
            var pem = File.ReadAllText(path);
            var roots = new X509Certificate2Collection();
            roots.ImportFromPem(pem);
            return roots.Count > 0 ? pem : throw new CryptographicException("It holds no certificate.");
        }
        catch (Exception caught)
            when (caught is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
        {
            throw new ProblemException(
                new Problem(
                    "certificate.no-root",
                    What: $"The root certificates in {path} cannot be read.",
                    Why: caught.Message,
                    Fix: "Put a PEM file there that the server may read, or change 'root' below 'tls' in the manifest."
                ),
                caught
            );
        }
    }

    private sealed record Opened(AcmeAuthority Authority, HttpClient Http);
}
