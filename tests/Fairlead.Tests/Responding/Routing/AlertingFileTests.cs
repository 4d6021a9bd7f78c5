using Fairlead.Engine.Responding.Routing;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Responding.Routing;

/// <summary>The file that says who is told of what.</summary>
public sealed class AlertingFileTests
{
    // The shape of the examples that come with Alertmanager: old and new words side by side.
    private const string Alertmanagers = """
        global:
          smtp_smarthost: 'localhost:25'
          smtp_from: 'alertmanager@example.org'
          smtp_auth_username: 'alertmanager'
          smtp_auth_password: 'password'
          resolve_timeout: 5m
        templates: ['/etc/alertmanager/template/*.tmpl']
        route:
          group_by: ['alertname', 'cluster', 'service']
          group_wait: 30s
          group_interval: 5m
          repeat_interval: 3h
          receiver: team-X-mails
          routes:
            - match_re: { service: ^(foo1|foo2|baz)$ }
              receiver: team-X-mails
              routes:
                - match: { severity: critical }
                  receiver: team-X-pager
            - matchers: [owner=team-X, ' severity != "info" ']
              receiver: team-X-pager
              continue: true
        inhibit_rules:
          - source_matchers: [severity="critical"]
            target_matchers: [severity="warning"]
            equal: ['alertname', 'cluster', 'service']
        receivers:
          - name: 'team-X-mails'
            email_configs:
              - to: 'team-X+alerts@example.org'
                send_resolved: false
          - name: 'team-X-pager'
            email_configs: [{ to: 'team-X+alerts-critical@example.org' }]
            webhook_configs: [{ address: 'https://hooks.example.com/x' }]
        """;

    private const string Whole = """
        route: { receiver: ops }
        receivers:
          - name: ops
            webhook_configs: [{ url: 'https://hooks.example.com/ops' }]
            fallback: mails
            escalation: shop
          - name: mails
            email_configs: [{ to: [ops@example.com, boss@example.com] }]
        time_intervals:
          - { name: office, time_intervals: [{ weekdays: ['monday:friday'], times: [{ start_time: '09:00', end_time: '17:00' }], location: Europe/Berlin }] }
        people:
          ana: { webhook_configs: [{ url: 'https://push.example.com/ana' }], email_configs: [{ to: ana@example.com }] }
          ben: { email_configs: [{ to: ben@example.com }] }
        schedules:
          shop:
            time_zone: Europe/Berlin
            rotations:
              - { start: '2026-11-02T09:00', shift: 1w, people: [ana, ben] }
              - { start: 2026-11-02, shift: 12h, people: ben, only: office }
            overrides: [{ person: ben, from: '2026-12-24 18:00', until: '2026-12-26' }]
        escalations:
          shop:
            repeat: 2
            levels: [{ notify: shop, timeout: 10m }, { notify: [ana, ben] }]
        heartbeat: { url: 'https://beat.example.com/x', every: 30s }
        """;

    [Fact]
    public void One_of_Alertmanager_is_read_as_it_is()
    {
        var plan = Words.PlanOf(Alertmanagers);

        Assert.Equal(
            [
                "{}",
                "{}/{service=~\"^(foo1|foo2|baz)$\"}",
                "{}/{service=~\"^(foo1|foo2|baz)$\"}/{severity=\"critical\"}",
                "{}/{owner=\"team-X\",severity!=\"info\"}",
            ],
            plan.Root.All.Select(one => one.Key)
        );
        Assert.Equal(
            [
                "team-X-mails: email to=team-X+alerts@example.org auth_password=password (firing only)",
                "team-X-pager: email to=team-X+alerts-critical@example.org auth_password=password, webhook url=https://hooks.example.com/x",
            ],
            plan.Receivers.Values.Select(Text)
        );
        Assert.Equal(
            "{severity=\"critical\"} mutes {severity=\"warning\"} by alertname cluster service",
            Assert.Single(
                plan.InhibitRules.Select(one =>
                    $"{Matching.Write(one.Source)} mutes {Matching.Write(one.Target)} by {string.Join(' ', one.Equal)}"
                )
            )
        );
    }

