using System.Text.Json;

namespace Fairlead.Drivers.Formats.Sentry;

/// <summary>
/// Reads an envelope: a header, then items, each with a header of its own and a payload, on lines
/// (https://develop.sentry.dev/sdk/data-model/envelopes/). A payload is as long as its header says, else to the end of the line.
/// <code>
/// {"event_id":"9ec7...","dsn":"https://key@host/1"}
/// {"type":"event"}
/// {"message":"hello"}
/// {"type":"attachment","length":10,"filename":"a.txt"}
/// two
/// lines!
/// </code>
/// </summary>
internal static class Envelope
{
    public const int ItemsMax = 1_000;
    private const int HeadBytesMax = 16 << 10;

    /// <param name="why">What cannot be read from here on; null when all was read. What came before is good.</param>
    public static IReadOnlyList<EnvelopeItem> Read(ReadOnlyMemory<byte> body, out JsonElement head, out string? why)
    {
        var items = new List<EnvelopeItem>();
        head = default;
        var rest = body;
        if (TryHead(Line(ref rest)) is not { } first)
        {
            why = "its first line is no JSON object";
            return items;
        }
        head = first;
        while (rest.Length > 0)
        {
            var line = Line(ref rest);
            if (IsBlank(line.Span))
            {
                continue;
            }
            if (TryHead(line) is not { } item || item.Text("type") is not { } type)
            {
                why = $"the header of its item {items.Count + 1} is no JSON object with a type";
                return items;
            }
            if (items.Count == ItemsMax)
            {
                why = $"it has more than {ItemsMax} items";
                return items;
            }
            if (item.At("length") is { ValueKind: JsonValueKind.Number } said)
            {
                if (!said.TryGetInt32(out var length) || length < 0 || length > rest.Length)
                {
                    why = $"its item {items.Count + 1} is shorter than its header says";
                    return items;
                }
                items.Add(new(type, item, rest[..length]));
                rest = rest[length..];
                rest = rest.Span.StartsWith("\n"u8) ? rest[1..] : rest;
            }
            else
            {
                items.Add(new(type, item, Line(ref rest)));
            }
        }
        why = null;
        return items;
    }

    private static ReadOnlyMemory<byte> Line(ref ReadOnlyMemory<byte> rest)
    {
        var end = rest.Span.IndexOf((byte)'\n');
        var line = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return line;
    }

    private static JsonElement? TryHead(ReadOnlyMemory<byte> line)
    {
        if (line.Length is 0 or > HeadBytesMax)
        {
            return null;
        }
        try
        {
            using var json = Loose.Parse(line);
            return json.RootElement.ValueKind is JsonValueKind.Object ? json.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsBlank(ReadOnlySpan<byte> line) => line.Trim((byte)'\r').IsEmpty;
}

/// <param name="Head">Its header; there may be more in it than the type.</param>
internal sealed record EnvelopeItem(string Type, JsonElement Head, ReadOnlyMemory<byte> Payload);
