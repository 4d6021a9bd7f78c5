using System.Text;
using System.Text.Json;

namespace Fairlead.Drivers.Registries;

/// <summary>Reads why a registry refuses: <c>{"errors":[{"code":"DENIED","message":"requested access to the resource is denied"}]}</c>.</summary>
internal static class Errors
{
    private const int CharsMax = 300;
    private const int ListedMax = 5;

    /// <summary>Its words, cleaned: they are shown on terminals.</summary>
    public static string Said(ReadOnlyMemory<byte> body)
    {
        var words = Words(body);
        return words.Length == 0 ? "it says no reason" : words;
    }

    private static string Words(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body, new() { MaxDepth = 16 });
            var root = json.RootElement;
            if (root.ValueKind is not JsonValueKind.Object)
            {
                return "";
            }
            if (root.TryGetProperty("errors", out var list) && list.ValueKind is JsonValueKind.Array)
            {
                return Clean(
                    string.Join(
                        "; ",
                        list.EnumerateArray()
                            .Take(ListedMax)
                            .Select(static one => $"{Text(one, "code")}: {Text(one, "message")}")
                    )
                );
            }
            // Docker Hub's and Harbor's desks.
            return Clean(
                Text(root, "details")
                    ?? Text(root, "message")
                    ?? Text(root, "error_description")
                    ?? Text(root, "error")
                    ?? ""
            );
        }
        catch (Exception caught) when (caught is JsonException or InvalidOperationException)
        {
            var text = Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, CharsMax)]);
            // A page is for browsers.
            return text.Contains('<', StringComparison.Ordinal) ? "a page instead of a reason" : Clean(text);
        }
    }

    private static string? Text(JsonElement one, string name) =>
        one.ValueKind is JsonValueKind.Object
        && one.TryGetProperty(name, out var text)
        && text.ValueKind is JsonValueKind.String
            ? text.GetString()
            : null;

    private static string Clean(string text) =>
        string.Concat(
                text.Take(CharsMax).Select(static one => char.IsControl(one) || char.IsSurrogate(one) ? ' ' : one)
            )
            .Trim();
}
