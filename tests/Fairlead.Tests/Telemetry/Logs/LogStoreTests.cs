using CsCheck;
using Fairlead.Drivers.Telemetry.Logs;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;
using Fairlead.Tests.Drivers;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using static Fairlead.Tests.Telemetry.Logs.Records;

namespace Fairlead.Tests.Telemetry.Logs;

/// <summary>The store of logs in files: the contract, and what only files can do wrong.</summary>
public sealed class LogStoreTests : LogStoreContract, IAsyncDisposable
{
    private readonly Folder folder = new();
    private readonly FakeTimeProvider clock = new(DateTimeOffset.UnixEpoch.AddTicks(Start / 100));
    private LogStore open;

    /// <summary>Blocks and segments so small that every test has several.</summary>
    private static readonly LogStoreSettings Small = new()
    {
        BlockCharsMax = 200,
        SegmentBytesMax = 2_000,
        FreeBytesMin = 0,
    };

    public LogStoreTests() => open = Open(folder["logs"]);

    protected override ILogStore Store => open;

    protected override Task AgeAsync() => ((LogStore)Store).SealAsync(Stop);

    public async ValueTask DisposeAsync()
    {
        await open.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task What_was_taken_is_there_after_the_store_is_opened_again()
    {
        await Store.AppendAsync(new LogBatch([At(1, "a")]) { Bookmark = new("m", "1") }, Stop);
        await AgeAsync();
        await Store.AppendAsync(new LogBatch([At(2, "b")]) { Bookmark = new("m", "2") }, Stop);
        var cursor = (await Store.TailAsync(new(), null, 1, Stop)).Cursor;

        await ReopenAsync();
        await Store.AppendAsync(Batch(At(3, "c")), Stop);
        await ReopenAsync();
        Assert.Equal(["c", "b", "a"], (await Store.SearchAsync(Search(), Stop)).Bodies());
        Assert.Equal(["c"], (await Store.TailAsync(new(), cursor, 10, Stop)).Bodies());
        Assert.Equal("2", await Store.BookmarkAsync("m", Stop));
    }

    [Fact]
    public async Task A_write_ahead_log_cut_at_any_byte_loses_only_what_it_cuts()
    {
        await Store.AppendAsync(Batch(At(1, "one")), Stop);
        await Store.AppendAsync(new LogBatch([At(2, "two"), At(3, "three")]) { Bookmark = new("m", "3") }, Stop);
        await Store.AppendAsync(Batch(At(4, "four")), Stop);
        var files = Bytes(folder["logs"]);
        var (name, bytes) = files.Single(file => file.Key.EndsWith(WriteAhead.Extension, StringComparison.Ordinal));
        var ends = Ends(bytes);
        string[][] whole =
        [
            [],
            ["one"],
            ["three", "two", "one"],
            ["four", "three", "two", "one"],
        ];

        for (var length = 0; length <= bytes.Length; length++)
        {
            var at = folder[$"cut-{length}"];
            Restore(at, files);
            File.WriteAllBytes(Path.Combine(at, name), bytes[..length]);
            await using var store = Open(at);
            var expected = whole[ends.Count(end => end <= length)];
            Assert.Equal(expected, (await store.SearchAsync(Search(), Stop)).Bodies());

            // What comes later is not hidden by what was cut.
            await store.AppendAsync(Batch(At(9, "later")), Stop);
            await store.DisposeAsync();
            await using var again = Open(at);
            Assert.Equal(["later", .. expected], (await again.SearchAsync(Search(), Stop)).Bodies());
        }
    }

    [Fact]
    public async Task A_segment_cut_at_any_byte_while_it_was_written_loses_nothing()
    {
        await Store.AppendAsync(Batch(At(1, "first")), Stop);
        await AgeAsync();
        var before = Bytes(folder["logs"]);
        var length = before.Single(IsSegment).Value.Length;
        LogRecord[] later = [.. Enumerable.Range(2, 8).Select(i => At(i, $"record {i} {new string('x', 60)}"))];
        await Store.AppendAsync(Batch(later), Stop);
        var logged = Bytes(folder["logs"]);
        await AgeAsync();
        var (name, bytes) = Bytes(folder["logs"]).Single(IsSegment);
        var expected = (await Store.SearchAsync(Search(), Stop)).Bodies().ToList();
        Assert.True(bytes.Length > length + 1_000, "several blocks were added");

        // As a crash leaves it: the write-ahead log is still there, the segment is written in part.
        for (var cut = length; cut <= bytes.Length; cut += cut < bytes.Length - 3 ? 7 : 1)
        {
            var at = folder[$"cut-{cut}"];
            Restore(at, logged);
            File.WriteAllBytes(Path.Combine(at, name), bytes[..cut]);
            await using var store = Open(at);
            Assert.Equal(expected, (await store.SearchAsync(Search(), Stop)).Bodies());
            Assert.Equal(expected.Count, store.Holdings.Records);
        }
    }

    [Fact]
    public async Task A_damaged_block_is_left_out_and_said()
    {
        await Store.AppendAsync(Batch([.. Enumerable.Range(0, 30).Select(i => At(i, $"record {i}"))]), Stop);
        await AgeAsync();
        await Store.AppendAsync(Batch(At(99, "last")), Stop);
        await AgeAsync();
        var (name, bytes) = Bytes(folder["logs"]).First(IsSegment);
        var head = Block.TryReadHead(bytes)!;
        bytes[Block.HeadBytes + head.Summary + head.Filter + head.Columns.Packed + 9] ^= 1;
        File.WriteAllBytes(Path.Combine(folder["logs"], name), bytes);

        var found = (await Store.SearchAsync(Search(), Stop)).Bodies().ToList();
        Assert.Contains("last", found);
        Assert.InRange(found.Count, 1, 30);
        _ = await Store.SearchAsync(Search(), Stop);
        Assert.Equal(1, Store.Holdings.Damaged);
    }

    [Fact]
    public async Task Only_one_process_has_the_folder()
    {
        await Store.AppendAsync(Batch(At(1, "a")), Stop);
        var caught = Assert.Throws<ProblemException>(() => Open(folder["logs"]));
        Assert.Equal("logs.in-use", caught.Problem.Code);
    }

    [Fact]
    public async Task Old_records_are_let_go_by_age_and_by_size()
    {
        await using var store = Open(folder["aging"], Small with { Age = TimeSpan.FromDays(1), BytesMax = 9_000 });
        for (var hour = 0; hour < 48; hour++)
        {
            await store.AppendAsync(
                Batch([.. Enumerable.Range(0, 10).Select(i => At((hour * 3600) + i, $"r{hour}.{i}"))]),
                Stop
            );
            await store.SealAsync(Stop);
            clock.Advance(TimeSpan.FromHours(1));
        }
        store.Tidy();
        var oldest = store.Holdings.Oldest!.Value;
        Assert.InRange((Start + (48 * 3600 * Second) - oldest) / (3600 * Second), 1, 30);
        Assert.InRange(store.Holdings.Bytes, 1, 9_000 + 2_000);
        Assert.Equal(480, store.Holdings.Records + store.Holdings.Aged);
    }

    [Fact]
    public async Task Full_segments_are_read_by_their_index_and_without_it()
    {
        for (var i = 0; i < 20; i++)
        {
            await Store.AppendAsync(Batch([.. Enumerable.Range(0, 20).Select(k => At(i, $"record {i} {k}"))]), Stop);
            await AgeAsync();
        }
        var expected = (await Store.SearchAsync(Search(limit: 1_000), Stop)).Bodies().ToList();
        Assert.Equal(400, expected.Count);
        var indexes = Directory.GetFiles(folder["logs"], "*.index");
        Assert.NotEmpty(indexes);

        await ReopenAsync();
        Assert.Equal(expected, (await Store.SearchAsync(Search(limit: 1_000), Stop)).Bodies());
        File.Delete(indexes[0]);
        File.WriteAllText(indexes[^1], "garbage");
        await ReopenAsync();
        Assert.Equal(expected, (await Store.SearchAsync(Search(limit: 1_000), Stop)).Bodies());
    }

    [Fact]
    public void Any_records_are_found_as_by_a_list_of_them() => Acts.Array[1, 25].Sample(Holds, iter: 60, threads: 1);

    private static readonly string[] Vocabulary = ["get", "Put", "cart", "42", "ärger", "a_b", "x-y", "refused"];

    private static readonly Gen<LogRecord> AnyRecord = Gen.Select(
        Gen.Int[0, 600],
        Gen.Int[0, 7].Array[0, 5],
        Gen.Int[0, 3].Select(one => new[] { Severity.Unset, Severity.Debug, Severity.Info, Severity.Error }[one]),
        Gen.Int[0, 3],
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 7]).Array[0, 3],
        (second, words, severity, stream, fields) =>
            At(second, string.Join(' ', words.Select(word => Vocabulary[word])), severity, Stream($"s{stream}")) with
            {
                Fields = [.. fields.Select(field => new LogField($"f{field.Item1}", Vocabulary[field.Item2]))],
            }
    );

    private static readonly Gen<LogFilter> AnyFilter = Gen.Select(
        Gen.Int[-1, 7],
        Gen.Int[0, 700],
        Gen.Int[0, 700],
        Gen.Bool.Select(one => one ? Severity.Unset : Severity.Info),
        Gen.Int[-1, 3],
        (word, from, to, severity, stream) =>
            new LogFilter
            {
                Text = word < 0 ? null : Vocabulary[word],
                From = Start + (from * Second / 2),
                To = Start + (to * Second),
                Severity = severity,
                Stream = stream < 0 ? [] : [new(MatchKind.Equal, "service", $"s{stream}")],
            }
    );

    private sealed record Act(LogRecord[] Records, bool Seals, bool Reopens, LogFilter Filter, bool IsOldestFirst);

    private static readonly Gen<Act> Acts = Gen.Select(
        AnyRecord.Array[0, 30],
        Gen.Bool,
        Gen.Int[0, 5].Select(one => one == 0),
        AnyFilter,
        Gen.Bool,
        (records, seals, reopens, filter, isOldestFirst) => new Act(records, seals, reopens, filter, isOldestFirst)
    );

    private void Holds(Act[] acts)
    {
        using var own = new Folder();
        List<LogRecord> model = [];
        var store = Open(own.Path);
        try
        {
            foreach (var act in acts)
            {
                store.AppendAsync(new(act.Records), default).GetAwaiter().GetResult();
                model.AddRange(act.Records);
                if (act.Seals)
                {
                    store.SealAsync(default).GetAwaiter().GetResult();
                }
                if (act.Reopens)
                {
                    store.DisposeAsync().AsTask().GetAwaiter().GetResult();
                    store = Open(own.Path);
                }
                var order = act.IsOldestFirst ? LogOrder.OldestFirst : LogOrder.NewestFirst;
                var found = store.SearchAsync(new(act.Filter, 7, order), default).GetAwaiter().GetResult();
                Assert.Equal(
                    Expected(model, act).Take(7).Select(Logs.Records.Line),
                    found.Records.Select(Records.Line)
                );
                var counted = store.CountAsync(act.Filter, 60 * Second, default).GetAwaiter().GetResult();
                Assert.Equal(Expected(model, act).Count(), counted.Sum(one => one.Count));
            }
        }
        finally
        {
            store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private static IEnumerable<LogRecord> Expected(List<LogRecord> model, Act act)
    {
        var filter = act.Filter;
        var fits = model
            .Where(record => record.At >= filter.From && record.At < filter.To && record.Severity >= filter.Severity)
            .Where(record => filter.Stream.All(matcher => record.Stream[matcher.Name] == matcher.Value))
            .Where(record =>
                filter.Text is not { } text
                || record.Body.Split(' ').Concat(record.Fields.Select(field => field.Value)).Any(word => word == text)
            )
            // Stable, as they came in.
            .OrderBy(record => record.At);
        return act.IsOldestFirst ? fits : fits.Reverse();
    }

    private LogStore Open(string path, LogStoreSettings? settings = null) =>
        LogStore.Open(path, settings ?? Small, new World(clock, new Random(1)), NullLogger.Instance);

    private async Task ReopenAsync()
    {
        await open.DisposeAsync();
        open = Open(folder["logs"]);
    }

    private static bool IsSegment(KeyValuePair<string, byte[]> file) =>
        file.Key.EndsWith(Segment.Extension, StringComparison.Ordinal);

    private static Dictionary<string, byte[]> Bytes(string path) =>
        Directory
            .GetFiles(path)
            .Where(file => Path.GetFileName(file) != "lock")
            .ToDictionary(file => Path.GetFileName(file), File.ReadAllBytes);

    private static void Restore(string path, Dictionary<string, byte[]> files)
    {
        Directory.CreateDirectory(path);
        foreach (var (name, bytes) in files)
        {
            File.WriteAllBytes(Path.Combine(path, name), bytes);
        }
    }

    // Where each entry of a write-ahead log ends: its length stands in its first four bytes, and its head has twenty.
    private static List<int> Ends(byte[] bytes)
    {
        List<int> ends = [];
        for (var at = 0; at < bytes.Length; )
        {
            at += 20 + BitConverter.ToInt32(bytes, at);
            ends.Add(at);
        }
        return ends;
    }
}
