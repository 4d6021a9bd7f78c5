using System.Data.Common;
using System.Text.Json.Nodes;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;

namespace Fairlead.Tests.Drivers.Stores;

/// <summary>What every store promises.</summary>
public abstract class StoreContract
{
    protected static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    protected static readonly Site Shop = new("shop", "production");
    protected static readonly Site Blog = new("blog", "staging");

    protected World World { get; } = new(new StillClock(), new Random(1));

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Opens the test's own store, once more when asked again.</summary>
    protected abstract IStore Open();

    /// <summary>Does something to the database behind the store's back.</summary>
    protected abstract void Tamper(string sql);

    /// <summary>Takes away what keeps the database itself from changing the journal.</summary>
    protected abstract string Unguarded { get; }

    [Fact]
    public async Task Each_server_that_takes_charge_gets_a_higher_fence()
    {
        var store = Open();
        Assert.Equal(new Fence(1), await store.TakeChargeAsync("one", Stop));
        Assert.Equal(new Fence(2), await store.TakeChargeAsync("one", Stop));
        Assert.Equal(new Fence(3), await Open().TakeChargeAsync("two", Stop));
    }

    [Fact]
    public async Task A_server_that_was_succeeded_can_write_nothing()
    {
        var (first, second) = (Open(), Open());
        var old = await first.TakeChargeAsync("first", Stop);
        var newest = await second.TakeChargeAsync("second", Stop);

        var caught = await Assert.ThrowsAsync<FencedException>(() => first.CommitAsync(Note(old, "too late"), Stop));

        Assert.Equal((old, newest), (caught.Mine, caught.Highest));
        await second.CommitAsync(Note(newest, "in time"), Stop);
        Assert.Equal(["in time"], (await first.ReadJournalAsync(0, null, 10, Stop)).Select(entry => entry.Text));
    }

    [Fact]
    public async Task Nobody_writes_before_taking_charge() =>
        await Assert.ThrowsAsync<FencedException>(() => Open().CommitAsync(Note(default, "hello"), Stop));

    [Fact]
    public async Task A_fence_that_was_never_handed_out_is_refused()
    {
        var store = Open();
        await store.TakeChargeAsync("one", Stop);
        await Assert.ThrowsAsync<FencedException>(() => store.CommitAsync(Note(new Fence(9), "hello"), Stop));
    }

    [Fact]
    public async Task What_was_committed_is_read_back_as_it_was_answered()
    {
        var store = Open();
        var fence = await store.TakeChargeAsync("one", Stop);
        var written = await store.CommitAsync(
            new Change(fence)
            {
                Entries =
                [
                    new(
                        Shop,
                        "d1",
                        "requested",
                        "Ann asked for shop@42.",
                        new JsonObject { ["by"] = "ann", ["ü"] = "é\0" }
                    ),
                    new(Blog, null, "note", "Nothing \"special\"\n→ here"),
                ],
            },
            Stop
        );

        Assert.Equal(
            [
                """1 2026-03-01T12:00:00.0000000+00:00 shop/production d1 requested|Ann asked for shop@42.|{"by":"ann","\u00FC":"\u00E9\u0000"}""",
                "2 2026-03-01T12:00:00.0000000+00:00 blog/staging - note|Nothing \"special\"\n→ here|-",
            ],
            written.Select(Text)
        );
        Assert.Equal(written.Select(Whole), (await Open().ReadJournalAsync(0, null, 10, Stop)).Select(Whole));
    }

    [Fact]
    public async Task The_journal_is_read_by_site_by_deployment_and_in_pages()
    {
        var store = Open();
        var fence = await store.TakeChargeAsync("one", Stop);
        NewEntry[] entries =
        [
            new(Shop, "d1", "step", "a"),
            new(Blog, "d2", "step", "b"),
            new(Shop, "d1", "step", "c"),
            new(Shop, "d3", "step", "d"),
            new(Shop, null, "step", "e"),
        ];
        await store.CommitAsync(new Change(fence) { Entries = entries }, Stop);

        Assert.Equal("abcde", await PageAsync(0, null, 10));
        Assert.Equal("cd", await PageAsync(2, null, 2));
        Assert.Equal("acde", await PageAsync(0, new JournalFilter(Site: Shop), 10));
        Assert.Equal("ac", await PageAsync(0, new JournalFilter(Deployment: "d1"), 10));
        Assert.Equal("c", await PageAsync(1, new JournalFilter(Shop, "d1"), 10));
        Assert.Equal("", await PageAsync(0, new JournalFilter(Blog, "d1"), 10));

        async Task<string> PageAsync(long after, JournalFilter? filter, int max) =>
            string.Concat((await store.ReadJournalAsync(after, filter, max, Stop)).Select(entry => entry.Text));
    }

