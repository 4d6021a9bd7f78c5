using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;
using static Fairlead.Tests.Telemetry.Logs.Records;

namespace Fairlead.Tests.Telemetry.Logs;

/// <summary>What every store of logs promises.</summary>
public abstract class LogStoreContract
{
    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>An empty store.</summary>
    protected abstract ILogStore Store { get; }

    /// <summary>Moves what was taken from where new records are to where old ones are. A store that knows no difference does nothing.</summary>
    protected virtual Task AgeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_record_comes_back_as_it_was_given()
    {
        var record = At(1, "käse\nzwei 🧀") with
        {
            Observed = Start + 7,
            SeverityText = "NOTICE",
            TraceId = "0af7651916cd43dd8448eb211c80319c",
            SpanId = "b7ad6b7169203331",
            Fields = [new("a", "1"), new("b", ""), new("a", "2"), new("наказ", "\ud800 half")],
        };
        var bare = At(2, "") with { Severity = Severity.Unset, Stream = Labels.None };
        await Store.AppendAsync(Batch(record, bare), Stop);

        var half = record with { Fields = [.. record.Fields.SkipLast(1), new("наказ", "\ufffd half")] };
        var fresh = (await Store.SearchAsync(Search(), Stop)).Records.Select(Logs.Records.Line).ToList();
        Assert.Equal(2, fresh.Count);
        await AgeAsync();
        Assert.Equal(
            [bare.Line(), half.Line()],
            (await Store.SearchAsync(Search(), Stop)).Records.Select(Logs.Records.Line)
        );
    }

    [Fact]
    public async Task Records_come_by_their_time_and_those_of_the_same_time_as_they_came_in()
    {
        await Store.AppendAsync(Batch(At(3, "c"), At(1, "a1"), At(1, "a2")), Stop);
        await AgeAsync();
        await Store.AppendAsync(Batch(At(2, "b"), At(1, "a3")), Stop);

        Assert.Equal(["c", "b", "a3", "a2", "a1"], (await Store.SearchAsync(Search(), Stop)).Bodies());
        var oldest = Search() with { Order = LogOrder.OldestFirst };
        Assert.Equal(["a1", "a2", "a3", "b", "c"], (await Store.SearchAsync(oldest, Stop)).Bodies());
    }

    [Theory]
    [InlineData(LogOrder.NewestFirst)]
    [InlineData(LogOrder.OldestFirst)]
    public async Task Pages_show_every_record_once(LogOrder order)
    {
        for (var i = 0; i < 5; i++)
        {
            await Store.AppendAsync(Batch(At(i % 3, $"{i}a"), At(i % 2, $"{i}b"), At(5 - i, $"{i}c")), Stop);
            if (i == 2)
            {
                await AgeAsync();
            }
        }
        var whole = (await Store.SearchAsync(Search() with { Order = order }, Stop)).Bodies().ToList();

        List<string> paged = [];
        string? cursor = null;
        do
        {
            var page = await Store.SearchAsync(new(new(), 2, order, cursor), Stop);
            paged.AddRange(page.Bodies());
            cursor = page.Cursor;
        } while (cursor is not null);
        Assert.Equal(whole, paged);
        Assert.Equal(15, paged.Distinct().Count());
    }

    [Theory]
    [InlineData("refused", "1")]
    [InlineData("REFUSED", "1")]
    [InlineData("connection refused", "1")]
    [InlineData("refus", "")]
    [InlineData("refus*", "1")]
    [InlineData("*fused", "1")]
    [InlineData("onnectio", "")]
    [InlineData("*onnectio*", "1,2")]
    [InlineData("connection", "1,2")]
    [InlineData("10.0.0.7:5432", "1")]
    [InlineData("0.0.7", "1")]
    [InlineData("refused connection", "")]
    [InlineData("ä b", "3")]
    [InlineData("Ä B", "3")]
    [InlineData("alice", "4")]
    [InlineData("0af7651916cd43dd8448eb211c80319c", "4")]
    [InlineData("(", "1")]
    [InlineData("*", "1,2,3,4")]
    public async Task Text_is_found_by_whole_words_in_any_case(string text, string expected)
    {
        await Store.AppendAsync(
            Batch(
                At(1, "connection refused (10.0.0.7:5432)"),
                At(2, "connection established"),
                At(3, "ä b"),
                At(4, "signed in") with
                {
                    Fields = [new("user", "Alice")],
                    TraceId = "0af7651916cd43dd8448eb211c80319c",
                }
            ),
            Stop
        );

        Assert.Equal(expected, await SecondsAsync(new() { Text = text }));
        await AgeAsync();
        Assert.Equal(expected, await SecondsAsync(new() { Text = text }));
    }

    [Fact]
    public async Task Records_are_found_by_what_is_set_and_only_by_that()
    {
        await Store.AppendAsync(
            Batch(
                At(1, "GET /cart 200", Severity.Info),
                At(2, "GET /cart 502", Severity.Error) with
                {
                    TraceId = "0af7651916cd43dd8448eb211c80319c",
                },
                At(3, "boom", Severity.Fatal, Stream("web")) with
                {
                    Fields = [new("user", "42"), new("user", "43")],
                }
            ),
            Stop
        );
        for (var aged = 0; aged < 2; aged++)
        {
            Assert.Equal("1,2", await SecondsAsync(new() { Regex = @"\b[25]0\d$" }));
            Assert.Equal("2,3", await SecondsAsync(new() { Severity = Severity.Warning }));
            Assert.Equal("3", await SecondsAsync(new() { Fields = [new("user", "43")] }));
            Assert.Equal("", await SecondsAsync(new() { Fields = [new("user", "4")] }));
            Assert.Equal("", await SecondsAsync(new() { Fields = [new("name", "43")] }));
            Assert.Equal("2", await SecondsAsync(new() { TraceId = "0af7651916cd43dd8448eb211c80319c" }));
            Assert.Equal("3", await SecondsAsync(new() { Stream = [new(MatchKind.Equal, "service", "web")] }));
            Assert.Equal("1,2", await SecondsAsync(new() { Stream = [new(MatchKind.NotEqual, "service", "web")] }));
            Assert.Equal("1,2", await SecondsAsync(new() { Stream = [new(MatchKind.Regex, "service", "a.*")] }));
            Assert.Equal("3", await SecondsAsync(new() { Stream = [new(MatchKind.NotRegex, "service", "ap|api")] }));
            Assert.Equal("1,2,3", await SecondsAsync(new() { Stream = [new(MatchKind.Equal, "zone", "")] }));
            Assert.Equal("2", await SecondsAsync(new() { From = Start + (2 * Second), To = Start + (3 * Second) }));
            await AgeAsync();
        }
    }

