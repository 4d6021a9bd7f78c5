using Fairlead.Engine.Deploying;
using Fairlead.Engine.Responding.Alerts;
using Fairlead.Engine.Responding.Incidents;
using Fairlead.Engine.Responding.Routing;
using Fairlead.Engine.Responding.Telling;
using Fairlead.Model.Apps;
using Fairlead.Model.Incidents;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Responding.Incidents;

/// <summary>Reminding people of updates and follow-ups that they promised, once each.</summary>
public sealed class RemindersTests
{
    private const string File = """
        route: { receiver: ops }
        receivers: [{ name: ops, escalation: shop, webhook_configs: [{ url: 'https://a' }] }]
        people:
          ana: { email_configs: [{ to: ana@example.com }] }
          ben: { email_configs: [{ to: ben@example.com }] }
        schedules: { primary: { rotations: [{ start: 2026-11-01, people: [ben] }] } }
        escalations: { shop: { levels: [{ notify: primary }] } }
        incidents: { updates: { major: 30m }, time_zone: Europe/Berlin, remind_at: "09:00" }
        """;

    private readonly FakeTimeProvider clock = new(Words.Noon);
    private readonly World world;
    private readonly WritingStore store;
    private readonly RoutingBook routing;
    private readonly IncidentBook book;
    private Reminders reminders;

