namespace Fairlead.Engine.Guarding.Access;

/// <summary>A named set of permissions.</summary>
/// <param name="Name">Lower-case letters, digits and dashes.</param>
/// <param name="About">For whom it is, in one line.</param>
public sealed record Role(string Name, string About, IReadOnlyList<Permission> Permissions)
{
    /// <summary>Those that every Fairlead has, with the least powerful first. They cannot be changed.</summary>
    public static IReadOnlyList<Role> BuiltIn { get; } =
    [
        new("viewer", "Looks, and changes nothing.", [Permission.See, Permission.Watch]),
        new(
            "developer",
            "Looks after an app's errors, and sends telemetry.",
            [Permission.See, Permission.Watch, Permission.Develop]
        ),
        new(
            "deployer",
            "Brings releases to life; made for pipelines as well.",
            [Permission.See, Permission.Watch, Permission.Develop, Permission.Deploy]
        ),
        new(
            "operator",
            "Keeps apps running, approves deployments of others, and breaks the glass in an emergency.",
            [
                Permission.See,
                Permission.Watch,
                Permission.Develop,
                Permission.Deploy,
                Permission.Approve,
                Permission.BreakGlass,
                Permission.Operate,
            ]
        ),
        new(
            "security",
            "Audits, looks after keys and secrets, and approves; deploys nothing.",
            [Permission.See, Permission.Watch, Permission.Approve, Permission.Audit, Permission.Secure]
        ),
        new("owner", "May do everything.", [.. Access.Permissions.All]),
    ];

    /// <summary>A role of one's own, as it is kept.</summary>
    public sealed record Kept(string Name, string About, IReadOnlyList<string> Permissions)
    {
        /// <summary>A permission that this version does not know gives nothing.</summary>
        public Role Read() => new(Name, About, [.. Permissions.Select(Access.Permissions.OfWord).OfType<Permission>()]);
    }
}

/// <summary>Who works on which apps. An app is of one team; one that is of none is of the team 'default'.</summary>
public sealed record Team(string Name, IReadOnlyList<string> Apps)
{
    public const string Default = "default";
}
