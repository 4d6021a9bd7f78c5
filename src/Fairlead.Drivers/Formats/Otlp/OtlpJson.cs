using System.Globalization;
using System.Text.Json;
using Fairlead.Drivers.Formats.Protobuf;

namespace Fairlead.Drivers.Formats.Otlp;

/// <summary>
/// Turns OTLP's JSON into its protobuf, so that one reader of each signal does for both. Bent as senders bend it: numbers may be
/// texts and texts numbers, enumerations names or numbers; fields that are not known and nulls are skipped.
/// https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
/// </summary>
internal static class OtlpJson
{
    private static readonly JsonDocumentOptions Strictly = new() { MaxDepth = 64 };

    /// <exception cref="InvalidDataException">It is no JSON, or a value is of another kind than its field.</exception>
    public static ReadOnlyMemory<byte> ToProtobuf(ReadOnlyMemory<byte> json, OtlpShape shape)
    {
        try
        {
            using var read = JsonDocument.Parse(json, Strictly);
            var writer = new ProtobufWriter();
            Write(writer, read.RootElement, shape);
            return writer.WrittenMemory;
        }
        // What GetString says of letters that are none.
        catch (Exception caught) when (caught is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"This is no JSON of OTLP: {caught.Message}", caught);
        }
    }

    private static void Write(ProtobufWriter writer, JsonElement message, OtlpShape shape)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            throw Wrong("a message", message);
        }
        foreach (var member in message.EnumerateObject())
        {
            if (!shape.Fields.TryGetValue(member.Name, out var field))
            {
                continue;
            }
            if (member.Value.ValueKind == JsonValueKind.Array)
            {
                foreach (var one in member.Value.EnumerateArray())
                {
                    WriteField(writer, member.Name, one, field);
                }
            }
            else if (member.Value.ValueKind != JsonValueKind.Null)
            {
                WriteField(writer, member.Name, member.Value, field);
            }
        }
    }

    private static void WriteField(ProtobufWriter writer, string name, JsonElement value, OtlpField field)
    {
        switch (field.Form)
        {
            case OtlpForm.Text:
                writer.Text(field.Number, TextOf(name, value));
                break;
            case OtlpForm.Hex:
                writer.Bytes(field.Number, HexOf(name, value));
                break;
            case OtlpForm.Base64:
                writer.Bytes(field.Number, Base64Of(name, value));
                break;
            case OtlpForm.Flag:
                writer.Varint(field.Number, IsSet(name, value) ? 1UL : 0);
                break;
            case OtlpForm.Whole:
                writer.Varint(field.Number, unchecked((ulong)WholeOf(name, value, field)));
                break;
            case OtlpForm.Zigzag:
                var number = WholeOf(name, value, field);
                writer.Varint(field.Number, unchecked((ulong)((number << 1) ^ (number >> 63))));
                break;
            case OtlpForm.Fixed64:
                writer.Fixed64(field.Number, unchecked((ulong)WholeOf(name, value, field)));
                break;
            case OtlpForm.Double:
                writer.Real(field.Number, DoubleOf(name, value));
                break;
            default:
                writer.Message(field.Number, inner => Write(inner, value, field.Shape!()));
                break;
        }
    }

    private static string TextOf(string name, JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
            _ => throw Wrong($"'{name}', a text", value),
        };

    private static byte[] HexOf(string name, JsonElement value)
    {
        var text = TextOf(name, value);
        try
        {
            return Convert.FromHexString(text);
        }
        catch (FormatException caught)
        {
            var shown = OtlpText.Cut(text, 64);
            throw new InvalidDataException($"'{name}' ought to be hex digits, but is '{shown}'.", caught);
        }
    }

    private static byte[] Base64Of(string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.String && value.TryGetBytesFromBase64(out var bytes)
            ? bytes
            : throw Wrong($"'{name}', base64", value);

    private static bool IsSet(string name, JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.String when bool.TryParse(value.GetString(), out var flag) => flag,
            _ => throw Wrong($"'{name}', true or false", value),
        };

    // Unsigned numbers of 64 bits keep their bits.
    private static long WholeOf(string name, JsonElement value, OtlpField field)
    {
        if (value.ValueKind is not (JsonValueKind.String or JsonValueKind.Number))
        {
            throw Wrong($"'{name}', a whole number", value);
        }
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }
        if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var large))
        {
            return unchecked((long)large);
        }
        if (field.Names.TryGetValue(text, out var named))
        {
            return named;
        }
        // JavaScript writes large whole numbers as 1.7e18.
        return
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real)
            && Math.Abs(real) < 9e18
            && double.IsInteger(real)
            ? (long)real
            : throw Wrong($"'{name}', a whole number", value);
    }

    private static double DoubleOf(string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number ? value.GetDouble()
        : value.ValueKind != JsonValueKind.String ? throw Wrong($"'{name}', a number", value)
        : value.GetString() switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            { } text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) =>
                number,
            _ => throw Wrong($"'{name}', a number", value),
        };

    private static InvalidDataException Wrong(string expected, JsonElement value)
    {
        var text = OtlpText.Cut(value.GetRawText(), 64);
        return new($"This is no JSON of OTLP: where {expected}, ought to be, is {text}.");
    }
}
