using Fairlead.Engine.Deploying;
using Fairlead.Engine.Responding.Routing;
using Fairlead.Engine.Responding.Telling;
using Fairlead.Model.Alerting;
using Fairlead.Model.Ports;
using Fairlead.Tests.Deploying.Simulation;
using Fairlead.Tests.Drivers.Channels;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Tests.Responding.Telling;

/// <summary>Telling what was decided to be told, over channels that fail in all ways there are.</summary>
public sealed class CourierTests
{
    private const string File = """
        route: { receiver: ops }
        receivers:
          - { name: ops, webhook_configs: [{ url: 'https://a' }] }
          - { name: two, webhook_configs: [{ url: 'https://a' }, { url: 'https://b', send_resolved: false }] }
          - { name: backed, webhook_configs: [{ url: 'https://a' }], fallback: spare }
          - { name: twice, webhook_configs: [{ url: 'https://a' }, { url: 'https://b' }], fallback: spare }
          - { name: spare, email_configs: [{ to: spare@example.com }], fallback: last }
          - { name: last, webhook_configs: [{ url: 'https://last' }] }
        people: { ana: { email_configs: [{ to: ana@example.com }] } }
        """;

    private readonly SimulatedTime time = new(new Random(1));
    private readonly World world;
    private readonly WritingStore store;
    private readonly PlayedChannel webhook = new("webhook");
    private readonly PlayedChannel email = new("email");
    private readonly List<string> happened = [];
    private readonly RoutingBook routing;

    public CourierTests()
    {
        world = new(time, new Random(1));
        store = new(world);
        routing = new(
            (store, () => new Fence(0)),
            _ => Task.FromResult<ISeal>(new PlainSeal("key")),
            [email, webhook],
            NullLogger.Instance
        );
        Play(static (_, _, _) => Task.FromResult(Sent.Taken));
    }

    [Fact]
    public void News_go_out_in_their_order_on_each_channel()
    {
        Play(
            async (_, _, stop) =>
            {
                await Task.Delay(TimeSpan.FromSeconds(2), time, stop);
                return Sent.Taken;
            }
        );
        Run(60, courier => TakeAsync(courier, "two", News("n1"), News("n2"), News("n3")));

        Assert.Equal(["0 https://a n1", "2 https://a n2", "4 https://a n3"], At("https://a"));
        Assert.Equal(["0 https://b n1", "2 https://b n2", "4 https://b n3"], At("https://b"));
        Assert.Equal(
            ["n1-0 sent 1", "n1-1 sent 1", "n2-0 sent 1", "n2-1 sent 1", "n3-0 sent 1", "n3-1 sent 1"],
            Kept()
        );
    }

    [Fact]
    public void What_is_not_taken_is_sent_again_later_each_time()
    {
        Play((_, _, _) => Task.FromResult(time.Elapsed.TotalSeconds < 100 ? Sent.Later("busy") : Sent.Taken));
        Run(400, courier => TakeAsync(courier, "ops", News("n1")));
        var seconds = happened.Select(one => int.Parse(one.Split(' ')[0], Culture)).ToList();
        var pauses = seconds.Zip(seconds.Skip(1), (before, after) => after - before).ToList();

        Assert.Equal(8, seconds.Count);
        Assert.All(
            pauses.Select((pause, index) => (pause, usual: 1 << index)),
            one => Assert.InRange(one.pause, (one.usual * 0.8) - 1, (one.usual * 1.2) + 1)
        );
        Assert.Equal(["n1-0 sent 8"], Kept());
    }

    [Fact]
    public void Who_asks_for_time_is_given_it()
    {
        Play(
            (_, _, _) =>
                Task.FromResult(
                    time.Elapsed.TotalSeconds < 1 ? Sent.Later("slowly", TimeSpan.FromSeconds(90)) : Sent.Taken
                )
        );
        Run(400, courier => TakeAsync(courier, "ops", News("n1"), News("n2")));

        Assert.Equal(["0 https://a n1", "90 https://a n1", "90 https://a n2"], happened);
    }

    [Fact]
    public void What_never_will_be_taken_is_given_up_at_once_and_the_next_goes_on()
    {
        Play((_, news, _) => Task.FromResult(news.Id == "n1" ? Sent.Never("gone") : Sent.Taken));
        Run(60, courier => TakeAsync(courier, "ops", News("n1"), News("n2")));

        Assert.Equal(["n1-0 failed 1 gone", "n2-0 sent 1"], Kept());
    }

