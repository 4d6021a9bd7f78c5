using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Fairlead.Drivers.Certificates.Acme;

/// <summary>Signed JSON in the flattened form (RFC 7515), ES256 with a P-256 key.</summary>
internal static class Jws
{
    /// <param name="nonce">One of the authority's, used once.</param>
    /// <param name="account">The account's address; null to carry the public key itself.</param>
    /// <param name="payload">JSON, or empty for a POST that only reads.</param>
    public static JwsText Sign(ECDsa key, string nonce, string url, string? account, ReadOnlySpan<byte> payload)
    {
        var header = new JwsHeader("ES256", nonce, url, account is null ? Public(key) : null, account);
        var (shielded, body) = Parts(header, payload);
        // JWS wants R and S side by side, which is what .NET gives unless asked for DER.
        var signature = key.SignData(Encoding.ASCII.GetBytes($"{shielded}.{body}"), HashAlgorithmName.SHA256);
        return new(shielded, body, Base64Url.EncodeToString(signature));
    }

    /// <summary>Ties an account's key to a customer of the authority (RFC 8555, section 7.3.4).</summary>
    public static JwsText Bind(ECDsa key, string url, string keyId, ReadOnlySpan<byte> secret)
    {
        var jwk = JsonSerializer.SerializeToUtf8Bytes(Public(key), AcmeJson.Default.Jwk);
        var (shielded, body) = Parts(new JwsHeader("HS256", Nonce: null, url, Jwk: null, keyId), jwk);
        var signature = HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes($"{shielded}.{body}"));
        return new(shielded, body, Base64Url.EncodeToString(signature));
    }

    public static Jwk Public(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new("P-256", "EC", Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
    }

    /// <summary>The key's name (RFC 7638): the hash of its JSON, members sorted and without spaces.</summary>
    public static string Thumbprint(Jwk key) =>
        Base64Url.EncodeToString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(key, AcmeJson.Default.Jwk)));

    private static (string Shielded, string Body) Parts(JwsHeader header, ReadOnlySpan<byte> payload) =>
        (
            Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(header, AcmeJson.Default.JwsHeader)),
            Base64Url.EncodeToString(payload)
        );
}
