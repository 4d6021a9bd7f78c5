using Fairlead.Engine.Responding.Routing;

namespace Fairlead.Tests.Responding.Routing;

/// <summary>Who is told of what, as a file of Alertmanager.</summary>
public sealed class RoutingExportTests
{
    private const string File = """
        route:
          receiver: ops
          group_wait: 10s
          routes:
            - { matchers: [severity="page", 'path=~"a\.b"'], receiver: mails, group_by: ['...'], continue: true }
            - { match: { app: 'a "b"' }, mute_time_intervals: [nights], active_time_intervals: [days] }
        receivers:
          - { name: ops, webhook_configs: [{ url: 'https://hooks.example.com/s3cret' }], fallback: mails, escalation: e }
          - { name: mails, email_configs: [{ to: [a@example.com, b@example.com], auth_password: s3cret, send_resolved: false }] }
        inhibit_rules: [{ source_matchers: [a=b], target_matchers: [c=d, e!=f], equal: [app] }]
        time_intervals:
          - { name: nights, time_intervals: [{ times: [{ start_time: '22:00', end_time: '24:00' }, { start_time: '00:00', end_time: '06:05' }], location: Europe/Berlin }] }
          - { name: days, time_intervals: [{ weekdays: ['monday:friday', sunday], days_of_month: ['-3:-1'], months: [may], years: ['2026:2028'] }, {}] }
        people: { ana: {} }
        escalations: { e: { levels: [{ notify: ana }] } }
        heartbeat: { url: 'https://beat.example.com/s3cret' }
        """;

    [Fact]
    public void Says_all_that_Alertmanager_knows_and_no_secret() =>
        Assert.Equal(
            """
            route:
              receiver: "ops"
              group_by: ["app", "environment"]
              group_wait: 10s
              group_interval: 30s
              repeat_interval: 4h
              routes:
                -
                  receiver: "mails"
                  group_by: ["..."]
                  group_wait: 10s
                  group_interval: 30s
                  repeat_interval: 4h
                  matchers: ["path=~\"a\\\\.b\"", "severity=\"page\""]
                  continue: true
                -
                  receiver: "ops"
                  group_by: ["app", "environment"]
                  group_wait: 10s
                  group_interval: 30s
                  repeat_interval: 4h
                  matchers: ["app=\"a \\\"b\\\"\""]
                  mute_time_intervals: ["nights"]
                  active_time_intervals: ["days"]
            receivers:
              - name: "ops"
                webhook_configs:
                  - send_resolved: true
                    url: "https://masked.invalid/"
              - name: "mails"
                email_configs:
                  - send_resolved: false
                    to: "a@example.com, b@example.com"
                    auth_password: "<secret>"
            inhibit_rules:
              - source_matchers: ["a=\"b\""]
                target_matchers: ["c=\"d\"", "e!=\"f\""]
                equal: ["app"]
            time_intervals:
              - name: "nights"
                time_intervals:
                  - { times: [{ start_time: "22:00", end_time: "24:00" }, { start_time: "00:00", end_time: "06:05" }], location: "Europe/Berlin" }
              - name: "days"
                time_intervals:
                  - { weekdays: ["monday:friday", "sunday:sunday"], days_of_month: ["-3:-1"], months: ["5:5"], years: ["2026:2028"] }
                  - {}

            """,
            RoutingExport.Of(Words.PlanOf(File), PlayedChannel.Kinds)
        );

    [Fact]
    public void Is_read_again_as_the_same()
    {
        var once = RoutingExport.Of(Words.PlanOf(File), PlayedChannel.Kinds);

        Assert.Equal(once, RoutingExport.Of(Words.PlanOf(once), PlayedChannel.Kinds));
    }

    [Fact]
    public void Where_nobody_is_told_there_is_a_file_too() =>
        Assert.Equal("nobody", Words.PlanOf(RoutingExport.Of(RoutingPlan.Empty, PlayedChannel.Kinds)).Root.Receiver);
}
