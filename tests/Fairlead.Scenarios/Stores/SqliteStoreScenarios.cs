using System.Runtime.InteropServices;
using Fairlead.Drivers.Stores;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Microsoft.Data.Sqlite;

namespace Fairlead.Scenarios.Stores;

/// <summary>The store on disks that are full, read-only or held by somebody else.</summary>
public sealed partial class SqliteStoreScenarios : IDisposable
{
    private const int DetachAtOnce = 2;
    private const int ReadOnly = 1;
    private const int Remount = 32;

    private readonly string folder = Directory.CreateTempSubdirectory("fairlead-store-").FullName;
    private readonly World world = new(TimeProvider.System, new Random(1));
    private bool isMounted;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_full_disk_changes_nothing_and_the_store_goes_on_once_there_is_room()
    {
        MountSmallDisk();
        using var store = SqliteStore.Open(Path.Combine(folder, "fairlead.db"), world);
        var fence = await store.TakeChargeAsync("one", Stop);
        await File.WriteAllBytesAsync(Path.Combine(folder, "ballast"), new byte[300_000], Stop);

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

        File.Delete(Path.Combine(folder, "ballast"));
        Assert.Equal(written, (await store.CommitAsync(Note(fence), Stop))[0].Sequence);
        Assert.Null(await store.FindBreakAsync(Stop));
    }

    [Fact]
    public async Task A_disk_that_became_read_only_changes_nothing()
    {
        MountSmallDisk();
        var path = Path.Combine(folder, "fairlead.db");
        using (var store = SqliteStore.Open(path, world))
        {
            await store.TakeChargeAsync("one", Stop);
        }
        Assert.Equal(0, Mount("tmpfs", folder, "tmpfs", Remount | ReadOnly, null));

        var problem = Assert.Throws<ProblemException>(() => SqliteStore.Open(path, world)).Problem;

        Assert.Equal("store.cannot-open", problem.Code);
        Assert.Contains("Read-only", problem.Why);
    }

    [Fact]
    public async Task A_database_held_by_a_stranger_is_a_conflict_and_works_again_afterwards()
    {
        var path = Path.Combine(folder, "fairlead.db");
        using var store = SqliteStore.Open(path, world);
        var fence = await store.TakeChargeAsync("one", Stop);
        using (var stranger = new SqliteConnection($"Data Source={path};Pooling=False"))
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

    public void Dispose()
    {
        if (isMounted)
        {
            Unmount(folder, DetachAtOnce);
        }
        Directory.Delete(folder, recursive: true);
    }

    private void MountSmallDisk()
    {
        isMounted = Mount("tmpfs", folder, "tmpfs", 0, "size=1m") == 0;
        Assert.SkipUnless(isMounted, "mounting a small tmpfs needs root");
    }

    private static Change Note(Fence fence) =>
        new(fence) { Entries = [new(new Site("shop", "production"), null, "note", new string('.', 2_000))] };

    [LibraryImport("libc", EntryPoint = "mount", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Mount(string source, string target, string kind, nuint flags, string? options);

    [LibraryImport("libc", EntryPoint = "umount2", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Unmount(string target, int flags);
}
