namespace Fairlead.Engine.Guarding.Scanning.Versions;

/// <summary>Versions of Ruby's gems, as Gem::Version orders them: <c>1.2.0.rc1</c>. Words come before numbers; zeros at an end say nothing.</summary>
internal static class GemVersion
{
    public static int? Compare(string left, string right)
    {
        if (Segments(left) is not { } ones || Segments(right) is not { } others)
        {
            return null;
        }
        for (var at = 0; at < Math.Max(ones.Count, others.Count); at++)
        {
            var (one, other) = (at < ones.Count ? ones[at] : "0", at < others.Count ? others[at] : "0");
            var order = (VersionOrder.IsNumber(one), VersionOrder.IsNumber(other)) switch
            {
                (true, true) => VersionOrder.Numbers(one, other),
                (true, false) => 1,
                (false, true) => -1,
                _ => Math.Sign(string.CompareOrdinal(one, other)),
            };
            if (order != 0)
            {
                return order;
            }
        }
        return 0;
    }

    // 1.0.0-1 is 1.0.0.pre.1. Zeros at the end of the numbers, and before the first word, are left out.
    private static List<string>? Segments(string text)
    {
        var plain = text.Replace("-", ".pre.", StringComparison.Ordinal);
        if (
            !char.IsAsciiDigit(plain[0])
            || plain.Split('.').Any(one => one.Length == 0 || !one.All(char.IsAsciiLetterOrDigit))
        )
        {
            return null;
        }
        List<string> segments = [.. plain.Split('.').SelectMany(Runs)];
        var word = segments.FindIndex(one => !VersionOrder.IsNumber(one));
        var numbers = word < 0 ? segments : segments[..word];
        return [.. WithoutZeros(numbers), .. word < 0 ? [] : WithoutZeros(segments[word..])];
    }

    private static List<string> WithoutZeros(List<string> segments)
    {
        var count = segments.Count;
        while (count > 0 && segments[count - 1].All(static letter => letter == '0'))
        {
            count--;
        }
        return segments[..count];
    }

    private static IEnumerable<string> Runs(string text)
    {
        var start = 0;
        for (var at = 1; at <= text.Length; at++)
        {
            if (at == text.Length || char.IsAsciiDigit(text[at]) != char.IsAsciiDigit(text[start]))
            {
                yield return text[start..at];
                start = at;
            }
        }
    }
}