    [Fact]
    public void People_schedules_and_escalations_stand_beside_it()
    {
        var plan = Words.PlanOf(Whole);
        var (ops, shop) = (plan.Receivers["ops"], plan.Roster.Schedules["shop"]);

        Assert.Equal(("mails", "shop"), (ops.Fallback, ops.Escalation));
        Assert.Equal("mails: email to=ops@example.com to=boss@example.com", Text(plan.Receivers["mails"]));
        Assert.Equal(
            ["ana email webhook", "ben email"],
            plan.Roster.People.Values.Select(one =>
                $"{one.Name} {string.Join(' ', one.Channels.Select(channel => channel.Kind))}"
            )
        );
        Assert.Equal(
            ["2026-11-02T09:00 7.00:00:00 ana ben 0", "2026-11-02T00:00 12:00:00 ben 1"],
            shop.Rotations.Select(one =>
                $"{one.Start:yyyy-MM-dd'T'HH:mm} {one.Shift} {string.Join(' ', one.People)} {one.Only.Count}"
            )
        );
        var instead = Assert.Single(shop.Overrides);
        Assert.Equal(
            ("ben", Words.Utc("2026-12-24 17:00"), Words.Utc("2026-12-25 23:00")),
            (instead.Person, instead.From, instead.Until)
        );
        var escalation = plan.Roster.Escalations["shop"];
        Assert.Equal(2, escalation.Repeat);
        Assert.Equal(
            ["shop 00:10:00", "ana ben 00:05:00"],
            escalation.Levels.Select(one => $"{string.Join(' ', one.Notify)} {one.Timeout}")
        );
        Assert.Equal(new Heartbeat(new("https://beat.example.com/x"), TimeSpan.FromSeconds(30)), plan.Heartbeat);
    }

    [Fact]
    public void A_loop_of_fallbacks_is_found_and_a_chain_is_none()
    {
        Assert.Equal(
            [
                "a.yaml:1:1 The fallback of the receiver 'a' leads back to it.",
                "a.yaml:1:1 The fallback of the receiver 'b' leads back to it.",
            ],
            Faults(
                "route: { receiver: a }\nreceivers: [{ name: a, fallback: b }, { name: b, fallback: a }, { name: c, fallback: a }]"
            )
        );
        Assert.Empty(
            Faults(
                "route: { receiver: a }\nreceivers: [{ name: a, fallback: b }, { name: b, fallback: c }, { name: c }]"
            )
        );
    }