    [Fact]
    public void The_fallback_is_told_at_once_of_what_never_will_be_taken_and_why()
    {
        Play((url, _, _) => Task.FromResult(url == "https://last" ? Sent.Taken : Sent.Never("gone")));
        Run(60, courier => TakeAsync(courier, "backed", News("n1")));

        Assert.Equal(["0 https://a n1", "0 spare@example.com n1", "0 https://last n1"], happened);
        Assert.Equal(
            ["backed could not be told by webhook: gone", "spare could not be told by email: gone"],
            webhook.Seen[^1].Notification.Notes
        );
        Assert.Equal(["n1-0 failed 1 gone", "n1-0-1 failed 1 gone", "n1-0-2 sent 1"], Kept());
    }

    [Fact]
    public void The_fallback_is_told_once_of_what_is_not_taken_for_half_a_minute_and_the_channel_is_tried_on()
    {
        Play(
            (url, _, _) =>
                Task.FromResult(url == "https://a" && time.Elapsed.TotalSeconds < 200 ? Sent.Later("busy") : Sent.Taken)
        );
        Run(600, courier => TakeAsync(courier, "backed", News("n1")));

        Assert.InRange(int.Parse(Assert.Single(At("spare@example.com")).Split(' ')[0], Culture), 30, 60);
        Assert.Equal(["n1-0 sent", "n1-0-1 sent"], Kept().Select(one => one[..one.LastIndexOf(' ')]));
    }

    [Fact]
    public void Two_channels_that_are_broken_tell_the_fallback_once()
    {
        Play((url, _, _) => Task.FromResult(url == "spare@example.com" ? Sent.Taken : Sent.Never("gone")));
        Run(60, courier => TakeAsync(courier, "twice", News("n1")));

        Assert.Single(At("spare@example.com"));
    }

    [Fact]
    public void A_channel_that_hangs_delays_no_other()
    {
        Play(
            async (url, _, stop) =>
            {
                if (url == "https://a")
                {
                    await Task.Delay(TimeSpan.FromHours(1), time, stop);
                }
                return Sent.Taken;
            }
        );
        Run(60, courier => TakeAsync(courier, "two", News("n1"), News("n2")));

        Assert.Equal(["0 https://a n1"], At("https://a"));
        Assert.Equal(["0 https://b n1", "0 https://b n2"], At("https://b"));
    }

    [Fact]
    public void News_that_newer_news_hold_are_not_sent_and_others_are()
    {
        var other = Notices.Firing.Alerts[0] with { Labels = Words.LabelsOf("alertname=Other") };
        Play((_, _, _) => Task.FromResult(time.Elapsed.TotalSeconds < 20 ? Sent.Later("busy") : Sent.Taken));
        Run(
            600,
            courier =>
                TakeAsync(
                    courier,
                    "ops",
                    News("n1"),
                    News("n2") with
                    {
                        At = Notices.Now.AddSeconds(1),
                        Alerts = [.. Notices.Firing.Alerts, other],
                    },
                    // This one does not say what became of the other.
                    News("n3") with
                    {
                        At = Notices.Now.AddSeconds(2),
                    },
                    News("n4") with
                    {
                        At = Notices.Now.AddSeconds(3),
                        GroupKey = "another",
                    }
                )
        );

        Assert.Equal(["n1-0 superseded", "n2-0 sent", "n3-0 sent", "n4-0 sent"], Kept().Select(State));
    }

    [Fact]
    public void What_waits_when_it_is_killed_is_sent_after_the_start_under_the_same_id()
    {
        Play((_, _, _) => Task.FromResult(Sent.Later("busy")));
        Run(2, courier => TakeAsync(courier, "ops", News("n1"), News("n2")));
        happened.Clear();
        Play(static (_, _, _) => Task.FromResult(Sent.Taken));
        Run(60, static _ => Task.CompletedTask);

        Assert.Equal(["https://a n1", "https://a n2"], happened.Select(one => one[(one.IndexOf(' ') + 1)..]));
        happened.Clear();
        Run(60, static _ => Task.CompletedTask);
        Assert.Empty(happened);
    }

    [Fact]
    public void What_is_under_way_when_it_is_killed_is_sent_again_under_the_same_id()
    {
        Play(
            async (_, _, stop) =>
            {
                await Task.Delay(TimeSpan.FromHours(1), time, stop);
                return Sent.Taken;
            }
        );
        Run(10, courier => TakeAsync(courier, "ops", News("n1")));
        Play(static (_, _, _) => Task.FromResult(Sent.Taken));
        Run(10, static _ => Task.CompletedTask);

        Assert.Equal(["0 https://a n1", "10 https://a n1"], happened);
        Assert.Equal(["n1-0 sent 1"], Kept());
    }

    [Fact]
    public void A_bug_in_a_channel_is_tried_again_and_tells_no_secret()
    {
        Play(static (url, _, _) => throw new InvalidOperationException($"secret {url}"));
        Run(10, courier => TakeAsync(courier, "ops", News("n1")));

        Assert.Equal("n1-0 waiting", State(Assert.Single(Kept())));
        Assert.EndsWith(
            " webhook failed with InvalidOperationException.",
            Assert.Single(Kept()),
            StringComparison.Ordinal
        );
        Assert.True(happened.Count > 1);
    }

