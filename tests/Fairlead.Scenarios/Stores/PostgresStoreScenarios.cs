using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Fairlead.Drivers.Stores;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Scenarios.Collecting;
using Fairlead.Tests.Drivers.Stores;
using Npgsql;

namespace Fairlead.Scenarios.Stores;

/// <summary>The store in a real PostgreSQL keeps what every store promises, and says what is wrong with the PostgreSQL.</summary>
public sealed class PostgresStoreScenarios(PostgresPeer.Shared shared)
    : StoreContract,
        IClassFixture<PostgresPeer.Shared>,
        IDisposable
{
    private static int count;
    private readonly string database = string.Create(
        CultureInfo.InvariantCulture,
        $"fairlead{Interlocked.Increment(ref count)}"
    );
    private readonly List<PostgresStore> opened = [];
    private readonly World real = new(TimeProvider.System, new Random(1));
    private bool isMade;

    [Fact]
    public async Task Another_server_takes_charge_when_the_lease_ran_out_or_was_ended_and_no_sooner()
    {
        var (one, two) = (await OpenAsync("one"), await OpenAsync("two"));
        var first = await one.TakeChargeAsync("machine-a", Stop);
        var held = await Assert.ThrowsAsync<ChargeHeldException>(() => two.TakeChargeAsync("machine-b", Stop));
        Assert.Equal("machine-a", held.Owner);
        Assert.InRange(held.Left, TimeSpan.FromSeconds(1), one.Term);

        await RunAsync("UPDATE lease SET until = clock_timestamp() - interval '1 millisecond'");
        await one.RenewAsync(first, Stop); // Late, but nobody came: it goes on.
        await Assert.ThrowsAsync<ChargeHeldException>(() => two.TakeChargeAsync("machine-b", Stop));

        await RunAsync("UPDATE lease SET until = clock_timestamp() - interval '1 millisecond'");
        var second = await two.TakeChargeAsync("machine-b", Stop);
        Assert.Equal(new Fence(2), second);
        var fenced = await Assert.ThrowsAsync<FencedException>(() => one.RenewAsync(first, Stop));
        Assert.Equal((first, second), (fenced.Mine, fenced.Highest));
        await one.EndAsync(first, Stop); // It is not its own to end any more.
        await Assert.ThrowsAsync<ChargeHeldException>(() => one.TakeChargeAsync("machine-a", Stop));

        await two.EndAsync(second, Stop);
        Assert.Equal(new Fence(3), await one.TakeChargeAsync("machine-a", Stop));
        Assert.Equal(new Fence(4), await one.TakeChargeAsync("machine-a", Stop)); // Its own predecessor is not waited for.
    }

    [Fact]
    public async Task A_commit_under_way_is_whole_before_a_successor_takes_charge()
    {
        var (one, two) = (await OpenAsync("one"), await OpenAsync("two"));
        var fence = await one.TakeChargeAsync("one", Stop);
        await one.EndAsync(fence, Stop);

        // Somebody is just committing: it has locked the lease and read its fence there.
        await using var connection = new NpgsqlConnection(PostgresSettings);
        await connection.OpenAsync(Stop);
        await using var transaction = await connection.BeginTransactionAsync(Stop);
        await using (var locking = new NpgsqlCommand("SELECT fence FROM fairlead.lease FOR UPDATE", connection))
        {
            await locking.ExecuteScalarAsync(Stop);
        }
        var taking = two.TakeChargeAsync("two", Stop);
        await RealPeer.UntilAsync(
            async () => await peer!.AskAsync<long>(database, "SELECT count(*) FROM pg_locks WHERE NOT granted") > 0,
            () => "nobody waits"
        );
        Assert.False(taking.IsCompleted);
        await transaction.CommitAsync(Stop);

        Assert.Equal(new Fence(2), await taking);
        await Assert.ThrowsAsync<FencedException>(() => one.CommitAsync(Note(fence, "too late"), Stop));
        Assert.Empty(await two.ReadJournalAsync(0, null, 10, Stop));
    }

    [Fact]
    public async Task Servers_that_start_at_once_make_the_tables_once()
    {
        var stores = new List<PostgresStore>();
        for (var number = 0; number < 6; number++)
        {
            stores.Add(await OpenAsync("same"));
        }
        await Task.WhenAll(stores.Select(store => store.CheckAsync(TimeSpan.FromSeconds(5), Stop)));
        Assert.Equal(1, await peer!.AskAsync<int>(database, "SELECT number FROM fairlead.version"));
    }

    [Fact]
    public async Task A_connection_that_breaks_in_any_moment_of_a_commit_neither_loses_it_nor_does_it_twice()
    {
        await using var cutting = new CuttingPort((await PeerAsync()).Port);
        using var store = new PostgresStore(
            new(peer!.Url(database).Replace($":{peer.Port}/", $":{cutting.Port}/", StringComparison.Ordinal)),
            "one",
            real
        );
        var fence = await store.TakeChargeAsync("one", Stop);
        for (var number = 1; number <= 60; number++)
        {
            // After so many pieces of traffic, in either direction, all connections are cut.
            cutting.CutAfter(number % 8);
            var text = string.Create(CultureInfo.InvariantCulture, $"{number}");
            await store.CommitAsync(
                Note(fence, text) with
                {
                    Writes = [new("count", "it", number, Expected: number - 1)],
                },
                Stop
            );
        }
        Assert.True(cutting.Cuts >= 30, $"{cutting.Cuts} cuts");
        Assert.Equal(
            Enumerable.Range(1, 60).Select(number => number.ToString(CultureInfo.InvariantCulture)),
            (await store.ReadJournalAsync(0, null, 100, Stop)).Select(entry => entry.Text)
        );
        Assert.Null(await store.FindBreakAsync(Stop));
        TestContext.Current.TestOutputHelper!.WriteLine($"{cutting.Cuts} cuts");
    }

    [Fact]
    public async Task A_crash_of_the_PostgreSQL_is_waited_for_and_what_was_acknowledged_is_there()
    {
        // With fsync, as in production.
        await using var own = await PostgresPeer.StartAsync();
        await own.MakeAsync("fairlead");
        using var store = new PostgresStore(new(own.Url("fairlead")), "one", real);
        var fence = await store.TakeChargeAsync("one", Stop);
        var written = new List<string>();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var writing = Task.Run(
            async () =>
            {
                for (var number = 1; !end.IsCancellationRequested; number++)
                {
                    var text = string.Create(CultureInfo.InvariantCulture, $"{number}");
                    await store.CommitAsync(
                        Note(fence, text) with
                        {
                            Writes = [new("count", "it", number, Expected: number - 1)],
                        },
                        CancellationToken.None
                    );
                    written.Add(text);
                }
            },
            Stop
        );
        for (var times = 0; times < 3; times++)
        {
            await own.CrashAsync();
            await own.StartAgainAsync();
            var so = written.Count;
            await RealPeer.UntilAsync(() => Task.FromResult(written.Count > so + 20), () => "it does not go on");
        }
        await end.CancelAsync();
        await writing;

        Assert.Equal(
            written,
            (await store.ReadJournalAsync(0, null, 10_000, Stop)).Select(entry => entry.Text).Take(written.Count)
        );
        Assert.Null(await store.FindBreakAsync(Stop));
        TestContext.Current.TestOutputHelper!.WriteLine($"{written.Count} commits over 3 crashes");
    }

    [Fact]
    public async Task What_is_wrong_with_the_address_or_the_database_is_said_and_no_password_with_it()
    {
        await PeerAsync();
        await peer!.RunAsync("postgres", "CREATE ROLE stranger LOGIN PASSWORD 's3cret'");
        await peer.MakeAsync($"{database}_latin", "ENCODING LATIN1 LOCALE 'C' TEMPLATE template0");
        await peer.MakeAsync($"{database}_read");
        await peer.RunAsync("postgres", $"ALTER DATABASE {database}_read SET default_transaction_read_only = on");
        await peer.RunAsync(database, "REVOKE ALL ON SCHEMA public FROM public");

        Assert.Equal("store.refused", await TroubleAsync(peer.Url(database, password: "wr0ng-s3cret")));
        Assert.Equal("store.refused", await TroubleAsync(peer.Url(database, user: "nobody")));
        Assert.Equal("store.no-database", await TroubleAsync(peer.Url("nowhere")));
        Assert.Equal("store.not-allowed", await TroubleAsync(peer.Url(database, user: "stranger")));
        Assert.Equal("store.encoding", await TroubleAsync(peer.Url($"{database}_latin")));
        Assert.Equal("store.read-only", await TroubleAsync(peer.Url($"{database}_read")));
        Assert.Equal("store.unreachable", await TroubleAsync($"{peer.Url(database)}?sslmode=verify-full"));
        Assert.Equal("store.address", await TroubleAsync($"{peer.Url(database)}?sslmode=always"));
        Assert.Equal("store.address", await TroubleAsync($"{peer.Url(database)}?password=s3cret"));
        Assert.Equal("store.address", await TroubleAsync("postgres://fairlead:s3cret#1@db/fairlead"));
        Assert.Equal(
            "store.address",
            await TroubleAsync("/no/such/file-s3cret".Replace("-s3cret", "", StringComparison.Ordinal))
        );

        using var good = await OpenAsync("one");
        await good.CheckAsync(TimeSpan.FromSeconds(5), Stop);
        await RunAsync("UPDATE version SET number = 1000");
        Assert.Equal("store.newer", await TroubleAsync(peer.Url(database)));
    }

    [Fact]
    public async Task A_password_in_a_file_may_change_while_the_server_runs()
    {
        await PeerAsync();
        await peer!.RunAsync("postgres", $"CREATE ROLE {database}_turning LOGIN SUPERUSER PASSWORD 'first'");
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, peer.Url(database, $"{database}_turning", "first") + "\n", Stop);
            using var store = new PostgresStore(new(file), "one", real);
            var fence = await store.TakeChargeAsync("one", Stop);
            await peer.RunAsync("postgres", $"ALTER ROLE {database}_turning PASSWORD 'second'");
            await File.WriteAllTextAsync(file, peer.Url(database, $"{database}_turning", "second"), Stop);
            await EndConnectionsAsync();
            await store.CommitAsync(Note(fence, "still in"), Stop);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_standby_is_said_to_be_one()
    {
        await using var primary = await PostgresPeer.StartAsync("fsync=off");
        await primary.MakeAsync("fairlead");
        await primary.TurnIntoStandbyAsync();
        using var store = new PostgresStore(new(primary.Url("fairlead")), "one", real);
        var problem = (
            await Assert.ThrowsAsync<ProblemException>(() => store.CheckAsync(TimeSpan.FromSeconds(5), Stop))
        ).Problem;
        Assert.Equal("store.read-only", problem.Code);
        Assert.Contains("standby", problem.Why);
    }

    [Fact]
    public async Task What_was_in_SQLite_is_moved_line_by_line_and_only_into_an_empty_database()
    {
        await PeerAsync();
        var folder = Directory.CreateTempSubdirectory("fairlead-move-").FullName;
        try
        {
            var path = Path.Combine(folder, "fairlead.db");
            using (var old = SqliteStore.Open(path, World))
            {
                await old.TakeChargeAsync("one", Stop);
                var fence = await old.TakeChargeAsync("one", Stop);
                for (var number = 1; number <= 1_200; number++)
                {
                    await old.CommitAsync(
                        Note(fence, $"→ {number}") with
                        {
                            Writes = [new("c", $"{number % 700}", number)],
                        },
                        Stop
                    );
                }
            }
            var moved = await StoreMove.RunAsync(path, new(peer!.Url(database)), real, Stop);
            Assert.Equal(new(1_200, 700), moved);

            using var from = SqliteStore.Open(path, World);
            using var to = await OpenAsync("one");
            Assert.Equal(
                (await from.ReadJournalAsync(0, null, 10_000, Stop)).Select(Whole),
                (await to.ReadJournalAsync(0, null, 10_000, Stop)).Select(Whole)
            );
            Assert.Equal(
                (await from.ListAsync("c", "", Stop)).Select(one => $"{one.Key} {one.Version} {one.Body}"),
                (await to.ListAsync("c", "", Stop)).Select(one => $"{one.Key} {one.Version} {one.Body}")
            );
            Assert.Null(await to.FindBreakAsync(Stop));
            Assert.Equal(new Fence(3), await to.TakeChargeAsync("two", Stop)); // As node and edge expect it.

            var again = await Assert.ThrowsAsync<ProblemException>(() =>
                StoreMove.RunAsync(path, new(peer.Url(database)), real, Stop)
            );
            Assert.Equal("store.not-empty", again.Problem.Code);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public void Dispose() => opened.ForEach(store => store.Dispose());

    protected override IStore Open() => OpenAsync("one").GetAwaiter().GetResult();

    protected override string Unguarded =>
        "DROP TRIGGER journal_is_kept ON journal; DROP TRIGGER journal_is_not_emptied ON journal; ";

    protected override void Tamper(string sql) => RunAsync(sql).GetAwaiter().GetResult();

    private PostgresPeer? peer;

    private string PostgresSettings =>
        $"Host=127.0.0.1;Port={peer!.Port};Username=fairlead;Password=s3cret;Database={database};Pooling=false";

    private async Task<PostgresPeer> PeerAsync()
    {
        peer ??= await shared.GetAsync();
        if (!isMade)
        {
            isMade = true;
            await peer.MakeAsync(database);
        }
        return peer;
    }

    private async Task<PostgresStore> OpenAsync(string seat)
    {
        var store = new PostgresStore(new((await PeerAsync()).Url(database)), seat, World);
        opened.Add(store);
        return store;
    }

    private Task RunAsync(string sql) => peer!.RunAsync(database, sql);

    private Task EndConnectionsAsync() =>
        peer!.RunAsync(
            "postgres",
            $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'"
        );

    private async Task<string> TroubleAsync(string url)
    {
        using var store = new PostgresStore(new(url), "one", real);
        var caught = await Assert.ThrowsAsync<ProblemException>(() => store.CheckAsync(TimeSpan.FromSeconds(5), Stop));
        Assert.DoesNotContain("s3cret", $"{caught}", StringComparison.Ordinal);
        return caught.Problem.Code;
    }

    /// <summary>Carries connections to a port, and cuts all of them after so many pieces of traffic.</summary>
    private sealed class CuttingPort : IAsyncDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource end = new();
        private readonly List<TcpClient> open = [];
        private readonly Task accepting;
        private int left = int.MaxValue;

        public CuttingPort(int to)
        {
            listener.Start();
            accepting = AcceptAsync(to);
        }

        public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

        public int Cuts { get; private set; }

        public void CutAfter(int pieces) => Volatile.Write(ref left, pieces);

        public async ValueTask DisposeAsync()
        {
            await end.CancelAsync();
            listener.Stop();
            await accepting;
            CutAll();
            end.Dispose();
        }

        private async Task AcceptAsync(int to)
        {
            try
            {
                while (true)
                {
                    var client = await listener.AcceptTcpClientAsync(end.Token);
                    var server = new TcpClient { NoDelay = true };
                    await server.ConnectAsync(IPAddress.Loopback, to, end.Token);
                    lock (open)
                    {
                        open.AddRange([client, server]);
                    }
                    _ = CarryAsync(client, server);
                    _ = CarryAsync(server, client);
                }
            }
            catch (OperationCanceledException)
            {
                // The test is over.
            }
        }

        private async Task CarryAsync(TcpClient from, TcpClient to)
        {
            try
            {
                var buffer = new byte[65_536];
                while (await from.GetStream().ReadAsync(buffer) is > 0 and var size)
                {
                    if (Interlocked.Decrement(ref left) == 0)
                    {
                        Cuts++;
                        CutAll();
                        return;
                    }
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, size));
                }
            }
            catch (Exception caught)
                when (caught is IOException or ObjectDisposedException or InvalidOperationException)
            {
                // Cut.
            }
            to.Dispose();
        }

        private void CutAll()
        {
            lock (open)
            {
                open.ForEach(one => one.Dispose());
                open.Clear();
            }
        }
    }
}
