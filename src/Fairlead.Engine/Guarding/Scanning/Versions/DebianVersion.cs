namespace Fairlead.Engine.Guarding.Scanning.Versions;

/// <summary>
/// Versions of Debian's packages, by deb-version(7): <c>epoch:upstream-revision</c>. Runs of digits are numbers; in between,
/// <c>~</c> comes before the end, letters before all other signs.
/// </summary>
internal static class DebianVersion
{
    public static int? Compare(string left, string right)
    {
        if (Parts(left) is not { } one || Parts(right) is not { } other)
        {
            return null;
        }
        var order = VersionOrder.Numbers(one.Epoch, other.Epoch);
        order = order != 0 ? order : Part(one.Upstream, other.Upstream);
        return order != 0 ? order : Part(one.Revision, other.Revision);
    }

    private static (string Epoch, string Upstream, string Revision)? Parts(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var (epoch, rest) = colon < 0 ? ("0", text) : (text[..colon], text[(colon + 1)..]);
        var dash = rest.LastIndexOf('-');
        var (upstream, revision) = dash < 0 ? (rest, "") : (rest[..dash], rest[(dash + 1)..]);
        return
            VersionOrder.IsNumber(epoch)
            && upstream.Length > 0
            && upstream.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '+' or '-' or '~' or ':')
            && revision.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '+' or '~')
            ? (epoch, upstream, revision)
            : null;
    }

    private static int Part(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        while (left.Length > 0 || right.Length > 0)
        {
            while (
                (left.Length > 0 && !char.IsAsciiDigit(left[0])) || (right.Length > 0 && !char.IsAsciiDigit(right[0]))
            )
            {
                var order = Weight(left) - Weight(right);
                if (order != 0)
                {
                    return Math.Sign(order);
                }
                left = left[1..];
                right = right[1..];
            }
            var (one, other) = (Digits(left), Digits(right));
            var numbers = VersionOrder.Numbers(left[..one], right[..other]);
            if (numbers != 0)
            {
                return numbers;
            }
            left = left[one..];
            right = right[other..];
        }
        return 0;
    }

    private static int Digits(ReadOnlySpan<char> text)
    {
        var at = 0;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }
        return at;
    }

    private static int Weight(ReadOnlySpan<char> text) =>
        text switch
        {
            [] => 0,
            ['~', ..] => -1,
            [var letter, ..] when char.IsAsciiDigit(letter) => 0,
            [var letter, ..] when char.IsAsciiLetter(letter) => letter,
            [var letter, ..] => letter + 256,
        };
}
