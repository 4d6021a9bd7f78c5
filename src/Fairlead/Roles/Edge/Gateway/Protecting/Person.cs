using Fairlead.Model.Apps;

namespace Fairlead.Roles.Edge.Gateway.Protecting;

/// <summary>Who has signed in, as the provider says.</summary>
/// <param name="Groups">Of those that the policy names.</param>
internal sealed record Person(string Subject, string? Email, IReadOnlyList<string> Groups, DateTimeOffset Until)
{
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

/// <summary>A sign-in under way, kept sealed by the browser until it comes back.</summary>
/// <param name="Return">The path it wanted to see.</param>
internal sealed record SignIn(string State, string Nonce, string Verifier, string Return, DateTimeOffset Until);
