using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Certificates.Acme;

/// <summary>When an authority wants a certificate renewed (RFC 9773): sooner than usual, for instance, before it revokes many.</summary>
internal static class RenewalAdvice
{
    /// <returns>Null where the authority does not advise, or the certificate does not name its issuer's key.</returns>
    public static async Task<RenewalWindow?> AskAsync(
        AcmeConnection connection,
        string chainPem,
        CancellationToken stop
    )
    {
        var directory = await AcmeAccount.ReadDirectoryAsync(connection, stop);
        if (directory.RenewalInfo is not { } address || Id(chainPem) is not { } id)
        {
            return null;
        }
        var answer = await connection.GetAsync($"{address.TrimEnd('/')}/{id}", stop);
        var window = connection.Read(answer, AcmeJson.Default.RenewalAnswer).SuggestedWindow;
        // A window that ends before it starts is no advice (RFC 9773, section 4.2).
        return window is not null && window.End > window.Start ? new(window.Start, window.End) : null;
    }

    /// <summary>The issuer's key and the serial number (RFC 9773, section 4.1).</summary>
    internal static string? Id(string chainPem)
    {
        try
        {
            using var leaf = X509Certificate2.CreateFromPem(chainPem);
            var issuer = leaf.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().FirstOrDefault();
            return issuer?.KeyIdentifier is { } key
                ? $"{Base64Url.EncodeToString(key.Span)}.{Base64Url.EncodeToString(leaf.SerialNumberBytes.Span)}"
                : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
