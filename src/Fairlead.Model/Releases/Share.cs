using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fairlead.Model.Releases;

/// <summary>A part of live traffic, from 0 % to 100 %.</summary>
[JsonConverter(typeof(ShareJson))]
public readonly record struct Share : IComparable<Share>
{
    public static readonly Share None = new(0);
    public static readonly Share All = new(100);

    /// <param name="percent">Whole percent, 0 to 100.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="percent"/> is outside 0 to 100.</exception>
    public Share(int percent) =>
        Percent = percent is >= 0 and <= 100
            ? percent
            : throw new ArgumentOutOfRangeException(nameof(percent), percent, "must be 0 to 100");

    public int Percent { get; }

    /// <summary>What is left for the others.</summary>
    public Share Rest => new(100 - Percent);

    public int CompareTo(Share other) => Percent.CompareTo(other.Percent);

    public static bool operator <(Share left, Share right) => left.Percent < right.Percent;

    public static bool operator >(Share left, Share right) => left.Percent > right.Percent;

    public static bool operator <=(Share left, Share right) => left.Percent <= right.Percent;

    public static bool operator >=(Share left, Share right) => left.Percent >= right.Percent;

    public override string ToString() => $"{Percent}%";

    private sealed class ShareJson : JsonConverter<Share>
    {
        public override Share Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(reader.GetInt32());

        public override void Write(Utf8JsonWriter writer, Share value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(value.Percent);
    }
}
