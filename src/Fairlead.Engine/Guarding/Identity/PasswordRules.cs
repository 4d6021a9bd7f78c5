using Fairlead.Model.Problems;

namespace Fairlead.Engine.Guarding.Identity;

/// <summary>What a password must be: long, and none of those that are tried first. No rule about kinds of letters (NIST SP 800-63B).</summary>
internal static class PasswordRules
{
    public const int LettersMin = 12;
    public const int LettersMax = 128;

    private const int DistinctMin = 5;

    private static readonly Lazy<HashSet<string>> Common = new(() => new(CommonPasswords.All, StringComparer.Ordinal));

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public static Problem? Find(string password, string name, string email)
    {
        var plain = password.ToLowerInvariant();
        var letters = plain.EnumerateRunes().Count();
        var why =
            letters < LettersMin ? $"It has {letters} letters, and {LettersMin} are the fewest."
            : letters > LettersMax ? $"It has {letters} letters, and {LettersMax} are the most."
            : plain.Distinct().Count() < DistinctMin ? "It is made of too few different letters."
            : Common.Value.Contains(plain) || Common.Value.Contains(Root(plain))
                ? "It is one of those that are tried first."
            : IsAbout(plain, name) || IsAbout(plain, email) || plain.StartsWith("fairlead", StringComparison.Ordinal)
                ? "It is made of your name, your address or Fairlead's name."
            : null;
        return why is null
            ? null
            : new Problem(
                "identity.password-weak",
                What: "This password cannot be used.",
                Why: why,
                Fix: "Take four or five words that do not belong together, or let a password manager make one."
            )
            {
                Trouble = Trouble.WrongUse,
            };
    }

    // password123456! is password.
    private static string Root(string plain) => plain.TrimEnd([.. "0123456789!?.*#$-_"]).TrimStart([.. "0123456789"]);

    private static bool IsAbout(string plain, string word)
    {
        var part = word.ToLowerInvariant().Split('@')[0];
        return part.Length >= 4 && plain.Contains(part, StringComparison.Ordinal) && plain.Length - part.Length < 8;
    }
}
