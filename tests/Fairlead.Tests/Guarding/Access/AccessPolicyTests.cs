using CsCheck;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Apps;
using Fairlead.Model.Security;

namespace Fairlead.Tests.Guarding.Access;

/// <summary>Only a grant allows, and it allows what it says.</summary>
public sealed class AccessPolicyTests
{
    private static readonly string[] Names = ["shop", "blog", "wiki"];
    private static readonly string[] TeamNames = ["web", "data", Team.Default];
    private static readonly string[] Environments = ["production", "staging"];
    private static readonly string[] RoleNames = [.. Role.BuiltIn.Select(role => role.Name), "releaser", "nothing"];

    private static readonly AccessPolicy Policy = new(
        [.. Role.BuiltIn, new Role("releaser", "", [Permission.Deploy, Permission.BreakGlass])],
        [new("web", ["shop"]), new("data", ["wiki"])]
    );

    private static readonly Gen<Grant> AnyGrant = Gen.Select(
        Gen.OneOf(RoleNames),
        Gen.OneOf([.. TeamNames, "*"]),
        Gen.OneOf([.. Names, "*"]),
        Gen.OneOf([.. Environments, "*"]),
        (role, team, app, environment) => new Grant(role, team, app, environment)
    );

    private static readonly Gen<Principal> Alone = Gen.Select(
        Gen.Enum<PrincipalKind>(),
        AnyGrant.Array[0, 4],
        (kind, grants) => new Principal(kind, "p", "somebody") { Grants = grants }
    );

    private static readonly Gen<Principal> Anybody = Gen.Select(
        Alone,
        Alone.Array[0, 2],
        (caller, behind) =>
            behind.Aggregate(caller, (all, one) => all with { Behind = one with { Behind = all.Behind } })
    );

    private static readonly Gen<(Principal, Permission, Site)> Question = Gen.Select(
        Anybody,
        Gen.Enum<Permission>(),
        Gen.Select(Gen.OneOf(Names), Gen.OneOf(Environments), (app, environment) => new Site(app, environment))
    );

    [Fact]
    public void A_second_evaluator_that_reads_the_rules_naively_agrees() =>
        Question.Sample(
            one => Policy.On(one.Item1, one.Item2, one.Item3).IsAllowed == Naive(one.Item1, one.Item2, one.Item3),
            iter: 10_000
        );

    [Fact]
    public void Taking_a_grant_away_never_allows_more() =>
        Question.Sample(
            one =>
            {
                var (caller, permission, site) = one;
                return caller.Grants.All(grant =>
                {
                    var fewer = caller with
                    {
                        Grants = [.. caller.Grants.Where(other => !ReferenceEquals(other, grant))],
                    };
                    return !Policy.On(fewer, permission, site).IsAllowed
                        || Policy.On(caller, permission, site).IsAllowed;
                });
            },
            iter: 10_000
        );

    [Fact]
    public void Nobody_may_more_than_whoever_answers_for_them() =>
        Question.Sample(
            one =>
                !Policy.On(one.Item1, one.Item2, one.Item3).IsAllowed
                || one.Item1.Kind is PrincipalKind.Owner
                || one.Item1.Behind is not { } behind
                || Policy.On(behind, one.Item2, one.Item3).IsAllowed,
            iter: 10_000
        );

    [Fact]
    public void What_may_be_given_is_never_more_than_the_giver_has() =>
        Gen.Select(Anybody, AnyGrant, Question)
            .Sample(
                one =>
                {
                    var (giver, grant, (_, permission, site)) = one;
                    var taker = new Principal(PrincipalKind.Person, "t", "taker") { Grants = [grant] };
                    return !Policy.ToGive(giver, grant).IsAllowed
                        || !Policy.On(taker, permission, site).IsAllowed
                        || Policy.On(giver, permission, site).IsAllowed;
                },
                iter: 10_000
            );

    [Fact]
    public void An_agent_never_approves_breaks_the_glass_or_grants_whatever_its_roles_say()
    {
        var agent = new Principal(PrincipalKind.Agent, "a", "agent")
        {
            Grants = [new("owner")],
            Behind = Principal.Owner,
        };
        Assert.Equal(
            [Permission.Approve, Permission.BreakGlass, Permission.Govern],
            Permissions.All.Where(permission => !Policy.On(agent, permission, new("shop", "production")).IsAllowed)
        );
    }

    [Fact]
    public void An_answer_says_why()
    {
        var caller = new Principal(PrincipalKind.Person, "p1", "ann") { Grants = [new("viewer", "web")] };
        Assert.Equal(
            "viewer of team web, all apps in all environments says so",
            Policy.On(caller, Permission.See, new("shop", "production")).Because
        );
        Assert.Equal(
            "it needs 'deploy' on shop/production, which deployer, operator, owner, releaser give; "
                + "ann has viewer of team web, all apps in all environments",
            Policy.On(caller, Permission.Deploy, new("shop", "production")).Because
        );
    }

    [Fact]
    public void An_app_of_no_team_is_of_the_default_one()
    {
        var caller = new Principal(PrincipalKind.Person, "p1", "ann") { Grants = [new("viewer", Team.Default)] };
        Assert.True(Policy.On(caller, Permission.See, new("blog", "production")).IsAllowed);
        Assert.False(Policy.On(caller, Permission.See, new("shop", "production")).IsAllowed);
    }

    // Written as a person reads the rules: all grants, all roles, one after the other, and no early way out.
    private static bool Naive(Principal caller, Permission permission, Site site)
    {
        if (caller.Kind is PrincipalKind.Owner)
        {
            return true;
        }
        var never = caller.Kind switch
        {
            PrincipalKind.Agent => "Approve BreakGlass Govern",
            PrincipalKind.Service => "Approve",
            _ => "",
        };
        var isAllowed = false;
        foreach (var grant in caller.Grants)
        {
            foreach (var role in Policy.Roles)
            {
                var team =
                    site.App == "shop" ? "web"
                    : site.App == "wiki" ? "data"
                    : "default";
                var fits =
                    role.Name == grant.Role
                    && (grant.Team is "*" || grant.Team == team)
                    && (grant.App is "*" || grant.App == site.App)
                    && (grant.Environment is "*" || grant.Environment == site.Environment);
                isAllowed |= fits && role.Permissions.Contains(permission);
            }
        }
        isAllowed &= !never.Split(' ').Contains(permission.ToString());
        return isAllowed && (caller.Behind is null || Naive(caller.Behind, permission, site));
    }
}
