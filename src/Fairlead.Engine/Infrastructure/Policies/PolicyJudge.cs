using Fairlead.Engine.Checking;
using Fairlead.Model.Problems;
using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Policies;

/// <summary>Judges a plan by all policies. Pure.</summary>
public static class PolicyJudge
{
    /// <exception cref="ProblemException">A rule of the team cannot be read.</exception>
    public static PolicyVerdict Judge(ProvisionPlan plan, PolicyQuestion question)
    {
        var entry = question.Policies ?? new();
        var judged = new JudgedPlan(
            plan,
            question.Settings with
            {
                Regions = entry.Regions ?? question.Settings.Regions,
                Tags = entry.Tags ?? question.Settings.Tags,
            }
        );
        var places = new HclPlaces(question.Code, question.CodeFolder);
        CheckFinding[] found =
        [
            .. AllPolicies
                .All.Concat(OwnRules.Of(entry.Rules ?? []))
                .SelectMany(policy => policy.Find(judged).Select(one => Finding(policy, one, places))),
        ];
        var fail = entry.Fail ?? PolicySeverity.High;
        var (left, allowed) = Allowances.Take(
            found,
            entry.Allow ?? [],
            question.Today,
            Word(fail),
            "infrastructure.policies.allow"
        );
        CheckFinding[] open =
        [
            .. left.OrderByDescending(static one => Rank(one.Severity))
                .ThenBy(static one => one.Where, StringComparer.Ordinal)
                .ThenBy(static one => one.Rule, StringComparer.Ordinal),
        ];
        return new(open, allowed, [.. open.Where(one => Rank(one.Severity) >= (int)fail)]);
    }

    private static CheckFinding Finding(Policy policy, Violation one, HclPlaces places) =>
        new(
            Word(one.Severity ?? policy.Severity),
            policy.Id,
            one.Attribute is null ? one.Address : $"{one.Address} {one.Attribute}",
            one.What,
            policy.Why,
            policy.Fix,
            places.Find(one)
        );

    private static string Word(PolicySeverity severity) => severity.ToString().ToLowerInvariant();

    private static int Rank(string word) => (int)Enum.Parse<PolicySeverity>(word, ignoreCase: true);
}

/// <summary>What a plan is judged by, beside the policies that hold for all.</summary>
/// <param name="Today">By which allowances are over.</param>
public sealed record PolicyQuestion(PolicySettings Settings, DateOnly Today)
{
    /// <summary>As the manifest says it; null where it says nothing.</summary>
    public PoliciesEntry? Policies { get; init; }

    /// <summary>Where the code is, for whoever reads the findings: empty, or such as <c>infra</c>.</summary>
    public string CodeFolder { get; init; } = "";

    /// <summary>The code that the plan is made of, by path from where Terraform runs, so that lines can be shown; empty where it is not at hand.</summary>
    public IReadOnlyDictionary<string, string> Code { get; init; } = new Dictionary<string, string>();
}

/// <summary>What was found in a plan.</summary>
/// <param name="Findings">All that are not allowed, the worst first. <c>Where</c> is the address, then the attribute.</param>
/// <param name="Allowed">Those that are, each a line.</param>
/// <param name="Stopping">Those for which the plan is refused.</param>
public sealed record PolicyVerdict(
    IReadOnlyList<CheckFinding> Findings,
    IReadOnlyList<string> Allowed,
    IReadOnlyList<CheckFinding> Stopping
);
