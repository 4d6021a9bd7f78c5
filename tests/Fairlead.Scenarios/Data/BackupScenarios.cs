using System.Globalization;
using Fairlead.Drivers.Data.Backups;
using Fairlead.Drivers.Data.Servers;
using Fairlead.Engine.Data.Backups;
using Fairlead.Model.Apps;
using Fairlead.Model.Data;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Scenarios.Collecting;
using Fairlead.Scenarios.Stores;
using Fairlead.Tests.Fakes;
using Microsoft.Data.Sqlite;

namespace Fairlead.Scenarios.Data;

/// <summary>Backups of real servers in a real repository, and all that can befall them: only what a restore proves is called verified.</summary>
public sealed class BackupScenarios : IDisposable
{
    private static readonly World Real = new(TimeProvider.System, new Random(1));
    private static readonly Site Shop = new("shop", "production");

    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("fairlead-backups-");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Repository => Path.Combine(root.FullName, "repository");

    public void Dispose() => root.Delete(recursive: true);

    // What befalls a repository is the same for all that is kept there: a folder is tried in a second, a server takes many.
    [Fact]
    public async Task Eighteen_ways_to_lose_a_repository_are_all_found_by_a_drill_and_none_is_called_good()
    {
        _ = RealPeer.Find("restic", "restic");
        var database = Uploads();
        var (work, _, _) = Work("");
        var taken = await work.TakeAsync(Shop, database, Stop);
        Assert.Equal(BackupState.Verified, State(await work.DrillAsync(database, taken, Stop)));
        var whole = Path.Combine(root.FullName, "whole");
        var key = await File.ReadAllTextAsync(Path.Combine(root.FullName, "key"), Stop);
        Copy(Repository, whole);

        var found = new List<string>();
        foreach (var (name, harm) in Harms())
        {
            Renew(whole, key);
            harm();
            var drilled = (await Work("").Work.DrillAsync(database, taken, Stop)).Drill!;
            found.Add($"{name}: {drilled.Problem?.Code ?? "GOOD"}");
        }
        Tell(found, atLeast: 18);
        Renew(whole, key);
        Assert.Equal(BackupState.Verified, State(await work.DrillAsync(database, taken, Stop)));
    }

    [Fact]
    public async Task Eight_ways_in_which_a_dump_lies_are_all_found_by_a_drill_and_none_is_called_good()
    {
        _ = RealPeer.Find("restic", "restic");
        await using var peer = await PostgresPeer.StartAsync("fsync=off");
        await FillAsync(peer);
        var (work, book, database) = Work(peer.Url("shop", "postgres"));
        var taken = await work.TakeAsync(Shop, database, Stop);

        var found = new List<string>();
        foreach (var (name, backup, rules) in await LiesAsync(taken, database))
        {
            var drilled = (await work.DrillAsync(rules, backup, Stop)).Drill!;
            found.Add($"{name}: {drilled.Problem?.Code ?? "GOOD"}");
        }
        Tell(found, atLeast: 8);
        Assert.Equal(BackupState.Verified, State(await work.DrillAsync(database, taken, Stop)));
        Assert.NotEmpty(await book.ListAsync(Shop, "db", Stop));
    }

    private static void Tell(List<string> found, int atLeast)
    {
        found.ForEach(one => TestContext.Current.TestOutputHelper!.WriteLine(one));
        Assert.True(found.Count >= atLeast, $"only {found.Count} were tried");
        Assert.DoesNotContain(found, static one => one.EndsWith("GOOD", StringComparison.Ordinal));
    }

    // Of several packs, with nothing in it that could be made smaller.
    private Database Uploads()
    {
        var folder = Path.Combine(root.FullName, "uploads");
        Directory.CreateDirectory(folder);
        var random = new Random(7);
        for (var number = 0; number < 12; number++)
        {
            var bytes = new byte[2_000_000];
            random.NextBytes(bytes);
            File.WriteAllBytes(Path.Combine(folder, Text(number)), bytes);
        }
        return new()
        {
            Name = "db",
            Kind = DatabaseKind.Files,
            Path = folder,
            Backup = new(),
        };
    }

