using System.Globalization;
using System.Text;

namespace Fairlead.Engine.Judging.PromQl.Reading;

/// <summary>Escapes in quoted texts, which are those of Go: <c>\n</c>, <c>\x41</c>, <c>\101</c>, <c>\u00e4</c>, <c>\U0001F600</c>.</summary>
internal static class Escapes
{
    // A byte that was written as \xC3 waits here until its neighbours come: together they are one letter in UTF-8.
    private const char ByteMark = '\uE000';

    /// <summary>Reads the escape at a backslash.</summary>
    /// <returns>Its length; 0 when there is no such escape.</returns>
    public static int Read(string text, int at, char quote, StringBuilder into)
    {
        if (at + 1 >= text.Length)
        {
            return 0;
        }
        var letter = text[at + 1];
        var plain = letter switch
        {
            'a' => '\a',
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\v',
            '\\' => '\\',
            _ when letter == quote => quote,
            _ => '\0',
        };
        if (plain != '\0')
        {
            into.Append(plain);
            return 2;
        }
        return letter switch
        {
            'x' => Code(text, at + 2, (2, 16), into) ? 4 : 0,
            'u' => Code(text, at + 2, (4, 16), into) ? 6 : 0,
            'U' => Code(text, at + 2, (8, 16), into) ? 10 : 0,
            >= '0' and <= '7' => Code(text, at + 1, (3, 8), into) ? 4 : 0,
            _ => 0,
        };
    }

    /// <summary>The text with bytes that were escaped one by one read as UTF-8.</summary>
    public static string Joined(StringBuilder value)
    {
        var text = value.ToString();
        if (!text.Any(IsByte))
        {
            return text;
        }
        var joined = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; )
        {
            var bytes = text.Skip(i).TakeWhile(IsByte).Select(one => (byte)(one - ByteMark)).ToArray();
            if (bytes.Length > 0)
            {
                joined.Append(Encoding.UTF8.GetString(bytes));
                i += bytes.Length;
            }
            else
            {
                joined.Append(text[i++]);
            }
        }
        return joined.ToString();
    }

    private static bool IsByte(char letter) => letter is >= ByteMark and <= (char)(ByteMark + 255);

    private static bool Code(string text, int at, (int Digits, int Base) form, StringBuilder into)
    {
        if (at + form.Digits > text.Length)
        {
            return false;
        }
        long code = 0;
        foreach (var digit in text.AsSpan(at, form.Digits))
        {
            if (!char.IsAsciiHexDigit(digit))
            {
                return false;
            }
            var value = int.Parse([digit], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (value >= form.Base)
            {
                return false;
            }
            code = code * form.Base + value;
        }
        if (form.Digits <= 3)
        {
            if (code > 255)
            {
                return false;
            }
            into.Append(code < 128 ? (char)code : (char)(ByteMark + code));
            return true;
        }
        if (!Rune.TryCreate((uint)Math.Min(code, uint.MaxValue), out var rune))
        {
            return false;
        }
        into.Append(rune.ToString());
        return true;
    }
}
