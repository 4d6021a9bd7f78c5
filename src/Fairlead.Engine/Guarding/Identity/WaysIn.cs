using Fairlead.Model.Security;

namespace Fairlead.Engine.Guarding.Identity;

/// <summary>The ways in which somebody can sign in.</summary>
internal static class WaysIn
{
    public const int PasskeysMax = 20;
    public const int NameLettersMax = 60;

    /// <summary>Whether they could still sign in. Codes alone are no way in: they are asked for beside a password.</summary>
    public static bool AreLeft(Person person) =>
        person.Password is not null || person.Passkeys.Count > 0 || person.Accounts.Count > 0;

    /// <summary>A name of a passkey or a person: one line, printable.</summary>
    public static bool IsName(string? text) =>
        text is { Length: > 0 and <= NameLettersMax } && text.Trim().Length == text.Length && !text.Any(IsHidden);

    /// <summary>An address in the form in which it is kept; null when it is none.</summary>
    public static string? TryEmail(string? text)
    {
        var email = text?.Trim().ToLowerInvariant() ?? "";
        return
            email.Length is >= 3 and <= 254
            && email.IndexOf('@') is > 0 and var at
            && at == email.LastIndexOf('@')
            && at < email.Length - 1
            && email.All(letter => char.IsAscii(letter) && letter > ' ' && !"<>()[],;:\\\"\u007f".Contains(letter))
            ? email
            : null;
    }

    // Letters that nobody sees, or that turn the direction of a line, make one name look like another.
    private static bool IsHidden(char letter) =>
        char.IsControl(letter)
        || char.IsSurrogate(letter)
        || char.GetUnicodeCategory(letter)
            is System.Globalization.UnicodeCategory.Format
                or System.Globalization.UnicodeCategory.LineSeparator
                or System.Globalization.UnicodeCategory.ParagraphSeparator;
}
