using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fairlead.Model.Images;

/// <summary>The name of bytes by what they are, such as <c>sha256:9f86d0…</c>. Only SHA-256 is taken: all registries know it.</summary>
[JsonConverter(typeof(DigestText))]
public sealed record Digest
{
    private const string Algorithm = "sha256:";
    private const int HexChars = 64;

    private Digest(string hex) => Hex = hex;

    /// <summary>64 lower-case hex digits.</summary>
    public string Hex { get; }

    /// <summary>Enough of it for people.</summary>
    public string Start => Hex[..12];

    public static Digest Of(ReadOnlySpan<byte> bytes) => new(Convert.ToHexStringLower(SHA256.HashData(bytes)));

    /// <param name="hash">32 bytes.</param>
    public static Digest OfHash(ReadOnlySpan<byte> hash) =>
        hash.Length == SHA256.HashSizeInBytes
            ? new(Convert.ToHexStringLower(hash))
            : throw new ArgumentException($"A SHA-256 has 32 bytes, not {hash.Length}.", nameof(hash));

    /// <summary>Reads <c>sha256:</c> and 64 lower-case hex digits, and nothing else.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Digest? digest)
    {
        digest =
            text is not null
            && text.Length == Algorithm.Length + HexChars
            && text.StartsWith(Algorithm, StringComparison.Ordinal)
            && text.Skip(Algorithm.Length).All(char.IsAsciiHexDigitLower)
                ? new(text[Algorithm.Length..])
                : null;
        return digest is not null;
    }

    public override string ToString() => Algorithm + Hex;
}

/// <summary>Digests as formats write them.</summary>
internal sealed class DigestText : JsonConverter<Digest>
{
    public override Digest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType is JsonTokenType.String && Digest.TryParse(reader.GetString(), out var digest)
            ? digest
            : throw new JsonException("It is no digest of the form sha256: and 64 hex digits.");

    public override void Write(Utf8JsonWriter writer, Digest value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
