using System.Buffers.Text;
using System.Globalization;

namespace Fairlead.Faces.Prometheus;

/// <summary>Numbers and times as Prometheus' API writes them, straight into bytes.</summary>
internal static class PrometheusNumber
{
    /// <summary>Room for any number: below 1e21 and above 1e-6 there is no exponent.</summary>
    public const int BytesMax = 40;

    /// <returns>How many bytes were written.</returns>
    public static int Write(double value, Span<byte> into)
    {
        if (value is > -1e15 and < 1e15 && value == Math.Truncate(value) && !(value == 0 && double.IsNegative(value)))
        {
            Utf8Formatter.TryFormat((long)value, into, out var whole);
            return whole;
        }
        if (!double.IsFinite(value))
        {
            var word =
                double.IsNaN(value) ? "NaN"u8
                : value > 0 ? "+Inf"u8
                : "-Inf"u8;
            word.CopyTo(into);
            return word.Length;
        }
        value.TryFormat(into, out var length, "R", CultureInfo.InvariantCulture);
        var exponent = into[..length].IndexOf((byte)'E');
        return exponent < 0 ? length : Folded(value, (exponent, length), into);
    }

    /// <summary>Seconds, with three places where they are not whole.</summary>
    public static int WriteTime(long milliseconds, Span<byte> into)
    {
        var at = 0;
        if (milliseconds < 0)
        {
            into[at++] = (byte)'-';
            milliseconds = -milliseconds;
        }
        Utf8Formatter.TryFormat(milliseconds / 1000, into[at..], out var length);
        at += length;
        var rest = (int)(milliseconds % 1000);
        if (rest != 0)
        {
            into[at++] = (byte)'.';
            into[at++] = (byte)('0' + rest / 100);
            into[at++] = (byte)('0' + rest / 10 % 10);
            into[at++] = (byte)('0' + rest % 10);
        }
        return at;
    }

    private static int Folded(double value, (int Exponent, int Length) found, Span<byte> into)
    {
        var exponent = int.Parse(into[(found.Exponent + 1)..found.Length], CultureInfo.InvariantCulture);
        var size = Math.Abs(value);
        if (size is >= 1e-6 and < 1e21)
        {
            // .NET turns to exponents earlier than Go.
            var text = Unfolded(into[..found.Exponent], exponent);
            text.CopyTo(into);
            return text.Length;
        }
        var at = found.Exponent;
        into[at++] = (byte)'e';
        into[at++] = (byte)(exponent < 0 ? '-' : '+');
        exponent = Math.Abs(exponent);
        if (exponent < 10)
        {
            into[at++] = (byte)'0';
        }
        Utf8Formatter.TryFormat(exponent, into[at..], out var digits);
        return at + digits;
    }

    private static byte[] Unfolded(ReadOnlySpan<byte> mantissa, int exponent)
    {
        var made = new List<byte>(BytesMax);
        if (mantissa[0] == '-')
        {
            made.Add((byte)'-');
            mantissa = mantissa[1..];
        }
        var digits = mantissa.ToArray().Where(static letter => letter != '.').ToList();
        var point = exponent + 1; // A mantissa has one digit before its point.
        if (point <= 0)
        {
            made.AddRange("0."u8);
            made.AddRange(Enumerable.Repeat((byte)'0', -point));
        }
        for (var i = 0; i < Math.Max(digits.Count, point); i++)
        {
            if (i == point && i > 0)
            {
                made.Add((byte)'.');
            }
            made.Add(i < digits.Count ? digits[i] : (byte)'0');
        }
        return [.. made];
    }
}
