using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fairlead.Model.Security;

/// <summary>
/// A value that nobody may see: it prints as <c>***</c>, is read from JSON but never written, and is not compared but by
/// <see cref="SameAs"/>. Whoever needs the value itself says so: <see cref="Reveal"/>.
/// </summary>
[JsonConverter(typeof(SecretReader))]
[DebuggerDisplay("***")]
public sealed class Secret
{
    /// <summary>What stands where a secret was.</summary>
    public const string Shown = "***";

    /// <summary>A shorter one could be guessed, and could not be hidden in what is printed without hiding innocent words.</summary>
    public const int CharsMin = 6;

    /// <summary>In UTF-8. Linux takes no variable of twice that.</summary>
    public const int BytesMax = 64 * 1024;

    private readonly string text;

    /// <exception cref="ArgumentException">It is not of the shape that <see cref="FaultOf"/> asks for; the message does not hold it.</exception>
    public Secret(string text) =>
        this.text = FaultOf(text) is { } fault ? throw new ArgumentException(fault, nameof(text)) : text;

    /// <summary>Why a text cannot be a secret; null when it can.</summary>
    public static string? FaultOf(string text) =>
        text.Length < CharsMin
            ? $"It has {text.Length} letters, and a secret has at least {CharsMin}: shorter ones can be guessed, and cannot be hidden in logs."
        : Encoding.UTF8.GetByteCount(text) > BytesMax ? $"It is longer than {BytesMax >> 10} KiB."
        : text.Contains('\0', StringComparison.Ordinal) ? "It holds a zero byte, which no variable can."
        : text.Distinct().Count() < 3 ? "It is the same letter again and again, which would hide innocent text in logs."
        : null;

    /// <summary>The value itself: for sealing it, for handing it to its program, and for hiding it. For nothing else.</summary>
    public string Reveal() => text;

    /// <summary>Compares in a time that says nothing of the values.</summary>
    public bool SameAs(Secret other) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(text), Encoding.UTF8.GetBytes(other.text));

    /// <inheritdoc />
    public override string ToString() => Shown;

#pragma warning disable CA1065 // Comparing secrets by accident, as a record or a dictionary would, is a bug that should be seen.
    /// <inheritdoc />
    public override bool Equals(object? obj) => throw NotCompared();

    /// <inheritdoc />
    public override int GetHashCode() => throw NotCompared();
#pragma warning restore CA1065

    private static NotSupportedException NotCompared() =>
        new("A secret is not compared by accident: use Secret.SameAs.");
}

/// <summary>Reads secrets that somebody hands in, and never writes one.</summary>
public sealed class SecretReader : JsonConverter<Secret>
{
    /// <inheritdoc />
    public override Secret Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType is JsonTokenType.String ? reader.GetString()! : ""; // A string is not null.
        return Secret.FaultOf(text) is { } fault ? throw new JsonException(fault) : new Secret(text);
    }

    /// <inheritdoc />
    [DoesNotReturn]
    public override void Write(Utf8JsonWriter writer, Secret value, JsonSerializerOptions options) =>
        throw new NotSupportedException("A secret is never written as JSON.");
}
