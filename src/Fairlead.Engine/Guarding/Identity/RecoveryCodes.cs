using System.Security.Cryptography;
using System.Text;

namespace Fairlead.Engine.Guarding.Identity;

/// <summary>Codes on paper for the day on which the authenticator is lost, such as <c>abcd-efgh-ijkl-mnop</c>: 80 bits each.</summary>
internal static class RecoveryCodes
{
    private const int Count = 10;
    private const int Bytes = 10;
    private const int Letters = 16;

    public static IReadOnlyList<string> New() => [.. Enumerable.Range(0, Count).Select(_ => One())];

    /// <summary>Its hash, by which it is kept; null when it is not of a code's shape.</summary>
    public static string? TryHash(string code)
    {
        var plain = code.Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
        return plain.Length == Letters && plain.All(char.IsAsciiLetterOrDigit)
            ? Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(plain.ToLowerInvariant())))
            : null;
    }

    private static string One() =>
        string.Join(
            '-',
            Base32
                .Of(RandomNumberGenerator.GetBytes(Bytes))
                .ToLowerInvariant()
                .Chunk(4)
                .Select(part => new string(part))
        );
}
