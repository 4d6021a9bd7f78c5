using System.Security.Cryptography;
using System.Text;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Sources;

/// <summary>Names of branches as parts of host names and environments: lower-case letters, digits and dashes, at most 30.</summary>
public static class BranchSlug
{
    public const int LettersMax = 30;
    private const string Prefix = "preview-";
    private const int HashLetters = 8;

    /// <summary>
    /// A branch that is a good name already stays as it is, unless it looks like one of ours with a hash; every other gets a hash
    /// of its whole name, so that <c>fix/a</c> and <c>fix-a</c> are two.
    /// </summary>
    public static string Of(string branch)
    {
        if (Site.IsName(branch) && branch.Length <= LettersMax && !LooksHashed(branch))
        {
            return branch;
        }
        var plain = new StringBuilder();
        foreach (var letter in branch.ToLowerInvariant())
        {
            if (char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter))
            {
                plain.Append(letter);
            }
            else if (plain.Length > 0 && plain[^1] != '-')
            {
                plain.Append('-');
            }
        }
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(branch)))[..HashLetters];
        var text = plain.ToString();
        var begin = text[..Math.Min(text.Length, LettersMax - HashLetters - 1)].Trim('-');
        // A name begins with a letter.
        return begin.Length > 0 && char.IsAsciiLetterLower(begin[0]) ? $"{begin}-{hash}" : $"b-{Joined(begin)}{hash}";
    }

    /// <summary>The environment of a branch's preview.</summary>
    public static string Environment(string branch) => Prefix + Of(branch);

    public static bool IsPreview(string environment) => environment.StartsWith(Prefix, StringComparison.Ordinal);

    private static string Joined(string begin)
    {
        var cut = begin[..Math.Min(begin.Length, LettersMax - HashLetters - 3)].Trim('-');
        return cut.Length == 0 ? "" : $"{cut}-";
    }

    private static bool LooksHashed(string name) =>
        name.Length > HashLetters
        && name[^(HashLetters + 1)] == '-'
        && name[^HashLetters..].All(char.IsAsciiHexDigitLower);
}
