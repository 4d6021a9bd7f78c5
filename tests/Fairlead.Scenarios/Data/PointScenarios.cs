using Fairlead.Drivers.Data.Backups;
using Fairlead.Engine.Data.Backups;
using Fairlead.Model.Apps;
using Fairlead.Model.Data;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Scenarios.Collecting;
using Fairlead.Scenarios.Stores;
using Fairlead.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Scenarios.Data;

/// <summary>Moments between two copies of a real PostgreSQL, and every way in which its log can be lost.</summary>
public sealed class PointScenarios : IDisposable
{
    private static readonly World Real = new(TimeProvider.System, new Random(1));
    private static readonly Site Shop = new("shop", "production");

    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("fairlead-points-");
    private MemoryStore store = new(Real);
    private ResticRepositories? repositories;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => root.Delete(recursive: true);

    [Fact]
    public async Task Any_moment_comes_back_and_a_log_with_a_hole_is_never_called_good()
    {
        _ = (RealPeer.Find("restic", "restic"), RealPeer.Find("pg_basebackup", "postgresql-client"));
        await using var peer = await PostgresPeer.StartAsync("fsync=off", "wal_keep_size=128MB");
        await peer.MakeAsync("shop");
        await peer.RunAsync("shop", "CREATE TABLE public.orders (id int PRIMARY KEY, made timestamptz DEFAULT now())");
        var database = Database();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var (work, book, points) = Desk(peer.Url("shop", "postgres"));
        await points.FollowAsync([(Shop, database)], ending.Token);
        await points.ReadyAsync(Shop, database, Stop);
        var copy = await work.TakeAsync(Shop, database, Stop);
        Assert.NotNull(copy.Log);

        // An hour of a shop: orders, a moment, more orders, an accident.
        await OrdersAsync(peer, 1, 100);
        await points.ShipAsync(Shop, database, Stop);
        var before = Real.Now;
        await OrdersAsync(peer, 101, 200);
        await points.ShipAsync(Shop, database, Stop);
        await peer.RunAsync("shop", "DELETE FROM public.orders");
        await OrdersAsync(peer, 201, 205);
        await points.ShipAsync(Shop, database, Stop);

        await work.RestoreAsync(database, copy, ("before", before), Stop);
        Assert.Equal(100, await CountAsync(peer, "before"));
        await work.RestoreAsync(database, copy, ("latest", null), Stop);
        Assert.Equal(5, await CountAsync(peer, "latest"));
        Assert.Equal(
            "backup.log-ends",
            await CodeAsync(work.RestoreAsync(database, copy, ("x", Real.Now.AddHours(1)), Stop))
        );

        var drilled = (await work.DrillAsync(database, copy, Stop)).Drill!;
        Assert.Null(drilled.Problem);
        Assert.Contains("the log was read on", drilled.Looks[0], StringComparison.Ordinal);
        Assert.InRange(drilled.Lost, TimeSpan.Zero, TimeSpan.FromMinutes(2));

        await KeepsOnAsync(database, points, peer);
        await FallsOverAsync(peer, (work, points), database);
        await HolesAsync((work, book), database, copy);
        await ending.CancelAsync();
    }

    // A backup that takes long does not hold the log up: it is brought to the same repository meanwhile.
    private async Task KeepsOnAsync(Database database, PointDesk points, PostgresPeer peer)
    {
        var repository = repositories!.Open(settings: null, password: null);
        var shipped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var taking = repository.KeepAsync(
            new Dictionary<string, string> { ["app"] = "other" },
            async (stream, end) =>
            {
                await stream.WriteAsync(new byte[1000], end);
                await shipped.Task.WaitAsync(end);
                return new Dictionary<string, string>();
            },
            kibPerSecondMax: null,
            Stop
        );
        await OrdersAsync(peer, 251, 260);
        await points.ShipAsync(Shop, database, Stop);
        Assert.False(taking.IsCompleted);
        shipped.SetResult();
        await taking;
    }