    public RemindersTests()
    {
        world = new(clock, new Random(1));
        store = new(world);
        routing = new(
            (store, () => new Fence(0)),
            _ => Task.FromResult<ISeal>(new PlainSeal("key")),
            PlayedChannel.Kinds,
            NullLogger.Instance
        );
        book = new(store, () => new Fence(0));
        reminders = Started();
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_leads_is_reminded_of_an_update_once_for_each_time_at_which_one_was_due()
    {
        var incident = await OpenAsync(one => one with { Commander = "ana (p1)" });
        await AtAsync(Words.At(1799));
        Assert.Empty(Told());
        await AtAsync(Words.At(1800));
        reminders = Started();
        await AtAsync(Words.At(1900));
        await AtAsync(Words.At(9000));
        Assert.Equal(["person:ana email Incident 1: an update was due at 2026-11-28 12:30 UTC: All is wrong"], Told());
        await book.ChangeAsync(
            incident,
            now => now.Told(StatusStage.Identified, "Soon.", world.Now) with { NextUpdateAt = Words.At(9300) },
            Stop
        );
        await AtAsync(Words.At(9299));
        Assert.Single(Told());
        await AtAsync(Words.At(9300));
        await AtAsync(Words.At(9400));
        Assert.Equal(2, Told().Count);
        Assert.Equal(
            [
                "An update was due at 2026-11-28 12:30 UTC; ana was reminded.",
                "An update was due at 2026-11-28 14:35 UTC; ana was reminded.",
            ],
            (await book.FindAsync(1, Stop)).Timeline.Select(static one => one.Text)
        );
    }

    [Fact]
    public async Task Who_is_on_call_is_reminded_where_nobody_leads_and_nobody_once_it_is_over()
    {
        var incident = await OpenAsync(static one => one);
        await AtAsync(Words.At(1800));
        Assert.Equal(["person:ben email Incident 1: an update was due at 2026-11-28 12:30 UTC: All is wrong"], Told());
        await book.ChangeAsync(
            incident,
            now => now with { State = IncidentState.Resolved, NextUpdateAt = Words.At(2000) },
            Stop
        );
        await AtAsync(Words.At(3000));
        Assert.Single(Told());
    }

    [Fact]
    public void What_is_about_no_app_or_was_told_to_nobody_is_due_as_long_after_it_was_noticed()
    {
        var incident = new Incident
        {
            Number = 1,
            Title = "The disk is full",
            Severity = Severity.Critical,
            StartedAt = Words.At(-100),
            DetectedAt = Words.Noon,
            OpenedBy = "ana",
        };
        Assert.Equal(Words.At(1800), IncidentSettings.Usual.UpdateDueAt(incident));
        Assert.Equal(
            Words.At(7200),
            IncidentSettings.Usual.UpdateDueAt(incident with { NextUpdateAt = Words.At(7200) })
        );
        Assert.Null(IncidentSettings.Usual.UpdateDueAt(incident with { State = IncidentState.Resolved }));
    }

    [Fact]
    public async Task A_follow_up_is_reminded_of_the_day_before_on_the_day_and_each_week_after_from_nine_by_the_clock()
    {
        await FollowUpAsync(new FollowUp(1, "Test it", "ana", new(2026, 12, 10), IsDone: false));
        string[] moments =
        [
            "2026-12-08T20:00", // Still two days before.
            "2026-12-09T07:59",
            "2026-12-09T08:00", // Nine o'clock in Berlin.
            "2026-12-09T20:00",
            "2026-12-10T08:00",
            "2026-12-10T12:00",
            "2026-12-16T12:00",
            "2026-12-17T08:00",
            "2026-12-23T08:00",
            "2027-01-02T12:00", // Of two that were missed only the last is given.
        ];
        foreach (var moment in moments)
        {
            reminders = Started();
            await AtAsync(Words.Utc(moment));
        }
        Assert.Equal(
            [
                "person:ana email Follow-up 1 of incident 1 is due today: Test it",
                "person:ana email Follow-up 1 of incident 1 is due tomorrow: Test it",
                "person:ana email Follow-up 1 of incident 1 was due 2026-12-10, 21 days ago: Test it",
                "person:ana email Follow-up 1 of incident 1 was due 2026-12-10, 7 days ago: Test it",
            ],
            Told()
        );
    }

    [Fact]
    public async Task Nobody_is_reminded_of_what_is_done_or_has_no_day_and_receivers_are_where_nobody_is_known()
    {
        await FollowUpAsync(
            new FollowUp(1, "Done", "ana", new(2026, 11, 28), IsDone: true),
            new FollowUp(2, "Some day", "ana", null, IsDone: false),
            new FollowUp(3, "Ours", null, new(2026, 11, 28), IsDone: false),
            new FollowUp(4, "Theirs", "eve", new(2026, 11, 28), IsDone: false)
        );
        await AtAsync(Words.Noon);
        await AtAsync(Words.At(60));
        Assert.Equal(
            [
                "ops webhook Follow-up 3 of incident 1 is due today: Ours",
                "ops webhook Follow-up 4 of incident 1 is due today: Theirs",
            ],
            Told()
        );
    }

    [Theory]
    [InlineData("updates: { major: 1m }", "'major' of updates cannot be used.")]
    [InlineData("updates: { huge: 10m }", "'huge' is no key here.")]
    [InlineData("remind_at: noon", "'remind_at' cannot be read.")]
    [InlineData("templates: { a: { state: fixed, text: b } }", "There is no state 'fixed'.")]
    [InlineData("templates: { identified: { text: 'In {servces}' } }", "There is no blank 'servces'.")]
    [InlineData("templates: { identified: { text: '' } }", "The template 'identified' has no text.")]
    public void What_cannot_be_used_is_refused(string written, string what)
    {
        var caught = Assert.Throws<ProblemException>(() =>
            Words.PlanOf($"route: {{ receiver: ops }}\nreceivers: [{{ name: ops }}]\nincidents: {{ {written} }}")
        );
        Assert.Contains(what, caught.Problems.Select(static one => one.What));
    }

    [Fact]
    public void A_template_says_what_everybody_may_know()
    {
        var incident = new Incident
        {
            Number = 7,
            Site = new Site("shop", "production"),
            Title = "secret",
            Services = ["web", "api"],
            StartedAt = Words.Noon,
            DetectedAt = Words.Noon,
            OpenedBy = "ana",
        };
        Assert.Equal(
            "7 shop production web, api major 2026-11-28 12:00 UTC 5 minutes {title}",
            UpdateTemplate.Fill(
                "{incident} {app} {environment} {services} {severity} {began} {lasted} {title}",
                incident,
                Words.At(290)
            )
        );
        Assert.Equal(["title"], UpdateTemplate.UnknownIn("{title} {app} {title} { app }"));
    }

    private async Task<Incident> OpenAsync(Func<Incident, Incident> with) =>
        await book.OpenAsync(
            number =>
                with(
                    new Incident
                    {
                        Number = number,
                        Site = new Site("shop", "production"),
                        Title = "All is wrong",
                        StartedAt = world.Now,
                        DetectedAt = world.Now,
                        OpenedBy = IncidentTurn.Self,
                    }.Told(StatusStage.Investigating, "We look.", world.Now)
                ),
            Stop
        );

    private Task<Incident> FollowUpAsync(params FollowUp[] all) =>
        OpenAsync(one => one with { State = IncidentState.Resolved, FollowUps = all });

    private async Task AtAsync(DateTimeOffset moment)
    {
        if (routing.Plan == RoutingPlan.Empty)
        {
            await routing.SetAsync("a.yaml", File, "ana", Stop);
        }
        clock.SetUtcNow(moment);
        await reminders.TurnAsync(Stop);
    }

    private Reminders Started()
    {
        var to = (store, (Func<Fence>)(() => new Fence(0)));
        var desk = new RuleDesk(
            (new MetricsInMemory(), store),
            to.Item2,
            static _ => Task.FromResult<IReadOnlyList<WatchedGroup>>([]),
            world,
            NullLogger.Instance
        );
        var alerts = new AlertView(desk, routing, world, static () => []);
        var courier = new Courier(routing, to, world, NullLogger.Instance);
        var links = new AnswerLinks(
            _ => Task.FromResult<ISeal>(new PlainSeal("key")),
            static () => "https://fairlead.example.com",
            world
        );
        var announcer = new Announcer(routing, courier, alerts, to, (world, "https://fairlead.example.com", links));
        return new(routing, book, (courier, () => announcer), (world, NullLogger.Instance));
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
