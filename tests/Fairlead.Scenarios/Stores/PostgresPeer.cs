using System.Diagnostics;
using System.Globalization;
using Fairlead.Scenarios.Collecting;
using Npgsql;

namespace Fairlead.Scenarios.Stores;

/// <summary>A real PostgreSQL with a folder of its own, which can be ended like a crash and started again at the same address.</summary>
public sealed class PostgresPeer : IAsyncDisposable
{
    private const string Loopback = "127.0.0.1";
    private const string Password = "s3cret";
    private readonly string folder;
    private readonly string[] words;
    private Process? process;

    private PostgresPeer(string folder, int port, string[] words) =>
        (this.folder, Port, this.words) = (folder, port, words);

    public int Port { get; }

    /// <param name="settings">Such as <c>fsync=off</c>.</param>
    public static async Task<PostgresPeer> StartAsync(params string[] settings)
    {
        var (program, initdb) = (RealPeer.Find("postgres", "postgresql"), RealPeer.Find("initdb", "postgresql"));
        var (folder, port) = (RealPeer.NewFolder(), RealPeer.FreePort());
        await File.WriteAllTextAsync(Path.Combine(folder, "password"), Password, RealPeer.Stop);
        string[] user = [];
        if (Environment.IsPrivilegedProcess)
        {
            // It will not run as root.
            user = [RealPeer.Find("setpriv", "util-linux"), "--reuid=postgres", "--regid=postgres", "--clear-groups"];
            await RealPeer.RunAsync("chown", ["-R", "postgres:postgres", folder]);
        }
        string[] make =
        [
            .. user,
            initdb,
            "-D",
            $"{folder}/data",
            "-U",
            "postgres",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--auth=scram-sha-256",
            $"--pwfile={folder}/password",
        ];
        await RealPeer.RunAsync(make[0], make[1..]);
        string[] serve =
        [
            .. user,
            program,
            "-D",
            $"{folder}/data",
            "-p",
            port.ToString(CultureInfo.InvariantCulture),
            "-h",
            Loopback,
            "-k",
            folder,
            .. settings.SelectMany(setting => new[] { "-c", setting }),
        ];
        var peer = new PostgresPeer(folder, port, serve);
        try
        {
            await peer.StartAgainAsync();
            await peer.RunAsync("postgres", $"CREATE ROLE fairlead LOGIN PASSWORD '{Password}'");
            return peer;
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    public string Url(string database, string user = "fairlead", string password = Password) =>
        $"postgres://{user}:{password}@{Loopback}:{Port}/{database}";

    public Task MakeAsync(string database, string more = "") =>
        RunAsync("postgres", $"CREATE DATABASE {database} OWNER fairlead {more}");

    /// <summary>As its superuser, among the tables of the store.</summary>
    public async Task RunAsync(string database, string sql)
    {
        await using var connection = await ConnectAsync(database);
#pragma warning disable CA2100 // The test's own text.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    /// <summary>The first value of the first row.</summary>
    public async Task<T> AskAsync<T>(string database, string sql)
    {
        await using var connection = await ConnectAsync(database);
#pragma warning disable CA2100 // The test's own text.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return (T)(await command.ExecuteScalarAsync(CancellationToken.None))!;
    }

    /// <summary>Ends at once, with nothing put in order: it has to recover by its log.</summary>
    public async Task CrashAsync()
    {
        await RealPeer.RunAsync("kill", ["-QUIT", process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
        process = null;
    }

    /// <summary>Starts and waits until it answers.</summary>
    public async Task StartAgainAsync()
    {
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        process = Process.Start(start)!;
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        await RealPeer.UntilAsync(
            async () =>
            {
                Assert.False(process.HasExited, "postgres ended");
                try
                {
                    return await AskAsync<int>("postgres", "SELECT 1") == 1;
                }
                catch (NpgsqlException)
                {
                    return false;
                }
            },
            () => "postgres does not answer"
        );
    }

    /// <summary>As one that follows a primary which is away.</summary>
    public async Task TurnIntoStandbyAsync()
    {
        await CrashAsync();
        await File.WriteAllTextAsync(Path.Combine(folder, "data", "standby.signal"), "", CancellationToken.None);
        await StartAgainAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            await CrashAsync();
        }
        Directory.Delete(folder, recursive: true);
    }

    private async Task<NpgsqlConnection> ConnectAsync(string database)
    {
        var connection = new NpgsqlConnection(
            $"Host={Loopback};Port={Port};Username=postgres;Password={Password};Database={database};Search Path=fairlead;Pooling=false"
        );
        try
        {
            await connection.OpenAsync(CancellationToken.None);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>One for all tests of a class, started by the first that needs it.</summary>
    public sealed class Shared : IAsyncDisposable
    {
        private readonly SemaphoreSlim starting = new(1);
        private PostgresPeer? peer;

        public async Task<PostgresPeer> GetAsync()
        {
            await starting.WaitAsync(RealPeer.Stop);
            try
            {
                return peer ??= await StartAsync("fsync=off");
            }
            finally
            {
                starting.Release();
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (peer is not null)
            {
                await peer.DisposeAsync();
            }
            starting.Dispose();
        }
    }
}
