using Fairlead.Model.Apps;

namespace Fairlead.Roles.Edge.Gateway.Protecting;

/// <summary>Who has signed in, as the provider says.</summary>
/// <param name="Groups">Of those that the policy names.</param>
internal sealed record Person(string Subject, string? Email, IReadOnlyList<string> Groups, DateTimeOffset Until)
{
    /// <summary>Somebody as a provider says, for the time of a session.</summary>
    public static Person Of(Fairlead.Oidc.OidcWord word, OidcPolicy policy, DateTimeOffset until) =>
        new(
            word.Subject,
            // An address that nobody has verified could be anyone's.
            word.IsEmailVerified
                is not false
                ? word.Email
                : null,
            [.. word.Groups.Intersect(policy.Groups, StringComparer.Ordinal)],
            until
        );

    /// <summary>How the app is told.</summary>
    public string Name => Email ?? Subject;

    /// <summary>Whether the policy lets such a one in. Asked for each request, so that a change holds at once.</summary>
    public bool IsLetInBy(OidcPolicy policy) =>
        policy.Emails.Count + policy.Domains.Count + policy.Groups.Count == 0
        || policy.Emails.Contains(Email ?? "", StringComparer.OrdinalIgnoreCase)
        || (
            Email?.LastIndexOf('@') is >= 0 and var at
            && policy.Domains.Contains(Email[(at + 1)..], StringComparer.OrdinalIgnoreCase)
        )
        || policy.Groups.Intersect(Groups, StringComparer.Ordinal).Any();
}
