using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Engine.Operations;

namespace Fairlead.Faces.Dashboard.Pages;

/// <summary>How much of what may go wrong is left, for every goal.</summary>
public sealed class ObjectivesPage : IPage
{
    private const string Left = "fairlead_slo_budget_remaining_ratio";

    public string Route => "/ui/objectives";

    public string Section => "Objectives";

    public async Task<Seen> ReadAsync(Asking asking, Place place, CancellationToken stop)
    {
        var last = place.Asked("last") ?? "7d";
        var now = await asking.AskAsync<QueryMetrics.Output>(
            QueryMetrics.Operation,
            new JsonObject { ["query"] = Left },
            stop
        );
        var rules = await asking.TryAsync<ListRules.Output>(ListRules.Operation, [], stop);
        var burn = await SeriesPicture.AskAsync(
            asking,
            new("Budget left", $"bottomk(5, 100 * {Left})", last, "%", "of the budget is left") { WantsLeast = true },
            [],
            stop
        );
        var goals = now.Series.Select(Goal.Of).OrderBy(static one => one.Left ?? double.MaxValue).ToList();
        var blocks = new List<Block> { Table(goals) };
        // One moment is no line yet.
        if (burn is { Table.Rows.Count: > 1 })
        {
            blocks.Add(new Block.Filter(Route, [new("last", "Over the last", last, ["1h", "6h", "1d", "7d", "30d"])]));
            blocks.Add(new Block.Figure(burn, "burn", Keys: SeriesPicture.KeysOf(burn)));
        }
        blocks.Add(Burning(rules?.Rules ?? []));
        return new Sheet(
            "A goal of 99.9 % lets one request in a thousand go wrong in 30 days; that is its budget.",
            blocks
        ).As(AnswerOf(goals));
    }

    /// <param name="Left">1 for all of the budget; null while it is not known.</param>
    private sealed record Goal(string App, string Environment, string Service, string Name, double? Left)
    {
        public static Goal Of(QueryMetrics.Line line)
        {
            var labels = LabelText.Read(line.Series);
            return new(
                labels.GetValueOrDefault("app", ""),
                labels.GetValueOrDefault("environment", ""),
                labels.GetValueOrDefault("service", ""),
                labels.GetValueOrDefault("slo", ""),
                double.TryParse(line.Value, CultureInfo.InvariantCulture, out var left) && double.IsFinite(left)
                    ? left
                    : null
            );
        }
    }

    private static string AnswerOf(IReadOnlyList<Goal> goals) =>
        goals.Count == 0 ? "No app has a goal yet"
        : goals[0].Left is not { } least ? "Nothing is known of any budget yet"
        : goals.Count(static one => one.Left < 0) is > 0 and var over
            ? $"{Texts.Count(over, "budget is", "budgets are")} used up, of {goals.Count}"
        : $"All {goals.Count} budgets hold; the least has {Math.Floor(least * 100):0}% left";

    private static Block.Table Table(IReadOnlyList<Goal> goals) =>
        new(
            "Goals",
            ["App", "Service", "Goal", "Budget left"],
            [
                .. goals.Select(static one => new Block.Row(
                    $"{one.App}/{one.Environment}/{one.Service}/{one.Name}",
                    [
                        Cell.Link($"{one.App} {one.Environment}", Links.App(one.App, one.Environment)),
                        one.Service,
                        one.Name,
                        one.Left is { } left ? new Cell("") { Ratio = left } : "not known yet",
                    ]
                )),
            ]
        )
        {
            Nothing =
                "No app has a goal. Write one in its fairlead.yaml: slo: { availability: 99.9%, latency: p95 < 300ms }",
            Command = "fairlead schema",
        };

    private static Block.Table Burning(IReadOnlyList<ListRules.View> rules) =>
        new(
            "Budgets that burn too fast",
            ["Rule", "Where", "State", "~Severity"],
            [
                .. rules
                    .Where(static one =>
                        one.State is "firing" or "pending"
                        && one.Query.Contains("fairlead_slo", StringComparison.Ordinal)
                    )
                    .Take(100)
                    .Select(
                        static (one, index) =>
                            new Block.Row(
                                $"{index}",
                                [
                                    one.Rule,
                                    Cell.Link(one.Site ?? "–", Links.Site(one.Site)),
                                    Cell.State(one.State),
                                    one.Severity,
                                ]
                            )
                    ),
            ]
        )
        {
            Nothing = "None does: over no window from five minutes to three days.",
        };
}
