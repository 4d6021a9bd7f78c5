using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Fairlead.Drivers.Data.Servers;
using Fairlead.Model.Data;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Scenarios.Collecting;
using Npgsql;

namespace Fairlead.Scenarios.Data;

using Platform = Fairlead.Scenarios.Voyages.Platform;

/// <summary>Databases that an app only names: real servers that outlive deployments, crashes and Fairlead itself.</summary>
public sealed class DatabaseScenarios : IDisposable
{
    private const int Jobs = 1_000;
    private const int Deployments = 5;
    private static readonly World Real = new(TimeProvider.System, new Random(1));

    private readonly DirectoryInfo data = Directory.CreateTempSubdirectory("fairlead-data-");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => data.Delete(recursive: true);

    [Fact]
    public async Task An_app_names_databases_and_has_them_and_five_deployments_run_each_of_a_thousand_jobs_once()
    {
        _ = (RealPeer.Find("postgres", "postgresql"), RealPeer.Find("redis-server", "redis-server"));
        await using var platform = await Platform.StartAsync(Env());
        var folder = App(platform);
        var plan = await platform.RunAsync("plan", folder);
        Assert.True(plan.Code == 0, plan.ToString());
        Assert.Equal("[]", (await ListAsync(platform)).ToJsonString()); // A plan touches nothing.
        await SucceedsAsync(platform.DeployAsync(folder, "worker.env.VERSION=0"));
        Assert.Equal(["ready", "ready"], await StatesAsync(platform));
        var (postgres, redis) = (Pid("db", "data/postmaster.pid"), Pid("cache", "pid"));

        await RedisAsync("EVAL", $"for i = 1, {Jobs} do redis.call('RPUSH', 'jobs', i) end", "0");
        for (var number = 1; number <= Deployments; number++)
        {
            await SucceedsAsync(platform.DeployAsync(folder, $"worker.env.VERSION={number}"));
        }
        await UntilDoneAsync();
        Assert.Equal(Jobs.ToString(CultureInfo.InvariantCulture), await RedisAsync("HLEN", "runs"));
        Assert.All((await RedisAsync("HVALS", "runs")).Split('\n'), static runs => Assert.Equal("1", runs));
        Assert.True(
            int.Parse(await RedisAsync("HLEN", "by"), CultureInfo.InvariantCulture) > 1,
            "one version did it all"
        );

        // No deployment touched them, and neither does a kill of the server that started them.
        platform.Kill("server");
        await SucceedsAsync(platform.DeployAsync(folder, "worker.env.VERSION=9"));
        Assert.Equal((postgres, redis), (Pid("db", "data/postmaster.pid"), Pid("cache", "pid")));

        await ComesBackAsync(platform, folder, postgres);
    }

    [Fact]
    public async Task A_MariaDB_is_made_kept_and_ended_and_one_of_another_version_is_left_alone()
    {
        _ = RealPeer.Find("mariadbd", "mariadb-server");
        Passable();
        var server = AllDatabaseServers.Entries(data.FullName, Real).Single(one => one.Kind == DatabaseKind.Mysql);
        var port = LocalDatabases.FreePort();
        var order = new ServerOrder("shop/production/db", port, 50, Password: null);
        Assert.Equal("database.data-gone", await CodeAsync(server.EnsureAsync(order, Stop)));

        var made = await server.EnsureAsync(order with { Password = new("s3cretpassword") }, Stop);
        Assert.True(made.WasStarted);
        Assert.False((await server.EnsureAsync(order, Stop)).WasStarted);
        string[] login = ["--no-defaults", "-h127.0.0.1", $"-P{port}", "-uapp", "-ps3cretpassword", "-e"];
        await RealPeer.RunAsync("mariadb", [.. login, "CREATE TABLE app.t (id int); CREATE DATABASE more"]);
        await server.StopAsync(order, Stop);
        await File.WriteAllTextAsync(Path.Combine(data.FullName, order.Path, "made"), "5.5.1", Stop);
        Assert.Equal("database.other-version", await CodeAsync(server.EnsureAsync(order, Stop)));
        await File.WriteAllTextAsync(Path.Combine(data.FullName, order.Path, "made"), made.Version, Stop);
        Assert.True((await server.EnsureAsync(order, Stop)).WasStarted);
        await RealPeer.RunAsync("mariadb", [.. login, "SELECT * FROM app.t"]);
        await server.RemoveAsync(order, Stop);
        Assert.False(Directory.Exists(Path.Combine(data.FullName, order.Path)));
    }

