using System.Text.Json.Nodes;
using Fairlead.Engine.Reporting;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;

namespace Fairlead.Tests.Reporting;

public sealed class DeliveryReportTests
{
    private static readonly Site Shop = new("shop", "production");
    private static readonly DateTimeOffset Day = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Deployments_are_read_out_of_the_journal_with_their_lines()
    {
        JournalEntry[] journal =
        [
            Line(1, 0, "requested", "Release 1 was asked for, by owner", "d1"),
            Line(2, 1, "began", "shop@1 begins", "d1"),
            Line(3, 4, "ended", "shop@1 is live", "d1"),
            Line(4, 9, "requested", "Release 2 was asked for, by owner", "d2"),
            Line(5, 12, "ended", "shop@2 was rolled back: web@2 does harm. It failed.", "d2"),
            Line(6, 20, "requested", "A rollback to release 1 was asked for, by ana (p1)", "d3"),
            Line(7, 21, "ended", "shop@1 is live", "d3"),
            Line(8, 30, "requested", "Release 3 was asked for", "d4"),
        ];
        Assert.Equal(
            [
                "d1 release 1 is live True False 1,3",
                "d2 release 2 was rolled back False False 4,5",
                "d3 release 1 is live True True 6,7",
            ],
            DeliveryEvents
                .Deployments(journal)
                .Select(one =>
                    $"{one.Id} release {one.Release} {one.Ending} {one.IsLive} {one.IsRollback} {string.Join(',', one.Lines)}"
                )
        );
    }

    [Fact]
    public void Incidents_begin_with_their_first_symptom_and_are_over_when_they_last_stopped_hurting()
    {
        JournalEntry[] journal =
        [
            Incident(1, at: 10, said: 12, "open"),
            Incident(2, at: 12, said: 12, "open", "d9"),
            Incident(3, at: 20, said: 20, "mitigated"),
            Incident(4, at: 25, said: 25, "open"),
            Incident(5, at: 40, said: 40, "mitigated"),
            Incident(6, at: 41, said: 41, "resolved"),
        ];
        var span = Assert.Single(DeliveryEvents.Incidents(journal));
        Assert.Equal(
            (Day.AddMinutes(10), Day.AddMinutes(12), Day.AddMinutes(40), "d9"),
            (span.StartedAt, span.DetectedAt, span.RestoredAt, span.Deployment)
        );
        Assert.Equal([1, 2, 3, 4, 5, 6], span.Lines);
    }

    [Fact]
    public void The_four_keys_are_what_one_reckons_by_hand()
    {
        // Ten days. Four releases went live, after 2, 4, 6 and 60 minutes; the second was taken back, the third by an incident.
        DeploymentEvent[] deployments =
        [
            Live("a", 1, asked: 0, ended: 2),
            Live("b", 2, asked: 100, ended: 104),
            Live("c", 1, asked: 150, ended: 151) with
            {
                IsRollback = true,
            },
            Live("d", 3, asked: 200, ended: 206),
            Live("e", 1, asked: 210, ended: 211) with
            {
                IsRollback = true,
            },
            Live("f", 4, asked: 300, ended: 360),
            Live("g", 5, asked: 400, ended: 401) with
            {
                IsLive = false,
                Ending = "was rolled back",
            },
            Live("h", 6, asked: 500, ended: 501) with
            {
                IsLive = false,
                Ending = "was superseded",
            },
        ];
        IncidentSpan[] incidents =
        [
            new(1, Shop, Day.AddMinutes(207), Day.AddMinutes(207.5), Day.AddMinutes(211), "e", [50, 60]),
            new(2, Shop, Day.AddMinutes(600), Day.AddMinutes(600.5), Day.AddMinutes(640), null, [70, 80]),
            new(3, Shop, Day.AddMinutes(700), Day.AddMinutes(702), null, null, [90]),
        ];
        var numbers = DeliveryReport.Of(deployments, incidents, Day, Day.AddDays(10));
        Assert.Equal(
            [
                "deployment frequency: 0.4 per day, high",
                "lead time: 5 minutes, elite",
                "change failure rate: 50 %, low",
                "time to restore: 22 minutes, elite",
                "deployment success rate: 85.71 %, -",
                "time to detect: 30 seconds, -",
            ],
            numbers.Select(one => FormattableString.Invariant($"{one.Name}: {one.Value} {one.Unit}, {one.Band ?? "-"}"))
        );
        Assert.Equal(
            [
                "shop/production release 2 was taken back by c (#1510) (deployment b, #1000 to #1040)",
                "shop/production release 3 ended in incident 1 (#50) (deployment d, #2000 to #2060)",
            ],
            numbers[2].Evidence
        );
    }