    [Theory]
    [InlineData("", "a.yaml There is no 'route'. It says which receiver is told of what no other route takes.")]
    [InlineData(
        "route: {}\nreceivers: []",
        "a.yaml:1:8 The first route names no receiver. It takes what no other route takes."
    )]
    [InlineData(
        "route: { receiver: ops, matchers: [a=b] }\nreceivers: [{ name: ops }]",
        "a.yaml:1:8 The first route has matchers. It takes what no other route takes."
    )]
    [InlineData(
        "route: { receiver: op }\nreceivers: [{ name: ops }]",
        "a.yaml:1:1 There is no receiver 'op'. Did you mean 'ops'?"
    )]
    [InlineData(
        "route: { receiver: ops, group_wiat: 5s }\nreceivers: [{ name: ops }]",
        "a.yaml:1:25 'group_wiat' is no key here. Did you mean 'group_wait'?"
    )]
    [InlineData(
        "route: { receiver: ops, group_interval: 0s }\nreceivers: [{ name: ops }]",
        "a.yaml:1:8 'group_interval' is 0s. It must be longer than nothing."
    )]
    [InlineData(
        "route: { receiver: ops, group_wait: soon }\nreceivers: [{ name: ops }]",
        "a.yaml:1:37 'group_wait' cannot be read. 'soon' is no length of time such as 5m or 1h30m."
    )]
    [InlineData(
        "route:\n  receiver: ops\n  routes:\n    - matchers: ['a=~\"(\"']\nreceivers: [{ name: ops }]",
        "a.yaml:4:7 A matcher cannot be read. Of the matchers, the expression of 'a=~\"(\"' cannot be read: *"
    )]
    [InlineData(
        "route: { receiver: ops, mute_time_intervals: [night] }\nreceivers: [{ name: ops }]\ntime_intervals: [{ name: nights, time_intervals: [] }]",
        "a.yaml:1:1 There is no time interval 'night'. Did you mean 'nights'?"
    )]
    [InlineData(
        "route: { receiver: ops }\nreceivers: [{ name: ops, escalation: shop }]",
        "a.yaml:1:1 There is no escalation 'shop'. There is none."
    )]
    [InlineData(
        "route: { receiver: ops }\nreceivers: [{ name: ops }, { name: ops }]",
        "a.yaml:1:1 The receiver 'ops' is there twice. Receivers are known by their names."
    )]
    [InlineData(
        "route: { receiver: ops }\nreceivers: [{ name: ops, webhook_configs: [{ url: 'ftp://x' }] }]",
        "a.yaml:2:44 The settings of webhook cannot be used. 'url' begins with https://."
    )]
    [InlineData(
        "route: { receiver: ops }\nreceivers: [{ name: ops, webhook_configs: [{}] }]",
        "a.yaml:2:44 'url' is missing. webhook needs it: Where to post."
    )]
    [InlineData(
        "route: { receiver: ops }\nreceivers: [{ name: ops, webhook_config: [{}] }]",
        "a.yaml:2:26 'webhook_config' is no key here. Did you mean 'webhook_configs'?"
    )]
    [InlineData(
        "route: { receiver: ops }\nreceivers: [{ name: ops, email_configs: [{ to: x, send_resolved: perhaps }] }]",
        "a.yaml:2:66 'send_resolved' cannot be read. 'perhaps' is neither true nor false."
    )]
    [InlineData(
        "route: { receiver: ops }\nreceivers: [{ name: ops }]\nheartbeat: { url: 'ftp://x', every: 1s }",
        "a.yaml:3:12 The heartbeat comes too often. It comes at most each 10s.|a.yaml:3:12 The heartbeat has no 'url'. It is asked by POST, and begins with http:// or https://."
    )]
    [InlineData(
        "route: { receiver: ops }\nreceivers: [{ name: ops }]\npeople: { ana: {} }\nschedules: { s: { rotations: [{ start: 2026-11-02, people: [anna] }], time_zone: Europe/Berln } }",
        "a.yaml:4:17 There is no time zone 'Europe/Berln'. Zones are named as in Europe/Berlin.|a.yaml:4:31 There is no person 'anna'. Did you mean 'ana'?"
    )]
    [InlineData(
        "route: { receiver: ops }\nreceivers: [{ name: ops }]\npeople: { ana: {} }\nschedules: { s: { rotations: [{ start: 0001-01-01, shift: 12h, people: [ana] }] } }",
        "a.yaml:4:31 The 'start' of a rotation cannot be read. Write it as 2026-11-02T09:00, by the clock of the time zone.|a.yaml:4:17 The schedule 's' has no rotation. Nobody would ever be on call."
    )]
    [InlineData(
        "route: { receiver: ops }\nreceivers: [{ name: ops }]\npeople: { ana: {} }\nescalations: { e: { levels: [{ notify: [bob] }], repeat: 11 }, f: {} }",
        "a.yaml:4:30 There is no person or schedule 'bob'. There are: ana.|a.yaml:4:19 'repeat' cannot be read. It is a number from 0 to 10.|a.yaml:4:67 The escalation 'f' has no level. It would tell nobody."
    )]
    [InlineData("- route", "a.yaml:1:1 There are keys and values expected. There is a sequence.|*")]
    [InlineData("route: [", "a.yaml:* The file cannot be read. *")]
    public void All_that_is_wrong_is_said_with_its_place(string text, string faults)
    {
        var (expected, actual) = (faults.Split('|'), Faults(text, withWhy: true));

        Assert.Equal(expected.Length, actual.Count);
        Assert.All(expected.Zip(actual), static pair => Assert.True(Fits(pair.First, pair.Second), pair.Second));
    }

    [Fact]
    public void A_file_without_end_is_not_read() =>
        Assert.Equal(
            "The file has 1048577 characters, at most 1048576 are read.",
            Assert.Throws<ProblemException>(() => Words.PlanOf($"#{new string('x', 1 << 20)}")).Problem.Why
        );

    // A star stands for whatever a library says.
    private static bool Fits(string expected, string actual) =>
        expected.Split('*') is [var head, .., var tail] && expected.Contains('*', StringComparison.Ordinal)
            ? actual.StartsWith(head, StringComparison.Ordinal) && actual.EndsWith(tail, StringComparison.Ordinal)
            : expected == actual;

    private static IReadOnlyList<string> Faults(string text, bool withWhy = false)
    {
        try
        {
            AlertingFile.Read("a.yaml", text, PlayedChannel.Kinds);
            return [];
        }
        catch (ProblemException caught)
        {
            return [.. caught.Problems.Select(one => $"{one.Where} {one.What}{(withWhy ? $" {one.Why}" : "")}")];
        }
    }

    private static string Text(Receiver receiver) =>
        $"{receiver.Name}: {string.Join(", ", receiver.Channels.Select(static one =>
            $"{one.Kind} {string.Join(' ', one.Settings.Values.SelectMany(static pair => pair.Value.Select(text => $"{pair.Key}={text}")))}{(one.Settings.SendsResolved ? "" : " (firing only)")}"))}";
}
