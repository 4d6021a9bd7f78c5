using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Fairlead.Engine.Checking.OpenApi;

namespace Fairlead.Engine.Checking.Contracts;

/// <summary>
/// Whether what a service sent fits a schema of its document. It knows what OpenAPI 3.0 has of JSON Schema and what documents of 3.1 use
/// of it; a keyword it does not know forbids nothing.
/// </summary>
/// <remarks>Libraries that can be had are for one draft of JSON Schema, read documents of their own, and know nothing of nullable,
/// readOnly and writeOnly.</remarks>
internal sealed class SchemaCheck(ApiDocument document)
{
    private const int FaultsMax = 10;
    private const int DepthMax = 64;
    private const int StepsMax = 2_000_000;
    private const int PatternsMax = 1_000;

    private static readonly ConcurrentDictionary<string, Regex?> Patterns = new(StringComparer.Ordinal);

    private int steps;

    /// <returns>What does not fit, with its place such as <c>.items[3].name</c>; empty when all does.</returns>
    public IReadOnlyList<string> Faults(ApiTree? schema, JsonElement value)
    {
        var faults = new List<string>();
        Check(schema, value, new(faults, ".", 0));
        return faults;
    }

    /// <summary>Whether a pattern is in a text; one that cannot be read forbids nothing.</summary>
    public static bool Matches(string pattern, string text)
    {
        if (!Patterns.TryGetValue(pattern, out var made))
        {
            made = Make(pattern);
            if (Patterns.Count < PatternsMax)
            {
                _ = Patterns.TryAdd(pattern, made);
            }
        }
        return made?.IsMatch(text) ?? true;
    }

    private static Regex? Make(string pattern)
    {
        try
        {
            // Whoever wrote the pattern must not be able to keep us busy for ever.
            return new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception caught) when (caught is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private void Check(ApiTree? schema, JsonElement value, At at)
    {
        if (schema is null || at.Depth > DepthMax || ++steps > StepsMax || at.Faults.Count >= FaultsMax)
        {
            return;
        }
        if (schema is { Text: "false", IsText: false })
        {
            at.Add("nothing may be here");
            return;
        }
        if (schema["$ref"] is not null)
        {
            Check(document.Next(schema), value, at.Deeper);
            if (!document.HasMore(schema))
            {
                return;
            }
        }
        if (value.ValueKind == JsonValueKind.Null && (schema.Flag("nullable") || schema.Flag("x-nullable")))
        {
            return;
        }
        if (!Type(schema, value, at))
        {
            return;
        }
        Choice(schema, value, at);
        Combined(schema, value, at);
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                Text(schema, value.GetString()!, at); // It is a text.
                break;
            case JsonValueKind.Number:
                Number(schema, value, at);
                break;
            case JsonValueKind.Array:
                List(schema, value, at);
                break;
            case JsonValueKind.Object:
                Group(schema, value, at);
                break;
            default:
                break;
        }
    }

    private static bool Type(ApiTree schema, JsonElement value, At at)
    {
        IReadOnlyList<string> types = schema.Word("type") is { } one ? [one] : schema.Words("type");
        if (types.Count == 0 || types.Any(type => Is(type, value)))
        {
            return true;
        }
        at.Add($"is {Kind(value)}, not {string.Join(" or ", types)}");
        return false;
    }

    private static bool Is(string type, JsonElement value) =>
        type switch
        {
            "integer" => value.ValueKind == JsonValueKind.Number
                && (
                    value.TryGetDecimal(out var number)
                        ? number == decimal.Truncate(number)
                        : value.TryGetDouble(out var big) && big == Math.Truncate(big)
                ),
            _ => Kind(value) == type,
        };

    private static string Kind(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Object => "object",
            JsonValueKind.Array => "array",
            JsonValueKind.String => "string",
            JsonValueKind.Number => "number",
            JsonValueKind.Null => "null",
            _ => "boolean",
        };

    private static void Choice(ApiTree schema, JsonElement value, At at)
    {
        if (schema["const"] is { } constant && !Equal(constant, value))
        {
            at.Add($"is not {constant.Written(lettersMax: 60)}");
        }
        if (schema["enum"] is { IsList: true } list && !list.Items.Any(one => Equal(one, value)))
        {
            at.Add($"is {Shown(value)}, which is none of {list.Written(lettersMax: 120)}");
        }
    }

    private static bool Equal(ApiTree said, JsonElement value) =>
        JsonElement.DeepEquals(JsonSerializer.SerializeToElement(Sample.Json(said)), value);

    private void Combined(ApiTree schema, JsonElement value, At at)
    {
        foreach (var part in schema["allOf"]?.Items ?? [])
        {
            Check(part, value, at.Deeper);
        }
        if (
            schema["anyOf"] is { IsList: true } any
            && any.Items.Count > 0
            && !any.Items.Any(one => Fits(one, value, at))
        )
        {
            at.Add($"fits none of {any.Items.Count} alternatives (anyOf)");
        }
        if (
            schema["oneOf"] is { IsList: true } one
            && one.Items.Count(item => Fits(item, value, at)) is not 1 and var count
        )
        {
            at.Add($"fits {count} of {one.Items.Count} alternatives, not one (oneOf)");
        }
        if (schema["not"] is { } not && Fits(not, value, at))
        {
            at.Add("is what it must not be (not)");
        }
    }

    private bool Fits(ApiTree schema, JsonElement value, At at)
    {
        var faults = new List<string>();
        Check(schema, value, new(faults, at.Place, at.Depth + 1));
        return faults.Count == 0;
    }

    private static void Text(ApiTree schema, string text, At at)
    {
        var letters = new StringInfo(text).LengthInTextElements;
        if (letters < schema.Number("minLength") || letters > schema.Number("maxLength"))
        {
            at.Add($"has {letters} letters");
        }
        if (schema["pattern"] is { Text: { } pattern } && !Matches(pattern, text))
        {
            at.Add($"does not fit the pattern {pattern}");
        }
        if (schema.Word("format") is { } format && !HasFormat(format, text))
        {
            at.Add($"is no {format}");
        }
    }

    private static bool HasFormat(string format, string text) =>
        format switch
        {
            "date" => DateOnly.TryParseExact(
                text,
                "yyyy-MM-dd",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out _
            ),
            "date-time" => text.Length >= 20
                && text[10] is 'T' or 't' or ' '
                && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _)
                && (text[^1] is 'Z' or 'z' || text[^6] is '+' or '-'),
            "uuid" => Guid.TryParseExact(text, "D", out _),
            "email" => text.IndexOf('@') is > 0 and var at && at < text.Length - 1,
            "uri" => Uri.TryCreate(text, UriKind.Absolute, out _),
            "ipv4" => IPAddress.TryParse(text, out var four) && four.AddressFamily == AddressFamily.InterNetwork,
            "ipv6" => IPAddress.TryParse(text, out var six) && six.AddressFamily == AddressFamily.InterNetworkV6,
            _ => true,
        };

