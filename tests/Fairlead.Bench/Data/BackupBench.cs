using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Fairlead.Drivers.Data.Backups;
using Fairlead.Drivers.Stores;
using Fairlead.Engine.Data.Backups;
using Fairlead.Model.Apps;
using Fairlead.Model.Data;
using Fairlead.Model.Ports;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Fairlead.Bench.Data;

/// <summary>
/// A PostgreSQL of some 600 MB under write load: what a backup costs against its tools alone, and what is lost and how long it takes when the server is killed and
/// its disk is gone. Both are measured here from outside, beside what Fairlead says of them.
/// </summary>
internal static class BackupBench
{
    private const int Scale = 40; // About 600 MB, by pgbench.
    private static readonly World Real = new(TimeProvider.System, new Random(1));

    public static async Task<int> RunAsync()
    {
        var root = Directory.CreateTempSubdirectory("fairlead-backup-bench-");
        var port = FreePort();
        Process? server = null;
        Process? load = null;
        try
        {
            server = await StartAsync(root.FullName, "first", port);
            Run("createdb", [.. At(port), "shop"]);
            Run("pgbench", ["-i", "-q", "-s", Text(Scale), .. At(port), "shop"]);
            await DoAsync(port, "shop", "CREATE TABLE heartbeat (at timestamptz)");
            Console.WriteLine(
                $"{await AskAsync<string>(port, "shop", "SELECT pg_size_pretty(pg_database_size('shop'))")} in PostgreSQL, written to by pgbench with 4 clients at 200 transactions a second"
            );
            load = Start("pgbench", ["-c", "4", "-R", "200", "-T", "600", "-n", .. At(port), "shop"]);
            using var beating = new CancellationTokenSource();
            var beats = BeatAsync(port, beating.Token);

            var (work, database, _) = Work(root.FullName, port);
            (work, var last) = await RoundsAsync(root.FullName, port, (work, database));
            using var following = new CancellationTokenSource();
            var points = await PointsAsync(root.FullName, port, following.Token);
            await Task.Delay(TimeSpan.FromSeconds(20));
            var drilled = await work.DrillAsync(database, last, CancellationToken.None);
            Line($"drill: {drilled.Drill!.Problem?.ToString() ?? "whole"}, {drilled.Drill.Took.TotalSeconds:0.0} s");
            server.Kill(entireProcessTree: true);
            var killed = Real.Now;
            await server.WaitForExitAsync();
            await beating.CancelAsync();
            var lastBeat = await beats;
            await following.CancelAsync();
            server = await StartAsync(root.FullName, "second", port);

            var restoring = Stopwatch.GetTimestamp();
            var (_, took) = await work.RestoreAsync(database, last, ("shop_back", null), CancellationToken.None);
            await AskAsync<long>(port, "shop_back", "SELECT count(*) FROM pgbench_accounts WHERE aid < 1000");
            var outside = Stopwatch.GetElapsedTime(restoring);
            var newest = await AskAsync<DateTime>(port, "shop_back", "SELECT max(at) FROM heartbeat");
            Compare("RTO", took, outside);
            Compare("RPO", killed - last.At, lastBeat - new DateTimeOffset(newest));
            await PointedAsync(port, points, (killed, lastBeat));
            return drilled.Drill.Problem is null ? 0 : 1;
        }
        finally
        {
            End(load);
            End(server);
            root.Delete(recursive: true);
        }
    }

    /// <summary>A copy of the whole server, whose log is followed from then on and brought to the repository every 5 s.</summary>
    private static async Task<(BackupWork Work, BackupBook Book, Database Database, Backup Copy)> PointsAsync(
        string root,
        int port,
        CancellationToken stop
    )
    {
        var (work, logical, book) = Work(Path.Combine(root, "points"), port);
        var database = logical with { Backup = logical.Backup! with { Points = TimeSpan.FromSeconds(5) } };
        var shop = new Site("shop", "production");
        var desk = new PointDesk(work, book, Real, NullLogger<PointDesk>.Instance);
        await desk.FollowAsync([(shop, database)], stop);
        await desk.ReadyAsync(shop, database, stop);
        var copy = await work.TakeAsync(shop, database, stop);
        _ = RunAsync(desk, stop);
        return (work, book, database, copy);
    }

