namespace Fairlead.Model.Apps;

/// <summary>Who may come at all. Exactly one of Basic and Oidc is said.</summary>
public sealed record ProtectPolicy
{
    /// <summary>Only preview hosts are protected.</summary>
    public bool PreviewsOnly { get; init; }

    public BasicPolicy? Basic { get; init; }

    public OidcPolicy? Oidc { get; init; }
}

/// <summary>Names and passwords, asked for by the browser itself.</summary>
public sealed record BasicPolicy
{
    /// <summary>By name: <c>pbkdf2$...</c> as <c>fairlead password hash</c> makes it, or <c>env:NAME</c>, a variable of the edge with one in it.</summary>
    public required IReadOnlyDictionary<string, string> Users { get; init; }
}

/// <summary>Sign-in at an OpenID provider.</summary>
public sealed record OidcPolicy
{
    /// <summary>The provider, under which <c>/.well-known/openid-configuration</c> is.</summary>
    public required string Issuer { get; init; }

    public required string ClientId { get; init; }

    /// <summary>The variable of the edge's environment that holds the client's secret: the secret itself is never in a manifest or routing.</summary>
    public string? ClientSecretFrom { get; init; }

    /// <summary>Who may come; all empty for everyone the provider knows.</summary>
    public IReadOnlyList<string> Emails { get; init; } = [];

    public IReadOnlyList<string> Domains { get; init; } = [];

    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>How long a sign-in holds.</summary>
    public TimeSpan Session { get; init; } = TimeSpan.FromHours(12);
}