    private static void Number(ApiTree schema, JsonElement value, At at)
    {
        if (!value.TryGetDecimal(out var number))
        {
            return; // Larger than any limit that is written down.
        }
        var (least, most) = (schema.Number("minimum"), schema.Number("maximum"));
        if (
            number < least
            || number > most
            || number <= schema.Number("exclusiveMinimum")
            || number >= schema.Number("exclusiveMaximum")
            || (schema.Flag("exclusiveMinimum") && number == least)
            || (schema.Flag("exclusiveMaximum") && number == most)
        )
        {
            at.Add($"is {value.GetRawText()}, beyond its limits");
        }
        if (schema.Number("multipleOf") is { } step and not 0 && number % step != 0)
        {
            at.Add($"is {value.GetRawText()}, which is no multiple of {step.ToString(CultureInfo.InvariantCulture)}");
        }
    }

    private void List(ApiTree schema, JsonElement value, At at)
    {
        var count = value.GetArrayLength();
        if (count < schema.Number("minItems") || count > schema.Number("maxItems"))
        {
            at.Add($"has {count} items");
        }
        if (
            schema.Flag("uniqueItems")
            && value.EnumerateArray().Select(static one => one.GetRawText()).Distinct().Count() < count
        )
        {
            at.Add("has an item twice");
        }
        var first = schema["prefixItems"]?.Items ?? [];
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            Check(index < first.Count ? first[index] : schema["items"], item, at.Below($"[{index}]"));
            index++;
        }
    }

    private void Group(ApiTree schema, JsonElement value, At at)
    {
        var properties = schema["properties"];
        foreach (var name in schema.Words("required"))
        {
            // What is only written is not sent back.
            if (
                !value.TryGetProperty(name, out _)
                && properties?[name] is var known
                && (known is null || !document.Resolve(known).Flag("writeOnly"))
            )
            {
                at.Add($"has no {name}");
            }
        }
        var count = value.GetPropertyCount();
        if (count < schema.Number("minProperties") || count > schema.Number("maxProperties"))
        {
            at.Add($"has {count} properties");
        }
        foreach (var property in value.EnumerateObject())
        {
            if (properties?[property.Name] is { } known)
            {
                Check(known, property.Value, at.Below($".{property.Name}"));
            }
            else if (
                schema["patternProperties"]?.Members.FirstOrDefault(one => Matches(one.Key, property.Name)).Value is
                { } fitting
            )
            {
                Check(fitting, property.Value, at.Below($".{property.Name}"));
            }
            else if (schema["additionalProperties"] is { Text: "false" })
            {
                at.Below($".{property.Name}").Add("is not in the document");
            }
            else if (schema["additionalProperties"] is { IsGroup: true } other)
            {
                Check(other, property.Value, at.Below($".{property.Name}"));
            }
        }
    }

    private static string Shown(JsonElement value) =>
        value.GetRawText() is { Length: <= 60 } text ? text : value.GetRawText()[..60] + "...";

    /// <summary>Where in the value, and where faults go.</summary>
    private readonly record struct At(List<string> Faults, string Place, int Depth)
    {
        private const int LettersMax = 200;

        public At Deeper => this with { Depth = Depth + 1 };

        public At Below(string step) =>
            this with
            {
                Place =
                    Place == "." ? step
                    : Place.Length > LettersMax ? Place
                    : Place + step,
                Depth = Depth + 1,
            };

        public void Add(string fault)
        {
            if (Faults.Count < FaultsMax)
            {
                Faults.Add($"{Place} {fault}");
            }
        }
    }
}
