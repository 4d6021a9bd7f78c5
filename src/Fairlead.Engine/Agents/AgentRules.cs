using System.Security.Cryptography;
using System.Text.Json;
using Fairlead.Engine.Deploying;
using Fairlead.Model.Agents;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Agents;

/// <summary>Who has to say yes to what, how much is too much, and what a plan is called. Pure.</summary>
public static class AgentRules
{
    /// <summary>So long a plan can be applied.</summary>
    public static readonly TimeSpan PlanGood = TimeSpan.FromHours(4);

    /// <summary>So long a yes is good.</summary>
    public static readonly TimeSpan ApprovalGood = TimeSpan.FromHours(1);

    /// <summary>Why a person has to say yes; null when nobody has to.</summary>
    /// <param name="protections">Of what comes, and of what is live.</param>
    public static string? ApprovalBecause(AgentPlan plan, AgentLimits limits, IEnumerable<Protection> protections) =>
        plan.Kind is PlanKind.Infrastructure ? "it changes what the app has at a cloud"
        : plan.Kind is PlanKind.Restore ? "it brings data back"
        : protections.Select(static one => one.Approvals).DefaultIfEmpty(0).Max() is > 0 and var count
            ? $"{plan.Site.Environment} asks for {count} approval{(count == 1 ? "" : "s")}"
        : limits.Protected.Contains(plan.Site.Environment, StringComparer.Ordinal)
            ? $"{plan.Site.Environment} is protected"
        : plan.Content.Risk is PlanRisk.High ? "its risk is high"
        : null;

    /// <summary>What an agent's day would be with one more plan.</summary>
    /// <exception cref="ProblemException">It would be too much.</exception>
    public static AgentDay Spend(AgentDay day, AgentPlan plan, AgentLimits limits)
    {
        var after = new AgentDay { Changes = day.Changes + 1, Replicas = day.Replicas + plan.Content.Blast.Replicas };
        return after.Changes > limits.Changes
                ? throw new ProblemException(AgentProblems.OverBudget("changes", limits.Changes))
            : after.Replicas > limits.Replicas
                ? throw new ProblemException(AgentProblems.OverBudget("replicas touched", limits.Replicas))
            : after;
    }

    /// <summary>Names a plan by everything that is said of it.</summary>
    /// <returns>16 hex digits.</returns>
    public static string DigestOf(AgentPlan plan)
    {
        var basis = plan with { Id = "", Digest = "", State = default, ApprovalBecause = null };
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(basis, Records.Json)))[
            ..16
        ];
    }
}
