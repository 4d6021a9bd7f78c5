using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fairlead.Model.Telemetry;

/// <summary>Names a trace: 32 hex digits, as in W3C's <c>traceparent</c>.</summary>
[JsonConverter(typeof(TraceIdJson))]
[StructLayout(LayoutKind.Auto)]
public readonly record struct TraceId(ulong High, ulong Low)
{
    private const int Digits = 32;

    public bool IsNone => High == 0 && Low == 0;

    /// <summary>Null when it is not 32 hex digits, or all are zero, which names nothing.</summary>
    public static TraceId? TryParse(string text) =>
        text.Length == Digits
        && HexNumber.TryParse(text.AsSpan(0, Digits / 2), out var high)
        && HexNumber.TryParse(text.AsSpan(Digits / 2), out var low)
        && (high | low) != 0
            ? new(high, low)
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{High:x16}{Low:x16}");
}

/// <summary>Names a span within its trace: 16 hex digits. None stands for no span, such as the parent of a trace's first.</summary>
[JsonConverter(typeof(SpanIdJson))]
public readonly record struct SpanId(ulong Value)
{
    private const int Digits = 16;

    public static readonly SpanId None;

    public bool IsNone => Value == 0;

    /// <summary>Null when it is not 16 hex digits, or all are zero.</summary>
    public static SpanId? TryParse(string text) =>
        text.Length == Digits && HexNumber.TryParse(text, out var value) && value != 0 ? new(value) : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value:x16}");
}

internal static class HexNumber
{
    public static bool TryParse(ReadOnlySpan<char> text, out ulong value) =>
        ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}

internal sealed class TraceIdJson : JsonConverter<TraceId>
{
    public override TraceId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TraceId.TryParse(reader.GetString() ?? "") ?? throw new JsonException("This is no trace's id.");

    public override void Write(Utf8JsonWriter writer, TraceId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}

internal sealed class SpanIdJson : JsonConverter<SpanId>
{
    public override SpanId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString() is not { Length: > 0 } text
            ? SpanId.None
            : SpanId.TryParse(text) ?? throw new JsonException("This is no span's id.");

    public override void Write(Utf8JsonWriter writer, SpanId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.IsNone ? "" : value.ToString());
}