    [Fact]
    public async Task A_standby_takes_the_place_of_a_PostgreSQL_with_all_that_was_acknowledged_and_the_old_one_is_put_aside()
    {
        _ = RealPeer.Find("postgres", "postgresql");
        Passable();
        var server = AllDatabaseServers
            .Entries(data.FullName, Real)
            .Single(static one => one.Kind == DatabaseKind.Postgres);
        var standby = (IStandbyServer)server;
        var (port, second) = (LocalDatabases.FreePort(), LocalDatabases.FreePort());
        var order = new ServerOrder("shop/production/db", port, 50, new("s3cretpassword"));
        var url = server.AddressOf(port, "s3cretpassword");
        await server.EnsureAsync(order, Stop);
        Assert.False(standby.HasStandby(order));
        await standby.EnsureStandbyAsync(order, second, Stop);
        await AskAsync(url, "CREATE TABLE orders (id int PRIMARY KEY)");
        try
        {
            // Under load, in order: nothing that was acknowledged is lost.
            using var writing = CancellationTokenSource.CreateLinkedTokenSource(Stop);
            var acknowledged = WriteAsync(url, writing.Token);
            await RealPeer.UntilAsync(
                async () => await AskAsync(url, "SELECT count(*)::int FROM orders") > 20,
                static () => "nothing is written"
            );
            var began = Stopwatch.GetTimestamp();
            await standby.FailOverAsync(order, second, Stop);
            Assert.True(await AskAsync(url, "SELECT count(*)::int FROM orders") > 0);
            Told("in order", began);
            await writing.CancelAsync();
            Assert.Equal(
                0,
                await AskAsync(
                    url,
                    $"SELECT {await acknowledged} - count(*)::int FROM orders WHERE id <= {await acknowledged}"
                )
            );
            Assert.True(Directory.Exists(Path.Combine(data.FullName, order.Path + ".fenced")));
            Assert.False(standby.HasStandby(order));

            await KilledAsync(standby, order, second, url);
        }
        finally
        {
            await server.RemoveAsync(order, CancellationToken.None);
        }
    }

    // The one in use is killed, and so are we, after it was put aside.
    private async Task KilledAsync(IStandbyServer standby, ServerOrder order, int second, string url)
    {
        await standby.EnsureStandbyAsync(order, second, Stop);
        await AskAsync(url, "INSERT INTO orders VALUES (-1)");
        await RealPeer.UntilAsync(
            async () =>
                await AskAsync(
                    ((IDatabaseServer)standby).AddressOf(second, "s3cretpassword"),
                    "SELECT count(*)::int FROM orders WHERE id = -1"
                ) == 1,
            static () => "the standby does not follow"
        );
        using (var process = Process.GetProcessById(Pid("db", "data/postmaster.pid")))
        {
            process.Kill();
            await process.WaitForExitAsync(Stop);
        }
        var began = Stopwatch.GetTimestamp();
        Directory.Delete(Path.Combine(data.FullName, order.Path + ".fenced"), recursive: true);
        Directory.Move(Path.Combine(data.FullName, order.Path), Path.Combine(data.FullName, order.Path + ".fenced"));
        await standby.FailOverAsync(order, second, Stop);
        Assert.Equal(1, await AskAsync(url, "SELECT count(*)::int FROM orders WHERE id = -1"));
        Told("killed", began);
        await standby.FailOverAsync(order, second, Stop); // Done already: it changes nothing.
        Assert.Equal(1, await AskAsync(url, "SELECT count(*)::int FROM orders WHERE id = -1"));
    }

