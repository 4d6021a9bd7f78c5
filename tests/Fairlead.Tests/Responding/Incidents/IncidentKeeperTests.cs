using Fairlead.Engine.Deploying;
using Fairlead.Engine.Operations;
using Fairlead.Engine.Responding.Alerts;
using Fairlead.Engine.Responding.Incidents;
using Fairlead.Engine.Responding.OnCall;
using Fairlead.Engine.Responding.Routing;
using Fairlead.Engine.Responding.Telling;
using Fairlead.Model.Alerting;
using Fairlead.Model.Apps;
using Fairlead.Model.Incidents;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using Fairlead.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Responding.Incidents;

/// <summary>Opening, following and closing incidents over a store, whoever is killed when.</summary>
public sealed class IncidentKeeperTests
{
    private const string File = """
        route: { receiver: ops }
        receivers: [{ name: ops, escalation: shop, webhook_configs: [{ url: 'https://a' }] }]
        people: { ana: { email_configs: [{ to: ana@example.com }] } }
        escalations: { shop: { levels: [{ notify: ana, timeout: 1h }] } }
        """;

    private static readonly Site Shop = new("shop", "production");

    private readonly FakeTimeProvider clock = new(Words.Noon);
    private readonly World world;
    private readonly WritingStore store;
    private IReadOnlyList<Alert> firing = [];
    private Pager? pager;

