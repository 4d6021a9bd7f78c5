namespace Fairlead.Model.Security;

/// <summary>Somebody who may sign in, with every way of theirs to show who they are.</summary>
public sealed record Person
{
    /// <summary>16 hex digits, never used for another.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>In lower case; no two people have the same.</summary>
    public required string Email { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What they may do, whichever way they sign in.</summary>
    public IReadOnlyList<Grant> Grants { get; init; } = [];

    /// <summary>Signs in no more; what they did stays in the journal under their name.</summary>
    public bool IsDisabled { get; init; }

    /// <summary>Sessions that were opened before are over.</summary>
    public DateTimeOffset SessionsFrom { get; init; }

    /// <summary>Their password as a PHC string; null when they have none.</summary>
    public string? Password { get; init; }

    public IReadOnlyList<Passkey> Passkeys { get; init; } = [];

    /// <summary>Makes the codes that are asked for beside the password; null when there is none.</summary>
    public Authenticator? Authenticator { get; init; }

    /// <summary>SHA-256 of each code that is good once in the place of the authenticator's.</summary>
    public IReadOnlyList<string> RecoveryCodes { get; init; } = [];

    /// <summary>Where else they sign in.</summary>
    public IReadOnlyList<ProviderAccount> Accounts { get; init; } = [];

    /// <summary>How a program and the journal speak of them.</summary>
    public override string ToString() => $"{Name} <{Email}>";
}

/// <summary>A key that a device or a password manager keeps for one person (WebAuthn).</summary>
/// <param name="Id">The credential's id in base64url.</param>
/// <param name="Name">What its owner calls it.</param>
/// <param name="PublicKey">As COSE, in base64.</param>
/// <param name="Count">How often it signed, as far as it says.</param>
public sealed record Passkey(string Id, string Name, string PublicKey, uint Count, DateTimeOffset CreatedAt)
{
    public DateTimeOffset? UsedAt { get; init; }

    public IReadOnlyList<string> Transports { get; init; } = [];

    /// <summary>Whether it may live on several devices.</summary>
    public bool IsBackupEligible { get; init; }

    public bool IsBackedUp { get; init; }
}

/// <summary>An app that makes a code every 30 seconds (RFC 6238).</summary>
/// <param name="Seed">Sealed: whoever has it makes the same codes.</param>
/// <param name="LastStep">The newest step whose code was taken; it and earlier ones are refused.</param>
public sealed record Authenticator(string Seed, long LastStep, DateTimeOffset CreatedAt);

/// <summary>Somebody at an identity provider.</summary>
/// <param name="Provider">Its name here.</param>
/// <param name="Subject">Their id there, which it gives to nobody else.</param>
public sealed record ProviderAccount(string Provider, string Subject);

/// <summary>That somebody signed in and may come again for a while. Its key is the SHA-256 of what their browser holds.</summary>
/// <param name="Person">Their id.</param>
/// <param name="Way">How they signed in: passkey, password, password and code, or a provider's name.</param>
public sealed record Session(string Person, string Way, DateTimeOffset OpenedAt)
{
    public required DateTimeOffset SeenAt { get; init; }

    /// <inheritdoc cref="Principal.ProvedAt"/>
    public DateTimeOffset? ProvedAt { get; init; }

    /// <summary>Where it was opened from.</summary>
    public string Address { get; init; } = "";

    /// <summary>What the browser calls itself.</summary>
    public string Agent { get; init; } = "";

    /// <summary>What a provider's groups give them, beside their own, for this session.</summary>
    public IReadOnlyList<Grant> Grants { get; init; } = [];
}

/// <summary>Lets one person in for the first time. Its key is the SHA-256 of what the link holds.</summary>
/// <param name="Name">The invitee's name; null for the first owner, who chooses.</param>
/// <param name="Email">The invitee's address; null for the first owner, who chooses.</param>
public sealed record Invitation(string? Name, string? Email, DateTimeOffset ExpiresAt)
{
    public IReadOnlyList<Grant> Grants { get; init; } = [];

    /// <summary>Good only while there is nobody.</summary>
    public bool IsFirst => Email is null;
}

/// <summary>Signs people in for us, over OpenID Connect.</summary>
/// <param name="Name">What it is called here.</param>
/// <param name="Issuer">Its address, as it calls itself, without a slash at the end.</param>
public sealed record IdentityProvider(string Name, string Issuer, string ClientId)
{
    /// <summary>Sealed; null for a client without one.</summary>
    public string? Secret { get; init; }

    /// <summary>What its groups may do here. Who is in none of them and was not invited stays out.</summary>
    public IReadOnlyList<GroupGrant> Groups { get; init; } = [];

    /// <summary>Whether it may stand on this machine or in its network; else it must be on the public internet.</summary>
    public bool IsInside { get; init; }
}

/// <summary>What a provider's group may do.</summary>
public sealed record GroupGrant(string Group, Grant Grant);