    private static async Task RunAsync(PointDesk desk, CancellationToken stop)
    {
        try
        {
            await desk.RunAsync(stop);
        }
        catch (OperationCanceledException)
        {
            // The server was killed, which is what this is about.
        }
    }

    private static async Task PointedAsync(
        int port,
        (BackupWork Work, BackupBook Book, Database Database, Backup Copy) points,
        (DateTimeOffset Killed, DateTimeOffset LastBeat) seen
    )
    {
        var began = Stopwatch.GetTimestamp();
        var (_, took) = await points.Work.RestoreAsync(
            points.Database,
            points.Copy,
            ("shop_points", null),
            CancellationToken.None
        );
        await AskAsync<long>(port, "shop_points", "SELECT count(*) FROM pgbench_accounts WHERE aid < 1000");
        var outside = Stopwatch.GetElapsedTime(began);
        var newest = await AskAsync<DateTime>(port, "shop_points", "SELECT max(at) FROM heartbeat");
        var kept = (await points.Book.LogAsync(points.Copy.Site, points.Database.Name, CancellationToken.None))[^1].At;
        Compare("RTO with points: 5s", took, outside);
        Compare("RPO with points: 5s", seen.Killed - kept, seen.LastBeat - new DateTimeOffset(newest));
    }

    private static string[] At(int port) => ["-h", "127.0.0.1", "-p", Text(port), "-U", "postgres"];

    private static async Task<(BackupWork Work, Backup Last)> RoundsAsync(
        string root,
        int port,
        (BackupWork Work, Database Database) of
    )
    {
        var (work, database) = of;
        var (alone, ours) = (new List<double>(), new List<double>());
        Backup? last = null;
        for (var round = 0; round < 3; round++)
        {
            alone.Add(Alone(root, port, round));
            if (Directory.Exists(Path.Combine(root, "repository")))
            {
                Directory.Delete(Path.Combine(root, "repository"), recursive: true);
                work = Work(root + $"/{round}", port).Work;
            }
            var began = Stopwatch.GetTimestamp();
            last = await work.TakeAsync(new("shop", "production"), database, CancellationToken.None);
            ours.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
        }
        Line(
            $"backup: tools alone {Median(alone):0.0} s, Fairlead {Median(ours):0.0} s: {(Median(ours) / Median(alone) - 1) * 100:0} % more (aim: at most 25 %)"
        );
        return (work, last!);
    }

    private static void Compare(string name, TimeSpan said, TimeSpan seen) =>
        Line(
            $"{name}: Fairlead says {said.TotalSeconds:0.0} s, from outside {seen.TotalSeconds:0.0} s ({Math.Abs(said.TotalSeconds / seen.TotalSeconds - 1) * 100:0.0} % apart; aim: at most 10 %)"
        );

