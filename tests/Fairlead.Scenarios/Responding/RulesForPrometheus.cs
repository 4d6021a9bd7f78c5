using System.Runtime.CompilerServices;
using Fairlead.Drivers.Channels;
using Fairlead.Engine.Responding.Alerts;
using Fairlead.Engine.Responding.Routing;
using Fairlead.Engine.Watching.Rules;
using Fairlead.Model.Alerting;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;
using Fairlead.Scenarios.Metrics;

namespace Fairlead.Scenarios.Responding;

/// <summary>What Fairlead writes of its rules and routes is what Prometheus and Alertmanager read, and means the same to them.</summary>
public sealed class RulesForPrometheus : IDisposable
{
    private const string Promtool = "/usr/bin/promtool";
    private const string Amtool = "/usr/bin/amtool";

    private const string Routing = """
        global: { smtp_from: fairlead@example.com, smtp_smarthost: 'smtp.example.com:587' }
        route:
          receiver: rest
          group_wait: 5s
          continue: true
          mute_time_intervals: [holidays]
          routes:
            - matchers: [severity="page"]
              receiver: pager
              routes:
                - { matchers: [service=~"db.*", app="shop"], receiver: databases }
                - { match: { app: night }, receiver: chat, active_time_intervals: [nights] }
            - { match_re: { app: 'shop|till' }, receiver: log, continue: true, group_by: ['...'] }
            - { matchers: [app="shop", version=~"v1\\.2"], receiver: mails }
            - { matchers: ['app=~"shop"', 'environment!="production"'], receiver: chat, continue: true }
            - { matchers: [app!~"shop|till", 'team!=""'], receiver: tickets }
            - { matchers: ['{app="till",path="/a,b"}'] }
        inhibit_rules: [{ source_matchers: [severity="page"], target_matchers: [severity=~"ticket|info"], equal: [app] }]
        time_intervals:
          - { name: holidays, time_intervals: [{ days_of_month: ['24:26', '-1'], months: [december], years: ['2026:2030'] }] }
          - { name: nights, time_intervals: [{ times: [{ start_time: '22:00', end_time: '24:00' }], weekdays: ['monday:friday', sunday], location: Europe/Berlin }] }
        receivers:
          - { name: rest }
          - name: pager
            pagerduty_configs: [{ routing_key: 0123456789abcdef0123456789abcdef, severity: critical }]
            opsgenie_configs: [{ api_key: 01234567-89ab-cdef-0123-456789abcdef }]
            fallback: mails
            escalation: shop
          - name: databases
            webhook_configs: [{ url: 'https://hooks.example.com/s3cret', send_resolved: false }]
          - name: chat
            slack_configs: [{ api_url: 'https://hooks.slack.com/services/s3cret', channel: '#ops' }]
            discord_configs: [{ webhook_url: 'https://discord.com/api/webhooks/1/s3cret' }]
            telegram_configs: [{ bot_token: '123456:s3cret-s3cret-s3cret-s3cret-s3cret', chat_id: -1001234567890 }]
          - { name: log, log_configs: [{}] }
          - { name: mails, email_configs: [{ to: [a@example.com, b@example.com] }] }
          - { name: tickets, ntfy_configs: [{ topic: s3cret }] }
        people: { ana: { email_configs: [{ to: ana@example.com }] } }
        escalations: { shop: { levels: [{ notify: ana }] } }
        """;

    private static readonly Site Shop = new("shop", "production");
    private static readonly World World = new(TimeProvider.System, new Random(1));

