using System.Globalization;

namespace Fairlead.Engine.Pipelines.Expressions;

/// <summary>Numbers as texts, by the rules of JavaScript, which are those of GitHub's expressions.</summary>
internal static class NumberText
{
    /// <summary>From here on JavaScript writes an exponent.</summary>
    private const int WholeDigitsMax = 21;

    /// <summary>Not a number (NaN) when the text is none; 0 when it is empty.</summary>
    public static double Read(string text)
    {
        var said = text.Trim();
        return said switch
        {
            "" => 0,
            "Infinity" or "+Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            ['0', 'x' or 'X', .. var digits] => Whole(digits, 16),
            ['0', 'o' or 'O', .. var digits] => Whole(digits, 8),
            ['0', 'b' or 'B', .. var digits] => Whole(digits, 2),
            _ when IsDecimal(said) => double.Parse(said, NumberStyles.Float, CultureInfo.InvariantCulture),
            _ => double.NaN,
        };
    }

    /// <summary>To at most fifteen places behind the point, so that 0.1 + 0.2 would read well.</summary>
    public static string Rounded(double amount) =>
        double.IsFinite(amount) && Math.Abs(amount) < 1e21
            ? Exact(
                double.Parse(
                    amount.ToString("F15", CultureInfo.InvariantCulture),
                    NumberStyles.Float,
                    CultureInfo.InvariantCulture
                )
            )
            : Exact(amount);

    /// <summary>The shortest text that is read as this very number.</summary>
    public static string Exact(double amount)
    {
        if (amount == 0)
        {
            return "0";
        }
        if (!double.IsFinite(amount))
        {
            return double.IsNaN(amount) ? "NaN"
                : amount > 0 ? "Infinity"
                : "-Infinity";
        }
        var parts = Math.Abs(amount).ToString("R", CultureInfo.InvariantCulture).Split('E');
        var whole = parts[0].IndexOf('.', StringComparison.Ordinal);
        var all = parts[0].Replace(".", "", StringComparison.Ordinal);
        var digits = all.TrimStart('0');
        var exponent = parts.Length == 1 ? 0 : int.Parse(parts[1], CultureInfo.InvariantCulture);
        // Where the point stands among the digits.
        var point = (whole < 0 ? all.Length : whole) - (all.Length - digits.Length) + exponent;
        digits = digits.TrimEnd('0');
        return (amount < 0 ? "-" : "") + Placed(digits, point);
    }

    private static string Placed(string digits, int point) =>
        point switch
        {
            > WholeDigitsMax or < -5 => Scientific(digits, point - 1),
            <= 0 => $"0.{new string('0', -point)}{digits}",
            _ when point >= digits.Length => digits + new string('0', point - digits.Length),
            _ => $"{digits[..point]}.{digits[point..]}",
        };

    private static string Scientific(string digits, int exponent)
    {
        var sign = exponent < 0 ? '-' : '+';
        var places = digits.Length == 1 ? "" : $".{digits[1..]}";
        return string.Create(CultureInfo.InvariantCulture, $"{digits[0]}{places}e{sign}{Math.Abs(exponent)}");
    }

    private static double Whole(string digits, int radix)
    {
        var amount = 0.0;
        foreach (var letter in digits)
        {
            var digit = char.IsAsciiHexDigit(letter) ? Convert.ToInt32(letter.ToString(), 16) : radix;
            if (digit >= radix)
            {
                return double.NaN;
            }
            amount = (amount * radix) + digit;
        }
        return digits.Length == 0 ? double.NaN : amount;
    }

    /// <summary>Such as 1, -1.5, .5, 5. and 1e3; no other text, so that none of .NET's own forms slip in.</summary>
    private static bool IsDecimal(string text)
    {
        var at = text[0] is '+' or '-' ? 1 : 0;
        var whole = Digits(text, ref at);
        var places = 0;
        if (at < text.Length && text[at] == '.')
        {
            at++;
            places = Digits(text, ref at);
        }
        if (whole + places == 0)
        {
            return false;
        }
        if (at < text.Length && text[at] is 'e' or 'E')
        {
            at++;
            at += at < text.Length && text[at] is '+' or '-' ? 1 : 0;
            if (Digits(text, ref at) == 0)
            {
                return false;
            }
        }
        return at == text.Length;
    }

    private static int Digits(string text, ref int at)
    {
        var from = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }
        return at - from;
    }
}