    // What somebody would type who has no Fairlead.
    private static double Alone(string root, int port, int round)
    {
        var repository = Path.Combine(root, $"alone{round}");
        var began = Stopwatch.GetTimestamp();
        Run(
            "sh",
            "-c",
            $"export RESTIC_PASSWORD=x RESTIC_REPOSITORY={repository}; restic init -q && pg_dump -h 127.0.0.1 -p {Text(port)} -U postgres -Fc -Z0 shop | restic backup -q --stdin"
        );
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static (BackupWork Work, Database Database, BackupBook Book) Work(string root, int port)
    {
        Directory.CreateDirectory(root);
        var store = SqliteStore.Open(Path.Combine(root, "journal.db"), Real);
        var fence = store.TakeChargeAsync("bench", CancellationToken.None).GetAwaiter().GetResult();
        var book = new BackupBook(store, () => fence);
        var ports = new BackupPorts(
            store,
            AllBackupDrivers.Entries(Path.Combine(root, "work"), Real),
            new ResticRepositories(root, Path.Combine(root, "key"), Real),
            (_, _, _) => Task.FromResult<string?>($"postgres://postgres:none@127.0.0.1:{port}/shop"),
            new ScratchFolders(root, place: null).New,
            Signer: null
        )
        {
            Points = [new PostgresPoints(Real)],
        };
        var rules = new BackupRules
        {
            Checks =
            [
                new()
                {
                    Table = "pgbench_accounts",
                    RowsMin = Scale * 100_000L,
                    RowsMax = Scale * 100_000L,
                },
            ],
        };
        return (
            new(ports, book, Real),
            new()
            {
                Name = "db",
                Kind = DatabaseKind.Postgres,
                Url = "URL",
                Backup = rules,
            },
            book
        );
    }

    /// <returns>The last heartbeat that the server acknowledged.</returns>
    private static async Task<DateTimeOffset> BeatAsync(int port, CancellationToken stop)
    {
        var last = Real.Now;
        try
        {
            while (!stop.IsCancellationRequested)
            {
                var at = Real.Now;
                await DoAsync(port, "shop", "INSERT INTO heartbeat VALUES (clock_timestamp())");
                last = at;
                await Task.Delay(50, stop);
            }
        }
        catch (Exception caught) when (caught is NpgsqlException or OperationCanceledException)
        {
            // It was killed, which is what this is about.
        }
        return last;
    }

    private static async Task<Process> StartAsync(string root, string name, int port)
    {
        var data = Path.Combine(root, name);
        Directory.CreateDirectory(data);
        string[] other = [];
        if (Environment.IsPrivilegedProcess)
        {
            File.SetUnixFileMode(root, (UnixFileMode)0b111_101_101);
            Run("chown", "postgres", data);
            other = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"];
        }
        string[] make =
        [
            .. other,
            "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
        ];
        Run(make[0], make[1..]);
        string[] serve =
        [
            .. other,
            "postgres",
            "-D",
            data,
            "-p",
            Text(port),
            "-h",
            "127.0.0.1",
            "-k",
            data,
            "-c",
            "shared_buffers=256MB",
        ];
        var server = Start(serve[0], serve[1..]);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await AskAsync<int>(port, "postgres", "SELECT 1");
                return server;
            }
            catch (NpgsqlException) when (attempt < 300)
            {
                await Task.Delay(100);
            }
        }
    }

    private static async Task<T> AskAsync<T>(int port, string database, string sql)
    {
        await using var connection = new NpgsqlConnection(
            $"Host=127.0.0.1;Port={port};Username=postgres;Database={database};Pooling=false;CommandTimeout=0"
        );
        await connection.OpenAsync();
#pragma warning disable CA2100 // The bench's own.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private static async Task DoAsync(int port, string database, string sql)
    {
        await using var connection = new NpgsqlConnection(
            $"Host=127.0.0.1;Port={port};Username=postgres;Database={database}"
        );
        await connection.OpenAsync();
#pragma warning disable CA2100 // The bench's own.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    private static Process Start(string program, params string[] words)
    {
        var places = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/lib/postgresql/15/bin:/usr/sbin".Split(':');
        var found = places.Select(place => Path.Combine(place, program)).FirstOrDefault(File.Exists) ?? program;
        // Words such as 'initdb' that another program starts are looked up by it.
        var options = new ProcessStartInfo(found, words)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        options.Environment["PATH"] = string.Join(':', places);
        var process = Process.Start(options)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static void Run(string program, params string[] words)
    {
        using var process = Start(program, words);
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', words)} ended with {process.ExitCode}");
        }
    }

    private static void End(Process? process)
    {
        if (process is { HasExited: false })
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
        process?.Dispose();
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static double Median(List<double> all) => all.Order().ElementAt(all.Count / 2);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
