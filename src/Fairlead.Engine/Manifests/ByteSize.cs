using System.Globalization;

namespace Fairlead.Engine.Manifests;

/// <summary>An amount of memory, such as <c>256MiB</c>.</summary>
public readonly record struct ByteSize(long Bytes)
{
    private const long BytesMax = 1L << 50;

    /// <summary>Reads <c>512KiB</c>, <c>256MiB</c>, <c>1.5GiB</c>, <c>1TiB</c> and the decimal <c>kB</c>, <c>MB</c>, <c>GB</c>, <c>TB</c>; null for anything else, for zero and beyond 1024 TiB.</summary>
    public static ByteSize? TryParse(string text)
    {
        var unit = text.AsSpan().TrimStart("0123456789.");
        var number = text.AsSpan(0, text.Length - unit.Length);
        double? factor = unit switch
        {
            "KiB" => 1L << 10,
            "MiB" => 1L << 20,
            "GiB" => 1L << 30,
            "TiB" => 1L << 40,
            "kB" => 1e3,
            "MB" => 1e6,
            "GB" => 1e9,
            "TB" => 1e12,
            _ => null,
        };
        return
            factor is { } bytes
            && double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
            && count * bytes is >= 1 and <= BytesMax and var size
            ? new((long)size)
            : null;
    }
}
