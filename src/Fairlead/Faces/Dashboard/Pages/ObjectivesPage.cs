using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Dashboard.Charts;

namespace Fairlead.Faces.Dashboard.Pages;

/// <summary>How much of what may go wrong is left, for every goal.</summary>
public sealed class ObjectivesPage : IPage
{
    private const string Left = "fairlead_slo_budget_remaining_ratio";

    public string Route => "/ui/objectives";

    public string Section => "Objectives";

    public async Task<Seen> ReadAsync(Asking asking, Place place, CancellationToken stop)
    {
        var last = place.Asked("last") ?? "6h";
        var now = await asking.AskAsync<QueryMetrics.Output>(QueryMetrics.Operation, new JsonObject { ["query"] = Left }, stop);
        var rules = await asking.TryAsync<ListRules.Output>(ListRules.Operation, [], stop);
        var burn = await SeriesPicture.AskAsync(asking, new("Budget left", $"100 * {Left}", last, "%", "of the budget is left"), [], stop);
        var goals = now
            .Series.Select(static one => (Labels: LabelText.Read(one.Series), Value: double.TryParse(one.Value, CultureInfo.InvariantCulture, out var value) ? value : double.NaN))
            .OrderBy(static one => one.Value)
            .ToList();
        var blocks = new List<Block>
        {
            new Block.Table(
                "Goals",
                ["App", "Service", "Goal", "Budget left"],
                [
                    .. goals.Select(static one => new Block.Row(
                        string.Join('/', one.Labels.Values),
                        [
                            Cell.Link($"{one.Labels.GetValueOrDefault("app")} {one.Labels.GetValueOrDefault("environment")}", Links.App(one.Labels.GetValueOrDefault("app", ""), one.Labels.GetValueOrDefault("environment", ""))),
                            one.Labels.GetValueOrDefault("service"),
                            one.Labels.GetValueOrDefault("slo"),
                            double.IsFinite(one.Value) ? new Cell("") { Ratio = one.Value } : "not known yet",
                        ]
                    )),
                ]
            )
            {
                Nothing = "No app has a goal. Write one in its fairlead.yaml: slo: { availability: 99.9%, latency: p95 < 300ms }",
                Command = "fairlead schema",
            },
        };
        if (burn is not null)
        {
            blocks.Add(new Block.Filter(Route, [new("last", "Over the last", last, ["1h", "6h", "1d", "7d", "30d"])]));
            blocks.Add(new Block.Figure(burn, "burn", Keys: SeriesPicture.KeysOf(burn)));
        }
        blocks.Add(Burning(rules?.Rules ?? []));
        var over = goals.Count(static one => one.Value < 0);
        return new Sheet("A goal of 99.9 % lets one request in a thousand go wrong in 30 days; that is its budget.", blocks).As(
            goals.Count == 0 ? "No app has a goal yet"
            : over > 0 ? $"{Texts.Count(over, "budget is", "budgets are")} used up, of {goals.Count}"
            : $"All {goals.Count} budgets hold; the least has {Math.Floor(goals[0].Value * 100):0}% left"
        );
    }

    private static Block.Table Burning(IReadOnlyList<ListRules.View> rules) =>
        new(
            "Budgets that burn too fast",
            ["Rule", "Where", "State", "~Severity"],
            [
                .. rules.Where(static one => one.State is "firing" or "pending" && one.Query.Contains("fairlead_slo", StringComparison.Ordinal))
                    .Take(100)
                    .Select(static (one, index) => new Block.Row($"{index}", [one.Rule, Cell.Link(one.Site ?? "–", Links.Site(one.Site)), Cell.State(one.State), one.Severity])),
            ]
        )
        {
            Nothing = "None does: over no window from five minutes to three days.",
        };
}