    [Fact]
    public void More_than_can_be_told_is_given_up_from_the_oldest_on()
    {
        Play(
            async (_, _, stop) =>
            {
                await Task.Delay(TimeSpan.FromHours(1), time, stop);
                return Sent.Taken;
            }
        );
        Run(
            5,
            async courier =>
            {
                await TakeAsync(courier, "ops", News("first"));
                await Task.Delay(TimeSpan.FromSeconds(1), time, Stop);
                await TakeAsync(
                    courier,
                    "ops",
                    [.. Enumerable.Range(0, Courier.WaitingMax + 5).Select(one => News($"n{one:00000}"))]
                );
            }
        );

        Assert.Equal(
            [.. Enumerable.Range(0, 6).Select(one => $"n{one:00000}-0 failed 0 More than 10000 notifications wait.")],
            Kept().Where(one => one.Contains("failed", StringComparison.Ordinal))
        );
        Assert.Equal(Courier.WaitingMax, Kept().Count(one => one.Contains("waiting", StringComparison.Ordinal)));
    }

    [Fact]
    public void Who_wants_no_ends_is_told_none_and_of_a_mixture_only_what_fires()
    {
        var mixed = News("n2") with
        {
            Alerts = [Notices.Firing.Alerts[0], Notices.Firing.Alerts[1] with { EndsAt = Notices.Now }],
        };
        Run(60, courier => TakeAsync(courier, "two", News("n1") with { Alerts = Notices.Resolved.Alerts }, mixed));

        Assert.Equal(["0 https://a n1", "0 https://a n2"], At("https://a"));
        Assert.Equal(["0 https://b n2"], At("https://b"));
        Assert.Single(webhook.Seen.Single(one => one.Url == "https://b").Notification.Alerts);
    }

    [Fact]
    public void People_are_told_by_their_own_channels_and_nobody_by_none()
    {
        Run(60, courier => TakeAsync(courier, "person:ana", News("n1")));

        Assert.Equal(["0 ana@example.com n1"], happened);
        Assert.Empty(
            new Courier(routing, (store, () => new Fence(0)), world, NullLogger.Instance).Of("gone", News("x"))
        );
    }

    [Fact]
    public void What_was_told_is_forgotten_after_a_week()
    {
        Run(60, courier => TakeAsync(courier, "ops", News("n1")));
        Run((7 * 24 * 3600) + 1300, static _ => Task.CompletedTask);

        Assert.Empty(Kept());
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static System.Globalization.CultureInfo Culture => System.Globalization.CultureInfo.InvariantCulture;

    private static Notification News(string id) => Notices.Of(id, Notices.Firing.Alerts);

    private void Play(Func<string, Notification, CancellationToken, Task<Sent>> play)
    {
        email.PlayAsync = webhook.PlayAsync = (url, notification, stop) =>
        {
            happened.Add(string.Create(Culture, $"{(int)time.Elapsed.TotalSeconds} {url} {notification.Id}"));
            return play(url, notification, stop);
        };
    }

    /// <summary>Lives for so many seconds and is then killed.</summary>
    private void Run(int seconds, Func<Courier, Task> act) =>
        time.Run(
            async () =>
            {
                if (routing.Plan == RoutingPlan.Empty)
                {
                    await routing.SetAsync("a.yaml", File, "ana", Stop);
                }
                var courier = new Courier(routing, (store, () => new Fence(0)), world, NullLogger.Instance);
                using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(seconds), time);
                var running = courier.RunAsync(stop.Token);
                await act(courier);
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
            },
            TimeSpan.FromDays(30)
        );

    /// <summary>Writes it down and then hands it over, as whoever decides does.</summary>
    private async Task TakeAsync(Courier courier, string receiver, params Notification[] news)
    {
        var all = news.SelectMany(one => courier.Of(receiver, one)).ToList();
        await store.CommitAsync(
            new Change(new Fence(0))
            {
                Writes = [.. all.Select(one => new Write(Delivery.Collection, one.Id, Records.Body(one)))],
            },
            Stop
        );
        courier.Take(all);
    }

    private IEnumerable<string> At(string url) =>
        happened.Where(one => one.Contains($" {url} ", StringComparison.Ordinal));

    private IReadOnlyList<string> Kept() =>
        [
            .. store
                .All(Delivery.Collection)
                .Select(Records.Read<Delivery>)
                .Select(one =>
                    $"{one.Id} {one.State.ToString().ToLowerInvariant()} {one.Attempts}{(one.Why is null ? "" : $" {one.Why}")}"
                ),
        ];

    private static string State(string line) => string.Join(' ', line.Split(' ').Take(2));
}
