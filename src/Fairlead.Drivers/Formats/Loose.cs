using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Formats;

/// <summary>
/// Reads JSON of many libraries and versions: what is missing or of another type is null, what is too long is cut off. Nobody is
/// helped by an error report that is refused because its browser's version is a number.
/// </summary>
internal static class Loose
{
    private static readonly JsonDocumentOptions Options = new()
    {
        MaxDepth = 64,
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
    };

    /// <summary>Reads JSON, also where a text is broken: a program that cut one in two, or sent it in another encoding, is helped all the same.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> bytes)
    {
        if (!Utf8.IsValid(bytes.Span))
        {
            bytes = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes.Span));
        }
        return JsonDocument.Parse(WithoutHalves(bytes), Options);
    }

    public static JsonElement? At(this JsonElement element, string name) =>
        element.ValueKind is JsonValueKind.Object
        && element.TryGetProperty(name, out var value)
        && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined)
            ? value
            : null;

    public static JsonElement? At(this JsonElement? element, string name) => element?.At(name);

    /// <summary>A text, a number or a truth as text; null for anything else and for an empty one.</summary>
    public static string? Text(this JsonElement? element, int lettersMax = ErrorBounds.WordMax)
    {
        var text = element?.ValueKind switch
        {
            JsonValueKind.String => element.Value.GetString(),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => element.Value.GetRawText(),
            _ => null,
        };
        return string.IsNullOrEmpty(text) ? null
            : text.Length <= lettersMax ? text
            : text[..(char.IsHighSurrogate(text[lettersMax - 1]) ? lettersMax - 1 : lettersMax)];
    }

    public static string? Text(this JsonElement element, string name, int lettersMax = ErrorBounds.WordMax) =>
        element.At(name).Text(lettersMax);

    public static int Whole(this JsonElement element, string name) =>
        element.At(name) is { } value
        && double.TryParse(
            ((JsonElement?)value).Text(),
            NumberStyles.Float,
            CultureInfo.InvariantCulture,
            out var number
        )
        && number is >= 0 and <= int.MaxValue
            ? (int)number
            : 0;

    public static double? Number(this JsonElement element, string name) =>
        element.At(name) is { } value
        && double.TryParse(
            ((JsonElement?)value).Text(),
            NumberStyles.Float,
            CultureInfo.InvariantCulture,
            out var number
        )
        && double.IsFinite(number)
            ? number
            : null;

    public static bool? Truth(this JsonElement? element) =>
        element?.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => null,
        };

    /// <summary>The elements of a list; of an object that has one in <c>values</c>, as Sentry wraps them; none for anything else.</summary>
    public static IEnumerable<JsonElement> List(this JsonElement? element, int max) =>
        element?.ValueKind switch
        {
            JsonValueKind.Array => element.Value.EnumerateArray().Take(max),
            JsonValueKind.Object => element.At("values") is { ValueKind: JsonValueKind.Array } inner
                ? inner.EnumerateArray().Take(max)
                : [],
            _ => [],
        };

    /// <summary>Members of an object whose values are words; of a list, its pairs.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Words(this JsonElement? element, int max) =>
        element?.ValueKind switch
        {
            JsonValueKind.Object => element
                .Value.EnumerateObject()
                .Take(max)
                .Select(one => new KeyValuePair<string, string>(Cut(one.Name), ((JsonElement?)one.Value).Text() ?? ""))
                .Where(one => one.Value.Length > 0),
            JsonValueKind.Array => element
                .Value.EnumerateArray()
                .Take(max)
                .Where(one => one.ValueKind is JsonValueKind.Array && one.GetArrayLength() == 2)
                .Select(one => new KeyValuePair<string, string>(
                    ((JsonElement?)one[0]).Text() ?? "",
                    ((JsonElement?)one[1]).Text() ?? ""
                ))
                .Where(one => one.Key.Length > 0 && one.Value.Length > 0),
            _ => [],
        };

    /// <summary>Seconds since 1970 as a number or a text, or a date by ISO 8601; null for anything else.</summary>
    public static DateTimeOffset? Time(this JsonElement? element)
    {
        if (element.Text() is not { } text)
        {
            return null;
        }
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds))
        {
            return seconds is > 0 and < 253_402_300_799
                ? DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000))
                : null;
        }
        return DateTimeOffset.TryParse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time
        )
            ? time
            : null;
    }

    public static Severity Level(this JsonElement? element) =>
        element.Text()?.ToLowerInvariant() switch
        {
            "fatal" or "critical" => Severity.Fatal,
            "warning" or "warn" => Severity.Warning,
            "info" or "log" => Severity.Info,
            "debug" or "trace" => Severity.Debug,
            _ => Severity.Error,
        };

    /// <summary>From a stack that is longer the middle is left out: its ends tell more.</summary>
    public static IReadOnlyList<StackFrame> Bounded(IReadOnlyList<StackFrame> frames) =>
        frames.Count <= ErrorBounds.FramesMax
            ? frames
            : [.. frames.Take(ErrorBounds.FramesMax / 2), .. frames.TakeLast(ErrorBounds.FramesMax / 2)];

    /// <summary>Sorted into a dictionary; of a name that comes twice the last.</summary>
    public static IReadOnlyDictionary<string, string> Bounded(IEnumerable<KeyValuePair<string, string>> words)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in words.Take(ErrorBounds.TagsMax))
        {
            all[name] = value;
        }
        return all;
    }

    public static string Cut(string text, int lettersMax = ErrorBounds.WordMax) =>
        text.Length <= lettersMax ? text : text[..lettersMax];

    // \uD83D without its other half is allowed in JSON, but is no text: it becomes \uFFFD.
    private static ReadOnlyMemory<byte> WithoutHalves(ReadOnlyMemory<byte> bytes)
    {
        var span = bytes.Span;
        byte[]? mended = null;
        for (var at = span.IndexOf((byte)'\\'); at >= 0 && at + 1 < span.Length; )
        {
            var length = 2;
            if (HalfAt(span, at) is { } isHigh)
            {
                var isWhole = isHigh && HalfAt(span, at + 6) == false;
                length = isWhole ? 12 : 6;
                if (!isWhole)
                {
                    mended ??= bytes.ToArray();
                    "FFFD"u8.CopyTo(mended.AsSpan(at + 2));
                }
            }
            var next = span[(at + length)..].IndexOf((byte)'\\');
            at = next < 0 ? -1 : at + length + next;
        }
        return mended ?? bytes;
    }

    /// <summary>Whether a high or a low half is written at a place; null for anything else.</summary>
    private static bool? HalfAt(ReadOnlySpan<byte> span, int at) =>
        at + 6 <= span.Length
        && span[at] == '\\'
        && span[at + 1] == 'u'
        && ushort.TryParse(
            span.Slice(at + 2, 4),
            NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture,
            out var code
        )
        && code is >= 0xD800 and <= 0xDFFF
            ? code < 0xDC00
            : null;
}
