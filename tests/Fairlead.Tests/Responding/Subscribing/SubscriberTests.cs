using Fairlead.Engine.Deploying;
using Fairlead.Engine.Responding.Routing;
using Fairlead.Engine.Responding.Subscribing;
using Fairlead.Engine.Responding.Telling;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Ports;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Responding.Subscribing;

/// <summary>Who asks to be told what a status page says, confirms, is told once, and leaves.</summary>
public sealed class SubscriberTests : IStatusUpdates
{
    private const string File = """
        route: { receiver: ops }
        receivers: [{ name: ops, webhook_configs: [{ url: 'https://a' }], email_configs: [{ to: ops@example.com }] }]
        """;

    private readonly FakeTimeProvider clock = new(Words.Noon);
    private readonly World world;
    private readonly WritingStore store;
    private readonly RoutingBook routing;
    private readonly List<StatusUpdate> updates = [];
    private (SubscriberBook Book, SubscriberDesk Desk, SubscriberTeller Teller) parts;

    public SubscriberTests()
    {
        world = new(clock, new Random(1));
        store = new(world);
        routing = new((store, Fence), OpenAsync, PlayedChannel.Kinds, NullLogger.Instance);
        parts = Started();
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_confirms_is_told_what_the_page_says_from_then_on_and_once()
    {
        await PageAsync("ops");
        Say("Problems with web", StatusStage.Investigating, "shop/production/web");
        await TurnAsync(1);
        Assert.True(await parts.Desk.AskAsync("public", "ana@example.com", Stop));
        Say("Problems with web", StatusStage.Identified, "shop/production/web");
        await TurnAsync(2);
        var asked = Assert.Single(Deliveries());
        Assert.Equal(
            "Do you want to be told what Shop says? / Yes, tell me: https://fairlead.example.com/status/public/subscription/key/status-subscriber/"
                + SubscriberBook.IdOf("public", "ana@example.com"),
            $"{asked.Notification.Title} / {asked.Notification.Lines[^1]}"
        );
        Assert.Equal(["ana@example.com"], parts.Desk.ChannelsOf(asked.Receiver).Single().Settings.All("to"));

        await ConfirmAsync("ana@example.com");
        Say("Problems with web", StatusStage.Resolved, "shop/production/web");
        Say("Problems with the bank", StatusStage.Resolved, "bank/production/web");
        await TurnAsync(3);
        parts = Started();
        await parts.Book.LoadAsync(Stop);
        await TurnAsync(4);

        Assert.Equal(
            [
                "Do you want to be told what Shop says?",
                "Shop: Problems with web (resolved) | It is so. | It concerns Pages. | All of it: https://fairlead.example.com/status/public",
            ],
            Deliveries()
                .Select(static one =>
                    string.Join(
                        " | ",
                        [
                            one.Notification.Title,
                            .. one.Notification.Notes.Where(_ =>
                                one.Notification.Title.StartsWith("Shop", StringComparison.Ordinal)
                            ),
                        ]
                    )
                )
        );
        Assert.Equal(["somebody subscribed to the status page public"], store.JournalTexts.Skip(1));
    }

    [Fact]
    public async Task Also_the_first_news_of_a_page_are_told()
    {
        await PageAsync("ops");
        Say("Problems with web", StatusStage.Resolved, "shop/production/web");
        await parts.Desk.AskAsync("public", "ana@example.com", Stop);
        clock.Advance(TimeSpan.FromSeconds(1));
        await ConfirmAsync("ana@example.com");
        Say("Problems with web again", StatusStage.Investigating, "shop/production/web");
        await TurnAsync(2);

        Assert.Equal(
            ["Do you want to be told what Shop says?", "Shop: Problems with web again (investigating)"],
            Deliveries().Select(static one => one.Notification.Title)
        );
    }

    [Fact]
    public async Task Announced_work_is_told_once_and_who_left_is_told_nothing()
    {
        await PageAsync("ops");
        await TurnAsync(1);
        foreach (var mail in new[] { "ana@example.com", "ben@example.com" })
        {
            await parts.Desk.AskAsync("public", mail, Stop);
            await ConfirmAsync(mail);
        }
        var ben = parts.Book.Find(SubscriberBook.IdOf("public", "ben@example.com"))!;
        Assert.Equal(ben, await parts.Desk.EndAsync(ben, Stop));
        var work = new Maintenance("m1", Words.At(600), Words.At(1200), "New disks.");
        await store.CommitAsync(
            new Change(Fence()) { Writes = [new Write(Maintenance.Collection, work.Key, Records.Body(work))] },
            Stop
        );
        await TurnAsync(2);
        await TurnAsync(3);

        var told = Assert.Single(
            Deliveries(),
            static one => one.Notification.Title.StartsWith("Shop", StringComparison.Ordinal)
        );
        Assert.Equal("Shop: maintenance 2026-11-28 12:10 to 2026-11-28 12:20 UTC", told.Notification.Title);
        Assert.Equal(["ana@example.com"], parts.Desk.ChannelsOf(told.Receiver).Single().Settings.All("to"));
        Assert.Empty(parts.Desk.ChannelsOf(SubscriberDesk.Prefix + ben.Id));
    }

    [Fact]
    public async Task A_page_is_no_way_to_send_mails_to_strangers()
    {
        await PageAsync("ops");
        await parts.Desk.AskAsync("public", "ana@example.com", Stop);
        await parts.Desk.AskAsync("public", "Ana@Example.com", Stop);
        for (var i = 0; i < 2 * SubscriberBook.AsksPerHourMax; i++)
        {
            await parts.Desk.AskAsync("public", $"stranger{i}@example.com", Stop);
        }

        Assert.Equal(SubscriberBook.AsksPerHourMax, Deliveries().Count);
        clock.Advance(TimeSpan.FromHours(2));
        Assert.True(await parts.Desk.AskAsync("public", "late@example.com", Stop));
        Assert.Equal(SubscriberBook.AsksPerHourMax + 1, Deliveries().Count);
    }

    [Fact]
    public async Task Where_nobody_tells_nobody_can_subscribe()
    {
        await PageAsync(receiver: null);

        Assert.False(await parts.Desk.AskAsync("public", "ana@example.com", Stop));
        Assert.False(await parts.Desk.AskAsync("other", "ana@example.com", Stop));
        Assert.Empty(Deliveries());
        Assert.Null(await parts.Desk.FindAsync("key/other/x", Stop));
    }

    [Fact]
    public async Task A_link_that_is_too_old_confirms_nothing()
    {
        await PageAsync("ops");
        await parts.Desk.AskAsync("public", "ana@example.com", Stop);
        clock.Advance(TimeSpan.FromDays(3));

        Assert.Null(await parts.Book.ConfirmAsync(SubscriberBook.IdOf("public", "ana@example.com"), Stop));
        Assert.Empty(parts.Book.Of("public"));
    }

    [Theory]
    [InlineData("ana@example.com", true)]
    [InlineData("ana+shop@mail.example.com", true)]
    [InlineData("ana", false)]
    [InlineData("Ana <ana@example.com>", false)]
    [InlineData("ana@example.com, ben@example.com", false)]
    [InlineData("ana@example.com\r\nBcc: ben@example.com", false)]
    [InlineData("", false)]
    public void Only_one_plain_address_is_one(string text, bool isMail) =>
        Assert.Equal(isMail, SubscriberDesk.IsMail(text));

    public Task<IReadOnlyList<StatusUpdate>> UpdatesAsync(DateTimeOffset since, CancellationToken stop) =>
        Task.FromResult<IReadOnlyList<StatusUpdate>>([.. updates.Where(one => one.At >= since)]);

    private static Fence Fence() => new(0);

    private static Task<ISeal> OpenAsync(CancellationToken stop) => Task.FromResult<ISeal>(new PlainSeal("key"));

    private (SubscriberBook, SubscriberDesk, SubscriberTeller) Started()
    {
        var to = (store, (Func<Fence>)Fence);
        var book = new SubscriberBook(to, world);
        var courier = new Courier(routing, to, world, NullLogger.Instance);
        var desk = new SubscriberDesk(
            book,
            (routing, courier),
            to,
            (world, static () => "https://fairlead.example.com"),
            OpenAsync
        );
        courier.Others = desk.ChannelsOf;
        return (book, desk, new(book, desk, this, store, world));
    }

    private async Task PageAsync(string? receiver)
    {
        await routing.SetAsync("a.yaml", File, "ana", Stop);
        var page = new StatusPage("public", "Shop", [new("", [new("Pages", "shop/production/web")])])
        {
            Receiver = receiver,
        };
        await store.CommitAsync(
            new Change(Fence()) { Writes = [new Write(StatusPage.Collection, page.Name, Records.Body(page))] },
            Stop
        );
    }

    private void Say(string title, StatusStage stage, string component) =>
        updates.Add(new(title, StatusImpact.Major, stage, "It is so.", world.Now, [component]));

    private Task ConfirmAsync(string mail) => parts.Book.ConfirmAsync(SubscriberBook.IdOf("public", mail), Stop);

    private Task TurnAsync(double second)
    {
        clock.SetUtcNow(Words.At(second));
        return parts.Teller.TurnAsync(Stop);
    }

    private IReadOnlyList<Delivery> Deliveries() =>
        [
            .. store
                .All(Delivery.Collection)
                .Select(Records.Read<Delivery>)
                .OrderBy(static one => one.At)
                .ThenBy(static one => one.Id, StringComparer.Ordinal),
        ];
}
