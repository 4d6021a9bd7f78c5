using System.Text;
using Fairlead.Engine.Judging.PromQl;
using Fairlead.Engine.Judging.PromQl.Evaluating;
using Fairlead.Engine.Judging.PromQl.Reading;
using Fairlead.Engine.Judging.PromQl.Testing;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Rules;

/// <summary>
/// Runs tests of rules as promtool's are written: series with their samples, what alerts must fire when, what queries must find. Time
/// begins at 0 and goes on by the evaluation interval.
/// </summary>
/// <param name="read">The text of a file, by its name in the test; null when there is none. A pattern may stand for several.</param>
internal sealed class RuleTests(World world, Func<string, IReadOnlyList<(string Name, string Text)>> read)
{
    private const long DefaultInterval = 60_000;

    /// <summary>More evaluations are no test but a simulation of years.</summary>
    private const int EvaluationsMax = 1_000_000;

    private sealed record Wanted(long At, string Alert, IReadOnlyList<(Labels Labels, Labels Annotations)> Alerts);

    /// <summary>What was not as it should be, in promtool's words; empty when all was.</summary>
    /// <exception cref="ProblemException">A file cannot be read.</exception>
    public async Task<IReadOnlyList<string>> RunAsync(string file, string text, CancellationToken stop)
    {
        var page = YamlPage.Read(file, text);
        page.CheckKeys("rule_files", "evaluation_interval", "group_eval_order", "tests", "fuzzy_compare");
        var interval = (long)(page.Duration("evaluation_interval")?.TotalMilliseconds ?? DefaultInterval);
        var order = page.Texts("group_eval_order");
        var isFuzzy = page.Text("fuzzy_compare") is "true";
        var tests = page.List("tests");
        foreach (var test in tests)
        {
            test.CheckKeys(
                "interval",
                "input_series",
                "name",
                "alert_rule_test",
                "promql_expr_test",
                "external_labels",
                "external_url",
                "start_timestamp"
            );
        }
        var groups = Groups(page, order);
        page.ThrowIfAny();
        var faults = new List<string>();
        foreach (var test in tests)
        {
            faults.AddRange(await RunAsync(test, groups, (interval, isFuzzy), stop));
        }
        page.ThrowIfAny();
        return faults;
    }

    private List<RuleGroup> Groups(YamlPage page, IReadOnlyList<string> order)
    {
        var groups = new List<RuleGroup>();
        foreach (var pattern in page.Texts("rule_files"))
        {
            var found = read(pattern);
            if (found.Count == 0)
            {
                page.Add("rules.no-file", $"There is no file '{pattern}'.", "The test says that its rules are there.");
            }
            groups.AddRange(found.SelectMany(one => RuleFile.Read(one.Name, one.Text)));
        }
        var places = order.ToList();
        return [.. groups.OrderBy(group => Math.Max(0, places.IndexOf(group.Name)))];
    }

    private async Task<IReadOnlyList<string>> RunAsync(
        YamlPage test,
        List<RuleGroup> groups,
        (long Interval, bool IsFuzzy) how,
        CancellationToken stop
    )
    {
        var store = new MemoryMetrics();
        var step = (long)(test.Duration("interval")?.TotalMilliseconds ?? how.Interval);
        foreach (var series in test.List("input_series"))
        {
            await LoadAsync(store, series, step, stop);
        }
        var engine = new QueryEngine(store, world, new() { SubqueryStepMilliseconds = how.Interval });
        var ground = new RuleGround(
            store,
            engine,
            Labels.Of(test.Labels("external_labels")),
            test.Text("external_url") ?? ""
        );
        var alerts = test.List("alert_rule_test").Select(Read).OrderBy(static one => one.At).ToList();
        var queries = test.List("promql_expr_test");
        var name = test.Text("name") is { Length: > 0 } named ? $"    name: {named},\n" : "";
        var last = alerts
            .Select(static one => one.At)
            .Concat(queries.Select(static one => (long)(one.Duration("eval_time")?.TotalMilliseconds ?? 0)))
            .DefaultIfEmpty()
            .Max();
        if (last / how.Interval > EvaluationsMax)
        {
            test.Add(
                "rules.bad-value",
                "The test goes on for too long.",
                $"More than {EvaluationsMax} evaluations are needed."
            );
            return [];
        }
        var faults = await EvaluateAsync(groups, ground, (how.Interval, last, name), alerts, stop);
        foreach (var query in faults.IsBroken ? [] : queries)
        {
            if (await FaultAsync(query, ground, how.IsFuzzy, stop) is { } fault)
            {
                faults.All.Add(name + fault);
            }
        }
        return faults.All;
    }

