using Fairlead.Model.Security.Scanning;

namespace Fairlead.Engine.Guarding.Scanning.Versions;

/// <summary>
/// The order of an ecosystem's versions. Written here and not taken from libraries: there is none for most of these. Scenarios compare it with
/// the ecosystems' own tools (npm, the .NET SDK, pip, dpkg, RubyGems, Composer, Maven).
/// </summary>
public static class VersionOrder
{
    /// <summary>Longer ones are no versions, and could make a comparison slow.</summary>
    public const int LettersMax = 256;

    /// <summary>Less than 0 when the left comes before the right; null when one of them is no version of this ecosystem.</summary>
    public static int? Compare(Ecosystem ecosystem, string left, string right)
    {
        (left, right) = (left.Trim(), right.Trim());
        if (left.Length is 0 or > LettersMax || right.Length is 0 or > LettersMax)
        {
            return null;
        }
        return ecosystem switch
        {
            Ecosystem.Npm or Ecosystem.Crates => SemanticVersion.Compare(left, right),
            Ecosystem.Go => GoVersion.Compare(left, right),
            Ecosystem.NuGet => NuGetVersion.Compare(left, right),
            Ecosystem.PyPI => PythonVersion.Compare(left, right),
            Ecosystem.Maven => MavenVersion.Compare(left, right),
            Ecosystem.RubyGems => GemVersion.Compare(left, right),
            Ecosystem.Packagist => ComposerVersion.Compare(left, right),
            Ecosystem.Debian => DebianVersion.Compare(left, right),
            _ => null,
        };
    }

    /// <summary>Compares two runs of decimal digits of any length.</summary>
    internal static int Numbers(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        left = left.TrimStart('0');
        right = right.TrimStart('0');
        return left.Length != right.Length
            ? left.Length.CompareTo(right.Length)
            : Math.Sign(left.SequenceCompareTo(right));
    }

    internal static bool IsNumber(ReadOnlySpan<char> text)
    {
        foreach (var letter in text)
        {
            if (!char.IsAsciiDigit(letter))
            {
                return false;
            }
        }
        return text.Length > 0;
    }
}
