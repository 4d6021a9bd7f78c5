using System.Globalization;
using Fairlead.Engine.Judging.PromQl;
using Fairlead.Engine.Judging.PromQl.Reading;
using Fairlead.Engine.Responding.Alerts;
using Fairlead.Engine.Watching.Rules;
using Fairlead.Model.Alerting;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Responding.Objectives;

/// <summary>Makes rules of goals that others wrote: the ratio that was bad over windows, the budget that is left, and alerts by how fast it goes. Pure.</summary>
public static class ObjectiveRules
{
    // As for goals of manifests: the SRE workbook, chapter 5, for a budget of 30 days.
    private static readonly (string Long, string Short, double Factor, string Severity)[] Usual =
    [
        ("1h", "5m", 14.4, Alert.Page),
        ("6h", "30m", 6, Alert.Page),
        ("1d", "2h", 3, Alert.Ticket),
        ("3d", "6h", 1, Alert.Ticket),
    ];

    /// <summary>The rules of a goal.</summary>
    /// <exception cref="ProblemException">Its queries cannot be asked over a window.</exception>
    public static RuleGroup Of(Objective one)
    {
        var labels = new List<Label> { new("slo", one.Name) };
        if (one.Service.Length > 0)
        {
            labels.Insert(0, new("service", one.Service));
        }
        var budget = Number(1 - one.Target);
        var rules = new List<Rule>
        {
            Recorded(SloRules.BudgetMetric, $"1 - ({Ratio(one.Indicator, Window(one.Window))}) / {budget}", labels),
        };
        var windows =
            one.Conditions.Count == 0
                ? Usual.SelectMany(static burn => new[] { burn.Long, burn.Short })
                : one.Conditions.Select(static burn => Window(burn.Window));
        rules.AddRange(
            windows
                .Distinct(StringComparer.Ordinal)
                .Select(window => Recorded($"fairlead_slo_bad:ratio{window}", Ratio(one.Indicator, window), labels))
        );
        // What would need more than all to be bad never fires.
        rules.AddRange(
            one.Conditions.Count == 0
                ? Usual.Where(burn => CanFire(one, burn.Factor)).Select(burn => Burning(one, burn, labels))
                : one.Conditions.Where(burn => CanFire(one, burn.Threshold)).Select(burn => Burning(one, burn, labels))
        );
        return new($"slo-{one.Name}", "openslo", TimeSpan.FromSeconds(30), rules);
    }

    /// <summary>Factors of the alerts of a goal that never fire: so many times the budget would be more than all.</summary>
    public static IReadOnlyList<double> NeverOf(Objective one) =>
        [
            .. (
                one.Conditions.Count == 0
                    ? Usual.Select(static burn => burn.Factor)
                    : one.Conditions.Select(static burn => burn.Threshold)
            ).Where(factor => !CanFire(one, factor)),
        ];

    private static bool CanFire(Objective one, double factor) => factor * (1 - one.Target) < 1;

    private static Rule Burning(
        Objective one,
        (string Long, string Short, double Factor, string Severity) burn,
        List<Label> labels
    )
    {
        var (scope, limit) = (Scope(one), Number(burn.Factor * (1 - one.Target)));
        var enough = one.Indicator is { IsCounter: true }
            ? $" and on () ({Bad(one.Indicator, burn.Long)}) >= {SloRules.EventsMin}"
            : "";
        return Alerting(
            one,
            $"fairlead_slo_bad:ratio{burn.Long}{scope} > {limit} and fairlead_slo_bad:ratio{burn.Short}{scope} > {limit}{enough}",
            (burn.Severity, burn.Long, TimeSpan.Zero),
            labels
        );
    }

    private static Rule Burning(Objective one, BurnCondition burn, List<Label> labels) =>
        Alerting(
            one,
            $"fairlead_slo_bad:ratio{Window(burn.Window)}{Scope(one)} > {Number(burn.Threshold * (1 - one.Target))}",
            (burn.Severity, Window(burn.Window), burn.After),
            labels
        );

