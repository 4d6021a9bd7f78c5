using System.Globalization;
using System.Text.RegularExpressions;

namespace Fairlead.Engine.Judging.PromQl.Reading;

/// <summary>Numbers as Go reads and writes them, which is how Prometheus does.</summary>
public static partial class Numbers
{
    /// <summary>A number in a query or a label: decimal, <c>0x1F</c>, <c>017</c>, <c>0b11</c>, <c>1_000</c>, <c>Inf</c>, <c>NaN</c>.</summary>
    /// <returns>Null when it is none.</returns>
    public static double? Read(string text)
    {
        var isNegative = text.StartsWith('-');
        var body = isNegative || text.StartsWith('+') ? text[1..] : text;
        var value = Whole(body) ?? Real(body);
        return isNegative ? -value : value;
    }

    /// <summary>A label's number, such as <c>le</c>: as <see cref="Read"/>, but leading zeros mean nothing.</summary>
    public static double? ReadReal(string text)
    {
        var isNegative = text.StartsWith('-');
        var value = Real(isNegative || text.StartsWith('+') ? text[1..] : text);
        return isNegative ? -value : value;
    }

    /// <summary>The shortest decimal digits that read back as the same number, never with an exponent.</summary>
    public static string Write(double value)
    {
        Span<char> letters = stackalloc char[DigitsMax];
        return TryWrite(value, letters, out var written) ? new(letters[..written]) : "";
    }

    /// <summary>Room for any number without an exponent: a sign, 325 places before or behind the point, 17 digits.</summary>
    public const int DigitsMax = 352;

    /// <inheritdoc cref="Write(double)"/>
    public static bool TryWrite(double value, Span<char> into, out int written)
    {
        if (double.IsNaN(value) || double.IsInfinity(value))
        {
            var word =
                double.IsNaN(value) ? "NaN"
                : value > 0 ? "+Inf"
                : "-Inf";
            word.CopyTo(into);
            written = word.Length;
            return true;
        }
        // Whole numbers of up to 15 digits need no search for the shortest form.
        if (value is > -1e15 and < 1e15 && value == Math.Truncate(value) && !(value == 0 && double.IsNegative(value)))
        {
            return ((long)value).TryFormat(into, out written, provider: CultureInfo.InvariantCulture);
        }
        Span<char> shortest = stackalloc char[32];
        value.TryFormat(shortest, out var length, "R", CultureInfo.InvariantCulture);
        var exponent = shortest[..length].IndexOf('E');
        if (exponent < 0)
        {
            shortest[..length].CopyTo(into);
            written = length;
            return true;
        }
        written = Unfolded(
            shortest[..exponent],
            int.Parse(shortest[(exponent + 1)..length], CultureInfo.InvariantCulture),
            into
        );
        return true;
    }

