using Fairlead.Engine.Watching.Rules;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Scenarios.Metrics;

/// <summary>
/// The same tests of rules by Fairlead and by promtool: they say the same, word by word, when something is wrong too. Only that Fairlead
/// knows no annotation without a text.
/// </summary>
public sealed class AlertRuleScenarios : IDisposable
{
    private const string Rules = """
        groups:
          - name: recording
            interval: 30s
            rules:
              - record: job:requests:rate5m
                expr: sum by (job) (rate(requests_total[5m]))
                labels: { kind: derived }
              - record: job:requests:double
                expr: job:requests:rate5m * 2
          - name: alerts
            rules:
              - alert: Down
                expr: up == 0
                for: 3m
                keep_firing_for: 2m
                labels: { severity: page, where: '{{ $labels.instance | toUpper }}' }
                annotations:
                  summary: "{{ $labels.instance }} of {{ .Labels.job }} is {{ if eq $value 0.0 }}down{{ else }}up{{ end }}"
                  value: '{{ $value }} {{ printf "%.2f" $value }} {{ $value | humanize }}'
                  rate: '{{ with query "sum(job:requests:rate5m)" }}{{ . | first | value | humanizePercentage }}{{ end }}'
                  list: '{{ range $i, $e := query "up" }}{{ $i }}={{ $e.Labels.instance }}:{{ .Value }};{{ end }}'
                  where: '{{ $externalLabels.cluster }}'
              - alert: Busy
                expr: job:requests:rate5m > 1
                annotations:
                  durations: '{{ humanizeDuration 93784.5 }} {{ humanizeDuration 0.0123 }} {{ humanizeDuration -5.25 }}'
                  numbers: '{{ humanize 1234567.0 }} {{ humanize1024 1048576.0 }} {{ humanize 0.00123 }} {{ 1e6 }} {{ print 1 2 "a" 3 }}'
                  time: '{{ humanizeTimestamp 1435065584.128 }}'
                  texts: '{{ title "some words" }} {{ reReplaceAll "a(.)" "${1}x" "abac" }} {{ match "b.c" "abxc" }} {{ len "abc" }}'
                  trimmed: 'a   {{- " trimmed" -}}   ! {{/* note */}}'
                  printed: '{{ printf "%5.1f|%-5s|%05d|%q|%e|%g|%v" 2.25 "ab" 42 "q" 12345.678 0.5 1.0 }}'
                  wrong: '{{ if lt 1.0 2.0 }}less{{ else }}{{ $labels.job | value }}{{ end }}'
              - alert: Missing
                expr: absent(heartbeat{job="cron"})
                for: 1m
        """;

    private const string Good = """
        rule_files: [rules.yml]
        evaluation_interval: 30s
        group_eval_order: [recording, alerts]
        tests:
          - name: all well
            interval: 30s
            external_labels: { cluster: blue }
            input_series:
              - series: up{job="api", instance="a"}
                values: 1 1 0x10 1x20
              - series: up{job="api", instance="b"}
                values: 1x8 0x3 _x10 1
              - series: requests_total{job="api", instance="a"}
                values: 0+60x30
            alert_rule_test:
              - { eval_time: 3m30s, alertname: Down }
              - eval_time: 5m
                alertname: Down
                exp_alerts:
                  - exp_labels: { severity: page, instance: a, job: api, where: A }
                    exp_annotations:
                      summary: a of api is down
                      value: 0 0.00 0
                      rate: 200%
                      list: 0=a:0;1=b:0;
                      where: blue
            promql_expr_test:
              - expr: job:requests:double
                eval_time: 5m
                exp_samples:
                  - labels: job:requests:double{job="api", kind="derived"}
                    value: 4
        """;

