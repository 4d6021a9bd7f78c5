using Fairlead.Engine.Operations;
using Fairlead.Engine.Reporting;
using Fairlead.Engine.Responding.Incidents;
using Fairlead.Engine.Responding.Objectives;
using Fairlead.Engine.Responding.Routing;
using Fairlead.Engine.Watching.Rules;
using Fairlead.Model.Incidents;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;
using Fairlead.Tests.Responding;

namespace Fairlead.Tests.Fuzzing;

/// <summary>Readers of who is told of what, and writers of what anybody said.</summary>
internal static partial class OutsideReaders
{
    private const string RoutingSeed = """
        global: { smtp_auth_password: x }
        route:
          receiver: ops
          group_by: ['...']
          group_wait: 30s
          routes:
            - { matchers: ['{severity="page",service=~"a|b"}'], receiver: ops, continue: true, mute_time_intervals: [t] }
            - { match: { a: b }, match_re: { c: 'd.*' }, active_time_intervals: [t] }
        inhibit_rules: [{ source_matchers: [a=b], target_match_re: { c: d }, equal: [app] }]
        receivers: [{ name: ops, webhook_configs: [{ url: 'https://a', send_resolved: false }], fallback: m, escalation: e }, { name: m }]
        time_intervals:
          - { name: t, time_intervals: [{ times: [{ start_time: '09:00', end_time: '24:00' }], weekdays: ['monday:friday'], days_of_month: ['-3:-1'], months: [may], years: ['2026'], location: Europe/Berlin }] }
        people: { ana: { email_configs: [{ to: [a, b] }] } }
        schedules: { s: { time_zone: Asia/Tokyo, rotations: [{ start: 2026-11-02T09:00, shift: 12h, people: ana, only: t }], overrides: [{ person: ana, from: 2026-12-01, until: 2026-12-02 }] } }
        escalations: { e: { repeat: 1, levels: [{ notify: [s, ana], timeout: 5m }] } }
        heartbeat: { url: 'https://b', every: 1m }
        reports: [{ report: sla, every: month, to: ops, time_zone: Asia/Tokyo }, { report: dora, every: week, to: ana, team: t }]
        incidents: { updates: { major: 1h }, time_zone: Asia/Tokyo, remind_at: '09:00', templates: { a: { state: identified, text: 'In {services}' } } }
        """;

    private static IEnumerable<OutsideReader> Responding()
    {
        yield return OutsideReader.OfText("who is told of what", ReadRouting, RoutingSeed).Refuses<ProblemException>();
        yield return OutsideReader.OfText("goals of OpenSLO", ReadObjectives, Objectives).Refuses<ProblemException>();
        yield return OutsideReader.OfText(
            "matchers of alerts",
            static text =>
            {
                if (Matching.TryRead(text, out _) is not { } matchers)
                {
                    return;
                }
                matchers.Fits(Labels.Of([new("a", text)]));
                // What was read is written so that it is read again as the same.
                if (Matching.TryRead(Matching.Write(matchers), out var fault)?.SequenceEqual(matchers) != true)
                {
                    throw new InvalidOperationException($"{Matching.Write(matchers)}: {fault}");
                }
            },
            "{a=\"b\\\\\\\"\\n\",c=~\"d|e\",f!~g,h!=i}",
            "a=~\"v1\\.2\""
        );
        yield return OutsideReader
            .OfText(
                "texts of rules and incidents that are written into files",
                static text =>
                {
                    RuleFile.Read(
                        "x",
                        RuleFileWriter.Write([
                            new("g", "x", null, [new("a", "up") { Annotations = [new("b", text)], IsAlerting = true }]),
                        ])
                    );
                    _ = UpdateTemplate.UnknownIn(text);
                    // Whatever was said, a picture is XML.
                    _ = System.Xml.Linq.XDocument.Parse(
                        GraphSvg.Of(
                            new("a", text, text, [new(Now, 1), new(Now.AddHours(1), 2)], [new(Now, text)])
                            {
                                Sentence = text,
                            }
                        )
                    );
                    PostMortem.Of(
                        new Incident
                        {
                            Number = 1,
                            Title = text,
                            StartedAt = Now,
                            DetectedAt = Now,
                            OpenedBy = text,
                            Timeline = [new(Now, "note", text, text)],
                        },
                        Now
                    );
                },
                "a | b\n# <x> [y](z) \"'\\"
            )
            .Refuses<ProblemException>();
    }

    private static void ReadRouting(string text)
    {
        var plan = AlertingFile.Read("a.yaml", text, PlayedChannel.Kinds);
        foreach (var moment in new[] { Now, DateTimeOffset.UnixEpoch })
        {
            _ = plan.Root.All.Count(route => plan.IsMuted(route, moment));
            _ = plan.Roster.Schedules.Values.Select(one => one.At(moment)).ToList();
        }
        _ = plan.Root.For(Labels.Of([new("severity", "page")]));
        foreach (var order in plan.Reports)
        {
            _ = order.LastAt(Now);
        }
        // What is exported is read again.
        _ = AlertingFile.Read("b.yaml", RoutingExport.Of(plan, PlayedChannel.Kinds), PlayedChannel.Kinds);
    }

    private static void ReadObjectives(string text)
    {
        var (objectives, _) = OpenSloReader.Read("slo.yaml", text);
        // What is made of it is read as rules of others are.
        RuleFile.Read("x", RuleFileWriter.Write(ImportObjectives.Rules(objectives).Groups));
    }

    private const string Objectives = """
        apiVersion: openslo/v1
        kind: SLO
        metadata: { name: orders }
        spec:
          service: shop
          budgetingMethod: Occurrences
          timeWindow: [{ duration: 4w, isRolling: true }]
          indicator:
            metadata: { name: orders }
            spec:
              ratioMetric:
                counter: true
                good: { metricSource: { type: Prometheus, spec: { query: 'sum(rate(ok_total{a="b"}[5m]))' } } }
                total: { metricSource: { type: Prometheus, spec: { query: 'all_total' } } }
          objectives: [{ target: 0.99 }, { targetPercent: 99.9 }]
          alertPolicies:
            - metadata: { name: a }
              spec:
                alertWhenBreaching: true
                conditions: [{ spec: { severity: page, condition: { threshold: 2, lookbackWindow: 1h, alertAfter: 5m } } }]
        """;
}
