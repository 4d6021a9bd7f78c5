using Fairlead.Drivers.Data;
using Fairlead.Engine.Data.Migrations;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Scenarios.Collecting;
using Fairlead.Scenarios.Stores;
using Npgsql;

namespace Fairlead.Scenarios.Data;

/// <summary>Fairlead's own runner against a real PostgreSQL: what was done is done once, and what was not finished is not there.</summary>
public sealed class MigrationScenarios
{
    private static readonly World Real = new(TimeProvider.System, new Random(1));
    private static readonly MigrationLimits Limits = new(
        Lock: TimeSpan.FromMilliseconds(300),
        Statement: TimeSpan.FromSeconds(2),
        Queue: TimeSpan.FromSeconds(1)
    )
    {
        LockRetries = 1,
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_file_is_run_once_in_a_transaction_and_a_failure_half_way_leaves_nothing()
    {
        await using var peer = await PostgresPeer.StartAsync("fsync=off");
        await peer.MakeAsync("shop");
        MigrationFile[] files =
        [
            new(
                "0001_orders.sql",
                "CREATE TABLE orders (id bigint PRIMARY KEY, state text); INSERT INTO orders SELECT n FROM generate_series(1, 5000) n;"
            ),
            new("0002_email.sql", "ALTER TABLE orders ADD COLUMN email text;"),
        ];

        var locks = await RunAsync(peer, files);
        Assert.Equal("AccessExclusiveLock on orders", Assert.Single(locks["0002_email.sql"].Locks));
        Assert.Equal(5000, locks["0001_orders.sql"].Rows);
        Assert.Empty(await RunAsync(peer, files));

        MigrationFile[] broken =
        [
            .. files,
            new("0003_half.sql", "ALTER TABLE orders ADD COLUMN a int;\n\nALTER TABLE nowhere ADD COLUMN b int;"),
        ];
        var failed = await ProblemOf(RunAsync(peer, broken));
        Assert.Equal(("migration.failed", "0003_half.sql:3"), (failed.Code, failed.Where));
        Assert.Equal(
            0,
            await peer.AskAsync<long>("shop", "SELECT count(*) FROM information_schema.columns WHERE column_name = 'a'")
        );

        MigrationFile[] changed = [new(files[0].Name, files[0].Text + " SELECT 1;"), files[1]];
        Assert.Equal("migration.changed", (await ProblemOf(RunAsync(peer, changed))).Code);
    }

    [Fact]
    public async Task A_statement_waits_for_its_lock_no_longer_than_it_may_and_is_tried_again()
    {
        await using var peer = await PostgresPeer.StartAsync("fsync=off");
        await peer.MakeAsync("shop");
        MigrationFile[] files =
        [
            new("1_a.sql", "CREATE TABLE orders (id bigint);"),
            new("2_b.sql", "ALTER TABLE orders ADD COLUMN b int;"),
        ];
        await RunAsync(peer, files[..1]);

        await using (
            var holder = new NpgsqlConnection(
                $"Host=127.0.0.1;Port={peer.Port};Database=shop;Username=fairlead;Password=s3cret;Pooling=false"
            )
        )
        {
            await holder.OpenAsync(Stop);
            await using var transaction = await holder.BeginTransactionAsync(Stop);
            await using var command = new NpgsqlCommand("LOCK TABLE orders IN ACCESS SHARE MODE", holder);
            await command.ExecuteNonQueryAsync(Stop);

            Assert.Equal("migration.no-lock", (await ProblemOf(RunAsync(peer, files))).Code);
        }
        Assert.Equal(["2_b.sql"], (await RunAsync(peer, files)).Keys);

        MigrationFile[] slow = [.. files, new("3_slow.sql", "SELECT pg_sleep(30);")];
        Assert.Equal("migration.too-long", (await ProblemOf(RunAsync(peer, slow))).Code);

        await using var other = await new PostgresMigrator(Real).OpenAsync(peer.Url("shop"), Limits, Stop);
        Assert.Equal("migration.busy", (await ProblemOf(RunAsync(peer, files))).Code);
    }

    [Fact]
    public async Task Rows_are_filled_in_batches_and_an_index_that_was_cut_off_is_built_anew()
    {
        await using var peer = await PostgresPeer.StartAsync("fsync=off");
        await peer.MakeAsync("shop");
        MigrationFile[] files =
        [
            new(
                "1_a.sql",
                "CREATE TABLE orders (id bigint, state text); INSERT INTO orders SELECT n FROM generate_series(1, 2500) n;"
            ),
            new(
                "2_fill.sql",
                "-- fairlead: batch 1ms\nUPDATE orders SET state = 'new' WHERE ctid IN (SELECT ctid FROM orders WHERE state IS NULL LIMIT 1000);"
            ),
            new("3_index.sql", "CREATE UNIQUE INDEX CONCURRENTLY by_id ON orders (id);"),
        ];
        Assert.Equal(2500, (await RunAsync(peer, files[..2]))["2_fill.sql"].Rows);

        await peer.RunAsync("shop", "INSERT INTO public.orders VALUES (1, 'twice')");
        Assert.Equal("migration.failed", (await ProblemOf(RunAsync(peer, files))).Code);
        Assert.False(
            await peer.AskAsync<bool>(
                "shop",
                "SELECT indisvalid FROM pg_index WHERE indexrelid = 'public.by_id'::regclass"
            )
        );

        await peer.RunAsync("shop", "DELETE FROM public.orders WHERE state = 'twice'");
        Assert.Equal(["3_index.sql"], (await RunAsync(peer, files)).Keys);
        Assert.True(
            await peer.AskAsync<bool>(
                "shop",
                "SELECT indisvalid FROM pg_index WHERE indexrelid = 'public.by_id'::regclass"
            )
        );
    }

    [Fact]
    public async Task A_connection_that_is_lost_half_way_leaves_nothing_and_the_next_run_goes_on()
    {
        await using var peer = await PostgresPeer.StartAsync("fsync=off");
        await peer.MakeAsync("shop");
        MigrationFile[] files =
        [
            new("1_a.sql", "CREATE TABLE orders (id bigint);"),
            new("2_b.sql", "ALTER TABLE orders ADD COLUMN b int; SELECT pg_sleep(1.5);"),
        ];
        await RunAsync(peer, files[..1]);

        var running = ProblemOf(RunAsync(peer, files));
        await RealPeer.UntilAsync(
            async () =>
                await peer.AskAsync<long>(
                    "postgres",
                    "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(1.5)%' AND state = 'active' AND pid <> pg_backend_pid()"
                ) > 0,
            () => "the migration does not run"
        );
        await peer.RunAsync(
            "postgres",
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'fairlead-migration'"
        );

        Assert.Contains((await running).Code, new[] { "migration.connection-lost", "migration.failed" });
        Assert.Equal(["2_b.sql"], (await RunAsync(peer, files)).Keys);
    }

    private static async Task<Dictionary<string, MigrationResult>> RunAsync(
        PostgresPeer peer,
        IReadOnlyList<MigrationFile> files
    )
    {
        var results = new Dictionary<string, MigrationResult>(StringComparer.Ordinal);
        await using var session = await new PostgresMigrator(Real).OpenAsync(peer.Url("shop"), Limits, Stop);
        foreach (var file in PendingMigrations.Of(files, session.Applied, []))
        {
            results[file.Name] = await session.RunAsync(PendingMigrations.Order(file, "test"), static _ => { }, Stop);
        }
        return results;
    }

    private static async Task<Problem> ProblemOf(Task running) =>
        (await Assert.ThrowsAsync<ProblemException>(() => running)).Problem;
}
