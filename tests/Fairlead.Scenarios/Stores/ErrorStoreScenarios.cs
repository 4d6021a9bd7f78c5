using Fairlead.Drivers.Stores;
using Fairlead.Engine.Watching.Errors;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Scenarios.Stores;

/// <summary>Errors on a disk that fills up.</summary>
public sealed class ErrorStoreScenarios : IDisposable
{
    private static readonly Site Shop = new("shop", "production");
    private readonly SmallDisk disk = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => disk.Dispose();

    [Fact]
    public async Task A_full_disk_is_said_so_nothing_half_is_kept_and_it_goes_on_once_there_is_room()
    {
        disk.SkipUnlessMounted();
        using var store = SqliteErrorStore.Open(disk["errors.db"], GroupLife.After);
        await File.WriteAllBytesAsync(disk["ballast"], new byte[300_000], Stop);

        var written = 0;
        ProblemException? caught = null;
        for (; caught is null && written < 2_000; written++)
        {
            try
            {
                await store.AddAsync(new() { Sightings = [Seen(written)] }, Stop);
            }
            catch (ProblemException full)
            {
                caught = full;
            }
        }
        Assert.Equal("store.disk-full", caught?.Problem.Code);
        Assert.Equal(written - 1, await CountAsync(store));

        File.Delete(disk["ballast"]);
        await store.AddAsync(new() { Sightings = [Seen(written)] }, Stop);
        Assert.Equal(written, await CountAsync(store));
    }

    private static async Task<long> CountAsync(SqliteErrorStore store) =>
        (await store.ListAsync(new(Shop, Max: 1_000), Stop)).Sum(group => group.Count);

    private static Sighting Seen(int number) =>
        new(
            Shop,
            $"g{number % 300}",
            1,
            "Error",
            "",
            new ErrorEvent
            {
                Id = $"{number}",
                At = DateTimeOffset.UnixEpoch,
                Release = number,
                Message = string.Concat(Enumerable.Range(number, 200).Select(i => i * 7919 % 99_991)),
            }
        );
}
