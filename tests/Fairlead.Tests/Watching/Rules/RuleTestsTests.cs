using Fairlead.Engine.Watching.Rules;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Watching.Rules;

/// <summary>Rules over time, seen through tests as promtool has them.</summary>
public sealed class RuleTestsTests
{
    private const string Rules = """
        groups:
          - name: shop
            labels: { team: shop }
            rules:
              - record: job:errors:rate5m
                expr: sum by (job) (rate(errors_total[5m]))
              - alert: ErrorsHigh
                expr: job:errors:rate5m > 0.5
                for: 2m
                keep_firing_for: 3m
                labels: { severity: '{{ if gt $value 10.0 }}page{{ else }}ticket{{ end }}' }
                annotations:
                  summary: '{{ $labels.job }} fails {{ $value | humanize }} times a second'
        """;

    private const string Series = """
            input_series:
              - series: errors_total{job="pay"}
                values: 0+60x10 600x20
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_alert_waits_fires_and_goes_on_firing()
    {
        Assert.Empty(
            await RunAsync(
                """
                    alert_rule_test:
                      - { eval_time: 4m, alertname: ErrorsHigh }
                      - eval_time: 5m
                        alertname: ErrorsHigh
                        exp_alerts:
                          - exp_labels: { job: pay, severity: ticket, team: shop }
                            exp_annotations: { summary: pay fails 1 times a second }
                      - eval_time: 14m
                        alertname: ErrorsHigh
                        exp_alerts:
                          - exp_labels: { job: pay, severity: ticket, team: shop }
                            exp_annotations: { summary: pay fails 750m times a second }
                      - { eval_time: 15m, alertname: ErrorsHigh }
                    promql_expr_test:
                      - expr: ALERTS
                        eval_time: 4m
                        exp_samples:
                          - labels: ALERTS{alertname="ErrorsHigh", alertstate="pending", job="pay", severity="ticket", team="shop"}
                            value: 1
                      - expr: count_over_time(ALERTS{alertstate="firing"}[30m])
                        eval_time: 30m
                        exp_samples:
                          - labels: '{alertname="ErrorsHigh", alertstate="firing", job="pay", severity="ticket", team="shop"}'
                            value: 10
                      - expr: ALERTS
                        eval_time: 20m
                      - expr: ALERTS_FOR_STATE
                        eval_time: 5m
                        exp_samples:
                          - labels: ALERTS_FOR_STATE{alertname="ErrorsHigh", job="pay", severity="ticket", team="shop"}
                            value: 180
                      - expr: job:errors:rate5m
                        eval_time: 10m
                        exp_samples:
                          - labels: job:errors:rate5m{job="pay", team="shop"}
                            value: 1
                """
            )
        );
    }

    [Fact]
    public async Task What_was_expected_and_what_there_was_are_said()
    {
        var faults = await RunAsync(
            """
                name: too early
                alert_rule_test:
                  - eval_time: 1m
                    alertname: ErrorsHigh
                    exp_alerts: [ { exp_labels: { job: pay } } ]
                promql_expr_test:
                  - { expr: vector(2), eval_time: 1m, exp_samples: [ { labels: '{}', value: 3 } ] }
                  - { expr: 'up +', eval_time: 1m }
            """
        );

        Assert.Equal(
            """
                name: too early,
                alertname: ErrorsHigh, time: 1m, 
                    exp:[
                        0:
                          Labels:{alertname="ErrorsHigh", job="pay"}
                          Annotations:{}
                        ], 
                    got:[]
            """,
            faults[0]
        );
        Assert.EndsWith(
            "expr: \"vector(2)\", time: 1m,\n        exp: {} 3E+00\n        got: {} 2E+00",
            faults[1],
            StringComparison.Ordinal
        );
        Assert.Contains("1:5: parse error: unexpected end of input", faults[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_that_fails_ends_the_test()
    {
        var faults = await RunAsync(
            "    promql_expr_test: [ { expr: up, eval_time: 1m } ]",
            rules: "groups: [ { name: x, rules: [ { record: y, expr: 'label_replace(errors_total, \"a b\", \"\", \"\", \"\") or vector(scalar(label_join(errors_total, \"\", \"\")))' } ] } ]"
        );

        Assert.Equal("    rule: y, time: 0s, err: ", Assert.Single(faults)[..28]);
    }

    [Theory]
    [InlineData("groups: [ { name: a, rules: [ { expr: up } ] } ]", "rules.bad-rule", "rules.yml:1:31")]
    [InlineData("groups: [ { name: a, rules: [ { record: x, expr: 'up +' } ] } ]", "rules.bad-query", "rules.yml:1:31")]
    [InlineData(
        "groups: [ { name: a, rules: [ { alert: x, expr: up, fro: 5m } ] } ]",
        "rules.unknown-key",
        "rules.yml:1:53"
    )]
    [InlineData(
        "groups: [ { name: a, rules: [ { alert: x, expr: up, for: soon } ] } ]",
        "rules.bad-value",
        "rules.yml:1:58"
    )]
    [InlineData(
        "groups: [ { name: a, rules: [ { alert: x, expr: up, labels: { l: '{{ nope }}' } } ] } ]",
        "rules.bad-template",
        "rules.yml:1:31"
    )]
    [InlineData("groups: [ { name: a }, { name: a } ]", "rules.bad-group", "rules.yml:1:1")]
    [InlineData("groups: [ { rules: [] } ]", "rules.bad-group", "rules.yml:1:11")]
    [InlineData(
        "groups: [ { name: a, rules: [ { record: x, expr: up, for: 5m } ] } ]",
        "rules.bad-rule",
        "rules.yml:1:31"
    )]
    [InlineData(
        "groups: [ { name: a, rules: [ { alert: x, expr: up, labels: { __name__: y } } ] } ]",
        "rules.bad-rule",
        "rules.yml:1:31"
    )]
    [InlineData("groups: [", "rules.bad-file", null)]
    [InlineData("- groups", "rules.bad-file", "rules.yml:1:1")]
    public void A_file_of_rules_says_what_is_wrong_and_where(string text, string code, string? where)
    {
        var problem = Assert.Throws<ProblemException>(() => RuleFile.Read("rules.yml", text)).Problems[0];

        Assert.Equal(code, problem.Code);
        Assert.True(where is null || where == problem.Where, problem.Where);
    }

    [Fact]
    public async Task Rules_that_are_not_there_are_missed()
    {
        var tests = new RuleTests(new World(TimeProvider.System, new Random(1)), static _ => []);
        var problem = await Assert.ThrowsAsync<ProblemException>(() =>
            tests.RunAsync("test.yml", "rule_files: [gone.yml]", Stop)
        );

        Assert.Equal("rules.no-file", problem.Problems[0].Code);
    }

    private static Task<IReadOnlyList<string>> RunAsync(string test, string rules = Rules)
    {
        var world = new World(TimeProvider.System, new Random(1));
        var tests = new RuleTests(world, name => [(name, rules)]);
        var text = $"rule_files: [rules.yml]\nevaluation_interval: 1m\ntests:\n  - interval: 1m\n{Series}\n{test}\n";
        return tests.RunAsync("test.yml", text, Stop);
    }
}