    [Fact]
    public void Lead_time_begins_with_the_commit_where_it_is_known_and_says_so()
    {
        DeploymentEvent[] deployments =
        [
            Live("a", 1, asked: 100, ended: 110) with
            {
                CommittedAt = Day.AddMinutes(10),
            },
            Live("b", 2, asked: 200, ended: 220),
            // A clock that is ahead makes nothing shorter than it was.
            Live("c", 3, asked: 300, ended: 330) with
            {
                CommittedAt = Day.AddMinutes(329),
            },
        ];
        var lead = DeliveryReport.Of(deployments, [], Day, Day.AddDays(1))[1];
        Assert.Equal(30, lead.Value);
        Assert.Equal(
            "The median until a release was live: of 2 from when the newest commit was made, of 1 that came from no git source from when they were asked for.",
            lead.How
        );
        Assert.Equal(
            [
                "shop/production release 1 took 100 minutes from its commit (deployment a, #1000 to #1100)",
                "shop/production release 2 took 20 minutes from when it was asked for (deployment b, #2000 to #2200)",
                "shop/production release 3 took 30 minutes from its commit (deployment c, #3000 to #3300)",
            ],
            lead.Evidence
        );
    }

    [Fact]
    public void Each_service_has_its_own_times_to_detect_and_to_restore()
    {
        IncidentSpan[] incidents =
        [
            new(1, Shop, Day, Day.AddSeconds(10), Day.AddMinutes(10), null, [1]) { Services = ["web", "api"] },
            new(2, Shop, Day, Day.AddSeconds(20), null, null, [2]) { Services = ["web"], IsSecurity = true },
            new(3, Shop, Day, Day.AddSeconds(30), Day.AddMinutes(30), null, [3]) { Services = ["web"] },
        ];
        Assert.Equal(
            ["web, 3, 1, 20 s, 20 min, 1", "api, 1, 0, 10 s, 10 min, 0"],
            DeliveryReport
                .Response("By service", "Service", incidents, static one => one.Services)
                .Table!.Rows.Select(static row => string.Join(", ", row))
        );
    }

    [Fact]
    public void Services_security_and_commits_are_read_out_of_the_journal()
    {
        var incident = Incident(1, at: 10, said: 12, "open");
        incident.Body!["services"] = new JsonArray("web");
        incident.Body["security"] = true;
        var span = Assert.Single(DeliveryEvents.Incidents([incident, Incident(2, at: 20, said: 20, "mitigated")]));
        Assert.Equal(["web"], span.Services);
        Assert.True(span.IsSecurity);
        var asked = Line(1, 5, "requested", "Release 1 was asked for", "d1") with
        {
            Body = new JsonObject { ["committedAt"] = Day },
        };
        Assert.Equal(
            Day,
            Assert.Single(DeliveryEvents.Deployments([asked, Line(2, 6, "ended", "shop@1 is live", "d1")])).CommittedAt
        );
    }

    [Fact]
    public void What_is_not_known_is_unknown_and_never_nothing()
    {
        var numbers = DeliveryReport.Of([], [], Day, Day.AddDays(30));
        Assert.Equal([0.0, null, null, null, null, null], numbers.Select(static one => one.Value));
        Assert.All(numbers, static one => Assert.Null(one.Band));
    }

    [Fact]
    public void A_page_breaks_by_nothing_that_others_named()
    {
        ReportNumber[] numbers = [new("a \"<b>", 1.5, "%", null, "how, and \"why\"", ["<script>"])];
        Assert.Equal(
            "who\r\n\"'=1+1\"\r\n",
            ReportPage.Csv(
                new ReportTable(
                    [new("who")],
                    [
                        ["=1+1"],
                    ]
                )
            )
        );
        Assert.Equal(
            "name,value,unit,band,how\r\n\"a \"\"<b>\",\"1.5\",\"%\",\"\",\"how, and \"\"why\"\"\"\r\n",
            ReportPage.Csv(numbers)
        );
        Assert.DoesNotContain(
            "<script>",
            ReportPage.Html(ReportPage.Document("t", numbers, explains: true)),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "<li>&lt;script&gt;</li>",
            ReportPage.Html(ReportPage.Document("t", numbers, explains: true)),
            StringComparison.Ordinal
        );
    }

    private static DeploymentEvent Live(string id, int release, int asked, int ended) =>
        new(
            id,
            Shop,
            Day.AddMinutes(asked),
            Day.AddMinutes(ended),
            release,
            IsRollback: false,
            IsLive: true,
            "is live",
            [asked * 10, ended * 10]
        );

    private static JournalEntry Incident(long line, int at, int said, string state, string? deployment = null) =>
        new(
            line,
            Day.AddMinutes(said),
            Shop,
            deployment,
            "incident",
            "incident 1: something",
            new JsonObject
            {
                ["incident"] = 1,
                ["at"] = Day.AddMinutes(at),
                ["state"] = state,
            },
            ""
        );

    private static JournalEntry Line(long line, int minute, string kind, string text, string deployment) =>
        new(line, Day.AddMinutes(minute), Shop, deployment, kind, text, Body: null, "");
}