    [Fact]
    public async Task Counts_are_those_of_the_records_in_each_step()
    {
        for (var i = 0; i < 200; i++)
        {
            var severity = i % 3 == 0 ? Severity.Error : Severity.Info;
            await Store.AppendAsync(Batch(At(i, i % 2 == 0 ? "even" : "odd", severity, Stream($"s{i % 4}"))), Stop);
        }
        LogFilter[] filters =
        [
            new(),
            new() { From = Start + (13 * Second), To = Start + (150 * Second) },
            new() { From = Start + (60 * Second), To = Start + (120 * Second) },
            new() { Severity = Severity.Error, Stream = [new(MatchKind.Equal, "service", "s1")] },
            new() { Text = "odd" },
        ];
        for (var aged = 0; aged < 2; aged++)
        {
            foreach (var filter in filters)
            {
                foreach (var step in new[] { 60 * Second, 7 * Second, 3600 * Second })
                {
                    var records = (await Store.SearchAsync(Search(filter, 1000), Stop)).Records;
                    var expected = records
                        .GroupBy(record => (At: record.At / step * step, record.Severity))
                        .OrderBy(group => group.Key)
                        .Select(group => new LogCount(group.Key.At, group.Key.Severity, group.Count()));
                    Assert.Equal(expected, await Store.CountAsync(filter, step, Stop));
                }
            }
            await AgeAsync();
        }
    }

    [Fact]
    public async Task A_tail_hands_on_what_comes_in_once_in_its_order()
    {
        await Store.AppendAsync(Batch(At(9, "before")), Stop);
        var begun = await Store.TailAsync(new(), null, 10, Stop);
        Assert.Empty(begun.Records);

        await Store.AppendAsync(Batch(At(5, "one"), At(1, "two", Severity.Debug), At(3, "three")), Stop);
        await AgeAsync();
        await Store.AppendAsync(Batch(At(0, "four")), Stop);

        var filter = new LogFilter { Severity = Severity.Info };
        var first = await Store.TailAsync(filter, begun.Cursor, 2, Stop);
        Assert.Equal(["one", "three"], first.Bodies());
        var second = await Store.TailAsync(filter, first.Cursor, 2, Stop);
        Assert.Equal(["four"], second.Bodies());
        var third = await Store.TailAsync(filter, second.Cursor, 2, Stop);
        Assert.Empty(third.Records);
        Assert.Equal(second.Cursor, third.Cursor);
    }

    [Fact]
    public async Task A_bookmark_is_the_last_that_came_with_a_batch()
    {
        Assert.Null(await Store.BookmarkAsync("files", Stop));
        await Store.AppendAsync(new LogBatch([At(1, "a")]) { Bookmark = new("files", "a:1") }, Stop);
        await Store.AppendAsync(new LogBatch([]) { Bookmark = new("files", "a:2") }, Stop);
        await Store.AppendAsync(new LogBatch([]) { Bookmark = new("others", "x") }, Stop);
        await AgeAsync();
        Assert.Equal("a:2", await Store.BookmarkAsync("files", Stop));
        Assert.Equal("x", await Store.BookmarkAsync("others", Stop));
    }

    [Fact]
    public async Task Many_may_append_at_once()
    {
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 200),
            new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Stop },
            async (i, stop) => await Store.AppendAsync(Batch(At(i, $"{i}a"), At(i, $"{i}b")), stop)
        );
        var found = (await Store.SearchAsync(Search(limit: 1000), Stop)).Bodies().Order(StringComparer.Ordinal);
        var given = Enumerable.Range(0, 200).SelectMany(i => new[] { $"{i}a", $"{i}b" });
        Assert.Equal(given.Order(StringComparer.Ordinal), found);
    }

    [Fact]
    public async Task What_cannot_be_read_is_refused_with_a_problem()
    {
        await Store.AppendAsync(Batch(At(1, "a")), Stop);
        await RefusedAsync("logs.wrong-regex", Store.SearchAsync(Search(new() { Regex = "(" }), Stop));
        await RefusedAsync("logs.wrong-regex", Store.SearchAsync(Search(new() { Regex = @"(?=a)a" }), Stop));
        await RefusedAsync("logs.wrong-cursor", Store.SearchAsync(Search(cursor: "x"), Stop));
        await RefusedAsync("logs.wrong-cursor", Store.TailAsync(new(), "x", 1, Stop));
    }

    private static async Task RefusedAsync(string code, Task task)
    {
        var caught = await Assert.ThrowsAsync<ProblemException>(() => task);
        Assert.Equal(code, caught.Problem.Code);
    }

    private async Task<string> SecondsAsync(LogFilter filter)
    {
        var found = await Store.SearchAsync(new(filter, 100, LogOrder.OldestFirst), Stop);
        return string.Join(',', found.Records.Select(record => (record.At - Start) / Second));
    }
}
