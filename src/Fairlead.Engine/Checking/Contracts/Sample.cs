using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Engine.Checking.OpenApi;

namespace Fairlead.Engine.Checking.Contracts;

/// <summary>Makes a value that fits a schema: its example, its default, or the simplest that its limits allow.</summary>
internal sealed class Sample(ApiDocument document)
{
    private const int DepthMax = 12;
    private const int ItemsMax = 20;
    private const int LettersMax = 1_000;

    /// <summary>Null when none can be made: a text must fit a pattern, or something must contain itself.</summary>
    public JsonNode? Of(ApiTree? schema) => Of(schema, DepthMax);

    /// <summary>A value of the document as JSON.</summary>
    public static JsonNode? Json(ApiTree value) =>
        value.IsGroup
            ? new JsonObject(
                value
                    .Members.DistinctBy(static one => one.Key)
                    .Select(static one => KeyValuePair.Create(one.Key, Json(one.Value)))
            )
        : value.IsList ? new JsonArray([.. value.Items.Select(Json)])
        : value.Text is null ? null
        : value.IsText ? JsonValue.Create(value.Text)
        : value.Text is "true" or "false" ? JsonValue.Create(value.Text == "true")
        : decimal.TryParse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? JsonValue.Create(number)
        : JsonValue.Create(value.Text);

    /// <summary>What the document itself gives as an example, beside or within a schema.</summary>
    public ApiTree? Example(ApiTree? holder, ApiTree? schema)
    {
        var view = SchemaView.Of(document, schema);
        return holder?["example"]
            ?? holder?["examples"]?.Members.Select(one => document.Resolve(one.Value)["value"]).FirstOrDefault()
            ?? view.First("example")
            ?? First(view.First("examples"))
            ?? view.First("default");
    }

    private static ApiTree? First(ApiTree? list) => list?.Items is [var first, ..] ? first : null;

    private JsonNode? Of(ApiTree? schema, int depth)
    {
        if (depth == 0)
        {
            return null;
        }
        var view = SchemaView.Of(document, schema);
        if ((Example(null, schema) ?? view.First("const") ?? First(view.First("enum"))) is { } said)
        {
            return Json(said);
        }
        var type = view.Types?.Order(StringComparer.Ordinal).FirstOrDefault();
        if (type is null && view.Alternatives.Count > 0)
        {
            return view.Alternatives.Select(one => Of(one, depth - 1)).FirstOrDefault(static one => one is not null);
        }
        return type switch
        {
            "boolean" => JsonValue.Create(value: true),
            "integer" or "number" => JsonValue.Create(Number(view, type == "integer")),
            "array" => List(view, depth),
            "object" => Group(view, depth),
            "nothing" => null,
            _ => Text(view) is { } text ? JsonValue.Create(text) : null,
        };
    }

    private JsonObject? Group(SchemaView view, int depth)
    {
        var made = new JsonObject();
        foreach (var name in view.Required.Order(StringComparer.Ordinal))
        {
            var property = view.Properties.GetValueOrDefault(name);
            if (property?.Flag("readOnly") is true)
            {
                continue;
            }
            if (Of(property, depth - 1) is not { } value)
            {
                return null;
            }
            made[name] = value;
        }
        // The chosen alternative has properties of its own.
        if (view.Alternatives.Count > 0 && Of(view.Alternatives[0], depth - 1) is JsonObject more)
        {
            foreach (var (name, value) in more.Where(one => !made.ContainsKey(one.Key)).ToList())
            {
                made[name] = value?.DeepClone();
            }
        }
        return made;
    }

    private JsonArray? List(SchemaView view, int depth)
    {
        var count = (int)Math.Clamp(view.Largest("minItems") ?? 1, 0, ItemsMax);
        var made = new JsonArray();
        for (var index = 0; index < count; index++)
        {
            if (Of(view.First("items"), depth - 1) is { } item)
            {
                made.Add(item);
            }
        }
        return made.Count == count || view.Largest("minItems") is null ? made : null;
    }

    private static decimal Number(SchemaView view, bool isWhole)
    {
        var least =
            view.Largest("minimum")
            ?? (view.Largest("exclusiveMinimum") is { } above ? above + (isWhole ? 1 : 0.5m) : null);
        if (view.First("exclusiveMinimum")?.Text == "true" && least is { } end)
        {
            least = end + (isWhole ? 1 : 0.5m);
        }
        var most = view.Smallest("maximum");
        var value = least ?? (most is < 1 ? most.Value : 1);
        return view.First("multipleOf") is not null && view.Largest("multipleOf") is { } step and > 0
            ? Math.Ceiling(value / step) * step
            : value;
    }

    private static string? Text(SchemaView view)
    {
        var text = view.First("format")?.Text switch
        {
            "date" => "2026-01-31",
            "date-time" => "2026-01-31T12:00:00Z",
            "time" => "12:00:00Z",
            "uuid" => "00000000-0000-4000-8000-000000000000",
            "email" => "someone@example.com",
            "uri" or "url" => "https://example.com/",
            "ipv4" => "192.0.2.1",
            "ipv6" => "2001:db8::1",
            "hostname" => "example.com",
            "byte" => "dGV4dA==",
            _ => "text",
        };
        var (least, most) = (
            (int)Math.Min(view.Largest("minLength") ?? 0, LettersMax + 1),
            (int)Math.Min(view.Smallest("maxLength") ?? LettersMax, LettersMax)
        );
        var fits =
            text.Length < least ? text.PadRight(least, 'x')
            : text.Length > most ? text[..most]
            : text;
        return
            view.First("pattern")?.Text is { } pattern && !SchemaCheck.Matches(pattern, fits)
            || fits.Length > LettersMax
            ? null
            : fits;
    }
}