    [Fact]
    public async Task A_document_counts_its_versions_and_guards_them()
    {
        var store = Open();
        var fence = await store.TakeChargeAsync("one", Stop);
        await WriteAsync(1, expected: 0);
        await WriteAsync(2, expected: 1);
        await WriteAsync(3, expected: null);
        Assert.Equal((3, "3"), await ReadAsync());

        await Assert.ThrowsAsync<ConflictException>(() => WriteAsync(4, expected: 0));
        await Assert.ThrowsAsync<ConflictException>(() => WriteAsync(4, expected: 2));
        Assert.Equal((3, "3"), await ReadAsync());

        await WriteAsync(null, expected: 3);
        await WriteAsync(null, expected: null);
        Assert.Null(await store.ReadAsync("releases", "shop", Stop));
        await Assert.ThrowsAsync<ConflictException>(() => WriteAsync(5, expected: 3));
        await WriteAsync(6, expected: 0);
        Assert.Equal((1, "6"), await ReadAsync());

        Task WriteAsync(int? body, int? expected) =>
            store.CommitAsync(
                new Change(fence) { Writes = [new("releases", "shop", body is { } number ? number : null, expected)] },
                Stop
            );
        async Task<(int, string)> ReadAsync()
        {
            var document = await store.ReadAsync("releases", "shop", Stop);
            return (document!.Version, document.Body.ToJsonString());
        }
    }

    [Fact]
    public async Task A_change_is_written_whole_or_not_at_all()
    {
        var store = Open();
        var fence = await store.TakeChargeAsync("one", Stop);
        await Assert.ThrowsAsync<ConflictException>(() =>
            store.CommitAsync(
                Note(fence, "lost") with
                {
                    Writes = [new("sites", "a", 1), new("sites", "b", 1, Expected: 7)],
                },
                Stop
            )
        );
        Assert.Empty(await store.ListAsync("sites", "", Stop));
        Assert.Empty(await store.ReadJournalAsync(0, null, 10, Stop));
    }

    [Fact]
    public async Task Documents_are_listed_by_prefix_in_the_order_of_their_keys()
    {
        var store = Open();
        var fence = await store.TakeChargeAsync("one", Stop);
        string[] keys = ["shop/2", "shop/10", "shop%", "shoq", "a", "shop/ü"];
        await store.CommitAsync(
            new Change(fence) { Writes = [.. keys.Select(key => new Write("r", key, key)), new("other", "shop/3", 1)] },
            Stop
        );

        Assert.Equal(["shop/10", "shop/2", "shop/ü"], await KeysAsync("shop/"));
        Assert.Equal(["a", "shop%", "shop/10", "shop/2", "shop/ü", "shoq"], await KeysAsync(""));
        Assert.Empty(await KeysAsync("z"));

        async Task<IEnumerable<string>> KeysAsync(string prefix) =>
            (await store.ListAsync("r", prefix, Stop)).Select(one => one.Key);
    }

    [Fact]
    public async Task Commits_from_many_sides_leave_no_gap_and_a_whole_chain()
    {
        var (one, two) = (Open(), Open());
        var fence = await one.TakeChargeAsync("one", Stop);
        await Task.WhenAll(
            Enumerable
                .Range(0, 40)
                .Select(number => (number % 2 == 0 ? one : two).CommitAsync(Note(fence, $"{number}"), Stop))
        );
        var journal = await one.ReadJournalAsync(0, null, 100, Stop);
        Assert.Equal(Enumerable.Range(1, 40).Select(number => (long)number), journal.Select(entry => entry.Sequence));
        Assert.Null(await one.FindBreakAsync(Stop));
    }