    private static async Task LoadAsync(MemoryMetrics store, YamlPage series, long step, CancellationToken stop)
    {
        series.CheckKeys("series", "values");
        try
        {
            var notation = SeriesNotation.Read(series.Text("series") ?? "", series.Text("values") ?? "");
            await store.AppendAsync([notation.Samples(step)], stop);
        }
        catch (FormatException caught)
        {
            series.Add("rules.bad-value", "A series cannot be read.", caught.Message);
        }
    }

    private static Wanted Read(YamlPage test)
    {
        test.CheckKeys("eval_time", "alertname", "exp_alerts");
        var name = test.Text("alertname") ?? "";
        if (name.Length == 0)
        {
            test.Add("rules.bad-value", "A test of alerts names none.", "It needs an 'alertname'.");
        }
        return new(
            (long)(test.Duration("eval_time")?.TotalMilliseconds ?? 0),
            name,
            [
                .. test.List("exp_alerts")
                    .Select(alert =>
                    {
                        alert.CheckKeys("exp_labels", "exp_annotations");
                        return (
                            Labels.Of([.. alert.Labels("exp_labels"), new("alertname", name)]),
                            Labels.Of(alert.Labels("exp_annotations"))
                        );
                    }),
            ]
        );
    }

    /// <summary>Evaluates all groups again and again, and looks at the alerts when a test asks for them.</summary>
    private static async Task<(List<string> All, bool IsBroken)> EvaluateAsync(
        List<RuleGroup> groups,
        RuleGround ground,
        (long Interval, long Last, string Name) how,
        List<Wanted> wanted,
        CancellationToken stop
    )
    {
        var runs = groups
            .Select(static group =>
                (Group: group, Rules: group.Rules.Select(static rule => new RuleRun(rule)).ToList())
            )
            .ToList();
        var faults = new List<string>();
        var next = 0;
        for (long at = 0; at <= how.Last; at += how.Interval)
        {
            foreach (var (group, rules) in runs)
            {
                foreach (var rule in rules)
                {
                    if (await rule.EvaluateAsync(ground, (at, group), stop) is { } error)
                    {
                        faults.Add($"    rule: {rule.Rule.Name}, time: {Durations.Write(at)}, err: {error}");
                    }
                }
            }
            if (faults.Any(static one => one.StartsWith("    rule: ", StringComparison.Ordinal)))
            {
                return (faults, true);
            }
            for (; next < wanted.Count && wanted[next].At < at + how.Interval; next++)
            {
                if (Fault(wanted[next], runs.SelectMany(static one => one.Rules)) is { } fault)
                {
                    faults.Add(how.Name + fault);
                }
            }
        }
        return (faults, false);
    }

    private static string? Fault(Wanted wanted, IEnumerable<RuleRun> rules)
    {
        var found = rules
            .Where(rule => rule.Rule.IsAlerting && rule.Rule.Name == wanted.Alert)
            .SelectMany(static rule => rule.Alerts)
            .Where(static alert => alert.IsFiring)
            .Select(static alert => (alert.Labels, alert.Annotations));
        var (expected, got) = (Sorted(wanted.Alerts), Sorted(found));
        return expected.SequenceEqual(got)
            ? null
            : $"    alertname: {wanted.Alert}, time: {Durations.Write(wanted.At)}, \n        exp:{Shown(expected)}, \n        got:{Shown(got)}";
    }

