using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Model.Apps;

namespace Fairlead.Model.Security;

/// <summary>A key with which a program may ask an app. The key itself is shown once and kept nowhere: only its hash is.</summary>
public sealed record ApiKey
{
    private const string Prefix = "fl_";
    private const int IdBytes = 6;
    private const int SecretBytes = 32;

    /// <summary>The readable part of the key, by which it is known: 12 hex digits.</summary>
    public required string Id { get; init; }

    /// <summary>Whose it is, in a person's words.</summary>
    public required string Name { get; init; }

    public required Site Site { get; init; }

    /// <summary>SHA-256 of the whole key, in hex. A key is 256 bits of chance, so nothing slower is needed.</summary>
    public required string Hash { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>What it may ask; null for what the service says.</summary>
    public Rate? Quota { get; init; }

    /// <summary>Services it is good for; empty for all of the site.</summary>
    public IReadOnlyList<string> Services { get; init; } = [];

    /// <summary>A new id and the key with it, such as <c>fl_0a1b2c3d4e5f_...</c>.</summary>
    public static (string Id, string Text) New()
    {
        // Not from World: a key that can be replayed from a seed is none.
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        return (id, $"{Prefix}{id}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes))}");
    }

    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>The id in a key; empty when it is not of a key's shape.</summary>
    public static ReadOnlySpan<char> IdOf(ReadOnlySpan<char> text) =>
        text.StartsWith(Prefix, StringComparison.Ordinal)
        && text.Length > Prefix.Length + (IdBytes * 2)
        && text[Prefix.Length + (IdBytes * 2)] == '_'
            ? text.Slice(Prefix.Length, IdBytes * 2)
            : default;
}

/// <summary>All keys of a site, as the edge knows them.</summary>
public sealed record KeyRing(Site Site, IReadOnlyList<ApiKey> Keys)
{
    /// <summary>Names exactly these keys, so that an edge that has them need not be told again.</summary>
    public string Digest =>
        Convert.ToHexStringLower(
            SHA256.HashData(
                System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(
                    Keys.OrderBy(key => key.Id, StringComparer.Ordinal)
                )
            )
        )[..16];
}
