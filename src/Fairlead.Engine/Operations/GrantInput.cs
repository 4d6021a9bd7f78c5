using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations;

/// <summary>A grant as people write it.</summary>
public abstract record GrantInput
{
    [Description("The role, such as viewer, developer, deployer, operator, security, owner or one of your own.")]
    public string Role { get; init; } = "";

    [Description("Only for apps of this team; all teams when left out.")]
    public string? Team { get; init; }

    [Description("Only for this app; all of them when left out.")]
    public string? OnlyApp { get; init; }

    [Description("Only in this environment; all of them when left out.")]
    public string? OnlyEnvironment { get; init; }

    /// <exception cref="ProblemException">It cannot be a grant: all findings at once.</exception>
    internal Grant Read(AccessPolicy policy)
    {
        List<Problem> findings = [];
        if (Role.Length == 0)
        {
            findings.Add(
                AccessProblems.Wrong(
                    "role",
                    "No role is said.",
                    $"Roles are {string.Join(", ", policy.Roles.Select(role => role.Name))}.",
                    "Write for example: --role deployer"
                )
            );
        }
        else if (policy.Find(Role) is null)
        {
            findings.Add(
                AccessProblems.Unknown("role", Role, policy.Roles.Select(role => role.Name), "fairlead role list") with
                {
                    Trouble = Trouble.WrongUse,
                }
            );
        }
        var names = new[] { Team, OnlyApp, OnlyEnvironment };
        if (names.FirstOrDefault(name => name is not null && !Site.IsName(name)) is { } wrong)
        {
            findings.Add(
                AccessProblems.Wrong("name", $"Nothing can be called '{wrong}'.", Names.Why, "fairlead team list")
            );
        }
        if (Team is { } team && team != Guarding.Access.Team.Default && policy.Teams.All(one => one.Name != team))
        {
            findings.Add(
                AccessProblems.Unknown("team", team, policy.Teams.Select(one => one.Name), "fairlead team list") with
                {
                    Trouble = Trouble.WrongUse,
                }
            );
        }
        return findings.Count == 0
            ? new(Role, Team ?? "*", OnlyApp ?? "*", OnlyEnvironment ?? "*")
            : throw new ProblemException(findings);
    }

    /// <exception cref="ProblemException">The giver may not do all that the grant lets another do.</exception>
    internal static void CheckGiver(EngineContext engine, AccessPolicy policy, Grant grant)
    {
        var ruling = policy.ToGive(engine.Caller, grant);
        if (!ruling.IsAllowed)
        {
            throw new ProblemException(
                AccessProblems.NotAllowed(engine.Caller, $"give {AccessPolicy.Text(grant)}", ruling)
            );
        }
    }
}
