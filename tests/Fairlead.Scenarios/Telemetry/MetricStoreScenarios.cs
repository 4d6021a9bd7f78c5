using Fairlead.Drivers.Telemetry.Metrics;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;
using Microsoft.Extensions.Logging;

namespace Fairlead.Scenarios.Telemetry;

/// <summary>The store of metrics on a disk that is really full.</summary>
public sealed class MetricStoreScenarios : IDisposable
{
    private static readonly long At = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
    private static readonly MetricStoreSettings Settings = new() { DiskBytesFree = 0 };

    private readonly SmallDisk disk = new();
    private readonly Notes notes = new();
    private readonly Random random = new(1);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => disk.Dispose();

    [Fact]
    public async Task On_a_full_disk_the_oldest_makes_way_then_samples_are_refused_and_nothing_acknowledged_is_lost()
    {
        disk.SkipUnlessMounted();
        var store = Open();
        await store.AppendAsync([Noise("old", At - (3 * 86_400_000L), 20_000)], Stop);
        await store.Keeper.FlushAsync(0, Stop);
        var acknowledged = 0L;
        Appended answer;
        do
        {
            answer = await store.AppendAsync([Noise("new", At - 86_400_000L + (acknowledged * 1000), 500)], Stop);
            acknowledged += answer.Taken;
        } while (answer.Refused.Count == 0);

        Assert.Equal(["metrics.disk-full"], answer.Refused.Keys);
        Assert.Contains(
            notes.Texts,
            text => text.Contains("dropped to make room: the disk is full", StringComparison.Ordinal)
        );
        Assert.Empty(await SelectAsync(store, "old"));
        Assert.True(await CountAsync(store, "new") >= acknowledged);

        // Whoever is killed now has lost nothing that was acknowledged.
        var kept = Directory.CreateTempSubdirectory("fairlead-kept-").FullName;
        CopyTo(kept);
        await using (var second = MetricStore.OpenQuietly(kept, Settings, World(), notes))
        {
            Assert.True(await CountAsync(second, "new") >= acknowledged);
        }
        Directory.Delete(kept, recursive: true);
        await store.DisposeAsync();
    }

    [Fact]
    public async Task Once_there_is_room_again_samples_are_taken_again()
    {
        disk.SkipUnlessMounted();
        await File.WriteAllBytesAsync(disk["filler"], new byte[900_000], Stop);
        await using var store = Open();
        var taken = 0L;
        Appended answer;
        do
        {
            answer = await store.AppendAsync([Noise("new", At - 86_400_000L + (taken * 1000), 500)], Stop);
            taken += answer.Taken;
        } while (answer.Refused.Count == 0);
        File.Delete(disk["filler"]);

        // A sender sends again what was refused.
        answer = await store.AppendAsync([Noise("other", At, 1)], Stop);

        Assert.Equal((1, 0), (answer.Taken, answer.Refused.Count));
        Assert.Contains("Metrics can be written again", notes.Texts);
    }

    private MetricStore Open() => MetricStore.OpenQuietly(disk["metrics"], Settings, World(), notes);

    private static World World() => new(TimeProvider.System, new Random(1));

    // No chunk makes this small.
    private SeriesSamples Noise(string name, long from, int count) =>
        new(
            Labels.Of([new(Labels.MetricName, name)]),
            [.. Enumerable.Range(0, count).Select(step => new Sample(from + (step * 1000L), random.NextDouble()))]
        );

    private static Task<IReadOnlyList<ISeries>> SelectAsync(MetricStore store, string name) =>
        store.SelectAsync([new(MatchKind.Equal, Labels.MetricName, name)], 0, long.MaxValue, Stop);

    private static async Task<int> CountAsync(MetricStore store, string name)
    {
        var columns = new SampleColumns();
        Assert.Single(await SelectAsync(store, name)).Read(0, long.MaxValue, columns);
        return columns.Count;
    }

    private void CopyTo(string folder)
    {
        // The lock is not read: to be held is all that it is for.
        foreach (var part in (string[])["wal", "blocks"])
        {
            Directory.CreateDirectory(Path.Combine(folder, part));
            foreach (var file in Directory.EnumerateFiles(Path.Combine(disk["metrics"], part)))
            {
                File.Copy(file, Path.Combine(folder, part, Path.GetFileName(file)));
            }
        }
    }

    private sealed class Notes : ILogger
    {
        public List<string> Texts { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Texts.Add(formatter(state, exception));
    }
}
