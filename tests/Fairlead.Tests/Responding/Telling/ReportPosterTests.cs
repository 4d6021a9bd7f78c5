using Fairlead.Engine.Deploying;
using Fairlead.Engine.Reporting;
using Fairlead.Engine.Responding.Routing;
using Fairlead.Engine.Responding.Telling;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Responding.Telling;

/// <summary>Sending reports when their month or week is over, once.</summary>
public sealed class ReportPosterTests
{
    private const string File = """
        route: { receiver: ops }
        receivers: [{ name: ops, webhook_configs: [{ url: 'https://a' }] }, { name: mute }]
        people: { ana: { email_configs: [{ to: ana@example.com }] } }
        reports:
          - { report: sla, every: month, to: ops, app: shop }
          - { report: dora, every: week, to: ana, time_zone: Europe/Berlin }
        """;

    private readonly FakeTimeProvider clock = new(Words.Noon);
    private readonly World world;
    private readonly WritingStore store;
    private readonly RoutingBook routing;
    private Func<ReportOrder, ReportSpan, Task<ReportDocument>> make;
    private ReportPoster poster;

    public ReportPosterTests()
    {
        world = new(clock, new Random(1));
        store = new(world);
        routing = new(
            (store, () => new Fence(0)),
            _ => Task.FromResult<ISeal>(new PlainSeal("key")),
            PlayedChannel.Kinds,
            NullLogger.Instance
        );
        make = static (order, span) =>
            Task.FromResult(
                new ReportDocument($"{order.Report} {span.Name}", "All is well.", []) { Brief = [$"{span.From:u}"] }
            );
        poster = Started();
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_period_is_sent_once_when_it_is_over_and_none_that_was_over_before_anybody_asked()
    {
        await SetAsync(File);
        await AtAsync("2026-11-28T12:00");
        Assert.Empty(Told());
        await AtAsync("2026-11-29T23:14"); // The week ends at midnight in Berlin, an hour before UTC's.
        Assert.Empty(Told());
        await AtAsync("2026-11-29T23:15");
        await AtAsync("2026-11-29T23:20");
        poster = Started();
        await AtAsync("2026-12-01T00:14");
        Assert.Equal(["person:ana email dora 2026-W48: All is well."], Told());
        await AtAsync("2026-12-01T00:15");
        poster = Started();
        await AtAsync("2026-12-01T00:16");
        Assert.Equal(["ops webhook sla 2026-11: All is well.", "person:ana email dora 2026-W48: All is well."], Told());
        Assert.Equal(
            ["dora 2026-W48: All is well. Sent to person:ana.", "sla 2026-11: All is well. Sent to ops."],
            store.JournalTexts.Where(static one => one.Contains("All is well", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task What_was_missed_while_nothing_ran_is_sent_but_no_more_than_three()
    {
        await SetAsync(File);
        await AtAsync("2026-11-28T12:00");
        await AtAsync("2027-05-02T12:00");
        Assert.Equal(
            [
                "ops webhook sla 2027-02: All is well.",
                "ops webhook sla 2027-03: All is well.",
                "ops webhook sla 2027-04: All is well.",
            ],
            Told().Where(static one => one.StartsWith("ops", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task A_report_that_cannot_be_made_is_tried_for_a_day_and_then_said_to_be_missing()
    {
        await SetAsync(File);
        await AtAsync("2026-11-28T12:00");
        make = static (_, _) =>
            throw new ProblemException(new Problem("report.no-team", "There is no team 'a'.", "It is gone.", "See."));
        await AtAsync("2026-12-01T00:15");
        await AtAsync("2026-12-01T23:00");
        Assert.Empty(Told());
        await AtAsync("2026-12-02T00:15");
        await AtAsync("2026-12-02T00:20");
        Assert.Empty(Told());
        Assert.Equal(
            ["The report sla of shop every month to ops of 2026-11 was not sent: There is no team 'a'. It is gone."],
            store.JournalTexts.Where(static one => one.Contains("sla of shop", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task An_order_that_is_gone_is_forgotten_and_whoever_has_no_channel_is_said_so()
    {
        await SetAsync(File.Replace("to: ops, app: shop", "to: mute", StringComparison.Ordinal));
        await AtAsync("2026-11-28T12:00");
        await AtAsync("2026-12-01T00:15");
        Assert.Contains("sla 2026-11: All is well. Nobody was told: mute has no channel.", store.JournalTexts);
        Assert.Equal(2, store.All(ReportPoster.Collection).Count());
        await SetAsync("route: { receiver: ops }\nreceivers: [{ name: ops }]");
        await AtAsync("2026-12-01T00:16");
        Assert.Empty(store.All(ReportPoster.Collection));
    }

    [Theory]
    [InlineData("{ report: slo, every: month, to: ops }", "'report' of a report cannot be used.")]
    [InlineData("{ report: sla, every: day, to: ops }", "'every' of a report cannot be used.")]
    [InlineData("{ report: sla, every: month, to: opps }", "There is no receiver or person 'opps'.")]
    [InlineData("{ report: sla, every: month }", "There is no receiver or person ''.")]
    [InlineData("{ report: sla, every: month, to: ops, app: a, team: b }", "A report names an app and a team.")]
    [InlineData(
        "{ report: sla, every: month, to: ops }, { report: sla, every: month, to: ops }",
        "A report is there twice."
    )]
    [InlineData("{ report: sla, every: month, to: ops, time_zone: Mars }", "There is no time zone 'Mars'.")]
    public void An_order_that_cannot_be_used_is_refused(string orders, string what)
    {
        var caught = Assert.Throws<ProblemException>(() =>
            Words.PlanOf($"route: {{ receiver: ops }}\nreceivers: [{{ name: ops }}]\nreports: [{orders}]")
        );
        Assert.Contains(what, caught.Problems.Select(static one => one.What));
    }

    [Fact]
    public void Weeks_and_months_are_by_the_clock_of_their_zone()
    {
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var month = new ReportOrder("sla", "month", "ops", berlin);
        Assert.Equal(
            new ReportSpan("2026-10", new(2026, 10, 1), Words.Utc("2026-09-30T22:00"), Words.Utc("2026-10-31T23:00")),
            month.LastAt(Words.Utc("2026-11-28T12:00"))
        );
        Assert.Equal(
            "2026-W53",
            new ReportOrder("sla", "week", "ops", berlin).LastAt(Words.Utc("2027-01-04T12:00")).Name
        );
    }

    private async Task AtAsync(string moment)
    {
        clock.SetUtcNow(Words.Utc(moment));
        await poster.TurnAsync(Stop);
    }

    private Task SetAsync(string file) => routing.SetAsync("a.yaml", file, "ana", Stop);

    private ReportPoster Started()
    {
        var to = (store, (Func<Fence>)(() => new Fence(0)));
        return new(
            routing,
            new Courier(routing, to, world, NullLogger.Instance),
            to,
            (order, span, _) => make(order, span),
            (world, NullLogger.Instance, "https://fairlead.example.com", static () => "https://fairlead.example.com")
        );
    }

    private IReadOnlyList<string> Told() =>
        [
            .. store
                .All(Delivery.Collection)
                .Select(Records.Read<Delivery>)
                .Select(static one => $"{one.Receiver} {one.Kind} {one.Notification.Title}")
                .Order(StringComparer.Ordinal),
        ];
}