    private readonly string folder = Directory.CreateTempSubdirectory("fairlead-exported-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("defaults")]
    [InlineData("defaults-off")]
    [InlineData("goals")]
    [InlineData("manifest")]
    public async Task Promtool_takes_what_is_exported(string name)
    {
        Assert.SkipWhen(PrometheusPeer.Missing is not null, PrometheusPeer.Missing ?? "");
        var (groups, file) = (Groups(name), await WriteAsync($"{name}.yml", RuleFileWriter.Write(Groups(name))));
        var (code, said) = await PrometheusPeer.TryAsync(Promtool, ["check", "rules", file], Stop);

        Assert.True(code == 0, said);
        Assert.Contains($"SUCCESS: {groups.Sum(one => one.Rules.Count)} rules found", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("defaults")]
    [InlineData("goals")]
    public async Task The_same_tests_pass_with_promtool_and_with_Fairlead(string name)
    {
        Assert.SkipWhen(PrometheusPeer.Missing is not null, PrometheusPeer.Missing ?? "");
        var rules = RuleFileWriter.Write(Groups(name));
        await WriteAsync($"{name}.yml", rules);
        var test = await File.ReadAllTextAsync(Path.Combine(Here(), $"{name}.test.yml"), Stop);
        var file = await WriteAsync($"{name}.test.yml", test);
        var ours = await new RuleTests(World, one => [(one, rules)]).RunAsync(file, test, Stop);
        var (code, theirs) = await PrometheusPeer.TryAsync(Promtool, ["test", "rules", file], Stop);

        Assert.True(ours.Count == 0, string.Join('\n', ours));
        Assert.True(code == 0, theirs);
    }

    [Fact]
    public async Task A_test_that_expects_something_else_fails_with_both()
    {
        Assert.SkipWhen(PrometheusPeer.Missing is not null, PrometheusPeer.Missing ?? "");
        var rules = RuleFileWriter.Write(Groups("defaults"));
        await WriteAsync("defaults.yml", rules);
        var test = (await File.ReadAllTextAsync(Path.Combine(Here(), "defaults.test.yml"), Stop)).Replace(
            "failed 20 requests",
            "failed 21 requests",
            StringComparison.Ordinal
        );
        var file = await WriteAsync("wrong.test.yml", test);
        var ours = await new RuleTests(World, one => [(one, rules)]).RunAsync(file, test, Stop);
        var (code, _) = await PrometheusPeer.TryAsync(Promtool, ["test", "rules", file], Stop);

        Assert.Single(ours);
        Assert.NotEqual(0, code);
    }

    [Fact]
    public async Task Amtool_takes_the_routes_that_are_exported_and_sends_alerts_to_the_same_receivers()
    {
        Assert.SkipUnless(File.Exists(Amtool), "amtool is not installed (Debian package prometheus-alertmanager)");
        var kinds = AllChannels.Entries(World, folder);
        var plan = AlertingFile.Read("alerting.yaml", Routing, kinds);
        var text = RoutingExport.Of(plan, kinds);
        var file = await WriteAsync("alertmanager.yml", text);
        var (code, said) = await PrometheusPeer.TryAsync(Amtool, ["check-config", file], Stop);

        Assert.True(code == 0, said);
        Assert.DoesNotContain("s3cret", text, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "0123456789",
            text.Replace("-1001234567890", "", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
        foreach (var labels in Labelled())
        {
            var (_, theirs) = await PrometheusPeer.TryAsync(
                Amtool,
                ["config", "routes", "test", $"--config.file={file}", .. labels],
                Stop
            );
            var ours = plan
                .Root.For(Labels.Of(labels.Select(one => one.Split('=', 2)).Select(one => new Label(one[0], one[1]))))
                .Select(one => one.Receiver);
            Assert.Equal(
                $"{string.Join(' ', labels)}: {theirs.Split('\n')[0]}",
                $"{string.Join(' ', labels)}: {string.Join(',', ours)}"
            );
        }
    }

    private static IEnumerable<string[]> Labelled() =>
        """
            severity=page
            severity=page app=shop
            severity=page app=shop service=db
            severity=page app=shop service=db-1
            severity=page app=shop service=mydb
            severity=page app=till service=db-1
            severity=page app=night
            severity=paged
            severity=ticket
            severity=ticket app=shop
            severity=ticket app=shopping
            severity=ticket app=shop version=v1.2
            severity=ticket app=shop version=v1x2
            severity=ticket app=shop version=v1.2.3
            severity=ticket app=shop environment=production
            severity=ticket app=shop environment=staging
            severity=ticket app=till environment=staging
            app=till path=/a,b
            app=till path=/a
            app=blog team=red
            app=blog
            alertname=ServiceErrors app=shop environment=production service=api severity=page release=42
            """.Split('\n').Select(static one => one.Split(' '));

    private static IReadOnlyList<RuleGroup> Groups(string name) =>
        name switch
        {
            "defaults" => DefaultRules.Of(new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)),
            "defaults-off" => DefaultRules.Of(
                new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["ServiceErrors"] = ["till"] }
            ),
            _ =>
            [
                .. RuleSources
                    .Of(
                        Shop,
                        new WatchSettings
                        {
                            Slo = new(0.999) { Fast = 0.95, Within = TimeSpan.FromMilliseconds(300) },
                            Rules =
                                name == "goals"
                                    ? []
                                    :
                                    [
                                        new("QueueLong", "sum(jobs_waiting) > 100")
                                        {
                                            For = TimeSpan.FromMinutes(5),
                                            KeepFiringFor = TimeSpan.FromSeconds(90),
                                            Annotations = new Dictionary<string, string>
                                            {
                                                ["summary"] = "{{ $value }} \"jobs\" wait:\n# many \\o/",
                                            },
                                        },
                                        new("jobs:rate5m", "rate(jobs_total[5m])") { IsAlerting = false },
                                    ],
                        }
                    )
                    .Select(static one => one.Group),
            ],
        };

    private async Task<string> WriteAsync(string name, string text)
    {
        var path = Path.Combine(folder, name);
        await File.WriteAllTextAsync(path, text, Stop);
        return path;
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
