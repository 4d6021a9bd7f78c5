using Fairlead.Model.Security;

namespace Fairlead.Engine.Guarding.Access;

/// <summary>On what a permission is needed.</summary>
public enum Reaches
{
    /// <summary>Whoever is known may ask.</summary>
    Anybody,

    /// <summary>On the site that the input names; what it leaves open is narrowed to the sites where the caller has the permission.</summary>
    Sites,

    /// <summary>On the site that the input names; on everything when it names none, because it is about all apps then.</summary>
    Named,

    /// <summary>On everything, because it is about all apps or about none.</summary>
    Everything,
}

/// <summary>What an operation needs. One that states none is refused to everybody but the owner of the state folder.</summary>
public sealed record Need
{
    private Need(Permission permission, Reaches reaches) => (Permission, Reaches) = (permission, reaches);

    /// <summary>For whoever is known: what it shows or does concerns nobody else.</summary>
    public static Need Anybody { get; } = new(Permission.See, Reaches.Anybody);

    public Permission Permission { get; }

    public Reaches Reaches { get; }

    /// <inheritdoc cref="Reaches.Sites"/>
    public static Need Of(Permission permission) => new(permission, Reaches.Sites);

    /// <inheritdoc cref="Reaches.Named"/>
    public static Need OfNamed(Permission permission) => new(permission, Reaches.Named);

    /// <inheritdoc cref="Reaches.Everything"/>
    public static Need OfAll(Permission permission) => new(permission, Reaches.Everything);

    public override string ToString() =>
        Reaches switch
        {
            Reaches.Anybody => "anybody who is known",
            Reaches.Everything => $"{Permission.Word} on everything",
            Reaches.Named => $"{Permission.Word}, on everything when no app is named",
            _ => Permission.Word,
        };
}

/// <summary>Permissions as people write them.</summary>
public static class Permissions
{
    /// <summary>None of these can be had by a program that decides for itself, whatever its roles say.</summary>
    private static readonly IReadOnlySet<Permission> NeverAgents = new HashSet<Permission>
    {
        Permission.Approve,
        Permission.BreakGlass,
        Permission.Govern,
    };

    public static IReadOnlyList<Permission> All { get; } = Enum.GetValues<Permission>();

    extension(Permission permission)
    {
        /// <summary>Such as <c>break-glass</c>.</summary>
        public string Word =>
            permission is Permission.BreakGlass ? "break-glass" : permission.ToString().ToLowerInvariant();

        /// <summary>Whether a kind of caller can have it at all. Only people approve.</summary>
        public bool IsFor(PrincipalKind kind) =>
            kind switch
            {
                PrincipalKind.Agent => !NeverAgents.Contains(permission),
                PrincipalKind.Service => permission is not Permission.Approve,
                _ => true,
            };
    }

    /// <summary>Null when there is none of this name.</summary>
    public static Permission? OfWord(string word) =>
        All.Where(one => one.Word == word).Select(one => (Permission?)one).FirstOrDefault();
}
