using System.Globalization;
using Fairlead.Engine.Infrastructure;
using Fairlead.Engine.Infrastructure.Applying;
using Fairlead.Engine.Infrastructure.Costs;
using Fairlead.Engine.Infrastructure.Policies;
using Fairlead.Engine.Manifests;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Resources;

namespace Fairlead.Engine.Operations;

/// <summary>Judges plans by the policies of a manifest, and says what they cost: one that lies in a file, and one that was just made.</summary>
internal sealed class InfrastructureReview
{
    private readonly InfrastructureEntry? needs;
    private readonly PriceBook book;
    private readonly DateOnly today;

    private InfrastructureReview(InfrastructureEntry? needs, PriceBook book, DateOnly today) =>
        (this.needs, this.book, this.today) = (needs, book, today);

    /// <param name="tree">The folder with the manifest; prices of one's own are in it.</param>
    /// <param name="needs">What the manifest says; null for code of others.</param>
    /// <exception cref="ProblemException">Prices or rules of the team's own cannot be read: it is said before a cloud is asked.</exception>
    public static InfrastructureReview Of(IFileTree tree, InfrastructureEntry? needs, World world)
    {
        var review = new InfrastructureReview(
            needs,
            Book(tree, needs?.Prices),
            DateOnly.FromDateTime(world.Now.UtcDateTime)
        );
        review.Judge(new("", []), new(), CodeAtHand.None, fail: null);
        return review;
    }

    /// <param name="settings">What the manifest does not say.</param>
    /// <param name="code">What the plan was made of, so that lines can be shown.</param>
    /// <param name="fail">From which severity on it is refused; null for what the manifest says.</param>
    public (PolicyVerdict Verdict, CostEstimate Cost) Judge(
        ProvisionPlan plan,
        PolicySettings settings,
        CodeAtHand code,
        PolicySeverity? fail
    )
    {
        var cost = CostEstimator.Of(plan, book, needs?.Usage ?? []);
        var verdict = PolicyJudge.Judge(
            plan,
            new(settings with { Budget = (decimal?)needs?.Budget, Cost = cost }, today)
            {
                Policies = (needs?.Policies ?? new()) with { Fail = fail ?? needs?.Policies?.Fail },
                Code = code.Files,
                CodeFolder = code.Folder,
            }
        );
        return (verdict, cost);
    }

    /// <summary>What is kept with a plan.</summary>
    /// <param name="app">Its services, to whom parts of the bill belong, and what it may cost in a month.</param>
    public static PlanReview Kept(
        PolicyVerdict verdict,
        CostEstimate cost,
        (IReadOnlyList<string> Services, decimal? Budget) app
    ) =>
        new(
            [.. verdict.Stopping.Take(PlanReview.StoppingMax)],
            verdict.Findings.Count - Math.Min(verdict.Stopping.Count, PlanReview.StoppingMax),
            verdict.Allowed,
            $"{cost.After} in a month, {cost.Before} before; by list prices of {cost.Prices}"
        )
        {
            Parts =
            [
                .. cost
                    .Lines.Where(static one => one.After > 0)
                    .OrderByDescending(static one => one.After)
                    .Take(PlanReview.PartsMax)
                    .Select(one => new PlannedCost(one.Address, one.Part, one.After!.Value)
                    {
                        Service = CostShares.ServiceOf(one.Address, app.Services),
                    }),
            ],
            Budget = app.Budget,
        };

    private static PriceBook Book(IFileTree tree, string? own) =>
        own is null
            ? PriceBook.Usual
            : PriceBook.Usual.With(
                PriceBook.Read(
                    tree.ReadBytes(own)
                        ?? throw InfrastructureProblems.Wrong(
                            "infra.prices",
                            "The prices cannot be read.",
                            $"There is no '{own}' in {tree.Root}.",
                            "Name in 'infrastructure.prices' a file of the folder, or remove it."
                        )
                )
            );
}

/// <summary>Code that a plan was made of.</summary>
/// <param name="Folder">Where it is, for whoever reads the findings: empty, or such as <c>infra</c>.</param>
/// <param name="Files">Texts by path within it.</param>
internal sealed record CodeAtHand(string Folder, IReadOnlyDictionary<string, string> Files)
{
    public static CodeAtHand None { get; } = new("", new Dictionary<string, string>());
}

/// <summary>What it costs in a month, in US dollars.</summary>
/// <param name="Prices">The day of the prices.</param>
/// <param name="Unknown">Parts that are in no sum.</param>
public sealed record CostView(
    string Prices,
    string Before,
    string After,
    string Difference,
    int Unknown,
    IReadOnlyList<CostLine> Lines
)
{
    internal static CostView Of(CostEstimate cost) =>
        new(
            cost.Prices,
            Money(cost.Before.Monthly),
            Money(cost.After.Monthly),
            (cost.Difference > 0 ? "+" : "") + Money(cost.Difference),
            cost.After.Unknown,
            cost.Lines
        );

    private static string Money(decimal amount) => string.Create(CultureInfo.InvariantCulture, $"{amount:0.00} USD");
}
