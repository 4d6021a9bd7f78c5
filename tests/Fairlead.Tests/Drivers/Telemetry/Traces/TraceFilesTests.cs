using Fairlead.Drivers.Telemetry.Traces;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using static Fairlead.Tests.Watching.Traces.SpanSample;

namespace Fairlead.Tests.Drivers.Telemetry.Traces;

public sealed class TraceFilesTests : TraceStoreContract, IDisposable
{
    private static readonly TraceLimits Small = new()
    {
        SegmentBytes = 200 << 10,
        BytesMax = 1 << 20,
        FreeBytesMin = 0,
    };

    private readonly Folder folder = new();
    private readonly FakeTimeProvider clock = new(Noon);
    private TraceFiles? opened;

    protected override ITraceStore Store => Files(new() { FreeBytesMin = 0 });

    public void Dispose()
    {
        opened?.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task The_oldest_go_when_there_are_too_many()
    {
        var store = Files(Small);
        for (var i = 1UL; i <= 300; i++)
        {
            await store.KeepAsync([Kept(Large(i))], Stop);
        }
        var room = await store.RoomAsync(Stop);
        Assert.InRange(room.Bytes, 1, (1 << 20) + (600 << 10));
        Assert.InRange(room.Traces, 20, 299);
        Assert.Empty(await store.FindAsync(new(1, 1), Stop));
        Assert.Single(await store.FindAsync(new(1, 300), Stop));
        Assert.Equal(300UL, (await store.SearchAsync(new() { Max = 1 }, Stop)).Traces[0].Trace.Low);
    }

    [Fact]
    public async Task They_go_when_they_are_too_old_though_nothing_new_comes()
    {
        var store = Files(Small);
        await store.KeepAsync([Kept(Of(1, 1))], Stop);
        clock.Advance(TimeSpan.FromDays(6));
        await store.KeepAsync([Kept(Of(2, 1))], Stop);
        clock.Advance(TimeSpan.FromDays(2));

        Assert.Equal(1, (await store.RoomAsync(Stop)).Traces);
        Assert.Empty(await store.FindAsync(new(1, 1), Stop));
        clock.Advance(TimeSpan.FromDays(6));
        Assert.Equal(new TraceRoom(0, 0, null, 0), await store.RoomAsync(Stop));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task Late_spans_of_a_trace_may_lie_in_the_next_file()
    {
        var store = Files(Small);
        await store.KeepAsync([Kept(Of(1, 1, to: 10))], Stop);
        clock.Advance(TimeSpan.FromDays(1));
        await store.KeepAsync([Kept(Of(1, 2, parent: 1, from: 5, to: 50).Failed())], Stop);

        Assert.Equal(2, Directory.GetFiles(folder.Path, "*.db").Length);
        Assert.Equal(2, (await store.FindAsync(new(1, 1), Stop)).Count);
        var only = Assert.Single((await store.SearchAsync(new(), Stop)).Traces);
        Assert.Equal((2, 1, 50.0, "op1"), (only.Spans, only.Errors, only.Duration.TotalMilliseconds, only.Operation));
    }

    [Fact]
    public async Task A_damaged_file_is_put_aside_and_the_others_are_read()
    {
        await Files(Small).KeepAsync([Kept(Of(1, 1))], Stop);
        clock.Advance(TimeSpan.FromDays(1));
        await opened!.KeepAsync([Kept(Of(2, 1))], Stop);
        opened.Dispose();
        opened = null;
        File.WriteAllText(
            Directory.GetFiles(folder.Path, "*.db").Order(StringComparer.Ordinal).First(),
            new string('x', 9_000)
        );

        var store = Files(Small);

        Assert.Single(await store.FindAsync(new(1, 2), Stop));
        Assert.Single(Directory.GetFiles(folder.Path, "*.damaged"));
    }

    [Fact]
    public async Task The_last_of_the_disk_is_left_to_others()
    {
        await Files(Small).KeepAsync([Kept(Of(1, 1))], Stop);
        clock.Advance(TimeSpan.FromDays(1));
        await opened!.KeepAsync([Kept(Of(2, 1))], Stop);
        opened.Dispose();
        opened = null;

        var store = Files(Small with { FreeBytesMin = long.MaxValue });
        var caught = await Assert.ThrowsAsync<ProblemException>(() => store.KeepAsync([Kept(Of(3, 1))], Stop));

        Assert.Equal("trace.disk-full", caught.Problem.Code);
        Assert.Equal(1, (await store.RoomAsync(Stop)).LostToDisk);
        Assert.Single(await store.FindAsync(new(1, 2), Stop));
    }

    [Fact]
    public async Task A_search_that_had_to_look_at_too_much_says_so()
    {
        var store = Files(Small with { LookedAtMax = 10, SegmentBytes = 64 << 20 });
        for (var i = 1UL; i <= 20; i++)
        {
            await store.KeepAsync([Kept(Of(i, 1), Of(i, 2, parent: 1, service: "web"))], Stop);
        }
        // Each trace has both words, but none in one span.
        var found = await store.SearchAsync(new() { Operation = "op1", Service = "web" }, Stop);
        Assert.Equal((0, true), (found.Traces.Count, found.IsCut));
    }

    protected override ITraceStore Reopened()
    {
        opened?.Dispose();
        opened = null;
        return Store;
    }

    private TraceFiles Files(TraceLimits limits) =>
        opened ??= TraceFiles.Open(folder.Path, new World(clock, new Random(1)), NullLogger.Instance, limits);

    // Noise does not pack, so it fills a file.
    private static Span Large(ulong trace)
    {
        var noise = new byte[3_000];
        new Random((int)trace).NextBytes(noise);
        return Of(trace, 1, from: trace, to: trace + 1) with
        {
            Attributes = [new("noise", Convert.ToBase64String(noise))],
        };
    }
}