    /// <summary>As Go's <c>%g</c> and <c>%v</c> write it: with an exponent from a million on and below a ten-thousandth.</summary>
    public static string General(double value)
    {
        var plain = Write(value);
        if (!double.IsFinite(value) || value == 0)
        {
            return plain;
        }
        var digits = plain.Replace(".", "", StringComparison.Ordinal).TrimStart('-').Trim('0');
        var first = plain.AsSpan().IndexOfAnyInRange('1', '9');
        var point = plain.IndexOf('.') is >= 0 and var found ? found : plain.Length;
        var exponent = first < point ? point - first - 1 : point - first;
        if (exponent is >= -4 and < 6)
        {
            return plain;
        }
        var rest = digits.Length > 1 ? $".{digits[1..]}" : "";
        var size = Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture);
        return $"{(value < 0 ? "-" : "")}{digits[0]}{rest}e{(exponent < 0 ? '-' : '+')}{size}";
    }

    /// <summary>How many letters at this place are a number; 0 when none are.</summary>
    internal static int LengthAt(string text, int start)
    {
        var at = start;
        if (text[at] == '0' && at + 1 < text.Length && text[at + 1] is 'x' or 'X')
        {
            var prefix = at + 2 < text.Length && text[at + 2] == '_' ? at + 3 : at + 2;
            var end = Digits(text, prefix, char.IsAsciiHexDigit);
            return end > prefix ? end - start : 0;
        }
        at = Digits(text, at, char.IsAsciiDigit);
        if (at < text.Length && text[at] == '.')
        {
            at = Digits(text, at + 1, char.IsAsciiDigit);
        }
        if (at < text.Length && text[at] is 'e' or 'E')
        {
            var sign = at + 1 < text.Length && text[at + 1] is '+' or '-' ? at + 2 : at + 1;
            var end = Digits(text, sign, char.IsAsciiDigit);
            at = end > sign ? end : at;
        }
        return at - start;
    }

    /// <summary>Where digits end that begin here; a single underscore may stand between two.</summary>
    private static int Digits(string text, int at, Func<char, bool> isDigit)
    {
        while (at < text.Length)
        {
            if (isDigit(text[at]))
            {
                at++;
            }
            else if (
                text[at] == '_'
                && at + 1 < text.Length
                && isDigit(text[at + 1])
                && at > 0
                && isDigit(text[at - 1])
            )
            {
                at += 2;
            }
            else
            {
                break;
            }
        }
        return at;
    }

    /// <summary>1.25E-7 is 0.000000125.</summary>
    private static int Unfolded(ReadOnlySpan<char> mantissa, int exponent, Span<char> into)
    {
        var at = 0;
        if (mantissa[0] == '-')
        {
            into[at++] = '-';
            mantissa = mantissa[1..];
        }
        Span<char> digits = stackalloc char[20];
        var count = 0;
        foreach (var letter in mantissa)
        {
            if (letter != '.')
            {
                digits[count++] = letter;
            }
        }
        var point = exponent + 1; // A mantissa has one digit before its point.
        if (point <= 0)
        {
            into[at++] = '0';
            into[at++] = '.';
            into.Slice(at, -point).Fill('0');
            at -= point;
        }
        for (var i = 0; i < count; i++)
        {
            if (i == point && i > 0)
            {
                into[at++] = '.';
            }
            into[at++] = digits[i];
        }
        for (var i = count; i < point; i++)
        {
            into[at++] = '0';
        }
        return at;
    }

    private static double? Whole(string text)
    {
        if (text.Length < 2 || text[0] != '0')
        {
            return null;
        }
        var digits = text.Replace("_", "", StringComparison.Ordinal);
        var (from, radix) = char.ToLowerInvariant(digits.Length > 1 ? digits[1] : ' ') switch
        {
            'x' => (2, 16),
            'o' => (2, 8),
            'b' => (2, 2),
            _ => (1, 8),
        };
        ulong value = 0;
        foreach (var letter in digits.AsSpan(from))
        {
            var digit = char.IsAsciiHexDigit(letter)
                ? int.Parse([letter], NumberStyles.HexNumber, CultureInfo.InvariantCulture)
                : radix;
            if (digit >= radix || value > (long.MaxValue - (ulong)digit) / (ulong)radix)
            {
                return null;
            }
            value = value * (ulong)radix + (ulong)digit;
        }
        return digits.Length > from ? value : null;
    }

    private static double? Real(string text)
    {
        if (text.ToLowerInvariant() is "inf" or "infinity")
        {
            return double.PositiveInfinity;
        }
        if (string.Equals(text, "nan", StringComparison.OrdinalIgnoreCase))
        {
            return double.NaN;
        }
        var digits = text.Replace("_", "", StringComparison.Ordinal);
        if (HexPattern().Match(digits) is { Success: true } hex)
        {
            return Hexadecimal(hex);
        }
        const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(digits, Style, CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    private static double Hexadecimal(Match hex)
    {
        var value = 0.0;
        foreach (var digit in hex.Groups["whole"].Value + hex.Groups["part"].Value)
        {
            value = value * 16 + int.Parse([digit], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        }
        var exponent = hex.Groups["exponent"] is { Success: true } found
            ? int.Parse(found.Value, CultureInfo.InvariantCulture)
            : 0;
        return Math.ScaleB(value, exponent - 4 * hex.Groups["part"].Length);
    }

    [GeneratedRegex(
        @"^0[xX](?<whole>[0-9a-fA-F]+)\.?(?<part>[0-9a-fA-F]*)(?:[pP](?<exponent>[+-]?[0-9]{1,4}))?$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex HexPattern();
}