    private static void Told(string how, long began) =>
        TestContext.Current.TestOutputHelper!.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"failover ({how}): RTO {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s"
            )
        );

    /// <returns>The last number that the server said it has.</returns>
    private static async Task<int> WriteAsync(string url, CancellationToken stop)
    {
        for (var number = 1; ; number++)
        {
            try
            {
                await AskAsync(url, $"INSERT INTO orders VALUES ({number})");
            }
            catch (NpgsqlException)
            {
                return number - 1; // The moment of the change: what was not acknowledged may be there or not.
            }
            if (stop.IsCancellationRequested)
            {
                return number;
            }
        }
    }

    private async Task ComesBackAsync(Platform platform, string folder, int postgres)
    {
        var url = Url();
        await AskAsync(url, "CREATE TABLE kept AS SELECT 7 AS seven");
        using (var process = Process.GetProcessById(postgres))
        {
            process.Kill();
        }
        await RealPeer.UntilAsync(
            async () => await SevenAsync(url) == 7,
            static () => "the killed PostgreSQL did not come back"
        );

        // Down with Fairlead, and up with it; nobody can remove what is in use.
        var removing = await platform.RunAsync("database", "remove", "db", "--app", "shop", "--yes");
        Assert.Contains("stays", removing.Messages, StringComparison.Ordinal);
        await SucceedsAsync(platform.RunAsync("down"));
        Assert.Equal(0, await SevenAsync(url));
        await SucceedsAsync(platform.RunAsync("up", "--http", "127.0.0.1:0", "--api", "127.0.0.1:0", "--background"));
        await RealPeer.UntilAsync(
            async () => await SevenAsync(url) == 7,
            static () => "PostgreSQL did not come up with Fairlead"
        );

        // Without it in the manifest it stays, until somebody lets it go: saved, and kept for a week.
        await File.WriteAllTextAsync(
            Path.Combine(folder, "fairlead.yaml"),
            "app: shop\nservices: { worker: { kind: worker, run: sleep 1000 } }\n",
            Stop
        );
        await SucceedsAsync(platform.DeployAsync(folder));
        Assert.Equal(7, await SevenAsync(url));
        var gone = await platform.AskAsync("database", "remove", "db", "--app", "shop", "--yes");
        Assert.Equal(8, gone["backup"]!.GetValue<string>().Length);
        Assert.Equal(0, await SevenAsync(url));
        await SucceedsAsync(platform.RunAsync("database", "remove", "db", "--app", "shop", "--undo", "--yes"));
        await RealPeer.UntilAsync(async () => await SevenAsync(url) == 7, static () => "it was not kept");
    }

    private IReadOnlyDictionary<string, string> Env()
    {
        Passable();
        return new Dictionary<string, string> { ["FAIRLEAD_DATA"] = data.FullName };
    }

    // As root its databases are other accounts', who must get there.
    private void Passable() =>
        File.SetUnixFileMode(
            data.FullName,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute
        );

    private static string App(Platform platform)
    {
        var folder = platform.App("shop", "app: shop\n");
        File.Copy(Path.Combine(Path.GetDirectoryName(Here())!, "worker.py"), Path.Combine(folder, "worker.py"));
        File.WriteAllText(
            Path.Combine(folder, "fairlead.yaml"),
            """
            app: shop
            databases:
              db: { kind: postgres }
              cache: { kind: redis, connections: 20 }
            services:
              worker:
                kind: worker
                run: python3 worker.py
                replicas: 2
                uses: [cache, db]
            """
        );
        return folder;
    }

    private static async Task<JsonArray> ListAsync(Platform platform) =>
        (await platform.AskAsync("database", "list"))["databases"]!.AsArray();

    private static async Task<IEnumerable<string>> StatesAsync(Platform platform) =>
        (await ListAsync(platform)).Select(static one => one!["state"]!.GetValue<string>());

    private int Pid(string name, string file) =>
        int.Parse(
            File.ReadLines(Path.Combine(data.FullName, "shop", "production", name, file)).First(),
            CultureInfo.InvariantCulture
        );

    private async Task UntilDoneAsync() =>
        await RealPeer.UntilAsync(
            async () => await RedisAsync("HLEN", "runs") == Jobs.ToString(CultureInfo.InvariantCulture),
            static () => "not all jobs were done"
        );

    private async Task<string> RedisAsync(params string[] words)
    {
        var folder = Path.Combine(data.FullName, "shop", "production", "cache");
        string Setting(string file, string name) =>
            File.ReadLines(Path.Combine(folder, file))
                .First(line => line.StartsWith(name, StringComparison.Ordinal))
                .Split(' ')[1];
        var start = new ProcessStartInfo(
            "redis-cli",
            ["--raw", "-h", "127.0.0.1", "-p", Setting("redis.conf", "port"), .. words]
        )
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.Environment["REDISCLI_AUTH"] = Setting("password.conf", "requirepass");
        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        return said.Trim();
    }

    // As a service is given it.
    private string Url()
    {
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            if (
                int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out _)
                && TryRead(Path.Combine(folder, "cmdline")).Contains("worker.py", StringComparison.Ordinal)
            )
            {
                var variable = TryRead(Path.Combine(folder, "environ"))
                    .Split('\0')
                    .FirstOrDefault(one =>
                        one.StartsWith("DATABASE_URL=", StringComparison.Ordinal)
                        && one.Contains(Port("db"), StringComparison.Ordinal)
                    );
                if (variable is not null)
                {
                    return variable["DATABASE_URL=".Length..];
                }
            }
        }
        throw new InvalidOperationException("no worker was given the address");
    }

    private string Port(string name) =>
        File.ReadLines(Path.Combine(data.FullName, "shop", "production", name, "data", "fairlead.conf"))
            .First(static line => line.StartsWith("port = ", StringComparison.Ordinal))["port = ".Length..];

    private static string TryRead(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return ""; // It has ended.
        }
    }

    private static async Task<int> SevenAsync(string url)
    {
        try
        {
            return await AskAsync(url, "SELECT seven FROM kept");
        }
        catch (NpgsqlException)
        {
            return 0; // It does not answer.
        }
    }

    private static async Task<int> AskAsync(string url, string sql)
    {
        var address = new Uri(url);
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder
            {
                Host = address.Host,
                Port = address.Port,
                Username = "app",
                Password = address.UserInfo.Split(':')[1],
                Database = "app",
                Pooling = false,
            }.ConnectionString
        );
        await connection.OpenAsync(Stop);
#pragma warning disable CA2100 // The test's own text.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync(Stop) is int number ? number : 0;
    }

    private static async Task<string> CodeAsync(Task doing) =>
        (await Assert.ThrowsAsync<ProblemException>(() => doing)).Problem.Code;

    private static async Task SucceedsAsync(Task<Platform.Answer> running)
    {
        var answer = await running;
        Assert.True(answer.Code == 0, answer.ToString());
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
