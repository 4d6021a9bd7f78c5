using Fairlead.Drivers.Stores;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Microsoft.Data.Sqlite;

namespace Fairlead.Scenarios.Stores;

/// <summary>The store on disks that are full, read-only or held by somebody else.</summary>
public sealed class SqliteStoreScenarios : IDisposable
{
    private readonly SmallDisk disk = new();
    private readonly World world = new(TimeProvider.System, new Random(1));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_full_disk_changes_nothing_and_the_store_goes_on_once_there_is_room()
    {
        disk.SkipUnlessMounted();
        using var store = SqliteStore.Open(disk["fairlead.db"], world);
        var fence = await store.TakeChargeAsync("one", Stop);
        await File.WriteAllBytesAsync(disk["ballast"], new byte[300_000], Stop);

        var written = 0;
        ProblemException? caught = null;
        for (; caught is null && written < 1_000; written++)
        {
            try
            {
                await store.CommitAsync(Note(fence), Stop);
            }
            catch (ProblemException full)
            {
                caught = full;
            }
        }
        Assert.Equal("store.disk-full", caught?.Problem.Code);
        Assert.Equal(written - 1, (await store.ReadJournalAsync(0, null, 10_000, Stop)).Count);

        File.Delete(disk["ballast"]);
        Assert.Equal(written, (await store.CommitAsync(Note(fence), Stop))[0].Sequence);
        Assert.Null(await store.FindBreakAsync(Stop));
    }

    [Fact]
    public async Task A_disk_that_became_read_only_is_said_so()
    {
        disk.SkipUnlessMounted();
        using (var store = SqliteStore.Open(disk["fairlead.db"], world))
        {
            await store.TakeChargeAsync("one", Stop);
        }
        disk.MakeReadOnly();

        var problem = Assert.Throws<ProblemException>(() => SqliteStore.Open(disk["fairlead.db"], world)).Problem;

        Assert.Equal("store.cannot-open", problem.Code);
        Assert.Contains("Read-only", problem.Why);
    }

    [Fact]
    public void A_folder_that_may_not_be_written_to_is_said_so()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "root may write everywhere");
        Directory.CreateDirectory(disk["locked"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var problem = Assert
            .Throws<ProblemException>(() => SqliteStore.Open(disk["locked/fairlead.db"], world))
            .Problem;
        Assert.Equal("store.cannot-open", problem.Code);
    }

    [Fact]
    public async Task A_database_held_by_a_stranger_is_a_conflict_and_works_again_afterwards()
    {
        using var store = SqliteStore.Open(disk["fairlead.db"], world);
        var fence = await store.TakeChargeAsync("one", Stop);
        using (var stranger = new SqliteConnection($"Data Source={disk["fairlead.db"]};Pooling=False"))
        {
            stranger.Open();
            using var command = stranger.CreateCommand();
            command.CommandText = "BEGIN IMMEDIATE";
            command.ExecuteNonQuery();
            var caught = await Assert.ThrowsAsync<ProblemException>(() => store.CommitAsync(Note(fence), Stop));
            Assert.Equal(("store.busy", Trouble.Conflict), (caught.Problem.Code, caught.Problem.Trouble));
        }
        Assert.Equal(1, (await store.CommitAsync(Note(fence), Stop))[0].Sequence);
    }

    public void Dispose() => disk.Dispose();

    private static Change Note(Fence fence) =>
        new(fence) { Entries = [new(new Site("shop", "production"), null, "note", new string('.', 2_000))] };
}
