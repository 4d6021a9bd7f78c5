using Fairlead.Engine.Deploying;
using Fairlead.Engine.Responding.Alerts;
using Fairlead.Engine.Responding.Routing;
using Fairlead.Engine.Responding.Telling;
using Fairlead.Model.Alerting;
using Fairlead.Model.Ports;
using Fairlead.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Responding.Telling;

/// <summary>What is decided to be told is written down with what was decided, so that a crash neither loses nor repeats it.</summary>
public sealed class NotifierTests
{
    private const string File = """
        route: { receiver: ops, group_by: [app], group_wait: 10s, group_interval: 60s }
        receivers: [{ name: ops, webhook_configs: [{ url: 'https://a' }], email_configs: [{ to: b }] }]
        """;

    private readonly FakeTimeProvider clock = new(Words.Noon);
    private readonly World world;
    private readonly WritingStore store;
    private readonly RoutingBook routing;
    private IReadOnlyList<RuleAlert> active = [];
    private IReadOnlyList<Alert> ended = [];
    private Notifier notifier;

    public NotifierTests()
    {
        world = new(clock, new Random(1));
        store = new(world);
        routing = new(
            (store, () => new Fence(0)),
            _ => Task.FromResult<ISeal>(new PlainSeal("key")),
            PlayedChannel.Kinds,
            NullLogger.Instance
        );
        notifier = Started();
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_channel_of_a_receiver_is_told_and_a_restart_tells_nobody_again()
    {
        await routing.SetAsync("a.yaml", File, "ana", Stop);
        active = [Fires("A", "app=shop")];
        await TurnAsync(0);
        Assert.Empty(Told());
        await TurnAsync(10);
        var told = Told();
        Assert.Equal(["email FIRING 1: A (shop)", "webhook FIRING 1: A (shop)"], told);
        notifier = Started();
        await TurnAsync(11);
        await TurnAsync(80);

        Assert.Equal(told, Told());
    }

    [Fact]
    public async Task The_end_is_told_after_a_restart_too()
    {
        await routing.SetAsync("a.yaml", File, "ana", Stop);
        active = [Fires("A", "app=shop")];
        await TurnAsync(0);
        await TurnAsync(10);
        notifier = Started();
        ended = [active[0].Alert.Ended(at: 30)];
        active = [];
        await TurnAsync(75);

        Assert.Equal(
            [
                "email FIRING 1: A (shop)",
                "email RESOLVED: A (shop)",
                "webhook FIRING 1: A (shop)",
                "webhook RESOLVED: A (shop)",
            ],
            Told()
        );
        ended = [];
        await TurnAsync(140);
        Assert.Empty(store.All(Notifier.Groups));
    }

    [Fact]
    public async Task Of_what_is_silenced_nobody_is_told_until_the_silence_ends()
    {
        await routing.SetAsync("a.yaml", File, "ana", Stop);
        var silence = new Silence("s1", Matching.TryRead("app=shop", out _)!, Words.At(0), Words.At(900), "ana", "x");
        await routing.SilenceAsync(silence, Words.At(0), Stop);
        active = [Fires("A", "app=shop")];
        foreach (var second in new[] { 0, 10, 70, 130 })
        {
            await TurnAsync(second);
        }
        Assert.Empty(Told());
        await routing.UnsilenceAsync("s1", ("ben", Words.At(140)), Stop);
        await TurnAsync(190);

        Assert.Equal(["email FIRING 1: A (shop)", "webhook FIRING 1: A (shop)"], Told());
        Assert.Equal(
            [
                "Who is told of what was set by ana: 1 receivers, 1 routes",
                "{app=\"shop\"} is silenced until 2026-11-28 12:15Z by ana: x",
                "The silence of {app=\"shop\"} was ended by ben",
            ],
            store.JournalTexts
        );
    }

    [Fact]
    public async Task What_an_alert_has_more_than_once_is_told_once()
    {
        await routing.SetAsync("a.yaml", File, "ana", Stop);
        active = [Fires("A", "app=shop"), Fires("A", "app=shop")];
        await TurnAsync(0);
        await TurnAsync(10);

        Assert.Equal(["email FIRING 1: A (shop)", "webhook FIRING 1: A (shop)"], Told());
    }

    private Notifier Started()
    {
        var to = (store, (Func<Fence>)(() => new Fence(0)));
        var desk = new RuleDesk(
            (new MetricsInMemory(), store),
            to.Item2,
            static _ => Task.FromResult<IReadOnlyList<WatchedGroup>>([]),
            world,
            NullLogger.Instance
        );
        var alerts = new AlertView(
            desk,
            routing,
            world,
            () => [.. active.Where(static one => one.State.IsFiring).Select(static one => one.Alert), .. ended]
        );
        var courier = new Courier(routing, to, world, NullLogger.Instance);
        return new(routing, alerts, courier, to, (world, NullLogger.Instance, "https://fairlead.example.com"));
    }

    private async Task TurnAsync(double second)
    {
        clock.SetUtcNow(Words.At(second));
        await notifier.TurnAsync(Stop);
    }

    private IReadOnlyList<string> Told() =>
        [
            .. store
                .All(Delivery.Collection)
                .Select(Records.Read<Delivery>)
                .Select(one => $"{one.Kind} {one.Notification.Title}")
                .Order(StringComparer.Ordinal),
        ];

    private static RuleAlert Fires(string name, string labels) =>
        new(
            name,
            new(
                Words.Fires(name, labels).Labels,
                Model.Telemetry.Labels.None,
                IsFiring: true,
                Words.Noon.ToUnixTimeMilliseconds(),
                1
            )
            {
                FiredAt = Words.Noon.ToUnixTimeMilliseconds(),
            }
        );
}
