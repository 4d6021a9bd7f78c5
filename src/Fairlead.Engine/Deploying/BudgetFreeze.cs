using System.Globalization;
using Fairlead.Engine.Responding.Alerts;
using Fairlead.Model.Alerting;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Deploying;

/// <summary>Where a goal says so, nothing new goes out while its budget is used up: what is live is bad enough. Pure.</summary>
public static class BudgetFreeze
{
    /// <summary>Whether the budget must be asked for: of what is live too, so that nobody gets by by deploying without the goal.</summary>
    public static bool IsAsked(Slo? coming, Slo? live) => coming is { Freezes: true } || live is { Freezes: true };

    /// <summary>The least that is left of a site's budgets, as PromQL.</summary>
    public static string Query(Site site) =>
        $"min({SloRules.BudgetMetric}{{app=\"{site.App}\",environment=\"{site.Environment}\"}})";

    /// <summary>Why nothing may be deployed now; null when it may, also while nobody knows what is left.</summary>
    /// <param name="left">1 for all of it, 0 or less when it is used up; null when there are no numbers.</param>
    public static Problem? Problem(Site site, double? left) =>
        left is { } known and <= 0
            ? new Problem(
                "deploy.budget-used",
                What: $"Nothing is deployed to {site} now: its error budget is used up.",
                Why: string.Create(
                    CultureInfo.InvariantCulture,
                    $"Within {SloRules.Period.TotalDays:0} days {100 * (1 - known):0.#} % of the failures happened that its goal allows, and 'slo' says 'freeze: true'."
                ),
                Fix: "Go back: fairlead rollback. What mends it may go out: fairlead deploy --break-glass 'it mends ...'"
            )
            {
                Trouble = Trouble.Conflict,
            }
            : null;
}