    public IncidentKeeperTests()
    {
        world = new(clock, new Random(1));
        store = new(world);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_incident_opens_for_each_site_and_takes_in_its_other_alerts()
    {
        await BeginAsync(RollbackPolicy.Never);
        firing = [Page("Slow", "web", since: -5), Page("ServiceErrors", "api", since: -9), Ticket("QueueGrows")];
        var keeper = await KeeperAsync(store);
        Assert.True(await keeper.TurnAsync(Stop));
        firing = [.. firing, Page("ServiceDown", "web", since: 1)];
        Assert.True(await keeper.TurnAsync(Stop));

        var incident = await OnlyAsync();
        Assert.Equal((1, "ServiceErrors is wrong", Shop), (incident.Number, incident.Title, incident.Site));
        Assert.Equal(["api", "web"], incident.Services);
        Assert.Equal(["ServiceErrors", "Slow", "ServiceDown"], incident.AlertNames);
        Assert.Equal(3, incident.Alerts.Count);
        Assert.Equal(Words.At(-9), incident.StartedAt);
    }

    [Fact]
    public async Task What_is_about_no_site_has_an_incident_for_each_name_of_an_alert()
    {
        await BeginAsync(RollbackPolicy.Never);
        firing = [Words.Fires("DiskFull", "severity=page host=a"), Words.Fires("DiskFull", "severity=page host=b")];
        var keeper = await KeeperAsync(store);
        await keeper.TurnAsync(Stop);
        firing =
        [
            .. firing,
            Words.Fires("CertificateEndsSoon", "severity=page"),
            Words.Fires("DiskFull", "severity=page host=c"),
        ];
        await keeper.TurnAsync(Stop);

        Assert.Equal(
            ["2 CertificateEndsSoon is wrong", "1 DiskFull is wrong"],
            (await AllAsync()).Select(static one => $"{one.Number} {one.Title}")
        );
        Assert.Equal([1, 3], (await AllAsync()).Select(static one => one.Alerts.Count));
    }

    [Fact]
    public async Task It_is_mitigated_when_nothing_fires_open_again_when_something_does_and_resolved_when_it_stays_calm()
    {
        await BeginAsync(RollbackPolicy.Never);
        var keeper = await KeeperAsync(store);
        await TurnAsync(keeper, 0, Page("ServiceErrors", "api", since: 0));
        await TurnAsync(keeper, 10);
        Assert.Equal(IncidentState.Mitigated, (await OnlyAsync()).State);
        await TurnAsync(keeper, 20, Page("ServiceErrors", "api", since: 0));
        Assert.Equal((IncidentState.Open, null), ((await OnlyAsync()).State, (await OnlyAsync()).MitigatedAt));
        await TurnAsync(keeper, 30);
        await TurnAsync(keeper, 44);
        Assert.Equal(IncidentState.Mitigated, (await OnlyAsync()).State);
        await TurnAsync(keeper, 45);
        Assert.Equal(IncidentState.Resolved, (await OnlyAsync()).State);
        await TurnAsync(keeper, 60, Page("ServiceErrors", "api", since: 60));
        Assert.Equal([2, 1], (await AllAsync()).Select(static one => one.Number));
        // The same words have the same id: that it is mitigated once more is the same notification.
        Assert.Equal(
            [
                "ops: Incident 1 is mitigated: ServiceErrors is wrong",
                "ops: Incident 1 is resolved: ServiceErrors is wrong",
            ],
            Told()
        );
    }

    [Fact]
    public async Task What_a_person_opened_or_opened_again_a_person_closes()
    {
        await BeginAsync(RollbackPolicy.Never);
        var keeper = await KeeperAsync(store);
        await TurnAsync(keeper, 0, Page("ServiceErrors", "api", since: 0));
        await TurnAsync(keeper, 10);
        await TurnAsync(keeper, 25);
        var book = new IncidentBook(store, () => new Fence(99));
        await book.ChangeAsync(
            await OnlyAsync(),
            static now =>
                now with
                {
                    State = IncidentState.Open,
                    MitigatedAt = null,
                    ResolvedAt = null,
                    OpenedBy = "ana",
                },
            Stop
        );
        await TurnAsync(keeper, 100);
        await TurnAsync(keeper, 1000);
        Assert.Equal(IncidentState.Open, (await OnlyAsync()).State);
    }

    [Fact]
    public async Task One_that_was_joined_to_another_is_not_opened_again_by_its_alerts_while_that_one_goes_on()
    {
        await BeginAsync(RollbackPolicy.Never);
        var keeper = await KeeperAsync(store);
        var book = new IncidentBook(store, () => new Fence(99));
        var alert = Page("ServiceErrors", "api", since: 0);
        await TurnAsync(keeper, 0, alert);
        var other = await book.OpenAsync(
            static number =>
                new()
                {
                    Number = number,
                    Site = Shop,
                    Title = "The same",
                    StartedAt = Words.Noon,
                    DetectedAt = Words.Noon,
                    OpenedBy = "ana",
                },
            Stop
        );
        await book.ChangeAsync(
            (await AllAsync())[^1],
            static now => now with { State = IncidentState.Resolved, MergedInto = 2 },
            Stop
        );
        await TurnAsync(keeper, 10, alert);
        Assert.Equal([2, 1], (await AllAsync()).Select(static one => one.Number));
        Assert.Contains(alert.Fingerprint, (await book.FindAsync(other.Number, Stop)).Alerts);
    }

    [Fact]
    public async Task The_change_that_hurts_is_suspected_first()
    {
        await BeginAsync(RollbackPolicy.Ask);
        await store.CommitAsync(
            new Change(new Fence(99))
            {
                Entries =
                [
                    new NewEntry(Shop, null, "secret", "the secret API_KEY was set"),
                    new NewEntry(Shop, null, "access", "ana may deploy"),
                    new NewEntry(Shop, null, "note", "no change at all"),
                ],
            },
            Stop
        );
        await TurnAsync(await KeeperAsync(store), 5, Page("ServiceErrors", "api", since: 1));
        var incident = await OnlyAsync();
        Assert.Equal(
            ["release 42 went live", "the secret API_KEY was set", "ana may deploy"],
            incident.Suspects.Select(static one => one.What)
        );
        Assert.Equal((RollbackState.Asked, 41), (incident.Rollback!.State, incident.Rollback.To));
        Assert.Contains(
            "ops: Incident 1: go back to release 41? release 42 went live; It brought a new version of api, 59 s before it began.",
            Told()
        );
    }

    [Fact]
    public async Task Each_notification_has_a_link_by_which_it_is_answered_until_it_is_over()
    {
        await BeginAsync(RollbackPolicy.Ask);
        var keeper = await KeeperAsync(store);
        await TurnAsync(keeper, 5, Page("ServiceErrors", "api", since: 1));
        await TurnAsync(keeper, 10);
        await TurnAsync(keeper, 30);
        Assert.Equal([0, 1, 1], Deliveries().Select(static one => one.Notification.Links.Count).Order());
        Assert.All(
            Deliveries().SelectMany(static one => one.Notification.Links),
            static one => Assert.StartsWith("https://fairlead.example.com/respond/", one.Url, StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData(RollbackPolicy.Auto)]
    [InlineData(RollbackPolicy.Ask)]
    public async Task Whenever_it_is_killed_nothing_is_lost_and_nothing_is_done_twice(RollbackPolicy policy)
    {
        var whole = await LiveAsync(policy, cutAt: 0, isKept: false);
        Assert.Contains("resolved", whole.Outcome, StringComparison.Ordinal);
        Assert.InRange(whole.Commits, 3, 50);
        for (var cutAt = 1; cutAt <= whole.Commits; cutAt++)
        {
            Assert.Equal(whole.Outcome, (await LiveAsync(policy, cutAt, isKept: false)).Outcome);
            Assert.Equal(whole.Outcome, (await LiveAsync(policy, cutAt, isKept: true)).Outcome);
        }
    }

    /// <summary>The whole life of an incident, with one kill in its midst, and what came of it.</summary>
    private static async Task<(string Outcome, int Commits)> LiveAsync(RollbackPolicy policy, int cutAt, bool isKept)
    {
        var life = new IncidentKeeperTests();
        await life.BeginAsync(policy);
        var cut = new CutStore(life.store, cutAt, isKept);
        var keeper = await life.KeeperAsync(cut);
        foreach (var second in new double[] { 5, 6, 7, 20, 21, 40, 41, 60 })
        {
            Alert[] fires = second < 20 ? [Page("ServiceErrors", "api", since: 1)] : [];
            try
            {
                await life.TurnAsync(keeper, second, fires);
            }
            catch (KilledException)
            {
                keeper = await life.KeeperAsync(life.store);
                await life.TurnAsync(keeper, second, fires);
            }
            await life.PromoteAsync(second);
        }
        // Whom nobody stopped waking stops by themselves.
        await life.pager!.TurnAsync(Stop);
        var incident = await life.OnlyAsync();
        var backs = life
            .store.All(Records.Deployments)
            .Select(Records.Read<Deployment>)
            .Count(static one => one.IsRollback);
        return (
            string.Join(
                '\n',
                [
                    $"{incident.State.ToString().ToLowerInvariant()}, rollback {incident.Rollback?.State}, {backs} rollbacks",
                    $"escalations {life.store.All(Pager.Collection).Count()}",
                    .. life.Told(),
                    .. incident
                        .Timeline.Where(static one => one.Kind is "state" or "decision" or "alert")
                        .Select(static one => one.Text),
                ]
            ),
            cut.Commits
        );
    }

    // What the site's loop does with a rollback that was asked for.
    private async Task PromoteAsync(double second)
    {
        foreach (var document in store.All(Records.Deployments).ToList())
        {
            var one = Records.Read<Deployment>(document);
            if (one is { IsRollback: true, EndedAt: null })
            {
                var done = one with { Phase = DeploymentPhase.Promoted, EndedAt = Words.At(second) };
                await store.CommitAsync(
                    new Change(new Fence(99))
                    {
                        Writes = [new Write(Records.Deployments, one.Key, Records.Body(done))],
                    },
                    Stop
                );
            }
        }
    }

    private async Task BeginAsync(RollbackPolicy policy)
    {
        var deployed = new Deployment
        {
            Id = "d42",
            Site = Shop,
            Release = 42,
            Replaces = 41,
            RequestedAt = Words.At(-120),
            Deadline = Words.At(900),
            Phase = DeploymentPhase.Promoted,
            EndedAt = Words.At(-58),
        };
        await store.CommitAsync(
            new Change(new Fence(99))
            {
                Writes =
                [
                    new Write(
                        Records.Sites,
                        $"{Shop}",
                        Records.Body(new SiteRecord(Shop) { Live = 42, History = [41, 42] })
                    ),
                    new Write(Records.Deployments, deployed.Key, Records.Body(deployed)),
                    .. new[] { (41, "api@41"), (42, "api@42") }.Select(one => new Write(
                        Records.Releases,
                        Memory.ReleaseKey(Shop, one.Item1),
                        Records.Body(ReleaseOf(one.Item1, policy))
                    )),
                ],
            },
            Stop
        );
    }

    private static Release ReleaseOf(int number, RollbackPolicy policy) =>
        new()
        {
            Site = Shop,
            Number = number,
            Services =
            [
                new(
                    Api,
                    new Part("api", number),
                    "artifact",
                    new("blue-green", System.Text.Json.JsonElement.Parse("{}"))
                ),
            ],
            Hosts = [],
            Source = "/",
            At = Words.At(-120),
            Watch = new() { Rollback = policy },
        };

    private static Service Api { get; } =
        new()
        {
            Name = "api",
            Path = "api",
            Kind = Kind.Api,
            Replicas = 1,
            Recipe = new() { Stack = "node", Run = ["node", "api.js"] },
            Health = new(),
            Routes = ["/"],
        };

    private async Task<IncidentKeeper> KeeperAsync(IStore kept)
    {
        var to = (kept, (Func<Fence>)(() => new Fence(99)));
        var routing = new RoutingBook(
            to,
            static _ => Task.FromResult<ISeal>(new PlainSeal("key")),
            PlayedChannel.Kinds,
            NullLogger.Instance
        );
        // Nobody is killed while they say who is told.
        await new RoutingBook(
            (store, to.Item2),
            static _ => Task.FromResult<ISeal>(new PlainSeal("key")),
            PlayedChannel.Kinds,
            NullLogger.Instance
        ).SetAsync("a.yaml", File, "ana", Stop);
        await routing.LoadAsync(Stop);
        var desk = new RuleDesk(
            (new MetricsInMemory(), kept),
            to.Item2,
            static _ => Task.FromResult<IReadOnlyList<WatchedGroup>>([]),
            world,
            NullLogger.Instance
        );
        var alerts = new AlertView(desk, routing, world, () => firing);
        var courier = new Courier(routing, to, world, NullLogger.Instance);
        var links = new AnswerLinks(
            static _ => Task.FromResult<ISeal>(new PlainSeal("key")),
            static () => "https://fairlead.example.com",
            world
        );
        var announcer = new Announcer(routing, courier, alerts, to, (world, "https://fairlead.example.com", links));
        var book = new IncidentBook(kept, to.Item2);
        // Nothing runs, is routed or built here: a rollback is only asked for.
        var ports = new EnginePorts(world, kept, null!, null!, null!, null!, "");
        var conductor = new Conductor(ports, "test", NullLogger<Conductor>.Instance);
        await conductor.TakeChargeAsync(Stop);
        return new(
            (alerts, book, new Scenes(kept, world)),
            (conductor, announcer, pager = new Pager(routing, book, to, () => announcer, world)),
            static (_, _) => Task.FromResult<double?>(null),
            (world, NullLogger.Instance)
        );
    }

    private async Task TurnAsync(IncidentKeeper keeper, double second, params Alert[] alerts)
    {
        clock.SetUtcNow(Words.At(second));
        firing = alerts;
        await keeper.TurnAsync(Stop);
    }

    private static Alert Page(string name, string service, double since) =>
        Words.Fires(name, $"severity=page app=shop environment=production service={service}", since);

    private static Alert Ticket(string name) => Words.Fires(name, "severity=ticket app=shop environment=production");

    private Task<IReadOnlyList<Incident>> AllAsync() => new IncidentBook(store, () => new Fence(99)).AllAsync(Stop);

    private async Task<Incident> OnlyAsync() => Assert.Single(await AllAsync());

    private IEnumerable<Delivery> Deliveries() => store.All(Delivery.Collection).Select(Records.Read<Delivery>);

    private IReadOnlyList<string> Told() =>
        [
            .. Deliveries()
                .Select(static one => $"{one.Receiver}: {one.Notification.Title}")
                .Order(StringComparer.Ordinal),
        ];
}