    private const string Bad = """
        rule_files: [rules.yml]
        evaluation_interval: 1m
        group_eval_order: [recording, alerts]
        tests:
          - interval: 1m
            external_labels: { cluster: red }
            input_series:
              - series: up{job="api", instance="a"}
                values: 0x20
              - series: requests_total{job="api", instance="a"}
                values: 0+120x30
            alert_rule_test:
              - { eval_time: 5m, alertname: Down }
              - eval_time: 5m
                alertname: Busy
                exp_alerts: [ { exp_labels: { job: web } } ]
              - { eval_time: 5m, alertname: Missing }
              - eval_time: 30s
                alertname: Missing
                exp_alerts: [ { exp_labels: { job: cron } } ]
            promql_expr_test:
              - { expr: up + 1.5, eval_time: 5m, exp_samples: [ { labels: 'up{job="api"}', value: 3e10 } ] }
              - { expr: nope, eval_time: 5m, exp_samples: [ { labels: nope, value: 1 } ] }
              - { expr: 'sum(', eval_time: 1m }
              - { expr: up, eval_time: 1m }
              - { expr: ALERTS, eval_time: 2m }
              - { expr: 'rate(requests_total[3m]) / 7', eval_time: 5m }
          - name: moves
            interval: 1m
            input_series:
              - series: up{job="api", instance="a"}
                values: 1 0x5 1x20
              - series: requests_total{job="api", instance="a"}
                values: 0+60x30
            external_labels: { cluster: red }
            alert_rule_test:
              - { eval_time: 4m, alertname: Down }
              - { eval_time: 7m, alertname: Down }
              - { eval_time: 8m, alertname: Down }
            promql_expr_test:
              - { expr: ALERTS_FOR_STATE, eval_time: 3m }
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("fairlead-rules-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(Good, Rules, 0)]
    [InlineData(Bad, Rules, 1)]
    public async Task Tests_of_rules_end_as_they_do_with_promtool(string test, string rules, int code)
    {
        var (theirCode, theirs, ours) = await BothAsync(test, rules);

        Assert.True(code == theirCode, $"promtool ended with {theirCode}: {theirs}");
        Assert.Equal(Lines(theirs), Lines(ours));
    }

    [Theory]
    [InlineData("groups: [ { name: a, rules: [ { expr: up } ] } ]")]
    [InlineData("groups: [ { name: a, rules: [ { record: x, alert: y, expr: up } ] } ]")]
    [InlineData("groups: [ { name: a, rules: [ { record: x, expr: 'up +' } ] } ]")]
    [InlineData("groups: [ { name: a, rules: [ { record: x, expr: '' } ] } ]")]
    [InlineData("groups: [ { name: a, rules: [ { record: x, expr: up, for: 5m } ] } ]")]
    [InlineData("groups: [ { name: a, rules: [ { record: x, expr: up, annotations: { a: b } } ] } ]")]
    [InlineData("groups: [ { name: a, rules: [ { alert: x, expr: up, fro: 5m } ] } ]")]
    [InlineData("groups: [ { name: a, rules: [ { alert: x, expr: up, for: soon } ] } ]")]
    [InlineData("groups: [ { name: a, rules: [ { alert: x, expr: up, labels: { l: '{{ nope }}' } } ] } ]")]
    [InlineData("groups: [ { name: a, rules: [ { alert: x, expr: up, labels: { l: '{{ if true }}' } } ] } ]")]
    [InlineData("groups: [ { name: a, rules: [ { alert: x, expr: up, labels: { __name__: b } } ] } ]")]
    [InlineData("groups: [ { name: a }, { name: a } ]")]
    [InlineData("groups: [ { rules: [] } ]")]
    [InlineData("groups: [")]
    public async Task Rules_that_promtool_refuses_are_refused(string rules)
    {
        var (code, theirs, ours) = await BothAsync("rule_files: [rules.yml]\ntests: [ {} ]\n", rules);

        Assert.True(code != 0, theirs);
        Assert.StartsWith("refused", ours, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Theirs, string Ours)> BothAsync(string test, string rules)
    {
        Assert.SkipWhen(PrometheusPeer.Missing is not null, PrometheusPeer.Missing ?? "");
        var file = Path.Combine(folder, "test.yml");
        await File.WriteAllTextAsync(Path.Combine(folder, "rules.yml"), rules, Stop);
        await File.WriteAllTextAsync(file, test, Stop);
        var (code, theirs) = await PrometheusPeer.TryAsync("/usr/bin/promtool", ["test", "rules", file], Stop);
        var world = new World(TimeProvider.System, new Random(1));
        try
        {
            var faults = await new RuleTests(world, name => [(name, rules)]).RunAsync(file, test, Stop);
            var end = faults.Count == 0 ? "  SUCCESS" : "  FAILED:\n" + string.Join('\n', faults);
            return (code, theirs, $"Unit Testing:  {file}\n{end}");
        }
        catch (ProblemException caught)
        {
            return (code, theirs, $"refused: {caught.Message}");
        }
    }

    private static string Lines(string text) =>
        string.Join('\n', text.Split('\n').Select(static one => one.TrimEnd()).Where(static one => one.Length > 0));
}