    private static List<(Labels Labels, Labels Annotations)> Sorted(
        IEnumerable<(Labels Labels, Labels Annotations)> alerts
    ) =>
        [
            .. alerts.Order(
                Comparer<(Labels Labels, Labels Annotations)>.Create(
                    static (left, right) =>
                        Ordering.OfLabels(left.Labels, right.Labels) is not 0 and var order
                            ? order
                            : Ordering.OfLabels(left.Annotations, right.Annotations)
                )
            ),
        ];

    private static string Shown(List<(Labels Labels, Labels Annotations)> alerts)
    {
        if (alerts.Count == 0)
        {
            return "[]";
        }
        var text = new StringBuilder("[\n");
        for (var place = 0; place < alerts.Count; place++)
        {
            text.Append(place == 0 ? "" : ",\n")
                .Append(System.Globalization.CultureInfo.InvariantCulture, $"            {place}:\n")
                .Append(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $"              Labels:{Written.Set(alerts[place].Labels)}\n"
                )
                .Append(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $"              Annotations:{Written.Set(alerts[place].Annotations)}"
                );
        }
        return text.Append("\n            ]").ToString();
    }

    private static async Task<string?> FaultAsync(
        YamlPage test,
        RuleGround ground,
        bool isFuzzy,
        CancellationToken stop
    )
    {
        test.CheckKeys("expr", "eval_time", "exp_samples");
        var (query, at) = (test.Text("expr") ?? "", (long)(test.Duration("eval_time")?.TotalMilliseconds ?? 0));
        var head = $"    expr: {Written.Quoted(query)}, time: {Durations.Write(at)},";
        try
        {
            var expected = test.List("exp_samples").Select(Sample).OrderBy(static one => one.Labels, ByLabels).ToList();
            var got = (await ground.FindAsync(query, at, stop)).OrderBy(static one => one.Labels, ByLabels).ToList();
            var isSame =
                expected.Count == got.Count
                && expected
                    .Zip(got)
                    .All(pair =>
                        pair.First.Labels.Equals(pair.Second.Labels)
                        && IsSame(pair.First.Value, pair.Second.Value, isFuzzy)
                    );
            return isSame ? null : $"{head}\n        exp: {Shown(expected)}\n        got: {Shown(got)}";
        }
        catch (ProblemException caught)
        {
            return $"{head} err: {caught.Problem.Why}";
        }
        catch (RuleException caught)
        {
            return $"{head} err: {caught.Message}";
        }
    }

    private static Comparer<Labels> ByLabels => Comparer<Labels>.Create(Ordering.OfLabels);

    private static QueryElement Sample(YamlPage sample)
    {
        sample.CheckKeys("labels", "value", "histogram");
        var labels = sample.Text("labels") is { Length: > 0 } text ? Parser.ReadSeries(text) : Labels.None;
        return new(labels, Numbers.Read(sample.Text("value") ?? "0") ?? double.NaN);
    }

    /// <summary>Loosely, two numbers may differ in their last bit.</summary>
    private static bool IsSame(double expected, double got, bool isFuzzy) =>
        expected.Equals(got)
        || expected == got
        || (isFuzzy && (Math.BitIncrement(expected) == got || Math.BitDecrement(expected) == got));

    private static string Shown(List<QueryElement> elements) =>
        elements.Count == 0
            ? "nil"
            : string.Join(", ", elements.Select(static one => $"{Written.Set(one.Labels)} {Exponential(one.Value)}"));

    // As Go writes it with %E and the fewest digits.
    private static string Exponential(double value) =>
        double.IsFinite(value)
            ? value.ToString("0.################E+00", System.Globalization.CultureInfo.InvariantCulture)
            : Numbers.Write(value);
}
