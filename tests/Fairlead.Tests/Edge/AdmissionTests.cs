using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;
using Fairlead.Roles.Edge;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using static Fairlead.Tests.Edge.EdgeSample;

namespace Fairlead.Tests.Edge;

public sealed class AdmissionTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider clock = new();
    private readonly Switchboard board;
    private readonly Admission admission;

    public AdmissionTests()
    {
        var world = new World(clock, new Random(1));
        board = new Switchboard(new RoutingFile(folder.Path, NullLogger.Instance), new Ledger(world), world);
        admission = new Admission(board, world);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        board.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Once_a_closed_release_has_nothing_in_flight_nobody_comes_any_more()
    {
        const int Swaps = 150;
        var isStopped = new bool[Swaps + 2];
        var (late, admitted, isOver) = (0, 0L, false);
        await board.ApplyAsync(Routing(Backend(1, 100, 5001)), new Fence(1), Stop);
        Thread[] visitors = [.. Enumerable.Range(0, 3).Select(_ => new Thread(Visit))];
        foreach (var visitor in visitors)
        {
            visitor.Start();
        }
        for (var since = 1; since <= Swaps; since++)
        {
            await board.ApplyAsync(Routing(Backend(since + 1, 100, 5001)), new Fence(1), Stop);
            while ((await board.ObserveAsync(Shop, Stop)).InFlightOf(Key(since)) > 0)
            {
                await Task.Yield();
            }
            Volatile.Write(ref isStopped[since], true);
        }
        Volatile.Write(ref isOver, true);
        foreach (var visitor in visitors)
        {
            visitor.Join();
        }
        Assert.Equal(0, late);
        Assert.InRange(admitted, Swaps, long.MaxValue);
        Assert.Empty((await board.ObserveAsync(Shop, Stop)).InFlight);

        void Visit()
        {
            while (!Volatile.Read(ref isOver))
            {
                var trip = NewTrip();
                Assert.Equal(Entry.Admitted, admission.TryEnter(trip, out _));
                if (Volatile.Read(ref isStopped[trip.Part.Part.Since]))
                {
                    Interlocked.Increment(ref late);
                }
                Interlocked.Increment(ref admitted);
                trip.Replica.Leave();
            }
        }
    }

    [Fact]
    public async Task A_request_in_flight_is_counted_to_its_replica_over_every_change_of_the_table()
    {
        await board.ApplyAsync(Routing(Backend(1, 100, 5001)), new Fence(1), Stop);
        var trip = NewTrip();
        Assert.Equal(Entry.Admitted, admission.TryEnter(trip, out _));
        await board.ApplyAsync(Routing(Backend(1, 0, 5001), Backend(2, 100, 5002)), new Fence(1), Stop);
        await board.ApplyAsync(Routing(Backend(2, 100, 5002)), new Fence(1), Stop);
        var view = await board.ObserveAsync(Shop, Stop);
        Assert.Equal(1, view.InFlightOf(Key(1)));
        Assert.Equal(["api@1", "api@2"], view.Traffic.Select(one => one.Part.ToString()));
        trip.Replica.Leave();
        Assert.Equal(["api@2"], (await board.ObserveAsync(Shop, Stop)).Traffic.Select(one => one.Part.ToString()));
    }

    [Fact]
    public async Task A_window_begins_when_the_share_changes_and_late_ends_count_where_they_began()
    {
        await board.ApplyAsync(Routing(Backend(1, 100, 5001)), new Fence(1), Stop);
        var (early, late) = (Enter(), Enter());
        End(early, 200, 3);
        await board.ApplyAsync(Routing(Backend(1, 90, 5001), Backend(2, 10, 5002)), new Fence(1), Stop);
        End(late, 500, 3);
        End(Enter(), 204, 120);
        // Other replicas, the same share: the window goes on.
        await board.ApplyAsync(Routing(Backend(1, 90, 5001, 5003), Backend(2, 10, 5002)), new Fence(1), Stop);
        End(Enter(), 404, 120);

        var view = await board.ObserveAsync(Shop, Stop);
        var (one, two) = (view.TrafficOf(new Part("api", 1))!, view.TrafficOf(new Part("api", 2))!);
        Assert.Equal(2, one.Counts.Requests + two.Counts.Requests);
        Assert.Equal(0, one.Counts.Failed);
        Assert.Equal(1, one.StatusClasses[1] + two.StatusClasses[1]);
        Assert.Equal(1, one.StatusClasses[3] + two.StatusClasses[3]);
        Assert.Equal(2, one.Latency.Count + two.Latency.Count);
        Assert.Equal(new TrafficCounts(4, 1, 0, 0, 0), one.Total + two.Total);
        Assert.Equal(new TrafficCounts(4, 1, 0, 0, 0), view.Total);

        Trip Enter()
        {
            var trip = NewTrip();
            Assert.Equal(Entry.Admitted, admission.TryEnter(trip, out _));
            return trip;
        }

        void End(Trip trip, int status, int milliseconds)
        {
            clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
            trip.Http.Response.StatusCode = status;
            trip.Answered();
            trip.Count(status >= 500 ? Ending.Failed : Ending.Answered);
            trip.Replica.Leave();
        }
    }

    [Fact]
    public async Task A_held_request_goes_on_when_a_release_is_back()
    {
        await HoldAsync();
        var waiting = admission.EnterAsync(NewTrip(), Stop).AsTask();
        Assert.False(waiting.IsCompleted);
        await board.ApplyAsync(Routing(Backend(2, 100, 5002)), new Fence(1), Stop);
        Assert.Equal(Entry.Admitted, await waiting);
    }

    [Fact]
    public async Task A_held_request_waits_thirty_seconds_and_no_longer()
    {
        await HoldAsync();
        var waiting = admission.EnterAsync(NewTrip(), Stop).AsTask();
        clock.Advance(TimeSpan.FromSeconds(20));
        await board.ApplyAsync(Routing(Api()), new Fence(1), Stop);
        clock.Advance(TimeSpan.FromSeconds(9));
        Assert.False(waiting.IsCompleted);
        // The table just changed: the waiting one looks at it on its own thread before it waits again.
        while (!waiting.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        Assert.Equal(Entry.HeldTooLong, await waiting);
    }

    [Fact]
    public async Task A_thousand_wait_and_the_next_is_turned_away_until_one_leaves()
    {
        await HoldAsync();
        using var leaves = new CancellationTokenSource();
        var first = NewTrip();
        first.Http.RequestAborted = leaves.Token;
        var leaving = admission.EnterAsync(first, Stop).AsTask();
        Task<Entry>[] waiting =
        [
            .. Enumerable
                .Range(1, ServiceDesk.WaitingMax - 1)
                .Select(_ => admission.EnterAsync(NewTrip(), Stop).AsTask()),
        ];
        Assert.Equal(Entry.Crowded, await admission.EnterAsync(NewTrip(), Stop));
        await leaves.CancelAsync();
        Assert.Equal(Entry.Left, await leaving);
        var next = admission.EnterAsync(NewTrip(), Stop).AsTask();
        await board.ApplyAsync(Routing(Backend(2, 100, 5002)), new Fence(1), Stop);
        Assert.All(await Task.WhenAll([.. waiting, next]), one => Assert.Equal(Entry.Admitted, one));
        Assert.Equal(0, board.Table.FindNamed("/shop.production.api")!.Desk.Waiting);
    }

    [Theory]
    [InlineData("other.example", "/", Entry.UnknownHost)]
    [InlineData("shop.example", "/nowhere", Entry.NoRoute)]
    [InlineData("shop.example", "/empty", Entry.Nobody)]
    public async Task Who_finds_nobody_is_told_why(string host, string path, object entry)
    {
        var empty = new ServiceRouting
        {
            Service = "empty",
            Routes = ["/empty"],
            Backends = [],
        };
        await board.ApplyAsync(
            Routing(Api(Backend(1, 100, 5001)) with { Routes = ["/api"] }, empty),
            new Fence(1),
            Stop
        );
        Assert.Equal(entry, admission.TryEnter(NewTrip(host, path), out _));
    }

    [Fact]
    public async Task A_request_calls_for_its_sleeping_service_and_waits_until_it_is_awake()
    {
        await SleepAsync();
        var listening = board.ListenAsync(after: 0, Stop);
        Assert.False(listening.IsCompleted);

        var first = admission.EnterAsync(NewTrip(), Stop).AsTask();
        var second = admission.EnterAsync(NewTrip(), Stop).AsTask();
        var call = await listening;
        var parked = (await board.ObserveAsync(Shop, Stop)).Parked["api"];
        await board.ApplyAsync(Routing(Backend(1, 100, 5001)), new Fence(1), Stop);

        Assert.Equal((1L, Shop), (call.Number, Assert.Single(call.Sites)));
        Assert.Equal(new Parked(Now: 2, Ever: 2), parked);
        Assert.Equal([Entry.Admitted, Entry.Admitted], await Task.WhenAll(first, second));
        Assert.Equal(new Parked(Now: 0, Ever: 2), (await board.ObserveAsync(Shop, Stop)).Parked["api"]);
        Assert.False(board.ListenAsync(call.Number, Stop).IsCompleted);
        Assert.Equal([Shop], (await board.ListenAsync(after: 99, Stop)).Sites); // Heard from an edge that is gone.
    }

    [Fact]
    public async Task Nobody_waits_longer_for_a_sleeper_than_its_start_may_take()
    {
        await SleepAsync();

        var waiting = admission.EnterAsync(NewTrip(), Stop).AsTask();
        clock.Advance(Admission.HoldMax + TimeSpan.FromSeconds(34));
        Assert.False(waiting.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(Entry.HeldTooLong, await waiting);
    }

    [Fact]
    public async Task Who_listens_and_hears_nothing_asks_again_after_a_while()
    {
        var listening = board.ListenAsync(after: 0, Stop);
        clock.Advance(WakeCalls.ListenMax);

        Assert.Equal((0L, 0), (await listening) is var heard ? (heard.Number, heard.Sites.Count) : default);
    }

    private Task SleepAsync() =>
        board.ApplyAsync(
            Routing(Api() with { WakesWithin = Admission.HoldMax + TimeSpan.FromSeconds(35) }),
            new Fence(1),
            Stop
        );

    private Task HoldAsync() => board.ApplyAsync(Routing(Api() with { IsHeld = true }), new Fence(1), Stop);

    private Trip NewTrip(string host = "shop.example", string path = "/")
    {
        var http = new DefaultHttpContext();
        http.Request.Host = new HostString(host);
        http.Request.Path = path;
        return new Trip(http, new Arrival(Door.Public), clock);
    }
}
