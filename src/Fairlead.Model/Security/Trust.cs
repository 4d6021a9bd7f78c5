namespace Fairlead.Model.Security;

/// <summary>
/// Tokens of another issuer that are let in, such as those that a CI system gives its jobs for minutes: so nothing secret is kept
/// there. What they may do is said here, and ends when this ends.
/// </summary>
public sealed record Trust
{
    /// <summary>Never used for another: one of the same name made later is another, which does not revive what this one let in.</summary>
    public required string Id { get; init; }

    /// <summary>Unique at any time.</summary>
    public required string Name { get; init; }

    /// <summary>As it calls itself, without a slash at the end.</summary>
    public required string Issuer { get; init; }

    /// <summary>For whom the token must be meant.</summary>
    public required string Audience { get; init; }

    /// <summary>Claims that a token must have, <c>sub</c> among them, and what each must be; <c>*</c> stands for any letters.</summary>
    public required IReadOnlyDictionary<string, string> Claims { get; init; }

    public required Grant Grant { get; init; }

    /// <summary>It stands on this machine or in its network, so it may be asked there.</summary>
    public bool IsInside { get; init; }

    /// <summary>Who made it, and answers for it; without grants, which are looked up whenever it is used.</summary>
    public required Principal Maker { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whether a token says all that is asked for.</summary>
    /// <param name="said">A claim as text; null when the token does not say it.</param>
    public bool Takes(Func<string, string?> said) =>
        Claims.All(one => said(one.Key) is { } value && Fits(value, one.Value));

    /// <summary>Whether a text is what a pattern says, letter for letter but for <c>*</c>, which stands for any.</summary>
    /// <remarks>Never more steps than letters of the two multiplied.</remarks>
    public static bool Fits(ReadOnlySpan<char> text, ReadOnlySpan<char> pattern)
    {
        var (at, asked, star, back) = (0, 0, -1, 0);
        while (at < text.Length)
        {
            if (asked < pattern.Length && pattern[asked] == '*')
            {
                (star, back) = (asked++, at);
            }
            else if (asked < pattern.Length && pattern[asked] == text[at])
            {
                (asked, at) = (asked + 1, at + 1);
            }
            else if (star >= 0)
            {
                (asked, at) = (star + 1, ++back);
            }
            else
            {
                return false;
            }
        }
        return pattern[asked..].TrimStart('*').IsEmpty;
    }
}
