using System.Text;

namespace Fairlead.Engine.Watching.Logs;

/// <summary>
/// Finds numbers of payment cards (ISO/IEC 7812): the length and first digits of a brand, and a right check digit. Of 16 random digits
/// one in 30 looks so, hence only numbers that stand alone count.
/// </summary>
internal static class Cards
{
    private const int DigitsMin = 14;
    private const int DigitsMax = 16;
    private const int Shown = 4;

    public static string Masked(string text)
    {
        StringBuilder? masked = null;
        var copied = 0;
        for (var at = NextDigit(text, 0); at < text.Length; )
        {
            var end = EndOf(text, at, out var digits);
            if (digits is >= DigitsMin and <= DigitsMax && StandsAlone(text, at, end) && IsCard(text.AsSpan(at..end)))
            {
                masked ??= new StringBuilder(text.Length);
                masked.Append(text, copied, at - copied).Append("****").Append(text, end - Shown, Shown);
                copied = end;
            }
            at = NextDigit(text, end);
        }
        return masked is null ? text : masked.Append(text, copied, text.Length - copied).ToString();
    }

    private static int NextDigit(string text, int from)
    {
        var next = text.AsSpan(from).IndexOfAnyInRange('0', '9');
        return next < 0 ? text.Length : from + next;
    }

    // 4111111111111111, 4111 1111 1111 1111, 4111-1111-1111-1111
    private static int EndOf(string text, int start, out int digits)
    {
        digits = 0;
        var end = start;
        var gap = '\0';
        for (var at = start; at < text.Length; at++)
        {
            if (char.IsAsciiDigit(text[at]))
            {
                digits++;
                end = at + 1;
                continue;
            }
            var isGap =
                text[at] is ' ' or '-'
                && at == end
                && at - start >= Shown
                && digits < DigitsMax
                && (gap is '\0' || gap == text[at]);
            if (!isGap)
            {
                break;
            }
            gap = text[at];
        }
        return end;
    }

    private static bool StandsAlone(string text, int start, int end) =>
        (start == 0 || !IsPart(text[start - 1]))
        && (end == text.Length || !IsPart(text[end]) || (text[end] == '.' && !IsDigitAt(text, end + 1)));

    // A sentence may end behind it.
    private static bool IsDigitAt(string text, int place) => place < text.Length && char.IsAsciiDigit(text[place]);

    private static bool IsPart(char letter) => char.IsLetterOrDigit(letter) || letter is '_' or '-' or '.' or '#';

    private static bool IsCard(ReadOnlySpan<char> text)
    {
        Span<int> digits = stackalloc int[DigitsMax];
        var count = 0;
        foreach (var letter in text)
        {
            if (char.IsAsciiDigit(letter))
            {
                digits[count++] = letter - '0';
            }
        }
        return HasBrand(digits[..count]) && IsChecked(digits[..count]);
    }

    private static bool HasBrand(ReadOnlySpan<int> digits)
    {
        var four = (digits[0] * 1000) + (digits[1] * 100) + (digits[2] * 10) + digits[3];
        return digits.Length switch
        {
            16 => four
                is (>= 4000 and <= 4999)
                    or (>= 5100 and <= 5599)
                    or (>= 2221 and <= 2720)
                    or 6011
                    or (>= 6440 and <= 6599)
                    or (>= 3528 and <= 3589),
            15 => four is (>= 3400 and <= 3499) or (>= 3700 and <= 3799),
            _ => four is (>= 3000 and <= 3059) or (>= 3600 and <= 3699) or (>= 3800 and <= 3899),
        };
    }

    // Luhn: from the right every second digit counts double.
    private static bool IsChecked(ReadOnlySpan<int> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)];
            sum += i % 2 == 0 ? digit : (digit * 2 / 10) + (digit * 2 % 10);
        }
        return sum % 10 == 0;
    }
}
