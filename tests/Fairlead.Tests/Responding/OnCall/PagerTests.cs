using Fairlead.Engine.Deploying;
using Fairlead.Engine.Responding.Alerts;
using Fairlead.Engine.Responding.Incidents;
using Fairlead.Engine.Responding.OnCall;
using Fairlead.Engine.Responding.Routing;
using Fairlead.Engine.Responding.Telling;
using Fairlead.Model.Apps;
using Fairlead.Model.Incidents;
using Fairlead.Model.Ports;
using Fairlead.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Responding.OnCall;

/// <summary>Waking people until somebody answers.</summary>
public sealed class PagerTests
{
    private const string File = """
        route:
          receiver: ops
          routes: [{ matchers: [severity="page"], receiver: pager }]
        receivers: [{ name: ops }, { name: pager, escalation: shop }]
        people:
          ana: { email_configs: [{ to: ana@example.com }], webhook_configs: [{ url: 'https://ana' }] }
          ben: { email_configs: [{ to: ben@example.com }] }
        schedules:
          nobody: { rotations: [{ start: 2099-01-01, people: [ana] }] }
        escalations:
          shop:
            repeat: 1
            levels: [{ notify: ana, timeout: 5m }, { notify: nobody, timeout: 1m }, { notify: [ben, ana], timeout: 10m }]
        """;

    private readonly FakeTimeProvider clock = new(Words.Noon);
    private readonly World world;
    private readonly WritingStore store;
    private readonly RoutingBook routing;
    private readonly IncidentBook incidents;
    private Pager pager;

    public PagerTests()
    {
        world = new(clock, new Random(1));
        store = new(world);
        routing = new(
            (store, () => new Fence(0)),
            _ => Task.FromResult<ISeal>(new PlainSeal("key")),
            PlayedChannel.Kinds,
            NullLogger.Instance
        );
        incidents = new(store, () => new Fence(0));
        pager = Started();
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Level_by_level_people_are_told_by_all_their_channels_until_nobody_is_left()
    {
        await BeginAsync("severity=page");

        Assert.Equal(Words.At(300), await pager.TurnAsync(Stop));
        Assert.Equal(["person:ana email level 1", "person:ana webhook level 1"], Told());
        Assert.Equal(Words.At(300), await TurnAsync(299));
        Assert.Equal(Words.At(360), await TurnAsync(300));
        Assert.Equal(2, Told().Count);
        Assert.Equal(Words.At(960), await TurnAsync(360));
        Assert.Equal(Words.At(1260), await TurnAsync(960));
        Assert.Equal(Words.At(1320), await TurnAsync(1260));
        Assert.Null(await TurnAsync(1320));
        Assert.Null(await TurnAsync(9999));
        Assert.Equal(
            [
                "person:ana email level 1",
                "person:ana email level 1, round 2",
                "person:ana email level 3",
                "person:ana email level 3, round 2",
                "person:ana webhook level 1",
                "person:ana webhook level 1, round 2",
                "person:ana webhook level 3",
                "person:ana webhook level 3, round 2",
                "person:ben email level 3",
                "person:ben email level 3, round 2",
            ],
            Told()
        );
        Assert.Equal(
            [
                "Level 1 of shop was told: ana.",
                "Level 2 of shop was told: nobody, for nobody is on call.",
                "Level 3 of shop was told: ben, ana.",
                "Level 1 of shop was told: ana.",
                "Level 2 of shop was told: nobody, for nobody is on call.",
                "Level 3 of shop was told: ben, ana.",
            ],
            (await incidents.FindAsync(1, Stop)).Timeline.Select(one => one.Text)
        );
        Assert.Empty(store.All(Pager.Collection));
    }

    [Fact]
    public async Task Whoever_answers_ends_it()
    {
        var incident = await BeginAsync("severity=page");
        await pager.TurnAsync(Stop);
        await incidents.ChangeAsync(incident, now => now with { AcknowledgedAt = world.Now }, Stop);

        Assert.Null(await TurnAsync(300));
        Assert.Equal(2, Told().Count);
        Assert.Empty(store.All(Pager.Collection));
    }

    [Fact]
    public async Task The_end_of_the_incident_ends_it()
    {
        var incident = await BeginAsync("severity=page");
        await pager.EndAsync(incident, Stop);

        Assert.Null(await pager.TurnAsync(Stop));
        Assert.Empty(Told());
    }

    [Fact]
    public async Task A_restart_goes_on_with_the_level_that_is_due()
    {
        await BeginAsync("severity=page");
        await pager.TurnAsync(Stop);
        pager = Started();

        Assert.Equal(Words.At(300), await TurnAsync(10));
        Assert.Equal(2, Told().Count);
    }

    [Fact]
    public async Task Nobody_is_woken_where_no_receiver_says_so_and_nobody_twice_for_one_incident()
    {
        await BeginAsync("severity=ticket");
        Assert.Null(await pager.TurnAsync(Stop));
        var incident = await BeginAsync("severity=page");
        await pager.TurnAsync(Stop);
        await pager.BeginAsync(incident, Words.Fires("Other", "severity=page"), Stop);

        Assert.Equal(Words.At(300), await TurnAsync(10));
        Assert.Equal(2, Told().Count);
    }

    [Fact]
    public async Task An_escalation_that_is_no_longer_there_is_forgotten()
    {
        await BeginAsync("severity=page");
        await routing.SetAsync("a.yaml", "route: { receiver: ops }\nreceivers: [{ name: ops }]", "ana", Stop);

        Assert.Null(await pager.TurnAsync(Stop));
        Assert.Empty(store.All(Pager.Collection));
    }

    private async Task<Incident> BeginAsync(string labels)
    {
        if (routing.Plan == RoutingPlan.Empty)
        {
            await routing.SetAsync("a.yaml", File, "ana", Stop);
        }
        var incident = await incidents.OpenAsync(
            number =>
                new()
                {
                    Number = number,
                    Site = new Site("shop", "production"),
                    Title = "All is wrong",
                    StartedAt = world.Now,
                    DetectedAt = world.Now,
                    OpenedBy = IncidentTurn.Self,
                },
            Stop
        );
        await pager.BeginAsync(incident, Words.Fires("Wrong", labels), Stop);
        return incident;
    }

    private async Task<DateTimeOffset?> TurnAsync(double second)
    {
        clock.SetUtcNow(Words.At(second));
        return await pager.TurnAsync(Stop);
    }

    private Pager Started()
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
        return new(routing, incidents, to, () => announcer, world);
    }

    private IReadOnlyList<string> Told() =>
        [
            .. store
                .All(Delivery.Collection)
                .Select(Records.Read<Delivery>)
                .Select(one =>
                    $"{one.Receiver} {one.Kind} {one.Notification.Title[(one.Notification.Title.IndexOf('(') + 1)..^1]}"
                )
                .Order(StringComparer.Ordinal),
        ];
}
