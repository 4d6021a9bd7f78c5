using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Fairlead.Engine.Guarding.Identity;

/// <summary>256 bits of chance that a browser or a link holds. Only its hash is kept: with so much chance nothing slower is needed.</summary>
internal static class OneTimeSecret
{
    private const int Bytes = 32;
    private const int Letters = 43;

    // Not from World: a secret that can be replayed from a seed is none.
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>Its hash in hex, by which it is found; null when it is not of a secret's shape.</summary>
    public static string? TryHash(string? text) =>
        text is { Length: Letters } && Base64Url.IsValid(text)
            ? Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text)))
            : null;
}
