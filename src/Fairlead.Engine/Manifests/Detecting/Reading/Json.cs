using System.Text.Json;

namespace Fairlead.Engine.Manifests.Detecting.Reading;

/// <summary>JSON as people write it: with comments and trailing commas. Whatever is not of the expected shape is absent.</summary>
internal static class Json
{
    private static readonly JsonDocumentOptions Lenient = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    public static JsonElement? Read(Sight sight, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(sight.Text(path), Lenient);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null; // Half a file, or another format under that name: for us there is none.
        }
    }

    public static JsonElement? At(this JsonElement? element, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (element is not { ValueKind: JsonValueKind.Object } some || !some.TryGetProperty(name, out var next))
            {
                return null;
            }
            element = next;
        }
        return element;
    }

    public static string? Word(this JsonElement? element)
    {
        try
        {
            return element is { ValueKind: JsonValueKind.String } some ? some.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null; // Half of a surrogate pair, which is valid JSON but no text.
        }
    }

    public static IReadOnlyList<(string Name, JsonElement? Value)> Members(this JsonElement? element)
    {
        try
        {
            return element is { ValueKind: JsonValueKind.Object } some
                ? [.. some.EnumerateObject().Select(one => (one.Name, (JsonElement?)one.Value))]
                : [];
        }
        catch (InvalidOperationException)
        {
            return []; // As above, in a name.
        }
    }

    public static IReadOnlyList<string> Words(this JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Array } some
            ? [.. some.EnumerateArray().Select(one => Word(one)).OfType<string>()]
            : [];
}
