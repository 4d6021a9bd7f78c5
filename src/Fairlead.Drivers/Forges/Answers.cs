using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Model.Web;

namespace Fairlead.Drivers.Forges;

/// <summary>Reads answers whose shape nobody vouches for: what is not there, or is something else, is null.</summary>
internal static class Answers
{
    extension(JsonNode? node)
    {
        public string? Text(params ReadOnlySpan<string> path)
        {
            foreach (var name in path)
            {
                node = (node as JsonObject)?[name];
            }
            return node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
        }

        public int? Number(string name) =>
            (node as JsonObject)?[name] is JsonValue value && value.TryGetValue<int>(out var number) ? number : null;

        public long? Long(string name) =>
            (node as JsonObject)?[name] is JsonValue value && value.TryGetValue<long>(out var number) ? number : null;
    }

    extension(string? text)
    {
        public bool Is(string other) => string.Equals(text, other, StringComparison.OrdinalIgnoreCase);
    }

    /// <returns>Null when it is no JSON, or has a text that is none: half of a surrogate pair can be written, and nobody can read it.</returns>
    public static JsonNode? Read(byte[] body)
    {
        try
        {
            return JsonTexts.Read(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
