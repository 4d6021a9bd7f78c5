using System.Globalization;
using Fairlead.Drivers.Telemetry.Logs;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Watching.Logs;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;
using Fairlead.Model.Telemetry;
using Fairlead.Tests.Drivers;
using Fairlead.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Telemetry.Logs;

/// <summary>What is read from files comes in once, whatever happens in between; what is passed on comes at least once.</summary>
public sealed class CollectingTests : IAsyncDisposable
{
    private static readonly Site Shop = new("shop", "production");
    private readonly Folder folder = new();
    private readonly FakeTimeProvider clock = new(DateTimeOffset.UnixEpoch.AddTicks(Records.Start / 100));
    private readonly World world;
    private LogStore store;

    public CollectingTests()
    {
        world = new World(clock, new Random(1));
        store = Open();
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task What_apps_write_comes_in_once_though_the_server_is_killed_between_any_two_pages()
    {
        var sites = await SitesAsync();
        var outputs = new Pages(
            ["api@42#0|warn: A[1]", "api@42#0|      the cart", "web@41#1|{\"level\":50,\"msg\":\"no\"}"],
            ["api@42#0|password=hunter2", "api@42#0|"]
        );
        for (var kill = 0; kill < 5; kill++)
        {
            var collector = new OutputCollector(sites, outputs, Collecting());
            await collector.LookAsync(Stop);
            await store.DisposeAsync();
            store = Open();
        }
        var found = await store.SearchAsync(new(new(), 100, LogOrder.OldestFirst), Stop);
        Assert.Equal(
            ["api 42 0 output Warning the cart", "web 41 1 output Error no", "api 42 0 output Unset password=***"],
            found.Records.Select(record =>
                $"{record.Stream["service"]} {record.Stream["release"]} {record.Stream["replica"]} {record.Stream["log"]} {record.Severity} {record.Body}"
            )
        );
    }

    [Fact]
    public async Task A_node_that_cannot_be_asked_is_asked_again()
    {
        var outputs = new Pages(["api@42#0|hello"]) { Failures = 2 };
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var hasty = new World(new HastyClock(clock.GetUtcNow()), new Random(1));
        var collecting = new LogCollecting(store, store, hasty, NullLogger.Instance);
        var running = new OutputCollector(await SitesAsync(), outputs, collecting).RunAsync(stopping.Token);
        while (store.Holdings.Records == 0)
        {
            await Task.Yield();
        }
        await stopping.CancelAsync();
        // Told in the midst of waiting it is cancelled; told between two looks it just ends.
        var end = await Record.ExceptionAsync(() => running);
        Assert.True(end is null or OperationCanceledException, end?.ToString());
        Assert.Equal(1, store.Holdings.Records);
    }

    [Fact]
    public async Task The_access_log_is_followed_over_rotations()
    {
        var path = folder["access.jsonl"];
        var followed = new FollowedFile(path, kept: 2);
        Assert.Equal(new LinesRead([], null), await followed.ReadAsync(null, 10, Stop), Same);

        File.WriteAllText(path, "a1\na2\nhalf");
        var first = await followed.ReadAsync(null, 1, Stop);
        Assert.Equal(["a1"], first.Lines);
        var second = await followed.ReadAsync(first.Cursor, 10, Stop);
        Assert.Equal(["a2"], second.Lines);

        File.AppendAllText(path, "-done\na4\n");
        File.Move(path, path + ".1");
        File.WriteAllText(path, "b1\n");
        var third = await followed.ReadAsync(second.Cursor, 10, Stop);
        Assert.Equal(["half-done", "a4", "b1"], third.Lines);
        Assert.Empty((await followed.ReadAsync(third.Cursor, 10, Stop)).Lines);

        // The file that was read last is gone for good: what is left is read from its start.
        File.Move(path + ".1", path + ".2");
        File.Move(path, path + ".1");
        File.WriteAllText(path, "c1\n");
        Assert.Equal(["half-done", "a4"], (await followed.ReadAsync(second.Cursor, 2, Stop)).Lines);
        File.Delete(path + ".2");
        Assert.Equal(["b1", "c1"], (await followed.ReadAsync(second.Cursor, 10, Stop)).Lines);
    }

    [Fact]
    public void An_access_line_is_a_record_of_the_release_that_answered()
    {
        const string Line =
            """{"time":"2026-01-01T00:00:00.5+00:00","site":"shop/production","service":"api","release":"api@42","method":"GET","host":"shop.example","path":"/cart","status":502,"ms":12.5}""";
        Assert.Equal(
            "1767225600500000000 7 Error    {app=\"shop\", environment=\"production\", log=\"access\", release=\"42\", service=\"api\"} GET shop.example/cart 502 12.5 ms method=GET,host=shop.example,path=/cart,status=502,ms=12.5",
            AccessCollector.RecordOf(Line, 7).Line()
        );
        Assert.Equal("nonsense", AccessCollector.RecordOf("nonsense", 7).Body);
        Assert.Equal(Severity.Warning, AccessCollector.RecordOf("""{"dropped":3}""", 7).Severity);
    }

    [Fact]
    public async Task Passing_on_goes_on_where_it_ended_and_waits_longer_each_time()
    {
        var settings = await SettingsAsync(new LogForwarding("central", "otlp", new Uri("http://localhost:1")));
        var there = new Destination();
        var forwarder = new LogForwarder(settings, store, _ => there, world, NullLogger.Instance);
        await store.AppendAsync(Records.Batch(Records.At(0, "before it was set up")), Stop);
        await forwarder.LookAsync(Stop);

        await store.AppendAsync(Records.Batch(Records.At(1, "one"), Records.At(2, "two")), Stop);
        there.IsAway = true;
        await forwarder.LookAsync(Stop);
        Assert.Equal("away", forwarder.StateOf("central")!.Trouble);
        there.IsAway = false;
        await forwarder.LookAsync(Stop);
        Assert.Empty(there.Taken);
        clock.Advance(TimeSpan.FromSeconds(2));
        await forwarder.LookAsync(Stop);
        Assert.Equal(["one", "two"], there.Taken);

        // A server that begins anew goes on behind them.
        await store.AppendAsync(Records.Batch(Records.At(3, "three"), Records.At(4, "bad")), Stop);
        var next = new LogForwarder(settings, store, _ => there, world, NullLogger.Instance);
        await next.LookAsync(Stop);
        Assert.Equal(["one", "two", "three", "bad"], there.Taken);
        Assert.Equal(new ForwardingState(1, 1, null), next.StateOf("central"));
    }

    [Fact]
    public async Task A_large_record_is_cut_and_a_wrong_clock_is_put_right()
    {
        var reception = new LogReception(store, new Masker(new LiveMask()), world);
        var ahead = Records.At(86_400, "from tomorrow");
        var large = Records.At(0, new string('x', 1 << 20)) with
        {
            Fields = [.. Enumerable.Range(0, 1_000).Select(i => new LogField($"f{i}", "v"))],
        };
        Assert.Equal(new LogsTaken(2, 1), await reception.AppendAsync(new LogBatch([ahead, large]), Stop));

        var found = (await store.SearchAsync(new(new(), 10, LogOrder.OldestFirst), Stop)).Records;
        Assert.Equal(new ReceptionCounts(2, 1, 1), reception.Counts);
        var cut = found.Single(record => record.Body[0] == 'x');
        Assert.Equal((LogLimits.BodyCharsMax, LogLimits.FieldsMax), (cut.Body.Length, cut.Fields.Count));
        Assert.EndsWith(Cut.Mark, cut.Body, StringComparison.Ordinal);
        Assert.Equal(new LogField("fields.cut", "873"), cut.Fields[^1]);
        Assert.Equal(Records.Start, found.Single(record => record.Body[0] == 'f').At);
    }

    private static bool Same(LinesRead left, LinesRead right) =>
        left.Cursor == right.Cursor && left.Lines.SequenceEqual(right.Lines);

    private LogStore Open() =>
        LogStore.Open(folder["logs"], new LogStoreSettings { FreeBytesMin = 0 }, world, NullLogger.Instance);

    private LogCollecting Collecting() =>
        new(new LogReception(store, new Masker(new LiveMask()), world), store, world, NullLogger.Instance);

    private async Task<MemoryStore> SitesAsync() =>
        await WithAsync(
            Fairlead.Engine.Deploying.Records.Sites,
            Shop.ToString(),
            Fairlead.Engine.Deploying.Records.Body(new SiteRecord(Shop))
        );

    private async Task<MemoryStore> SettingsAsync(LogForwarding one) =>
        await WithAsync(LogForwarder.Collection, one.Name, Fairlead.Engine.Deploying.Records.Body(one));

    private async Task<MemoryStore> WithAsync(string collection, string key, System.Text.Json.Nodes.JsonNode body)
    {
        var memory = new MemoryStore(world);
        var fence = await memory.TakeChargeAsync("me", Stop);
        await memory.CommitAsync(new Change(fence) { Writes = [new Write(collection, key, body)] }, Stop);
        return memory;
    }

    /// <summary>Pages of lines, such as <c>api@42#0|hello</c>; the cursor is how many were read.</summary>
    private sealed class Pages(params string[][] pages) : ILogs
    {
        public int Failures { get; set; }

        public Task<LogPage> ReadAsync(LogQuery query, string? cursor, CancellationToken stop)
        {
            if (Failures-- > 0)
            {
                throw new ProblemException(new Problem("role.away", "No.", "away", "Wait."));
            }
            var at = int.TryParse(cursor, CultureInfo.InvariantCulture, out var read) ? read : 0;
            return Task.FromResult(
                at == pages.Length
                    ? new LogPage([], cursor!)
                    : new LogPage(
                        [.. pages[at].Select(line => new LogLine(line.Split('|')[0], line[(line.IndexOf('|') + 1)..]))],
                        $"{at + 1}"
                    )
            );
        }
    }

    private sealed class Destination : ILogDestination
    {
        public List<string> Taken { get; } = [];

        public bool IsAway { get; set; }

        public Task<LogsSent> SendAsync(IReadOnlyList<LogRecord> records, CancellationToken stop)
        {
            if (IsAway)
            {
                throw new ProblemException(new Problem("forwarding.away", "No.", "away", "Wait."));
            }
            Taken.AddRange(records.Select(record => record.Body));
            var bad = records.Count(record => record.Body == "bad");
            return Task.FromResult(new LogsSent(bad, bad > 0 ? "bad" : null));
        }
    }
}
