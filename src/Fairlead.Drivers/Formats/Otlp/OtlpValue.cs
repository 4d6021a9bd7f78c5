using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Fairlead.Drivers.Formats.Protobuf;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Formats.Otlp;

/// <summary>
/// Reads attributes and other values (opentelemetry/proto/common/v1/common.proto) as text: numbers and truth values as people write
/// them, bytes in base64, lists and maps as JSON. So do Prometheus and the Collector.
/// </summary>
internal static class OtlpValue
{
    /// <summary>Lists and maps within each other; deeper ones are said to be nothing.</summary>
    internal const int DepthMax = 16;

    private static readonly JsonWriterOptions Plainly = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>A list of KeyValue, which comes field by field: adds one, as long as there is room.</summary>
    /// <returns>Whether there was.</returns>
    public static bool Add(List<Label> attributes, ProtobufReader pair, (int Count, int Chars) max)
    {
        if (attributes.Count >= max.Count)
        {
            return false;
        }
        var (name, value) = ("", "");
        while (pair.Next())
        {
            switch (pair.Field)
            {
                case 1:
                    name = OtlpText.Of(pair.Bytes(), Span.NameCharsMax);
                    break;
                case 2:
                    value = Text(pair.Message(), max.Chars);
                    break;
            }
        }
        if (name.Length > 0)
        {
            attributes.Add(new(name, value));
        }
        return true;
    }

    /// <summary>An AnyValue as text.</summary>
    public static string Text(ProtobufReader value, int charsMax)
    {
        var text = "";
        while (value.Next())
        {
            text = value.Field switch
            {
                1 => OtlpText.Of(value.Bytes(), charsMax),
                2 => value.Flag() ? "true" : "false",
                3 => value.Whole().ToString(CultureInfo.InvariantCulture),
                4 => Number(value.Real()),
                5 => Nested(value.Message(), isList: true, charsMax),
                6 => Nested(value.Message(), isList: false, charsMax),
                7 => Base64(value.Bytes(), charsMax),
                _ => text,
            };
        }
        return text;
    }

    /// <summary>As Go and JSON write it: <c>0.1</c>, <c>3</c>, <c>1e+21</c>, NaN.</summary>
    internal static string Number(double number) =>
        double.IsNaN(number) ? "NaN"
        : double.IsInfinity(number) ? (number > 0 ? "+Inf" : "-Inf")
        : Math.Abs(number) is >= 1e-6 and < 1e21 or 0 ? Decimal(number)
        : number.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e');

    /// <summary>Without an exponent: <c>0.005</c>, <c>2500</c>. As many digits as tell the number from its neighbours.</summary>
    internal static string Decimal(double number)
    {
        var shortest = number.ToString("R", CultureInfo.InvariantCulture);
        if (shortest.IndexOf('E', StringComparison.Ordinal) is var at && at < 0)
        {
            return shortest;
        }
        var sign = shortest[0] == '-' ? "-" : "";
        var digits = shortest[sign.Length..at].Replace(".", "", StringComparison.Ordinal);
        var point = int.Parse(shortest.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) + 1;
        return point <= 0 ? $"{sign}0.{new string('0', -point)}{digits}" : $"{sign}{digits.PadRight(point, '0')}";
    }

    private static string Base64(ReadOnlySpan<byte> bytes, int charsMax) =>
        OtlpText.Cut(Convert.ToBase64String(bytes[..Math.Min(bytes.Length, charsMax)]), charsMax);

    private static string Nested(ProtobufReader value, bool isList, int charsMax)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json, Plainly))
        {
            Write(writer, value, isList, new(charsMax), 1);
        }
        return OtlpText.Of(json.GetBuffer().AsSpan(0, (int)json.Length), charsMax);
    }

    private static void Write(Utf8JsonWriter writer, ProtobufReader value, bool isList, Room room, int depth)
    {
        if (isList)
        {
            writer.WriteStartArray();
        }
        else
        {
            writer.WriteStartObject();
        }
        while (value.Next() && room.IsLeft)
        {
            if (value.Field == 1 && isList)
            {
                WriteValue(writer, value.Message(), room, depth);
            }
            else if (value.Field == 1)
            {
                WritePair(writer, value.Message(), room, depth);
            }
        }
        if (isList)
        {
            writer.WriteEndArray();
        }
        else
        {
            writer.WriteEndObject();
        }
    }

    private static void WritePair(Utf8JsonWriter writer, ProtobufReader pair, Room room, int depth)
    {
        var (name, isWritten) = ("", false);
        while (pair.Next())
        {
            if (pair.Field == 1)
            {
                name = OtlpText.Of(pair.Bytes(), Span.NameCharsMax);
            }
            else if (pair.Field == 2 && !isWritten)
            {
                isWritten = true;
                room.Take(name.Length);
                writer.WritePropertyName(name);
                WriteValue(writer, pair.Message(), room, depth);
            }
        }
        if (!isWritten)
        {
            writer.WriteNull(name);
        }
    }

    private static void WriteValue(Utf8JsonWriter writer, ProtobufReader value, Room room, int depth)
    {
        var isWritten = false;
        while (value.Next())
        {
            if (isWritten || value.Field is < 1 or > 7)
            {
                continue;
            }
            isWritten = true;
            WriteOne(writer, ref value, room, depth);
        }
        if (!isWritten)
        {
            writer.WriteNullValue();
        }
    }

    private static void WriteOne(Utf8JsonWriter writer, ref ProtobufReader value, Room room, int depth)
    {
        room.Take(1);
        switch (value.Field)
        {
            case 2:
                writer.WriteBooleanValue(value.Flag());
                break;
            case 3:
                writer.WriteNumberValue(value.Whole());
                break;
            case 4 when value.Real() is var number && double.IsFinite(number):
                writer.WriteNumberValue(number);
                break;
            case 4:
                writer.WriteNullValue();
                break;
            case 5 or 6 when depth < DepthMax:
                Write(writer, value.Message(), value.Field == 5, room, depth + 1);
                break;
            case 5 or 6:
                writer.WriteNullValue();
                break;
            default:
                var text = value.Field == 1 ? OtlpText.Of(value.Bytes(), room.Left) : Base64(value.Bytes(), room.Left);
                room.Take(text.Length);
                writer.WriteStringValue(text);
                break;
        }
    }

    // How many more letters are worth writing: what goes beyond is cut afterwards anyway.
    private sealed class Room(int chars)
    {
        public int Left { get; private set; } = chars + 1;

        public bool IsLeft => Left > 0;

        public void Take(int count) => Left = Math.Max(0, Left - count);
    }
}
