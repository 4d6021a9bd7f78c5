using System.Globalization;
using Fairlead.Engine.Judging.PromQl.Reading;
using Fairlead.Engine.Watching.Rules;
using Fairlead.Model.Alerting;
using Fairlead.Model.Apps;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Responding.Alerts;

/// <summary>
/// Alerts of a goal by how fast its budget is used up, over two windows each: a long one that says it matters, a short one that says it
/// still goes on. A few bad requests of few are no alert: each needs at least <see cref="EventsMin"/> of them, and a short window that is
/// not full yet says nothing of how it goes on. Source: the SRE workbook, chapter 5.
/// </summary>
public static class SloRules
{
    /// <summary>Bad requests within the long window, below which nobody is told.</summary>
    public const int EventsMin = 10;

    /// <summary>The goal's period.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromDays(30);

    private static readonly string[] Windows = ["5m", "30m", "1h", "2h", "6h", "1d", "3d"];

    // Of the budget of 30 days: 2 % in an hour, 5 % in six, 10 % in a day, 10 % in three days.
    private static readonly (string Long, string Short, double Factor, string Severity)[] Burns =
    [
        ("1h", "5m", 14.4, Alert.Page),
        ("6h", "30m", 6, Alert.Page),
        ("1d", "2h", 3, Alert.Ticket),
        ("3d", "6h", 1, Alert.Ticket),
    ];

    /// <summary>The rules of a site's goals; empty where it has none.</summary>
    public static IReadOnlyList<RuleGroup> Of(Site site, Slo? slo)
    {
        var groups = new List<RuleGroup>();
        if (slo?.Availability is { } availability)
        {
            groups.Add(Group(site, new("availability", availability, "fairlead_requests_ended_total"), Failed));
        }
        if (slo?.Fast is { } fast)
        {
            var bound = slo.Within.TotalSeconds.ToString(CultureInfo.InvariantCulture);
            groups.Add(
                Group(
                    site,
                    new("latency", fast, "fairlead_request_duration_seconds_count"),
                    (scope, window) =>
                        $"sum by (service) (increase(fairlead_request_duration_seconds_count{scope}[{window}])) - sum by (service) (increase(fairlead_request_duration_seconds_bucket{With(scope, $"le=\"{bound}\"")}[{window}]))"
                )
            );
        }
        return groups;
    }

    /// <summary>How much of the budget is left: 1 for all of it, below 0 when it is overdrawn.</summary>
    public const string BudgetMetric = "fairlead_slo_budget_remaining_ratio";

    private sealed record Goal(string Name, double Target, string Total);

    private static string Failed(string scope, string window) =>
        $"sum by (service) (increase(fairlead_requests_failed_total{scope}[{window}])) + sum by (service) (increase(fairlead_requests_lost_total{scope}[{window}]))";

    private static RuleGroup Group(Site site, Goal goal, Func<string, string, string> bad)
    {
        var scope = $"{{app=\"{site.App}\",environment=\"{site.Environment}\"}}";
        var slo = new Label("slo", goal.Name);
        var budget = 1 - goal.Target;
        var rules = new List<Rule>();
        foreach (var window in Windows)
        {
            rules.Add(Recorded($"fairlead_slo_bad:increase{window}", bad(scope, window), slo));
            rules.Add(
                Recorded(
                    $"fairlead_slo_bad:ratio{window}",
                    $"({bad(scope, window)}) / (sum by (service) (increase({goal.Total}{scope}[{window}])) > 0)",
                    slo
                )
            );
        }
        var days = $"{Period.TotalDays}d";
        rules.Add(
            Recorded(
                BudgetMetric,
                $"1 - (({bad(scope, days)}) / (sum by (service) (increase({goal.Total}{scope}[{days}])) > 0)) / {Number(budget)}",
                slo
            )
        );
        var named = With(scope, $"slo=\"{goal.Name}\"");
        rules.AddRange(Burns.Select(burn => Burning(goal, (scope, named), burn, budget)));
        return new($"slo-{goal.Name}", "fairlead.yaml", TimeSpan.FromSeconds(30), rules);
    }

    private static Rule Recorded(string name, string query, Label label) =>
        new(name, QueryText(query)) { Labels = [label] };

    private static Rule Burning(
        Goal goal,
        (string Site, string Named) scopes,
        (string Long, string Short, double Factor, string Severity) burn,
        double budget
    )
    {
        var (site, scope) = scopes;
        var limit = Number(burn.Factor * budget);
        var left = Durations.Write((long)(Period / burn.Factor).TotalMilliseconds);
        return new(
            "BudgetBurns",
            QueryText(
                $"fairlead_slo_bad:ratio{burn.Long}{scope} > {limit} and fairlead_slo_bad:ratio{burn.Short}{scope} > {limit} and fairlead_slo_bad:increase{burn.Long}{scope} >= {EventsMin} and on (service) sum by (service) ({goal.Total}{site} offset {burn.Short}) >= 0"
            )
        )
        {
            IsAlerting = true,
            Labels = [new(Alert.SeverityLabel, burn.Severity), new("slo", goal.Name), new("window", burn.Long)],
            Annotations =
            [
                new(
                    "summary",
                    $"{{{{ $labels.service }}}} misses its {goal.Name} of {Percent(goal.Target)}: {{{{ $value | humanizePercentage }}}} of its requests of {burn.Long} were bad."
                ),
                new("description", $"At this rate the budget of 30 days is used up within {left}."),
                new("action", "See what changed just before, and take it back."),
            ],
        };
    }

    private static string QueryText(string query) => Judging.PromQl.QueryEngine.Format(query);

    private static string With(string scope, string more) => $"{scope[..^1]},{more}}}";

    private static string Number(double value) => Math.Round(value, 12).ToString(CultureInfo.InvariantCulture);

    private static string Percent(double value) =>
        $"{Math.Round(value * 100, 6).ToString(CultureInfo.InvariantCulture)} %";
}
