namespace Fairlead.Engine.Guarding.Scanning.Versions;

/// <summary>Versions of npm and Cargo, by semver.org 2.0.0: <c>1.2.3-beta.1+build</c>. Build metadata has no order.</summary>
internal static class SemanticVersion
{
    private const int NumbersOfVersion = 3;

    public static int? Compare(string left, string right) => Compare(left, right, NumbersOfVersion, foldsCase: false);

    /// <param name="numbersMax">How many numbers a version may have; missing ones are 0.</param>
    /// <param name="foldsCase">Labels that differ in case alone are the same.</param>
    internal static int? Compare(string left, string right, int numbersMax, bool foldsCase)
    {
        if (Parts(left, numbersMax) is not { } one || Parts(right, numbersMax) is not { } other)
        {
            return null;
        }
        for (var at = 0; at < numbersMax; at++)
        {
            var order = VersionOrder.Numbers(one.Numbers.ElementAtOrDefault(at), other.Numbers.ElementAtOrDefault(at));
            if (order != 0)
            {
                return order;
            }
        }
        return Labels(one.Label, other.Label, foldsCase);
    }

    private static (string[] Numbers, string Label)? Parts(string text, int numbersMax)
    {
        var plain = text.Split('+')[0];
        if (plain is ['v' or '=', ..])
        {
            plain = plain[1..];
        }
        var dash = plain.IndexOf('-', StringComparison.Ordinal);
        var numbers = (dash < 0 ? plain : plain[..dash]).Split('.');
        var label = dash < 0 ? "" : plain[(dash + 1)..];
        return
            numbers.Length <= numbersMax
            && numbers.All(number => VersionOrder.IsNumber(number))
            && (dash < 0 || label.Split('.').All(IsWord))
            ? (numbers, label)
            : null;
    }

    private static bool IsWord(string word) =>
        word.Length > 0 && word.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-');

    // A version without a label comes after all with one.
    private static int Labels(string left, string right, bool foldsCase)
    {
        if (left.Length == 0 || right.Length == 0)
        {
            return right.Length.CompareTo(left.Length) switch
            {
                > 0 => 1,
                < 0 => -1,
                _ => 0,
            };
        }
        var (ones, others) = (left.Split('.'), right.Split('.'));
        for (var at = 0; at < Math.Min(ones.Length, others.Length); at++)
        {
            var order = Word(ones[at], others[at], foldsCase);
            if (order != 0)
            {
                return order;
            }
        }
        return ones.Length.CompareTo(others.Length);
    }

    private static int Word(string left, string right, bool foldsCase) =>
        (VersionOrder.IsNumber(left), VersionOrder.IsNumber(right)) switch
        {
            (true, true) => VersionOrder.Numbers(left, right),
            (true, false) => -1,
            (false, true) => 1,
            _ => Math.Sign(
                string.Compare(left, right, foldsCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal)
            ),
        };
}

/// <summary>Versions of NuGet: as semver with up to four numbers, and labels in any case.</summary>
internal static class NuGetVersion
{
    private const int NumbersOfVersion = 4;

    public static int? Compare(string left, string right) =>
        SemanticVersion.Compare(left, right, NumbersOfVersion, foldsCase: true);
}

/// <summary>Versions of Go's modules: semver after a <c>v</c>; <c>+incompatible</c> says nothing, pseudo-versions are pre-releases.</summary>
internal static class GoVersion
{
    public static int? Compare(string left, string right) => SemanticVersion.Compare(Plain(left), Plain(right));

    // The standard library's are written go1.21.0 or 1.21rc2.
    private static string Plain(string text)
    {
        var plain = text.StartsWith("go", StringComparison.Ordinal) ? text[2..] : text;
        foreach (var mark in (string[])["rc", "beta"])
        {
            var at = plain.IndexOf(mark, StringComparison.Ordinal);
            if (at > 0 && char.IsAsciiDigit(plain[at - 1]))
            {
                return $"{plain[..at]}-{mark}.{plain[(at + mark.Length)..]}";
            }
        }
        return plain;
    }
}
