using Fairlead.Drivers.Stores;
using Fairlead.Engine.Watching.Errors;
using Fairlead.Engine.Watching.Errors.SourceMaps;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Security;
using Fairlead.Model.Telemetry;
using Fairlead.Tests.Drivers;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Telemetry.Errors;

/// <summary>From what an intake read to what is kept.</summary>
public sealed class ErrorDeskTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Site Shop = new("shop", "production");
    private static readonly Source Api = new(Shop, "api", new Part("api", 42), 0);

    private readonly Folder folder = new();
    private readonly FakeTimeProvider clock = new(Noon);
    private readonly SqliteErrorStore store;
    private readonly Unminifier unminifier;
    private readonly World world;

    public ErrorDeskTests()
    {
        world = new(clock, new Random(1));
        store = SqliteErrorStore.Open(folder["errors.db"], GroupLife.After);
        unminifier = new(store);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        store.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task The_keys_release_and_service_win_over_what_the_sender_says()
    {
        await Desk()
            .TakeAsync(
                Api,
                Report(Thrown() with { ReleaseName = "shop@7", Service = "liar", Environment = "test" }),
                Stop
            );

        var kept = await OnlyEventAsync();
        Assert.Equal((42, "api", "production"), (kept.Release, kept.Service, kept.Environment));
    }

    [Theory]
    [InlineData("shop@41", 41)]
    [InlineData("41", 41)]
    [InlineData("api@41", 41)]
    [InlineData("other.thing@41", null)]
    [InlineData("1.2.3", null)]
    [InlineData("shop@-1", null)]
    [InlineData(null, null)]
    public async Task A_page_says_its_release_itself(string? said, int? expected)
    {
        await Desk().TakeAsync(new Source(Shop), Report(Thrown() with { ReleaseName = said }), Stop);

        Assert.Equal(expected, (await OnlyEventAsync()).Release);
    }

    [Fact]
    public async Task A_sender_from_outside_is_filed_as_it_names_itself_or_refused_in_words()
    {
        await Desk()
            .TakeAsync(Source.Outside, Report(Thrown() with { ReleaseName = "blog@3", Environment = "staging" }), Stop);
        Assert.Equal("blog/staging", (await store.ListAsync(new(Site: null), Stop)).Single().Site.ToString());

        var caught = await Assert.ThrowsAsync<ProblemException>(() =>
            Desk().TakeAsync(Source.Outside, Report(Thrown()), Stop)
        );
        Assert.Equal("error.no-app", caught.Problem.Code);
    }

    [Fact]
    public async Task A_clock_that_is_wrong_puts_no_error_out_of_sight()
    {
        await Desk().TakeAsync(Api, Report(Thrown() with { At = Noon.AddHours(7) }), Stop);

        Assert.Equal(Noon, (await OnlyEventAsync()).At);
    }

    [Fact]
    public async Task What_is_beyond_the_limit_is_refused_and_counted_and_let_in_again_later()
    {
        var desk = new ErrorDesk(
            store,
            world,
            new Scrubber([1]),
            unminifier,
            new RateBudget(world, perSecond: 2, atOnce: 3)
        );
        var many = Report([.. Enumerable.Repeat(Thrown(), 5)]);

        Assert.Equal(new Taken(3, 2, TimeSpan.FromSeconds(1)), await desk.TakeAsync(Api, many, Stop));
        Assert.Equal(new Taken(0, 5, TimeSpan.FromSeconds(3)), await desk.TakeAsync(Api, many, Stop));
        Assert.Equal(
            1,
            (await desk.TakeAsync(new Source(new Site("blog", "production")), Report(Thrown()), Stop)).Kept
        );
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, (await desk.TakeAsync(Api, many, Stop)).Kept);
        Assert.Equal((6L, 10L), (desk.Counts.Kept, desk.Counts.Refused));
    }

    [Fact]
    public async Task A_session_counts_once_however_often_it_is_told_of()
    {
        var desk = Desk();
        foreach (
            var (isNew, errored, crashed) in new[]
            {
                (true, 0, 0),
                (false, 1, 0),
                (false, 1, 0),
                (false, 0, 1),
                (false, 0, 1),
            }
        )
        {
            var session = new SessionReport("s1", Noon, isNew, 1, errored, crashed, "shop@42", null);
            await desk.TakeAsync(new Source(Shop), new() { Sessions = [session] }, Stop);
        }
        await desk.TakeAsync(
            new Source(Shop),
            new() { Sessions = [new(null, Noon, true, 9, 1, 0, "shop@42", null)] },
            Stop
        );

        Assert.Equal(
            new SessionCount(Shop, 42, Noon, 10, 1, 1),
            (await store.SessionsAsync(Shop, Noon, Stop)).Single()
        );
    }

    [Fact]
    public async Task A_minified_stack_is_grouped_and_shown_by_its_sources()
    {
        var bytes = GoldenCases.Bytes("main.HIDN4Q6P.js.map");
        await store.KeepMapAsync(new(Shop, 42, "assets/main.HIDN4Q6P.js", null, Noon, bytes), Stop);
        const string file = "https://shop.example/assets/main.HIDN4Q6P.js";
        var one = Thrown() with
        {
            ReleaseName = "shop@42",
            Exceptions =
            [
                new(
                    "TypeError",
                    "no price for mug",
                    [
                        new StackFrame
                        {
                            Function = "t",
                            File = file,
                            Line = 1,
                            Column = 47,
                        },
                        new StackFrame
                        {
                            Function = "n",
                            File = file,
                            Line = 1,
                            Column = 142,
                        },
                        new StackFrame
                        {
                            Function = "c",
                            File = file,
                            Line = 1,
                            Column = 169,
                        },
                    ]
                ),
            ],
        };

        await Desk().TakeAsync(new Source(Shop), Report(one), Stop);

        var kept = await OnlyEventAsync();
        Assert.Equal(
            [
                "priceOf ../src/cart.ts:5:15 throw new TypeError(`no price for ${item.name}`);",
                "totalOf ../src/cart.ts:13:16 sum += priceOf(item);",
                "c ../src/main.ts:4:5 totalOf([{ name: 'cap', price: 9 }, { name: 'mug' }]);",
            ],
            kept.Exceptions[0]
                .Frames.Select(frame =>
                    $"{frame.Function} {frame.File}:{frame.Line}:{frame.Column} {frame.Code!.Trim()}"
                )
        );
        Assert.Equal("t", kept.Exceptions[0].Frames[0].Built!.Function);
        Assert.Equal("priceOf in src/cart.ts", (await store.ListAsync(new(Shop), Stop)).Single().Culprit);
    }

    [Fact]
    public async Task The_original_is_sent_on_where_the_app_says_so()
    {
        var forwarder = new Letters();
        var desk = new ErrorDesk(store, world, new Scrubber([1]), unminifier) { Forwarder = forwarder };
        var report = Report(Thrown()) with
        {
            Original = new("sentry", "/api/1/envelope/", new Dictionary<string, string>(), "x"u8.ToArray()),
        };

        await desk.TakeAsync(Api, report, Stop);
        await store.SetForwardAsync(Shop, new(new Uri("https://key@sentry.example/7"), AddressKind.Public), Stop);
        await desk.TakeAsync(Api, report, Stop);

        Assert.Equal(["https://key@sentry.example/7"], forwarder.Sent);
    }

    private ErrorDesk Desk() => new(store, world, new Scrubber([1]), unminifier);

    private async Task<ErrorEvent> OnlyEventAsync()
    {
        var group = (await store.ListAsync(new(Site: null), Stop)).Single();
        return (await store.EventsAsync(group.Id, 10, Stop)).Single();
    }

    private static ErrorReport Report(params ErrorEvent[] events) => new() { Events = events };

    private static ErrorEvent Thrown() => GroupingTests.Thrown("Error", "x", ("f", "a.ts", 1)) with { At = Noon };

    private sealed class Letters : IErrorForwarder
    {
        public List<string> Sent { get; } = [];

        public void Offer(Site site, ErrorForward to, Original original) => Sent.Add(to.To.ToString());
    }
}
