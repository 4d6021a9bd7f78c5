using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fairlead.Engine.Guarding.Network.Formats;

/// <summary>Writes JSON as YAML that a person reads: what could be taken for anything but a text is in quotes.</summary>
internal static class YamlText
{
    /// <summary>Texts that YAML 1.1 takes for something else; Kubernetes reads that version.</summary>
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "y",
        "yes",
        "n",
        "no",
        "on",
        "off",
        "true",
        "false",
        "null",
    };

    /// <param name="about">Comments at the top, a line each.</param>
    public static string Of(IEnumerable<string> about, IEnumerable<JsonObject> documents)
    {
        var text = new StringBuilder();
        foreach (var line in about)
        {
            text.Append("# ").Append(line).Append('\n');
        }
        foreach (var document in documents)
        {
            text.Append("---\n");
            Append(text, document, indent: 0);
        }
        return text.ToString();
    }

    private static void Append(StringBuilder text, JsonObject group, int indent)
    {
        foreach (var (key, value) in group)
        {
            text.Append(' ', indent).Append(Quoted(key)).Append(':');
            AppendValue(text, value, indent);
        }
    }

    private static void AppendValue(StringBuilder text, JsonNode? value, int indent)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } inner:
                text.Append('\n');
                Append(text, inner, indent + 2);
                break;
            case JsonArray { Count: > 0 } list:
                text.Append('\n');
                foreach (var item in list)
                {
                    AppendItem(text, item, indent + 2);
                }
                break;
            default:
                text.Append(' ').Append(Scalar(value)).Append('\n');
                break;
        }
    }

    private static void AppendItem(StringBuilder text, JsonNode? item, int indent)
    {
        text.Append(' ', indent).Append('-');
        if (item is not JsonObject { Count: > 0 } group)
        {
            text.Append(' ').Append(Scalar(item)).Append('\n');
            return;
        }
        var inner = new StringBuilder();
        Append(inner, group, indent + 2);
        // The first key stands behind the dash.
        text.Append(' ').Append(inner.ToString().AsSpan(indent + 2));
    }

    private static string Scalar(JsonNode? value) =>
        value switch
        {
            null => "null",
            JsonObject => "{}",
            JsonArray => "[]",
            _ when value.GetValueKind() == JsonValueKind.String => Quoted(value.GetValue<string>()),
            _ => value.ToJsonString(),
        };

    private static string Quoted(string text) =>
        text.Length > 0
        && char.IsAsciiLetter(text[0])
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '/' or '_')
        && !Words.Contains(text)
            ? text
            // JSON's way of writing a text is one of YAML's.
            : JsonValue.Create(text).ToJsonString();
}

/// <summary>Names of objects, within the limits of what takes them.</summary>
internal static class ObjectNames
{
    /// <summary>Names of Kubernetes' objects are parts of host names.</summary>
    public const int Max = 253;

    private const int DigestLetters = 8;

    public static string Fitting(string name) =>
        name.Length <= Max
            ? name
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{name[..(Max - DigestLetters - 1)].TrimEnd('.', '-')}-{Digest(name)[..DigestLetters]}"
            );

    private static string Digest(string name) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(name)));
}