    // A server that crashes and comes back is followed on; nothing that it acknowledged is missing.
    private static async Task FallsOverAsync(
        PostgresPeer peer,
        (BackupWork Work, PointDesk Points) with,
        Database database
    )
    {
        await peer.CrashAsync();
        await Assert.ThrowsAsync<ProblemException>(() => with.Points.ShipAsync(Shop, database, Stop));
        await peer.StartAgainAsync();
        await OrdersAsync(peer, 301, 310);
        await with.Points.ShipAsync(Shop, database, Stop);
    }

    private async Task HolesAsync((BackupWork Work, BackupBook Book) with, Database database, Backup copy)
    {
        var pieces = await with.Book.LogAsync(Shop, "db", Stop);
        Assert.NotEmpty(pieces);
        var whole = (await with.Work.DrillAsync(database, copy, Stop)).Drill!;
        Assert.True(whole.Problem is null, whole.Problem?.ToString());

        // A piece that was lost from the repository, one of other bytes, and one of which nobody knows.
        var last = pieces[^1];
        await with.Book.WriteLogAsync(last with { Id = "0123456789" }, Stop);
        Assert.Equal("backup.tool-failed", await DrillAsync(with.Work, database, copy));
        await with.Book.WriteLogAsync(last with { Digest = new string('0', 64) }, Stop);
        Assert.Equal("backup.other-bytes", await DrillAsync(with.Work, database, copy));
        await with.Book.WriteLogAsync(last, Stop);
        var later = last with { From = last.From with { At = last.To + 4096 }, To = last.To + 8192 };
        await with.Book.WriteLogAsync(later, Stop);
        Assert.Equal("backup.log-gap", await DrillAsync(with.Work, database, copy));
        await with.Book.ForgetLogAsync([later], Stop);
        await with.Book.ForgetLogAsync(pieces, Stop);
        Assert.Equal("backup.log-gap", await DrillAsync(with.Work, database, copy));

        // All of that is found again in the repository, by somebody who lost all else.
        store = new(Real);
        var (work, book, _) = Desk(url: "postgres://postgres@127.0.0.1:1/shop");
        Assert.Equal(1, await work.FindAsync(Shop, database, Stop));
        var found = Assert.Single(await book.ListAsync(Shop, "db", Stop));
        Assert.Equal(copy.Log, found.Log);
        Assert.Null((await work.DrillAsync(database, found, Stop)).Drill!.Problem);
    }

    private static async Task<string> DrillAsync(BackupWork work, Database database, Backup copy) =>
        (await work.DrillAsync(database, copy, Stop)).Drill!.Problem?.Code ?? "GOOD";

    private static async Task OrdersAsync(PostgresPeer peer, int from, int to) =>
        await peer.RunAsync("shop", $"INSERT INTO public.orders SELECT n FROM generate_series({from}, {to}) n");

    private static Task<long> CountAsync(PostgresPeer peer, string database) =>
        peer.AskAsync<long>(database, "SELECT count(*) FROM public.orders");

    private static async Task<string> CodeAsync(Task doing) =>
        (await Assert.ThrowsAsync<ProblemException>(() => doing)).Problem.Code;

    private static Database Database() =>
        new()
        {
            Name = "db",
            Kind = DatabaseKind.Postgres,
            Url = "URL",
            Backup = new() { Points = TimeSpan.FromSeconds(5), Checks = [new() { Table = "orders", RowsMin = 1 }] },
        };

    private (BackupWork Work, BackupBook Book, PointDesk Points) Desk(string url)
    {
        var fence = store.TakeChargeAsync("test", Stop).GetAwaiter().GetResult();
        var book = new BackupBook(store, () => fence);
        var work = new BackupWork(
            new(
                store,
                AllBackupDrivers.Entries(Path.Combine(root.FullName, "work"), Real),
                repositories = new(root.FullName, Path.Combine(root.FullName, "key"), Real),
                (_, _, _) => Task.FromResult<string?>(url),
                new ScratchFolders(root.FullName, place: null).New,
                Signer: null
            )
            {
                Points = [new PostgresPoints(Real)],
            },
            book,
            Real
        );
        return (work, book, new(work, book, Real, NullLogger<PointDesk>.Instance));
    }
}
