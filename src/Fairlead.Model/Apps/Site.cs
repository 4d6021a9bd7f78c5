namespace Fairlead.Model.Apps;

/// <summary>One app in one environment, such as <c>shop/production</c>: what a deployment acts on.</summary>
/// <param name="App">App name: lower-case letters, digits and dashes, starting with a letter, at most 40 characters.</param>
/// <param name="Environment">Environment name, under the same rule.</param>
public sealed record Site(string App, string Environment)
{
    /// <summary>Reads <c>shop/production</c>; null when it is not of that shape.</summary>
    public static Site? TryParse(string text) =>
        text.Split('/') is [var app, var environment] && IsName(app) && IsName(environment)
            ? new(app, environment)
            : null;

    /// <summary>Whether a word can name an app, a service or an environment, and so be a part of host and file names.</summary>
    public static bool IsName(string word) =>
        word.Length is >= 1 and <= 40
        && char.IsAsciiLetterLower(word[0])
        && word[^1] != '-'
        && word.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');

    public override string ToString() => $"{App}/{Environment}";
}
