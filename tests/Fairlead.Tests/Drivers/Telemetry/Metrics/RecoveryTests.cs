using Fairlead.Drivers.Telemetry.Metrics;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Drivers.Telemetry.Metrics;

/// <summary>What is left after a process or a machine was killed, seen by opening copies of the folder as it was at that moment.</summary>
public sealed class RecoveryTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly long At = Now.ToUnixTimeMilliseconds();
    private static readonly MetricStoreSettings Settings = new() { DiskBytesFree = 0 };

    private readonly TempFolder folder = new();
    private int copies;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_log_cut_off_at_any_byte_keeps_every_batch_before()
    {
        var (ends, copy) = await WriteBatches(count: 4);
        var log = LogOf(copy);
        var whole = File.ReadAllBytes(log);
        for (var length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(log, whole.AsSpan(0, length));
            Assert.Equal(ends.Count(end => end <= length) * 3, await CountIn(Copy(copy)));
        }
    }

    [Fact]
    public async Task A_log_with_any_byte_changed_keeps_every_batch_before()
    {
        var (ends, copy) = await WriteBatches(count: 4);
        var log = LogOf(copy);
        var whole = File.ReadAllBytes(log);
        for (var place = 0; place < whole.Length; place++)
        {
            var damaged = whole.ToArray();
            damaged[place] ^= 0x20;
            File.WriteAllBytes(log, damaged);
            Assert.Equal(ends.Count(end => end <= place) * 3, await CountIn(Copy(copy)));
        }
    }

    [Fact]
    public async Task A_store_that_was_killed_and_opened_again_and_again_loses_nothing()
    {
        var here = Copy(null);
        for (var life = 0; life < 6; life++)
        {
            var store = Open(here);
            await store.AppendAsync(Batch(life), Stop);
            here = Copy(here);
        }
        Assert.Equal(6 * 3, await CountIn(here));
    }

    [Fact]
    public async Task No_moment_of_a_flush_or_a_merge_loses_or_doubles_a_sample()
    {
        var here = Copy(null);
        await using var store = Open(here);
        var (moments, expected) = (new List<string>(), new List<int>());
        using var watcher = new CancellationTokenSource();
        for (var number = 0; number < 4; number++)
        {
            await store.AppendAsync(Batch(number), Stop);
            store.Keeper.Step = () => Keep((number + 1) * 3);
            await store.Keeper.FlushAsync(0, Stop);
        }
        store.Keeper.Step = () => Keep(4 * 3);
        store.Keeper.Compact(Stop);
        store.Keeper.Step = null;

        Assert.True(moments.Count >= (4 * 3) + 3, $"{moments.Count} moments");
        for (var moment = 0; moment < moments.Count; moment++)
        {
            Assert.Equal((moment, expected[moment]), (moment, await CountIn(moments[moment])));
        }

        void Keep(int samples)
        {
            moments.Add(Copy(here));
            expected.Add(samples);
        }
    }

    private async Task<(List<long> Ends, string Copy)> WriteBatches(int count)
    {
        var here = Copy(null);
        await using var store = Open(here);
        var ends = new List<long>();
        for (var number = 0; number < count; number++)
        {
            await store.AppendAsync(Batch(number), Stop);
            ends.Add(new FileInfo(LogOf(here)).Length);
        }
        return (ends, Copy(here));
    }

    private static SeriesSamples[] Batch(int number) =>
        [
            new(
                Labels.Of([new(Labels.MetricName, "up"), new("batch", "all")]),
                [new(At + number, number), new(At + 500 + number, 0.5 + number)]
            ),
            new(Labels.Of([new(Labels.MetricName, "up"), new("batch", $"{number}")]), [new(At + number, Sample.Stale)]),
        ];

    private static async Task<int> CountIn(string path)
    {
        await using var store = Open(path);
        var columns = new SampleColumns();
        foreach (var series in await store.SelectAsync([], 0, long.MaxValue, Stop))
        {
            series.Read(0, long.MaxValue, columns);
        }
        return columns.Count;
    }

    private static MetricStore Open(string path) =>
        MetricStore.OpenQuietly(
            path,
            Settings,
            new World(new FakeTimeProvider(Now), new Random(1)),
            NullLogger.Instance
        );

    private static string LogOf(string path) => Directory.GetFiles(Path.Combine(path, "wal")).Single();

    // As a power cut would leave it: what was written, but not the lock.
    private string Copy(string? from)
    {
        var to = folder.File($"{copies++}");
        Directory.CreateDirectory(to);
        foreach (
            var file in from is null
                ? []
                : Directory
                    .EnumerateFiles(from, "*", SearchOption.AllDirectories)
                    .Where(file => Path.GetFileName(file) != "lock")
        )
        {
            var target = Path.Combine(to, Path.GetRelativePath(from!, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        return to;
    }
}
