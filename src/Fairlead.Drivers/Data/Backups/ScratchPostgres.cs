using System.Diagnostics;
using Fairlead.Drivers.Builds;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Npgsql;
#pragma warning disable RS0030 // A server that lives as long as this object.

namespace Fairlead.Drivers.Data.Backups;

/// <summary>A PostgreSQL that nobody else uses: in a folder, on a socket in it and on no port, gone afterwards.</summary>
internal sealed class ScratchPostgres : IAsyncDisposable
{
    private const string User = "postgres";
    private static readonly TimeSpan StartMax = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly Process process;
    private readonly string folder;

    private ScratchPostgres(Process process, string folder) => (this.process, this.folder) = (process, folder);

    /// <summary>How tools of PostgreSQL find it.</summary>
    public IReadOnlyList<string> Words => ["--host", folder, "--username", User];

    /// <summary>As the runner of migrations takes it.</summary>
    public string Address(string database) =>
        $"postgres://{User}@localhost/{database}?host={Uri.EscapeDataString(folder)}";

    public string ConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = folder,
            Username = User,
            Database = database,
            Pooling = false,
            CommandTimeout = 0,
        }.ConnectionString;

    /// <exception cref="ProblemException">PostgreSQL's server is not on this machine, or does not start.</exception>
    public static async Task<ScratchPostgres> StartAsync(string folder, World world, CancellationToken stop)
    {
        var places = Directory.Exists("/usr/lib/postgresql")
            ? Directory
                .GetDirectories("/usr/lib/postgresql")
                .OrderDescending(StringComparer.Ordinal)
                .Select(static one => Path.Combine(one, "bin"))
                .ToArray()
            : [];
        var (initdb, server) = (ToolRun.Find("initdb", places), ToolRun.Find("postgres", places));
        if (initdb is null || server is null)
        {
            throw new ProblemException(BackupProblems.NoServer("PostgreSQL's server", "postgresql"));
        }
        string[] other = [];
        if (Environment.IsPrivilegedProcess)
        {
            // It refuses to run as root.
            await new ToolRun(["chown", User, folder]).RunAsync(write: null, read: null, stop);
            other = ["setpriv", $"--reuid={User}", $"--regid={User}", "--clear-groups"];
        }
        var data = Path.Combine(folder, "data");
        await new ToolRun([
            .. other,
            initdb,
            "-D",
            data,
            "-U",
            User,
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ]).RunAsync(write: null, read: null, stop);
        var scratch = new ScratchPostgres(Serve([.. other, server], data, folder), folder);
        try
        {
            await scratch.ReadyAsync(world, stop);
            return scratch;
        }
        catch
        {
            await scratch.DisposeAsync();
            throw;
        }
    }

    private static Process Serve(string[] program, string data, string folder)
    {
        // Nothing of it must survive, so nothing of it must reach the disk.
        string[] serve =
        [
            .. program,
            "-D",
            data,
            "-k",
            folder,
            "-c",
            "listen_addresses=",
            "-c",
            "fsync=off",
            "-c",
            "full_page_writes=off",
            "-c",
            "autovacuum=off",
            "-c",
            "max_wal_size=4GB",
        ];
        var options = new ProcessStartInfo(ToolRun.Find(serve[0]) ?? serve[0], serve[1..])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = "/",
        };
        var started = Process.Start(options)!;
        started.ErrorDataReceived += static (_, _) => { };
        started.OutputDataReceived += static (_, _) => { };
        started.BeginErrorReadLine();
        started.BeginOutputReadLine();
        return started;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            _ = Posix.Kill(process.Id, Quit);
            await process.WaitForExitAsync(CancellationToken.None);
        }
        process.Dispose();
    }

    // SIGQUIT: at once; what it had is thrown away.
    private const int Quit = 3;

    private async Task ReadyAsync(World world, CancellationToken stop)
    {
        var until = world.Now + StartMax;
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString(User));
                await connection.OpenAsync(stop);
                await PostgresCalls.RunAsync(connection, "CREATE DATABASE scratch", stop);
                return;
            }
            catch (NpgsqlException caught)
            {
                if (process.HasExited || world.Now > until)
                {
                    throw new ProblemException(BackupProblems.NoStart(caught.GetBaseException().Message), caught);
                }
            }
            await Task.Delay(Look, world.Clock, stop);
        }
    }
}