    [Fact]
    public async Task MariaDB_is_saved_tried_and_brought_back_beside_the_one_in_use()
    {
        _ = (RealPeer.Find("restic", "restic"), RealPeer.Find("mariadbd", "mariadb-server"));
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
        string[] client = ["--no-defaults", "-h127.0.0.1", $"-P{port}", "-uapp", "-ps3cretpassword"];
        Task SqlAsync(string sql) => RealPeer.RunAsync("mariadb", [.. client, "-e", sql]);
        try
        {
            await SqlAsync(
                "CREATE TABLE app.orders (id int PRIMARY KEY, note blob); INSERT INTO app.orders SELECT seq, unhex(md5(seq)) FROM app.seq_1_to_2000"
            );
            var (work, _, _) = Work(server.AddressOf(port, "s3cretpassword"));
            var rules = new BackupRules
            {
                Checks =
                [
                    new()
                    {
                        Table = "orders",
                        RowsMin = 2000,
                        RowsMax = 2000,
                    },
                ],
            };
            var database = new Database
            {
                Name = "db",
                Kind = DatabaseKind.Mysql,
                Url = "URL",
                Backup = rules,
            };
            var taken = await work.TakeAsync(Shop, database, Stop);
            var drilled = await work.DrillAsync(database, taken, Stop);
            Assert.Equal(
                ["the dump ends as dumps end", "orders has 2000 rows"],
                drilled.Drill!.Problem is null ? drilled.Drill.Looks : [drilled.Drill.Problem.ToString()]
            );
            await SqlAsync("DELETE FROM app.orders");
            await work.RestoreAsync(database, taken, ("app_back", null), Stop);
            await SqlAsync(
                "INSERT INTO app.orders SELECT * FROM app_back.orders; CREATE TABLE app.once (n int PRIMARY KEY, CHECK (n = 2000)); INSERT INTO app.once SELECT count(*) FROM app.orders"
            );
            await Assert.ThrowsAsync<ProblemException>(() =>
                work.RestoreAsync(database, taken, ("app_back", null), Stop)
            );
        }
        finally
        {
            await server.RemoveAsync(order, CancellationToken.None);
            data.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_backup_comes_back_in_a_new_database_and_the_one_in_use_is_not_touched()
    {
        _ = RealPeer.Find("restic", "restic");
        await using var peer = await PostgresPeer.StartAsync("fsync=off");
        await FillAsync(peer);
        var (work, book, database) = Work(peer.Url("shop", "postgres"));
        var taken = await work.TakeAsync(Shop, database, Stop);
        await peer.RunAsync("shop", "DELETE FROM public.orders");

        var (address, _) = await work.RestoreAsync(database, taken, ("shop_back", null), Stop);
        Assert.Equal(peer.Url("shop_back", "postgres"), address);
        Assert.Equal(20_000, await peer.AskAsync<long>("shop_back", "SELECT count(*) FROM public.orders"));
        Assert.Equal(0, await peer.AskAsync<long>("shop", "SELECT count(*) FROM public.orders"));

        // Into one that is there already nothing goes, and of one that fails half-way nothing is left.
        await Assert.ThrowsAsync<ProblemException>(() => work.RestoreAsync(database, taken, ("shop_back", null), Stop));
        Flip(Packs().First(), 0.5);
        await Assert.ThrowsAsync<ProblemException>(() => work.RestoreAsync(database, taken, ("shop_half", null), Stop));
        Assert.Equal(
            0,
            await peer.AskAsync<long>("postgres", "SELECT count(*) FROM pg_database WHERE datname = 'shop_half'")
        );

        // A database that is away, or a wrong password, is a failed backup, and is remembered as one.
        await peer.CrashAsync();
        await Assert.ThrowsAsync<ProblemException>(() => work.TakeAsync(Shop, database, Stop));
        Assert.Equal(BackupState.Failed, State((await book.ListAsync(Shop, "db", Stop))[0]));
    }

    [Fact]
    public async Task A_dump_that_is_cut_off_by_a_kill_is_no_backup()
    {
        _ = RealPeer.Find("restic", "restic");
        var repository = Repositories().Open(settings: null, password: null);
        var tags = new Dictionary<string, string> { ["app"] = "shop" };
        await Assert.ThrowsAsync<ProblemException>(() =>
            repository.KeepAsync(
                tags,
                async (stream, end) =>
                {
                    await stream.WriteAsync(new byte[100_000], end);
                    throw new ProblemException(new Problem("a.b", "The dump failed.", "c", "d"));
                },
                kibPerSecondMax: null,
                Stop
            )
        );
        Assert.Empty(await repository.ListAsync(Stop));

        // As by kill -9 of Fairlead: restic sees the end of its input and keeps what it has. It stays open, which is no backup.
        await RealPeer.RunAsync(
            "sh",
            [
                "-c",
                $"head -c 100000 /dev/urandom | RESTIC_PASSWORD=\"$(cat {root.FullName}/key)\" restic -r {Repository} backup --stdin --stdin-filename fairlead.dump --tag open -q",
            ]
        );
        Assert.Empty(await repository.ListAsync(Stop));

        var id = await repository.KeepAsync(
            tags,
            static async (stream, end) =>
            {
                await stream.WriteAsync("whole"u8.ToArray(), end);
                return new Dictionary<string, string> { ["sha256"] = "x" };
            },
            null,
            Stop
        );
        var kept = Assert.Single(await repository.ListAsync(Stop));
        Assert.Equal((id, "shop", "x"), (kept.Id, kept.Tags["app"], kept.Tags["sha256"]));
    }

    [Fact]
    public async Task Files_come_back_with_their_rights_links_and_times()
    {
        _ = RealPeer.Find("restic", "restic");
        var files = Path.Combine(root.FullName, "uploads");
        Directory.CreateDirectory(Path.Combine(files, "deep", "er"));
        await File.WriteAllTextAsync(Path.Combine(files, "deep", "er", "ä.txt"), "hello", Stop);
        File.SetUnixFileMode(Path.Combine(files, "deep", "er", "ä.txt"), UnixFileMode.UserRead);
        File.CreateSymbolicLink(Path.Combine(files, "link"), "deep/er/ä.txt");
        var database = new Database
        {
            Name = "uploads",
            Kind = DatabaseKind.Files,
            Path = files,
            Backup = new() { Checks = [new() { Table = "deep/er/ä.txt", RowsMin = 5 }] },
        };
        var (work, _, _) = Work("");

        var taken = await work.TakeAsync(Shop, database, Stop);
        Assert.Equal(BackupState.Verified, State(await work.DrillAsync(database, taken, Stop)));
        var (path, _) = await work.RestoreAsync(database, taken, ("uploads-back", null), Stop);

        Assert.Equal("hello", await File.ReadAllTextAsync(Path.Combine(path, "link"), Stop));
        Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(Path.Combine(path, "deep", "er", "ä.txt")));
    }

    [Fact]
    public async Task Sqlite_is_saved_while_somebody_writes()
    {
        _ = RealPeer.Find("restic", "restic");
        var file = Path.Combine(root.FullName, "shop.db");
        await using var writer = new SqliteConnection($"Data Source={file};Pooling=False");
        writer.Open();
        Run(
            writer,
            "PRAGMA journal_mode = wal; CREATE TABLE orders (id INTEGER PRIMARY KEY); INSERT INTO orders SELECT value FROM generate_series(1, 1000);".Replace(
                "generate_series(1, 1000)",
                "(WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 1000) SELECT value FROM n)",
                StringComparison.Ordinal
            )
        );
        Run(writer, "BEGIN IMMEDIATE; INSERT INTO orders VALUES (5000)");
        var database = new Database
        {
            Name = "db",
            Kind = DatabaseKind.Sqlite,
            Path = file,
            Backup = new()
            {
                Checks =
                [
                    new()
                    {
                        Table = "orders",
                        RowsMin = 1000,
                        RowsMax = 1000,
                    },
                ],
            },
        };
        var (work, _, _) = Work("");

        var taken = await work.TakeAsync(Shop, database, Stop);
        var drilled = await work.DrillAsync(database, taken, Stop);
        Assert.Equal(["SQLite's integrity check says ok", "orders has 1000 rows"], drilled.Drill!.Looks);
    }

    [Fact]
    public async Task Redis_is_saved_as_a_replica_sees_it()
    {
        _ = RealPeer.Find("restic", "restic");
        var (program, folder, port) = (
            RealPeer.Find("redis-server", "redis-server"),
            RealPeer.NewFolder(),
            RealPeer.FreePort()
        );
        await using var redis = await RealPeer.StartAsync(
            (
                program,
                ["--port", Text(port), "--requirepass", "s3cret", "--dir", folder, "--repl-diskless-sync-delay", "0"]
            ),
            folder,
            () => RealPeer.ListensAsync(port)
        );
        await RealPeer.RunAsync(
            "redis-cli",
            [
                "-p",
                Text(port),
                "-a",
                "s3cret",
                "--no-auth-warning",
                "EVAL",
                "for i=1,500 do redis.call('SET', 'k'..i, i) end",
                "0",
            ]
        );
        var database = new Database
        {
            Name = "cache",
            Kind = DatabaseKind.Redis,
            Url = "URL",
            Backup = new(),
        };
        var (work, _, _) = Work($"redis://:s3cret@127.0.0.1:{port}");

        var taken = await work.TakeAsync(Shop, database, Stop);
        var drilled = await work.DrillAsync(database, taken, Stop);
        Assert.Equal(
            (null, "redis-check-rdb read 500 keys, checksum OK"),
            (drilled.Drill!.Problem, Assert.Single(drilled.Drill.Looks))
        );
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static BackupState State(Backup one) => one.StateAt(Real.Now, TimeSpan.FromHours(1));

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static async Task FillAsync(PostgresPeer peer)
    {
        await peer.MakeAsync("shop");
        await peer.RunAsync(
            "shop",
            "CREATE TABLE public.orders (id bigint PRIMARY KEY, note text, made timestamptz DEFAULT now()); INSERT INTO public.orders SELECT n, md5(n::text) FROM generate_series(1, 20000) n; CREATE TABLE public.users (id int); ANALYZE"
        );
    }

    private (BackupWork Work, BackupBook Book, Database Database) Work(string url)
    {
        var store = new MemoryStore(Real);
        var fence = store.TakeChargeAsync("test", Stop).GetAwaiter().GetResult();
        var book = new BackupBook(store, () => fence);
        var scratch = new ScratchFolders(root.FullName, place: null);
        var ports = new BackupPorts(
            store,
            AllBackupDrivers.Entries(Path.Combine(root.FullName, "work"), Real),
            Repositories(),
            (_, _, _) => Task.FromResult<string?>(url),
            scratch.New,
            Signer: null
        );
        var rules = new BackupRules
        {
            Checks =
            [
                new()
                {
                    Table = "orders",
                    RowsMin = 20_000,
                    RowsMax = 20_000,
                    Newest = "made",
                    Within = TimeSpan.FromMinutes(10),
                },
            ],
        };
        return (
            new(ports, book, Real),
            book,
            new()
            {
                Name = "db",
                Kind = DatabaseKind.Postgres,
                Url = "URL",
                Backup = rules,
            }
        );
    }

    private ResticRepositories Repositories() => new(root.FullName, Path.Combine(root.FullName, "key"), Real);

    private IEnumerable<string> Packs() =>
        Directory
            .EnumerateFiles(Path.Combine(Repository, "data"), "*", SearchOption.AllDirectories)
            .OrderByDescending(static one => new FileInfo(one).Length);

    private string First(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Repository, folder)).Order(StringComparer.Ordinal).First();

    private IEnumerable<(string Name, Action Harm)> Harms()
    {
        foreach (var place in (double[])[0.01, 0.3, 0.6, 0.95])
        {
            yield return ($"a byte flipped at {place} of the largest pack", () => Flip(Packs().First(), place));
        }
        yield return ("a byte flipped in another pack", () => Flip(Packs().Last(), 0.5));
        yield return ("a pack cut in half", () => Cut(Packs().First(), 0.5));
        yield return ("a pack emptied", () => Cut(Packs().First(), 0));
        yield return ("a pack deleted", () => File.Delete(Packs().First()));
        yield return ("all packs deleted", () => Packs().ToList().ForEach(File.Delete));
        yield return ("the index flipped", () => All("index", one => Flip(one, 0.5)));
        yield return ("the index deleted", () => All("index", File.Delete));
        yield return ("the snapshot flipped", () => All("snapshots", one => Flip(one, 0.5)));
        yield return ("the snapshot deleted", () => All("snapshots", File.Delete));
        yield return ("the key flipped", () => Flip(First("keys"), 0.5));
        yield return ("the key deleted", () => File.Delete(First("keys")));
        yield return ("the config flipped", () => Flip(Path.Combine(Repository, "config"), 0.5));
        yield return ("another key", () => File.WriteAllText(Path.Combine(root.FullName, "key"), new string('0', 64)));
        yield return ("the repository gone", () => Directory.Delete(Repository, recursive: true));
    }

    // The repository is whole, and what it holds is not what it must be.
    private async Task<IReadOnlyList<(string, Backup, Database)>> LiesAsync(Backup taken, Database database)
    {
        var repository = Repositories().Open(settings: null, password: null);
        async Task<Backup> PutAsync(byte[] bytes, bool isNoted)
        {
            var id = await repository.KeepAsync(
                new Dictionary<string, string>(),
                async (stream, end) =>
                {
                    await stream.WriteAsync(bytes, end);
                    return new Dictionary<string, string>();
                },
                null,
                Stop
            );
            var digest = isNoted
                ? Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes))
                : taken.Digest;
            return taken with { Id = id, Digest = digest, Bytes = bytes.Length };
        }
        var dump = await repository.ReadAsync(
            taken.Id,
            static async (stream, end) =>
            {
                var all = new MemoryStream();
                await stream.CopyToAsync(all, end);
                return all.ToArray();
            },
            Stop
        );
        return
        [
            ("a dump cut in half", await PutAsync(dump[..(dump.Length / 2)], isNoted: true), database),
            ("a dump without its last bytes", await PutAsync(dump[..^200], isNoted: true), database),
            ("an empty dump", await PutAsync("\n"u8.ToArray(), isNoted: true), database),
            ("words instead of a dump", await PutAsync("pg_dump: error"u8.ToArray(), isNoted: true), database),
            ("the dump of another time", await PutAsync([.. dump, 0], isNoted: false), database),
            (
                "too few rows",
                taken,
                database with
                {
                    Backup = new() { Checks = [new() { Table = "orders", RowsMin = 20_001 }] },
                }
            ),
            (
                "a table that is missing",
                taken,
                database with
                {
                    Backup = new() { Checks = [new() { Table = "payments" }] },
                }
            ),
            ("fewer tables than were saved", taken with { Facts = new(3, 20_000) }, database),
        ];
    }

    private void Renew(string whole, string key)
    {
        File.WriteAllText(Path.Combine(root.FullName, "key"), key);
        if (Directory.Exists(Repository))
        {
            Directory.Delete(Repository, recursive: true);
        }
        Copy(whole, Repository);
    }

    private void All(string folder, Action<string> harm) =>
        Directory.GetFiles(Path.Combine(Repository, folder)).ToList().ForEach(harm);

    private static void Flip(string path, double place)
    {
        Writable(path);
        using var file = new FileStream(path, FileMode.Open);
        var at = (long)(file.Length * place);
        file.Position = at;
        var was = file.ReadByte();
        file.Position = at;
        file.WriteByte((byte)(was ^ 0x10));
    }

    private static void Cut(string path, double left)
    {
        Writable(path);
        using var file = new FileStream(path, FileMode.Open);
        file.SetLength((long)(file.Length * left));
    }

    private static void Writable(string path) =>
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        foreach (var name in (string[])["locks", "snapshots", "index", "keys", "data"])
        {
            Directory.CreateDirectory(Path.Combine(to, name));
        }
    }
}
