using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fairlead.Model.Releases;

/// <summary>Percent that may have a fraction and may be more than 100, such as the 10 in "10 % slower".</summary>
[JsonConverter(typeof(PercentJson))]
public readonly record struct Percent
{
    private const double Most = 10_000;

    /// <param name="value">Above 0, at most 10,000.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is outside that.</exception>
    public Percent(double value) =>
        Value = value is > 0 and <= Most
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "must be above 0, at most 10,000");

    public double Value { get; }

    /// <summary>As a part of one: 0.01 for 1 %.</summary>
    public double Part => Value / 100;

    /// <summary>Reads <c>10%</c>, <c>0.5%</c> and <c>+10%</c>; null for anything else.</summary>
    public static Percent? TryParse(string text) =>
        text.EndsWith('%') && TryNumber(text.AsSpan()[..^1]) is { } value ? new Percent(value) : null;

    /// <summary>Reads the <c>0.5</c> of <c>+0.5</c>.</summary>
    internal static double? TryNumber(ReadOnlySpan<char> text) =>
        double.TryParse(
            text.StartsWith("+") ? text[1..] : text,
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var value
        ) && value is > 0 and <= Most
            ? value
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value}%");

    private sealed class PercentJson : JsonConverter<Percent>
    {
        public override Percent Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(reader.GetDouble());

        public override void Write(Utf8JsonWriter writer, Percent value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(value.Value);
    }
}

/// <summary>A difference between two shares in percent: from 1 % to 1.5 % are half a point.</summary>
[JsonConverter(typeof(PointsJson))]
public readonly record struct Points
{
    private const double Most = 100;

    /// <param name="value">Above 0, at most 100.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is outside that.</exception>
    public Points(double value) =>
        Value = value is > 0 and <= Most
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "must be above 0, at most 100");

    public double Value { get; }

    /// <summary>Reads <c>+0.5</c> and <c>0.5</c>; null for anything else.</summary>
    public static Points? TryParse(string text) =>
        Percent.TryNumber(text) is <= Most and var value ? new Points(value) : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"+{Value} points");

    private sealed class PointsJson : JsonConverter<Points>
    {
        public override Points Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(reader.GetDouble());

        public override void Write(Utf8JsonWriter writer, Points value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(value.Value);
    }
}
