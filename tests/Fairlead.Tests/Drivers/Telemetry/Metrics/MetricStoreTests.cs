using Fairlead.Drivers.Telemetry.Metrics;
using Fairlead.Drivers.Telemetry.Metrics.Blocks;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Tests.Drivers.Telemetry.Metrics;

/// <summary>The contract with everything in the head, and what only this store promises.</summary>
public class MetricStoreTests : MetricStoreContract, IAsyncDisposable
{
    private readonly TempFolder folder = new();
    private MetricStore? store;

    protected static MetricStoreSettings Small { get; } = new() { DiskBytesFree = 0 };

    protected MetricStoreSettings Settings { get; set; } = Small;

    protected MetricStore Embedded
    {
        get
        {
            lock (folder)
            {
                return store ??= MetricStore.OpenQuietly(folder.Path, Settings, World, NullLogger.Instance);
            }
        }
    }

    protected override IMetricStore Store => Embedded;

    public async ValueTask DisposeAsync()
    {
        await Embedded.DisposeAsync();
        folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task One_process_alone_has_the_folder()
    {
        await Append("up", Steps(1));
        var caught = Assert.Throws<ProblemException>(() =>
            MetricStore.OpenQuietly(folder.Path, Settings, World, NullLogger.Instance)
        );
        Assert.Equal("metrics.in-use", caught.Problem.Code);
        Assert.Contains($"{Environment.ProcessId}", caught.Problem.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_kept_is_there_after_a_restart()
    {
        await Append("up", Steps(500));
        await Restart();
        await Append("up", [new(At + (500 * Second), 5)]);
        await Restart();
        Assert.Equal(501, (await ReadOne("up", 0, long.MaxValue)).Count);
    }

    [Fact]
    public async Task A_restarted_store_still_knows_what_it_has()
    {
        await Append("up", Steps(10));
        await Restart();
        Assert.Equal(
            "2 taken, metrics.duplicate: 1",
            Text(await Append("up", [new(At + Second, 1), new(At + (2 * Second), 9), new(At + (9 * Second), 9)]))
        );
        Assert.Equal("1 taken", Text(await Append("up", [new(At + (4 * Second) + 500, 4.5)])));
        Assert.Equal(11, (await ReadOne("up", 0, long.MaxValue)).Count);
    }

    [Fact]
    public async Task Limits_on_series_refuse_new_ones_and_take_the_others()
    {
        Settings = Small with { SeriesMax = 5, SeriesOfMetricMax = 3, SeriesOfAppMax = 2 };
        for (var id = 0; id < 5; id++)
        {
            await Append($"http{{id='{id}'}}", [new(At, 1)]);
        }
        Assert.Equal("0 taken, metrics.too-many-series-of-metric: 1", Text(await Append("http{id='7'}", [new(At, 1)])));
        Assert.Equal("1 taken", Text(await Append("http{id='1'}", [new(At + Second, 1)])));
        await Append("a{app='shop'}", [new(At, 1)]);
        await Append("b{app='shop'}", [new(At, 1)]);
        Assert.Equal("0 taken, metrics.too-many-series: 2", Text(await Append("c{app='shop'}", Steps(2))));
        await Embedded.Keeper.FlushAsync(0, Stop);
        await Append("a{app='shop'}", [new(At + Second, 1)]);
        await Append("b{app='shop'}", [new(At + Second, 1)]);
        Assert.Equal("0 taken, metrics.too-many-series-of-app: 1", Text(await Append("c{app='shop'}", Steps(1))));
        Assert.Equal(
            "metrics.too-many-series: 2, metrics.too-many-series-of-app: 1, metrics.too-many-series-of-metric: 3",
            string.Join(", ", Embedded.Figures.Refused.OrderBy(one => one.Key).Select(one => $"{one.Key}: {one.Value}"))
        );
    }

    [Theory]
    [InlineData(600, 1)]
    [InlineData(1, 5000)]
    [InlineData(0, 0)]
    public async Task Labels_that_are_too_large_are_refused(int name, int value)
    {
        var labels =
            name == 0
                ? Labels.Of(Enumerable.Range(0, 65).Select(number => new Label($"l{number}", "x")))
                : Labels.Of([new(new string('n', name), new string('v', value))]);
        Assert.Equal(
            "0 taken, metrics.bad-labels: 1",
            Text(await Store.AppendAsync([new(labels, [new(At, 1)])], Stop))
        );
    }

    [Fact]
    public async Task Text_that_is_no_unicode_is_refused() =>
        Assert.Equal("0 taken, metrics.bad-labels: 1", Text(await Append("up{a='\ud800'}", [new(At, 1)])));

    [Fact]
    public async Task Too_many_selected_series_are_said()
    {
        Settings = Small with { SelectedMax = 2 };
        foreach (var id in (int[])[1, 2, 3])
        {
            await Append($"up{{id='{id}'}}", [new(At, 1)]);
        }
        var caught = await Assert.ThrowsAsync<ProblemException>(() => Select("up"));
        Assert.Equal("metrics.too-many-selected", caught.Problem.Code);
    }

    [Fact]
    public async Task A_series_of_which_nothing_more_comes_leaves_memory_and_can_still_be_read()
    {
        await Append("old", Steps(3));
        await Embedded.Keeper.FlushAsync(0, Stop);
        await Append("new", Steps(3));
        Assert.Equal(1, Embedded.Figures.Series);
        Assert.Equal(3, (await ReadOne("old", 0, long.MaxValue)).Count);
    }

    [Fact]
    public async Task Blocks_of_a_day_become_one_and_say_the_same()
    {
        for (var part = 0; part < 4; part++)
        {
            await Append(
                "up",
                [.. Enumerable.Range(part * 100, 100).Select(step => new Sample(At - Hour + (step * Second), step))]
            );
            await Append($"part{{number='{part}'}}", [new(At, part)]);
            await Embedded.Keeper.FlushAsync(0, Stop);
        }
        Assert.Equal(4, Embedded.Figures.Blocks);
        Embedded.Keeper.Compact(Stop);
        Assert.Equal((1, 404), (Embedded.Figures.Blocks, Embedded.Figures.BlockSamples));
        Assert.Equal(
            Enumerable.Range(0, 400).Select(step => (double)step),
            (await ReadOne("up", 0, long.MaxValue)).Select(one => one.Value)
        );
        Assert.Single(await Select("part{number='3'}"));
        await Restart();
        Assert.Equal(400, (await ReadOne("up", 0, long.MaxValue)).Count);
    }

    [Fact]
    public async Task Samples_that_are_in_two_blocks_are_read_once()
    {
        await Append("up", Steps(300));
        await Embedded.Keeper.FlushAsync(0, Stop);
        var block = Directory.GetFiles(folder.Path, "*.block", SearchOption.AllDirectories).Single();
        await Append("up", [new(At + (150 * Second) + 1, 7)]);
        await Embedded.DisposeAsync();
        File.Copy(block, Path.Combine(Path.GetDirectoryName(block)!, "00000099.block"));
        store = null;
        Assert.Equal(301, (await ReadOne("up", 0, long.MaxValue)).Count);
    }

    [Fact]
    public async Task What_is_too_old_becomes_a_rollup_and_then_goes()
    {
        Settings = Small with { KeepRaw = TimeSpan.FromDays(1), KeepRollups = TimeSpan.FromDays(10) };
        // A counter with a reset, every 15 s for an hour.
        var counter = Enumerable
            .Range(0, 240)
            .Select(step => new Sample(At + (step * 15 * Second), step < 110 ? step * 2 : step));
        Clock.Advance(TimeSpan.FromHours(1));
        await Append("requests_total", [.. counter]);
        await Embedded.Keeper.FlushAsync(0, Stop);
        Clock.Advance(TimeSpan.FromDays(2));
        Embedded.Keeper.Retain(Stop);

        var kept = await ReadOne("requests_total", 0, long.MaxValue);
        Assert.Equal(14, kept.Count);
        Assert.Equal(
            [218d, 110d],
            kept.Where(one => one.At is var at && at >= At + (109 * 15 * Second)).Take(2).Select(one => one.Value)
        );
        Assert.Equal(239, kept[^1].Value);

        Clock.Advance(TimeSpan.FromDays(10));
        Embedded.Keeper.Retain(Stop);
        Assert.Empty(await Select("requests_total"));
        Assert.Empty(Directory.GetFiles(folder.Path, "*.block", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task The_oldest_goes_first_when_there_is_too_much()
    {
        foreach (var day in (int[])[3, 2, 1])
        {
            await Append($"up{{day='{day}'}}", [new(At - (day * 24 * Hour), 1)]);
            await Embedded.Keeper.FlushAsync(0, Stop);
        }
        await Embedded.DisposeAsync();
        store = null;
        Settings = Small with
        {
            DiskBytesMax = Directory
                .GetFiles(folder.Path, "*.block", SearchOption.AllDirectories)
                .Sum(file => new FileInfo(file).Length),
        };
        // The log's own first bytes are too many now.
        Embedded.Keeper.Retain(Stop);
        Assert.Empty(await Select("up{day='3'}"));
        Assert.Single(await Select("up{day='2'}"));
        Assert.Single(await Select("up{day='1'}"));
    }

    [Fact]
    public async Task The_oldest_makes_way_when_the_disk_is_nearly_full()
    {
        await Append("up{day='2'}", [new(At - (48 * Hour), 1)]);
        await Append("up{day='1'}", [new(At - (24 * Hour), 1)]);
        await Embedded.Keeper.FlushAsync(0, Stop);
        await Embedded.DisposeAsync();
        store = null;
        Settings = Small with { DiskBytesFree = 1000 };
        // Its room comes back only later; that is no reason to drop the other too.
        Embedded.Keeper.FreeBytes = () => 999;
        Embedded.Keeper.Retain(Stop);
        Assert.Equal(["1"], await Store.LabelValuesAsync("day", [], 0, long.MaxValue, Stop));
    }

    [Fact]
    public async Task A_block_that_was_dropped_gives_back_memory_and_room()
    {
        await Append("up", Steps(300));
        await Embedded.Keeper.FlushAsync(0, Stop);
        await ReadOne("up", 0, long.MaxValue);
        Assert.Contains(folder.Path, await File.ReadAllTextAsync("/proc/self/maps", Stop), StringComparison.Ordinal);

        Clock.Advance(TimeSpan.FromDays(500));
        Embedded.Keeper.Retain(Stop);
        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.DoesNotContain(
            folder.Path,
            await File.ReadAllTextAsync("/proc/self/maps", Stop),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_snapshot_is_a_store_and_does_not_change()
    {
        await Append("up", Steps(10));
        using var other = new TempFolder();
        var copy = other.File("copy");
        await Embedded.SnapshotAsync(copy, Stop);
        await Append("up", [new(At + (20 * Second), 1)]);
        await Embedded.Keeper.FlushAsync(0, Stop);
        await Embedded.DisposeAsync();
        await using var second = MetricStore.OpenQuietly(copy, Settings, World, NullLogger.Instance);
        var columns = new SampleColumns();
        Assert.Single(await second.SelectAsync([Metric("up")], 0, long.MaxValue, Stop)).Read(0, long.MaxValue, columns);
        Assert.Equal(10, columns.Count);
    }

    [Fact]
    public async Task A_damaged_block_is_put_aside_and_the_rest_is_read()
    {
        await Append("up{day='2'}", [new(At - (48 * Hour), 1)]);
        await Append("up{day='1'}", [new(At - (24 * Hour), 1)]);
        await Embedded.DisposeAsync();
        store = null;
        var blocks = Directory.GetFiles(folder.Path, "*.block", SearchOption.AllDirectories).Order().ToList();
        var bytes = File.ReadAllBytes(blocks[0]);
        bytes[^30] ^= 1;
        File.WriteAllBytes(blocks[0], bytes);
        Assert.Equal(["2"], await Store.LabelValuesAsync("day", [], 0, long.MaxValue, Stop));
        Assert.Equal(
            [Path.GetFileName(blocks[0])],
            Directory.GetFiles(folder.File("damaged")).Select(Path.GetFileName)
        );
    }

    [Fact]
    public async Task A_block_cut_off_anywhere_is_noticed()
    {
        await Append("up{a='b'}", Steps(5));
        await Embedded.DisposeAsync();
        store = null;
        var block = Directory.GetFiles(folder.Path, "*.block", SearchOption.AllDirectories).Single();
        var whole = File.ReadAllBytes(block);
        var cut = folder.File("cut.block");
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(cut, whole.AsSpan(0, length));
            Assert.Throws<InvalidDataException>(() => Block.Open(cut));
        }
    }

    private async Task Restart()
    {
        await Embedded.DisposeAsync();
        store = null;
    }
}

/// <summary>The same with everything in blocks before it is read.</summary>
public sealed class FlushedMetricStoreTests : MetricStoreTests
{
    protected override Task BetweenAppendAndSelectAsync() => Embedded.Keeper.FlushAsync(0, Stop);
}
