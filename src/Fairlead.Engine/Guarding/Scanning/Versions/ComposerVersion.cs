using System.Text.RegularExpressions;

namespace Fairlead.Engine.Guarding.Scanning.Versions;

/// <summary>
/// Versions of Composer's packages, as it normalizes them: up to four numbers, then dev, alpha, beta, RC, nothing or patch.
/// Branches (<c>dev-main</c>) have no order.
/// </summary>
internal static partial class ComposerVersion
{
    private const int NumbersOfVersion = 4;
    private const int Released = 4;

    public static int? Compare(string left, string right)
    {
        if (Parts(left) is not { } one || Parts(right) is not { } other)
        {
            return null;
        }
        for (var at = 0; at < NumbersOfVersion; at++)
        {
            var order = VersionOrder.Numbers(one.Numbers.ElementAtOrDefault(at), other.Numbers.ElementAtOrDefault(at));
            if (order != 0)
            {
                return order;
            }
        }
        var stage = one.Stage.CompareTo(other.Stage);
        return stage != 0 ? stage : Rows(one.StageNumbers, other.StageNumbers);
    }

    private static int Rows(string[] left, string[] right)
    {
        for (var at = 0; at < Math.Max(left.Length, right.Length); at++)
        {
            var order = VersionOrder.Numbers(left.ElementAtOrDefault(at), right.ElementAtOrDefault(at));
            if (order != 0)
            {
                return order;
            }
        }
        return 0;
    }

    private static (string[] Numbers, int Stage, string[] StageNumbers)? Parts(string text)
    {
        if (Shape().Match(text.Split('+')[0].ToLowerInvariant()) is not { Success: true } match)
        {
            return null;
        }
        var stage = match.Groups["stage"].Value switch
        {
            "alpha" or "a" => 1,
            "beta" or "b" => 2,
            "rc" => 3,
            "patch" or "pl" or "p" => Released + 1,
            _ => Released,
        };
        return (
            match.Groups["numbers"].Value.Split('.'),
            match.Groups["dev"].Success ? 0 : stage,
            match.Groups["stagenumber"].Value.Split('.', StringSplitOptions.RemoveEmptyEntries)
        );
    }

    [GeneratedRegex(
        "^v?(?<numbers>[0-9]+([.][0-9]+){0,3})([._-]?(stable|(?<stage>alpha|beta|rc|patch|pl|a|b|p))([.-]?(?<stagenumber>[0-9]+([.-]?[0-9]+)*))?)?(?<dev>[.-]?dev)?$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex Shape();
}
