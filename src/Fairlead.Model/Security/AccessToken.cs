using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Fairlead.Model.Security;

/// <summary>
/// A program's way in, <c>fla_ID_SECRET</c>. It is shown once and kept nowhere: only its hash is. It may do what its grants say, and never
/// more than its maker may at the moment.
/// </summary>
public sealed record AccessToken
{
    private const string Prefix = "fla_";
    private const int IdBytes = 6;
    private const int SecretBytes = 32;
    private const int TextLettersMax = 100;

    /// <summary>The readable part, by which it is known: 12 hex digits.</summary>
    public required string Id { get; init; }

    /// <summary>What it is for, in a person's words.</summary>
    public required string Name { get; init; }

    /// <summary>Service or Agent.</summary>
    public required PrincipalKind Kind { get; init; }

    /// <summary>SHA-256 of the whole token, in hex. It is 256 bits of chance, so nothing slower is needed.</summary>
    public required string Hash { get; init; }

    public IReadOnlyList<Grant> Grants { get; init; } = [];

    /// <summary>Who made it, with those who answer for that one; without grants, which are looked up whenever it is used.</summary>
    public required Principal Maker { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>To the hour; null for never.</summary>
    public DateTimeOffset? LastUsed { get; init; }

    /// <summary>A new id and the token with it.</summary>
    public static (string Id, string Text) New()
    {
        // Not from World: a token that can be replayed from a seed is none.
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        return (id, $"{Prefix}{id}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes))}");
    }

    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Whether a text is meant to be one.</summary>
    public static bool IsMeant(string text) => text.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The id in a token; null when it is not of a token's shape.</summary>
    public static string? IdOf(string text)
    {
        const int End = 4 + (IdBytes * 2);
        return
            IsMeant(text)
            && text.Length is > End + 1 and <= TextLettersMax
            && text[End] == '_'
            && text[Prefix.Length..End] is var id
            && id.All(char.IsAsciiHexDigitLower)
            ? id
            : null;
    }
}