    private static Rule Alerting(
        Objective one,
        string query,
        (string Severity, string Window, TimeSpan For) how,
        List<Label> labels
    ) =>
        new("BudgetBurns", QueryEngine.Format(query))
        {
            IsAlerting = true,
            For = how.For,
            Labels = [new(Alert.SeverityLabel, how.Severity), new("window", how.Window), .. labels],
            Annotations =
            [
                new(
                    "summary",
                    $"{one.Name} misses its goal of {Math.Round(one.Target * 100, 6).ToString(CultureInfo.InvariantCulture)} %: {{{{ $value | humanizePercentage }}}} of {how.Window} was bad."
                ),
                new("action", "See what changed just before, and take it back."),
            ],
        };

    private static Rule Recorded(string name, string query, List<Label> labels) =>
        new(name, QueryEngine.Format(query)) { Labels = labels };

    private static string Scope(Objective one) => $"{{slo=\"{one.Name}\"}}";

    private static string Ratio(Indicator one, string window) =>
        one.Kind switch
        {
            IndicatorKind.Bad =>
                $"({Over(one.Part, one.IsCounter, window)}) / (({Over(one.Total!, one.IsCounter, window)}) > 0)",
            IndicatorKind.Good =>
                $"1 - ({Over(one.Part, one.IsCounter, window)}) / (({Over(one.Total!, one.IsCounter, window)}) > 0)",
            IndicatorKind.Success => $"1 - avg_over_time(({one.Part})[{window}:])",
            _ => $"avg_over_time(({one.Part})[{window}:])",
        };

    private static string Bad(Indicator one, string window) =>
        one.Kind is IndicatorKind.Bad
            ? Over(one.Part, one.IsCounter, window)
            : $"({Over(one.Total!, one.IsCounter, window)}) - ({Over(one.Part, one.IsCounter, window)})"; // Both are there: it counts.

    /// <summary>A query over a window: each selector of a counter becomes what it rose by, and windows of its own become this one.</summary>
    private static string Over(string query, bool isCounter, string window) =>
        Printer.Print(Over(Parser.Read(query), isCounter ? "increase" : "sum_over_time", window));

    private static Expression Over(Expression one, string function, string window) =>
        one switch
        {
            VectorSelector { Look.IsPlain: true } => Parser.Read($"{function}({Printer.Print(one)}[{window}])"),
            RangeSelector { Vector.Look.IsPlain: true } ranged => (
                (Call)Parser.Read($"rate({Printer.Print(ranged.Vector)}[{window}])")
            ).Arguments[0],
            Parenthesized inner => inner with { Inner = Over(inner.Inner, function, window) },
            Aggregation all => all with { Inner = Over(all.Inner, function, window) },
            Signed signed => signed with { Inner = Over(signed.Inner, function, window) },
            Binary both => both with
            {
                Left = Over(both.Left, function, window),
                Right = Over(both.Right, function, window),
            },
            // A rate and what rose are not of one unit; both are made what rose.
            Call
            {
                Function.Name: "rate" or "irate" or "increase",
                Arguments: [RangeSelector { Vector.Look.IsPlain: true } ranged]
            } when function == "increase" => Over(ranged.Vector, function, window),
            Call call => call with { Arguments = [.. call.Arguments.Select(each => Over(each, function, window))] },
            NumberLiteral or TextLiteral => one,
            _ => throw new ProblemException(
                new Problem(
                    "slo.query",
                    What: $"The query '{Printer.Print(one)}' cannot be asked over a window.",
                    Why: "It looks at a time or a window of its own.",
                    Fix: "Leave out 'offset', '@' and subqueries."
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            ),
        };

    private static string Window(TimeSpan time) => Durations.Write((long)time.TotalMilliseconds);

    private static string Number(double value) => Math.Round(value, 12).ToString(CultureInfo.InvariantCulture);
}
