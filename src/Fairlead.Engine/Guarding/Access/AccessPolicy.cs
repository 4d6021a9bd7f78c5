using Fairlead.Model.Apps;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Guarding.Access;

/// <summary>An answer to "may X do Y on Z", with the reason in words.</summary>
public sealed record AccessAnswer(bool IsAllowed, string Because);

/// <summary>Who may do what. Pure, and it only ever allows because a grant says so: what nobody said is refused.</summary>
/// <param name="Roles">All that there are, those of one's own among them.</param>
public sealed record AccessPolicy(IReadOnlyList<Role> Roles, IReadOnlyList<Team> Teams)
{
    private readonly Dictionary<string, Role> byName = Roles
        .DistinctBy(role => role.Name)
        .ToDictionary(role => role.Name);

    private readonly Dictionary<string, string> teamOf = Teams
        .OrderBy(team => team.Name, StringComparer.Ordinal)
        .SelectMany(team => team.Apps.Select(app => (app, team.Name)))
        .DistinctBy(one => one.app)
        .ToDictionary(one => one.app, one => one.Name);

    /// <summary>What holds where nobody made roles or teams.</summary>
    public static AccessPolicy Default { get; } = new(Role.BuiltIn, []);

    public string TeamOf(string app) => teamOf.GetValueOrDefault(app, Team.Default);

    public Role? Find(string role) => byName.GetValueOrDefault(role);

    /// <summary>Whether somebody may do something with a site.</summary>
    public AccessAnswer On(Principal caller, Permission permission, Site site) =>
        Rule(caller, permission, grant => Covers(grant, site), site.ToString());

    /// <summary>Whether somebody may do something with all that there is and will be.</summary>
    public AccessAnswer OnAll(Principal caller, Permission permission) =>
        Rule(caller, permission, grant => grant is { Team: "*", App: "*", Environment: "*" }, "everything");

    /// <summary>Whether there may be a site with which somebody may do something.</summary>
    public AccessAnswer Anywhere(Principal caller, Permission permission) =>
        Rule(caller, permission, static _ => true, "any app");

    /// <summary>Whether somebody may do all that a grant would let another do.</summary>
    /// <remarks>One grant of theirs must be as wide as the one asked for: several narrow ones do not add up to a wide one.</remarks>
    public AccessAnswer ToGive(Principal giver, Grant grant) =>
        Find(grant.Role) is not { } role
            ? new(false, $"there is no role '{grant.Role}'")
            : role.Permissions.Select(permission =>
                    Rule(giver, permission, own => IsAsWide(own, grant), $"{permission.Word} in {Text(grant)}")
                )
                .FirstOrDefault(ruling => !ruling.IsAllowed)
                ?? new(true, "the giver may do all of it");

    /// <summary>Roles that somebody has on a site.</summary>
    public IReadOnlyList<string> RolesOn(Principal caller, Site site) =>
        [.. caller.Grants.Where(grant => Covers(grant, site)).Select(grant => grant.Role).Distinct()];

    /// <summary>A grant in words, such as <c>deployer of team web, all apps in staging</c>.</summary>
    public static string Text(Grant grant) =>
        $"{grant.Role} of {(grant.Team == "*" ? "all teams" : $"team {grant.Team}")}, "
        + $"{(grant.App == "*" ? "all apps" : grant.App)} in {(grant.Environment == "*" ? "all environments" : grant.Environment)}";

    private AccessAnswer Rule(Principal caller, Permission permission, Func<Grant, bool> fits, string where)
    {
        if (!permission.IsFor(caller.Kind))
        {
            return new(
                false,
                caller.Kind is PrincipalKind.Agent
                    ? $"an agent never gets '{permission.Word}', whatever its roles say"
                    : $"only people get '{permission.Word}'"
            );
        }
        if (caller.Kind is PrincipalKind.Owner)
        {
            return new(true, "the owner of the state folder may do everything");
        }
        var grant = caller.Grants.FirstOrDefault(one =>
            fits(one) && Find(one.Role)?.Permissions.Contains(permission) == true
        );
        if (grant is null)
        {
            return new(false, WhyNot(caller, permission, where));
        }
        if (caller.Behind is { } behind)
        {
            // What its maker may not do as a person or program is one thing; that only people approve is asked of the caller alone.
            var limit = Rule(behind, permission, fits, where);
            return limit.IsAllowed
                ? new(true, $"{Text(grant)} says so, and {behind}, who answers for it, may too")
                : new(false, $"{behind}, who answers for it, may not: {limit.Because}");
        }
        return new(true, $"{Text(grant)} says so");
    }

    private string WhyNot(Principal caller, Permission permission, string where)
    {
        var roles = Roles.Where(role => role.Permissions.Contains(permission)).Select(role => role.Name);
        return $"it needs '{permission.Word}' on {where}, which {string.Join(", ", roles)} give; {caller.Name} has "
            + (caller.Grants.Count == 0 ? "no role" : string.Join("; ", caller.Grants.Take(5).Select(Text)));
    }

    private bool Covers(Grant grant, Site site) =>
        (grant.Team == "*" || grant.Team == TeamOf(site.App))
        && (grant.App == "*" || grant.App == site.App)
        && (grant.Environment == "*" || grant.Environment == site.Environment);

    private static bool IsAsWide(Grant own, Grant asked) =>
        (own.Team == "*" || own.Team == asked.Team)
        && (own.App == "*" || own.App == asked.App)
        && (own.Environment == "*" || own.Environment == asked.Environment);
}
