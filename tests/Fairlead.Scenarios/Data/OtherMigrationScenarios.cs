using Fairlead.Drivers.Data;
using Fairlead.Drivers.Data.Servers;
using Fairlead.Engine.Data.Migrations;
using Fairlead.Model.Data;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Scenarios.Collecting;

namespace Fairlead.Scenarios.Data;

/// <summary>Fairlead's own runner against a real MariaDB, whose schemas know no transactions, and a real SQLite, whose do.</summary>
public sealed class OtherMigrationScenarios
{
    private static readonly World Real = new(TimeProvider.System, new Random(1));
    private static readonly MigrationLimits Limits = new(
        Lock: TimeSpan.FromSeconds(1),
        Statement: TimeSpan.FromSeconds(2),
        Queue: TimeSpan.FromSeconds(1)
    )
    {
        LockRetries = 1,
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task MariaDB_says_what_is_done_by_half_and_goes_on_only_when_a_person_has_said_so()
    {
        _ = RealPeer.Find("mariadbd", "mariadb-server");
        var (data, port) = (Directory.CreateTempSubdirectory("fairlead-mysql-"), RealPeer.FreePort());
        File.SetUnixFileMode(
            data.FullName,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute
        );
        var server = AllDatabaseServers
            .Entries(data.FullName, Real)
            .Single(static one => one.Kind == DatabaseKind.Mysql);
        var order = new ServerOrder("shop/production/db", port, 50, new("s3cretpassword"));
        await server.EnsureAsync(order, Stop);
        var url = server.AddressOf(port, "s3cretpassword");
        try
        {
            MigrationFile[] files =
            [
                new("1_a.sql", "CREATE TABLE orders (id int PRIMARY KEY, state varchar(9)) ENGINE=InnoDB;"),
                new("2_b.sql", "INSERT INTO orders VALUES (1, 'new'); INSERT INTO orders VALUES (2, 'new');"),
            ];
            Assert.Equal(["1_a.sql", "2_b.sql"], await RunAsync(url, files));
            Assert.Empty(await RunAsync(url, files));

            // Rows alone are one transaction; a first statement that is refused leaves nothing, and both may be mended.
            MigrationFile[] rows =
            [
                .. files,
                new("3_c.sql", "INSERT INTO orders VALUES (3, 'x'); INSERT INTO orders VALUES (1, 'x');"),
            ];
            Assert.Equal("migration.failed", (await ProblemOf(RunAsync(url, rows))).Code);
            rows[2] = new("3_c.sql", "ALTER TABLE nowhere ADD COLUMN b int; SELECT 1;");
            Assert.Equal("migration.failed", (await ProblemOf(RunAsync(url, rows))).Code);
            rows[2] = new("3_c.sql", "INSERT INTO orders VALUES (3, 'x');");
            Assert.Equal(["3_c.sql"], await RunAsync(url, rows));

            await AloneAsync(url, await HalfAsync(url, port, rows));
        }
        finally
        {
            await server.RemoveAsync(order, CancellationToken.None);
            data.Delete(recursive: true);
        }
    }

    private static async Task<MigrationFile[]> HalfAsync(string url, int port, MigrationFile[] rows)
    {
        MigrationFile[] half =
        [
            .. rows,
            new("4_d.sql", "ALTER TABLE orders ADD COLUMN a int;\nALTER TABLE nowhere ADD COLUMN b int;"),
        ];
        var failed = await Assert.ThrowsAsync<ProblemException>(() => RunAsync(url, half));
        Assert.Equal(["migration.failed", "migration.dirty"], failed.Problems.Select(static one => one.Code));
        var dirty = await ProblemOf(RunAsync(url, half));
        Assert.Equal(("migration.dirty", "4_d.sql:2"), (dirty.Code, dirty.Where));
        Assert.Contains("1 of its 2 statements are done", dirty.Why, StringComparison.Ordinal);
        await RealPeer.RunAsync(
            "mariadb",
            [
                "--no-defaults",
                "-h127.0.0.1",
                $"-P{port}",
                "-uapp",
                "-ps3cretpassword",
                "-e",
                "update app.fairlead_migrations set whole = 1 where name = '4_d.sql'",
            ]
        );
        Assert.Empty(await RunAsync(url, half));
        return half;
    }

    private static async Task AloneAsync(string url, MigrationFile[] before)
    {
        MigrationFile[] slow = [.. before, new("5_e.sql", "SELECT SLEEP(30);")];
        Assert.Equal("migration.too-long", (await ProblemOf(RunAsync(url, slow))).Code);

        await using (await new AllMigrators(Real).OpenAsync(url, Limits, Stop))
        {
            Assert.Equal("migration.busy", (await ProblemOf(RunAsync(url, before))).Code);
        }
        MigrationFile[] batch =
        [
            .. before,
            new("5_fill.sql", "-- fairlead: batch 1ms\nUPDATE orders SET state = 'old' WHERE state <> 'old' LIMIT 2;"),
        ];
        Assert.Equal(["5_fill.sql"], await RunAsync(url, batch));
        Assert.Equal(
            "migration.unreachable",
            (await ProblemOf(RunAsync(url.Replace("s3cretpassword", "wr0ng", StringComparison.Ordinal), before))).Code
        );
    }

    [Fact]
    public async Task SQLite_takes_a_whole_file_back_and_two_who_migrate_do_nothing_twice()
    {
        var folder = Directory.CreateTempSubdirectory("fairlead-sqlite-");
        try
        {
            var path = Path.Combine(folder.FullName, "shop.db");
            MigrationFile[] files =
            [
                new(
                    "1_a.sql",
                    "CREATE TABLE orders (id INTEGER PRIMARY KEY, state TEXT); INSERT INTO orders (state) VALUES ('new');"
                ),
                new(
                    "2_b.sql",
                    "CREATE TABLE lines (id INTEGER PRIMARY KEY, orders INTEGER REFERENCES orders(id)); INSERT INTO lines (orders) VALUES (1);"
                ),
            ];
            var both = await Task.WhenAll(RunAsync(path, files), RunAsync(path, files));
            Assert.Contains(both, static one => one.Count > 0);
            Assert.Empty(await RunAsync(path, files));

            MigrationFile[] broken =
            [
                .. files,
                new("3_c.sql", "ALTER TABLE orders ADD COLUMN a TEXT;\nALTER TABLE nowhere ADD COLUMN b TEXT;"),
            ];
            var failed = await ProblemOf(RunAsync(path, broken));
            Assert.Equal(("migration.failed", "3_c.sql:2"), (failed.Code, failed.Where));
            broken[2] = new("3_c.sql", "ALTER TABLE orders ADD COLUMN a TEXT;");
            Assert.Equal(["3_c.sql"], await RunAsync(path, broken));

            await RebuiltAsync(path, broken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task RebuiltAsync(string path, MigrationFile[] broken)
    {
        // A table is rebuilt as SQLite's manual has it; a row that would name nothing is found before the end.
        MigrationFile[] rebuilt =
        [
            .. broken,
            new(
                "4_d.sql",
                "CREATE TABLE o2 (id INTEGER PRIMARY KEY); INSERT INTO o2 SELECT id FROM orders WHERE id > 1; DROP TABLE orders; ALTER TABLE o2 RENAME TO orders;"
            ),
        ];
        Assert.Contains("lines", (await ProblemOf(RunAsync(path, rebuilt))).Why, StringComparison.Ordinal);
        rebuilt[3] = new(
            "4_d.sql",
            "CREATE TABLE o2 (id INTEGER PRIMARY KEY); INSERT INTO o2 SELECT id FROM orders; DROP TABLE orders; ALTER TABLE o2 RENAME TO orders;"
        );
        Assert.Equal(["4_d.sql"], await RunAsync(path, rebuilt));

        MigrationFile[] endless =
        [
            .. rebuilt,
            new("5_e.sql", "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n;"),
        ];
        Assert.Equal("migration.too-long", (await ProblemOf(RunAsync(path, endless))).Code);
        Assert.Equal("migration.no-folder", (await ProblemOf(RunAsync("/nowhere/at/all.db", broken))).Code);
    }

    private static async Task<List<string>> RunAsync(string url, IReadOnlyList<MigrationFile> files)
    {
        var done = new List<string>();
        await using var session = await new AllMigrators(Real).OpenAsync(url, Limits, Stop);
        foreach (var file in PendingMigrations.Of(files, session.Applied, []))
        {
            await session.RunAsync(PendingMigrations.Order(file, "test"), static _ => { }, Stop);
            done.Add(file.Name);
        }
        return done;
    }

    private static async Task<Problem> ProblemOf(Task running) =>
        (await Assert.ThrowsAsync<ProblemException>(() => running)).Problem;
}
