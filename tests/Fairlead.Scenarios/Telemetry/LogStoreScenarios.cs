using Fairlead.Drivers.Telemetry.Logs;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Scenarios.Telemetry;

/// <summary>The store of logs on a disk that is too small.</summary>
public sealed class LogStoreScenarios
{
    private static readonly World Real = new(TimeProvider.System, new Random(1));

    private static readonly LogStoreSettings Settings = new()
    {
        HeadCharsMax = 100_000,
        SegmentBytesMax = 50_000,
        Age = TimeSpan.FromDays(36_500),
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <param name="others">How many kilobytes others hold, so that each kind of file meets the full disk once.</param>
    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(12)]
    [InlineData(20)]
    [InlineData(36)]
    public async Task Old_logs_make_room_for_new_ones_and_for_others_when_the_disk_is_full(int others)
    {
        using var disk = new SmallDisk();
        disk.SkipUnlessMounted();
        await File.WriteAllBytesAsync(disk["others"], new byte[others * 1_024], Stop);
        var store = LogStore.Open(disk["logs"], Settings, Real, NullLogger.Instance);
        var random = new Random(3);
        for (var batch = 0; batch < 200; batch++)
        {
            await store.AppendAsync(new LogBatch([.. Lines(random, batch)]), Stop);
        }
        Assert.True(store.Holdings.Crowded > 0);
        // A twentieth stays for others.
        await store.SealAsync(Stop);
        await File.WriteAllBytesAsync(disk["journal"], new byte[30_000], Stop);
        await store.DisposeAsync();

        await using var again = LogStore.Open(disk["logs"], Settings, Real, NullLogger.Instance);
        var newest = await again.SearchAsync(new(new(), 1), Stop);
        Assert.StartsWith("line 199.99 ", newest.Records[0].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disk_that_others_have_filled_refuses_and_loses_nothing()
    {
        using var disk = new SmallDisk();
        disk.SkipUnlessMounted();
        await using var store = LogStore.Open(disk["logs"], Settings, Real, NullLogger.Instance);
        var random = new Random(3);
        await store.AppendAsync(new LogBatch([.. Lines(random, 0)]), Stop);
        await Assert.ThrowsAsync<IOException>(() => File.WriteAllBytesAsync(disk["others"], new byte[1 << 20], Stop));

        var caught = await Assert.ThrowsAsync<ProblemException>(async () =>
        {
            for (var batch = 1; batch < 20; batch++)
            {
                await store.AppendAsync(new LogBatch([.. Lines(random, batch)]), Stop);
            }
        });
        Assert.Equal(("logs.disk-full", Trouble.Unreachable), (caught.Problem.Code, caught.Problem.Trouble));
        Assert.True(store.Holdings.Records >= 100);

        File.Delete(disk["others"]);
        await store.AppendAsync(new LogBatch([.. Lines(random, 99)]), Stop);
        var found = await store.SearchAsync(new(new(), 1_000), Stop);
        Assert.Contains(found.Records, record => record.Body.StartsWith("line 0.0 ", StringComparison.Ordinal));
        Assert.Contains(found.Records, record => record.Body.StartsWith("line 99.99 ", StringComparison.Ordinal));
    }

    private static IEnumerable<LogRecord> Lines(Random random, int batch) =>
        Enumerable
            .Range(0, 100)
            .Select(line => new LogRecord
            {
                At = 1_767_225_600_000_000_000 + (((batch * 100L) + line) * 1_000_000),
                Body = $"line {batch}.{line} {Convert.ToHexString(RandomBytes(random))}",
                Stream = Labels.None,
            });

    private static byte[] RandomBytes(Random random)
    {
        var bytes = new byte[50];
        random.NextBytes(bytes);
        return bytes;
    }
}
