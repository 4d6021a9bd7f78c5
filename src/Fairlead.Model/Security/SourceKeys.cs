using System.Security.Cryptography;
using System.Text;
using Fairlead.Model.Apps;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;

namespace Fairlead.Model.Security;

/// <summary>
/// Makes and reads the keys by which senders of telemetry are known. A key holds who its holder is and a proof that this Fairlead
/// made it, so none has to be kept. It lets its holder send, nothing else, and has only letters and digits, as a Sentry DSN wants.
/// </summary>
/// <param name="secret">Known to this Fairlead alone, 32 bytes.</param>
public sealed class SourceKeys(byte[] secret)
{
    public const int SecretBytes = 32;

    private const string Version = "fl1";
    private const int ProofBytes = 16;
    private const int KeyCharsMax = 512;

    public string For(Source source)
    {
        var claim = Encoding.UTF8.GetBytes(Claim(source));
        return Version + Convert.ToHexStringLower(claim) + Convert.ToHexStringLower(Proof(claim));
    }

    /// <summary>Null when this Fairlead did not make the key.</summary>
    public Source? TryRead(string key)
    {
        if (key.Length is 0 or > KeyCharsMax || !key.StartsWith(Version, StringComparison.Ordinal))
        {
            return null;
        }
        Span<byte> bytes = stackalloc byte[KeyCharsMax / 2];
        var status = Convert.FromHexString(key.AsSpan(Version.Length), bytes, out _, out var length);
        if (status != System.Buffers.OperationStatus.Done || length < ProofBytes)
        {
            return null;
        }
        var claim = bytes[..(length - ProofBytes)];
        return CryptographicOperations.FixedTimeEquals(Proof(claim), bytes[claim.Length..length])
            ? TryParse(Encoding.UTF8.GetString(claim))
            : null;
    }

    private static string Claim(Source source) =>
        source switch
        {
            { Site: null } => "",
            { Part: { } part, Slot: { } slot } => new InstanceKey(source.Site, part, slot).ToString(),
            { Part: { } part } => $"{source.Site}/{part}",
            { Service: { } service } => $"{source.Site}/{service}",
            _ => source.Site.ToString(),
        };

    private static Source? TryParse(string claim)
    {
        if (claim.Length == 0)
        {
            return Source.Outside;
        }
        if (InstanceKey.TryParse(claim) is { } instance)
        {
            return Source.Of(instance);
        }
        var words = claim.Split('/');
        return words.Length < 2 || Site.TryParse($"{words[0]}/{words[1]}") is not { } site ? null
            : words.Length == 2 ? new(site)
            : words.Length > 3 ? null
            : Part.TryParse(words[2]) is { } part ? new(site, part.Service, part)
            : Site.IsName(words[2]) ? new(site, words[2])
            : null;
    }

    private byte[] Proof(ReadOnlySpan<byte> claim) => HMACSHA256.HashData(secret, claim)[..ProofBytes];
}
