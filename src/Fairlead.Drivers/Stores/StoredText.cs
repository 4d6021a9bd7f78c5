using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Fairlead.Drivers.Stores;

/// <summary>Texts as the database can keep them, so that what is read back is what was hashed.</summary>
internal static class StoredText
{
    private const int BytesMax = 16 * 1024 * 1024;

    private static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(), // A node may hold a record that is only serialized here.
    };

    /// <summary>JSON on one line; null for none.</summary>
    /// <exception cref="ArgumentException">More than 16 MiB.</exception>
    public static string? Of(JsonNode? body) => body is null ? null : Bounded(body.ToJsonString(Plain));

    /// <summary>SQLite ends a text at a zero, and UTF-8 has no lone surrogates: both become U+FFFD.</summary>
    public static string Clean(string text) =>
        Bounded(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD'));

    private static string Bounded(string text) =>
        Encoding.UTF8.GetByteCount(text) <= BytesMax
            ? text
            : throw new ArgumentException(
                $"A stored text may have {BytesMax} bytes; this one begins: {text[..100]}",
                nameof(text)
            );
}
