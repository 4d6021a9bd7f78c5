using System.Globalization;
using System.Text;

namespace Fairlead.Drivers.Channels.Texts;

/// <summary>Makes texts fit into what services take. Whatever is left out is counted: nobody is shown one of many as if it were all.</summary>
internal static class Fitting
{
    /// <summary>What it takes to say how many more there are.</summary>
    public const int MoreCharsMax = 40;

    private const string Cut = "…";

    /// <summary>
    /// One line of what anybody wrote: nothing that breaks or turns the line around is in it, so it cannot look like another line, or be one.
    /// </summary>
    public static string Line(string text)
    {
        var line = new StringBuilder(text.Length);
        var isBlank = true;
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsHidden(rune))
            {
                continue;
            }
            var blank = Rune.IsWhiteSpace(rune) || Rune.IsControl(rune);
            if (!blank)
            {
                line.Append(rune);
            }
            else if (!isBlank)
            {
                line.Append(' ');
            }
            isBlank = blank;
        }
        return line.ToString().TrimEnd();
    }

    /// <summary>The beginning of a text, with a sign that it goes on; no letter of two halves is parted.</summary>
    public static string Clip(string text, int charsMax)
    {
        if (text.Length <= charsMax)
        {
            return text;
        }
        var end = Math.Max(0, charsMax - Cut.Length);
        end = end > 0 && char.IsHighSurrogate(text[end - 1]) ? end - 1 : end;
        return text[..end] + Cut;
    }

    /// <summary>As many of the lines as there is room for, and how many more there are.</summary>
    /// <param name="size">What a line takes, without what ends it.</param>
    /// <param name="what">Such as <c> notes</c>, when it is not plain from what comes before.</param>
    public static List<string> Take(IReadOnlyList<string> lines, int room, Func<string, int> size, string what = "")
    {
        if (lines.Sum(one => size(one) + 1L) <= room)
        {
            return [.. lines];
        }
        List<string> taken = [];
        var left = room - MoreCharsMax;
        foreach (var line in lines)
        {
            left -= size(line) + 1;
            if (left < 0)
            {
                break;
            }
            taken.Add(line);
        }
        taken.Add(string.Create(CultureInfo.InvariantCulture, $"... and {lines.Count - taken.Count} more{what}"));
        return taken;
    }

    // Marks that write from right to left, join, or are seen by nobody; emoji need the joiner and the variation (U+200D, U+FE0F).
    private static bool IsHidden(Rune rune) =>
        rune.Value
            is (>= 0x202A and <= 0x202E)
                or (>= 0x2066 and <= 0x2069)
                or 0x200B
                or 0x200E
                or 0x200F
                or 0x061C
                or 0xFEFF;
}