    [Theory]
    [InlineData("UPDATE journal SET text = 'x' WHERE seq = 4", 4)]
    [InlineData("UPDATE journal SET at = replace(at, '12:', '13:') WHERE seq = 4", 4)]
    [InlineData("UPDATE journal SET fence = 2 WHERE seq = 1", 1)]
    [InlineData("UPDATE journal SET body = '{ }' WHERE seq = 6", 6)]
    [InlineData("UPDATE journal SET deployment = '' WHERE seq = 6", 6)]
    [InlineData("UPDATE journal SET hash = replace(hash, 'a', 'b') WHERE seq = 5", 5)]
    [InlineData("DELETE FROM journal WHERE seq = 1", 1)]
    [InlineData("DELETE FROM journal WHERE seq = 5", 5)]
    [InlineData("DELETE FROM journal WHERE seq >= 8", 8)]
    [InlineData("DELETE FROM journal", 1)]
    [InlineData("UPDATE journal SET seq = 100 WHERE seq = 3", 3)]
    [InlineData(
        "INSERT INTO journal SELECT 11, at, app, environment, deployment, fence, kind, text, body, hash FROM journal WHERE seq = 10",
        11
    )]
    public async Task A_journal_that_was_tampered_with_shows_where(string tampering, long expected)
    {
        var store = Open();
        var fence = await store.TakeChargeAsync("one", Stop);
        for (var number = 1; number <= 10; number++)
        {
            await store.CommitAsync(Note(fence, $"note {number}"), Stop);
        }
        Assert.Null(await store.FindBreakAsync(Stop));

        Tamper(Unguarded + tampering);

        Assert.Equal(expected, await store.FindBreakAsync(Stop));
    }

    [Theory]
    [InlineData("UPDATE journal SET text = 'x'")]
    [InlineData("DELETE FROM journal")]
    public async Task The_database_itself_refuses_to_change_the_journal(string tampering)
    {
        var store = Open();
        await store.CommitAsync(Note(await store.TakeChargeAsync("one", Stop), "note"), Stop);
        Assert.Contains("only ever appended to", Assert.ThrowsAny<DbException>(() => Tamper(tampering)).Message);
    }

    [Fact]
    public async Task Lines_go_only_with_what_stands_for_them_and_only_those()
    {
        var store = Open();
        var fence = await store.TakeChargeAsync("one", Stop);
        for (var number = 1; number <= 10; number++)
        {
            await store.CommitAsync(Note(fence, $"note {number}"), Stop);
        }
        var lines = await store.ReadLinesAsync(0, 100, Stop);
        var removal = Standing(1, lines[3], new string('0', 64));

        await store.CommitAsync(Note(fence, "told") with { Removal = removal }, Stop);

        Assert.Equal(
            Enumerable.Range(5, 7).Select(one => (long)one),
            (await store.ReadJournalAsync(0, null, 100, Stop)).Select(one => one.Sequence)
        );
        Assert.Equal([removal.Signature], (await store.ReadRemovalsAsync(Stop)).Select(one => one.Signature));
        Assert.Null(await store.FindBreakAsync(Stop));
        Assert.Contains(
            "only ever appended to",
            Assert.ThrowsAny<DbException>(() => Tamper("DELETE FROM journal WHERE seq = 5")).Message
        );
        Assert.ThrowsAny<DbException>(() => Tamper("DELETE FROM removals"));
        Assert.ThrowsAny<DbException>(() => Tamper("UPDATE removals SET last = 7"));
        // One that does not begin where the last one ended removes nothing, and nothing else of its change is done.
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            store.CommitAsync(Note(fence, "no") with { Removal = Standing(6, lines[7], lines[4].Hash) }, Stop)
        );
        Assert.Equal(7, (await store.ReadJournalAsync(0, null, 100, Stop)).Count);
    }

    private static Removal Standing(long first, HashedLine last, string before) =>
        new(
            first,
            before,
            new TreeHead(last.Row.Sequence, "", last.Hash, default, "", ""),
            [],
            "",
            "",
            default,
            "somebody",
            "keep 400d",
            "",
            "signature"
        );

    [Fact]
    public async Task A_text_that_the_database_cannot_hold_is_kept_as_far_as_it_can()
    {
        var store = Open();
        var fence = await store.TakeChargeAsync("one", Stop);
        var written = await store.CommitAsync(Note(fence, "a\0b\ud800c"), Stop);
        Assert.Equal("a\uFFFDb\uFFFDc", written[0].Text);
        Assert.Equal(written.Select(Whole), (await store.ReadJournalAsync(0, null, 10, Stop)).Select(Whole));
        Assert.Null(await store.FindBreakAsync(Stop));
    }

    protected static Change Note(Fence fence, string text) =>
        new(fence) { Entries = [new NewEntry(Shop, null, "note", text)] };

    protected static string Text(JournalEntry entry) =>
        $"{entry.Sequence} {entry.At:O} {entry.Site} {entry.Deployment ?? "-"} {entry.Kind}|{entry.Text}|{entry.Body?.ToJsonString() ?? "-"}";

    protected static string Whole(JournalEntry entry) => $"{Text(entry)} {entry.Hash}";

    private sealed class StillClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Start;
    }
}
