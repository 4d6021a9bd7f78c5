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
        var (initdb, server) = Programs();
        string[] other = [];
        if (Environment.IsPrivilegedProcess)
        {
            // It refuses to run as root.
            await new ToolRun(["chown", User, folder]).RunAsync(write: null, read: null, stop);
            other = ["setpriv", $"--reuid={User}", $"--regid={User}", "--clear-groups"];
        }
        var data = Path.Combine(folder, "data");
        string[] make =
        [
            initdb,
            "-D",
            data,
            "-U",
            User,
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ];
        await new ToolRun([.. other, .. make]).RunAsync(write: null, read: null, stop);
        var scratch = new ScratchPostgres(Started([.. other, server, "-D", data, "-k", folder, .. Settings]), folder);
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

    // Nothing of it must survive, so nothing of it must reach the disk.
    private static string[] Settings { get; } =
    [
        .. new[]
        {
            "listen_addresses=",
            "fsync=off",
            "full_page_writes=off",
            "autovacuum=off",
            "max_wal_size=4GB",
        }.SelectMany(static one => new[] { "-c", one }),
    ];

    private static (string Initdb, string Server) Programs()
    {
        string[] places = Directory.Exists("/usr/lib/postgresql")
            ?
            [
                .. Directory
                    .GetDirectories("/usr/lib/postgresql")
                    .OrderDescending(StringComparer.Ordinal)
                    .Select(static one => Path.Combine(one, "bin")),
            ]
            : [];
        return (ToolRun.Find("initdb", places), ToolRun.Find("postgres", places)) is ({ } initdb, { } server)
            ? (initdb, server)
            : throw new ProblemException(BackupProblems.NoServer("PostgreSQL's server", "postgresql"));
    }

    private static Process Started(string[] words)
    {
        var options = new ProcessStartInfo(ToolRun.Find(words[0]) ?? words[0], words[1..])
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
