using System.Globalization;
using Fairlead.Drivers.Builds;
using Fairlead.Drivers.Data.Backups;
using Fairlead.Model.Data;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Data.Servers;

/// <summary>PostgreSQL by the programs of its package. The data's major version chooses among those that are installed.</summary>
internal sealed class PostgresServer(string root, World world) : IDatabaseServer, IStandbyServer
{
    private const string What = "PostgreSQL";
    private const string Log = "data/start.log";

    // No name in a manifest has a dot.
    private const string StandbyName = ".standby";
    private const string FencedName = ".fenced";
    private const int LooksMax = 100;
    private static readonly byte[] SslRequest = [0, 0, 0, 8, 4, 210, 22, 47];
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    public DatabaseKind Kind => DatabaseKind.Postgres;

    public string AddressOf(int port, string password) =>
        string.Create(CultureInfo.InvariantCulture, $"postgres://app:{password}@127.0.0.1:{port}/app");

    public async Task<ServerSight> EnsureAsync(ServerOrder order, CancellationToken stop)
    {
        var folder = Folder(order.Path);
        if (!folder.IsMade)
        {
            await MakeAsync(folder, order, stop);
        }
        return await StartAsync(folder, order, stop);
    }

    public bool HasStandby(ServerOrder order) => Folder(order.Path + StandbyName).IsMade;

    public async Task EnsureStandbyAsync(ServerOrder order, int port, CancellationToken stop)
    {
        var folder = Folder(order.Path + StandbyName);
        if (!folder.IsMade)
        {
            await folder.BeginAsync(stop);
            var programs = Programs(VersionOf(Folder(order.Path)));
            // It writes down by itself where and as whom it follows.
            await new ToolRun([
                .. folder.As,
                Path.Combine(programs, "pg_basebackup"),
                $"--pgdata={folder.Data}",
                "--write-recovery-conf",
                "--wal-method=stream",
                "--checkpoint=fast",
                "--no-password",
                "--host=127.0.0.1",
                string.Create(CultureInfo.InvariantCulture, $"--port={order.Port}"),
                "--username=app",
            ])
            {
                Env = new Dictionary<string, string> { ["PGPASSWORD"] = order.Password?.Reveal() ?? "" },
                Package = "postgresql",
            }.RunAsync(write: null, read: null, stop);
            await folder.EndAsync(VersionOf(folder), stop);
        }
        await StartAsync(folder, order with { Port = port }, stop);
    }

    public async Task FailOverAsync(ServerOrder order, int port, CancellationToken stop)
    {
        var (old, next) = (Folder(order.Path), Folder(order.Path + StandbyName));
        if (next.IsMade)
        {
            // Before anything is taken from the one in use.
            await StartAsync(next, order with { Port = port }, stop);
            if (old.IsMade)
            {
                await EndForGoodAsync(old, order, stop);
                Folder(order.Path + FencedName).Remove();
                Directory.Move(old.Path, old.Path + FencedName);
            }
            if (File.Exists(Path.Combine(next.Data, "standby.signal")))
            {
                await ControlAsync(next, ["promote", "-w", "-t", "60"], stop);
            }
            await ControlAsync(next, ["stop", "-m", "fast", "-t", "60"], stop);
            Directory.Move(next.Path, old.Path);
        }
        await StartAsync(old, order, stop);
    }

    // In order, all that it acknowledged reaches the one that follows before it ends. One that does not end is killed: it must never write again.
    private async Task EndForGoodAsync(ServerFolder folder, ServerOrder order, CancellationToken stop)
    {
        if (folder.Running(PidFile(folder)) is not { } pid)
        {
            return;
        }
        try
        {
            await ControlAsync(folder, ["stop", "-m", "fast", "-t", "10"], stop);
        }
        catch (ProblemException)
        {
            _ = Posix.Kill(pid, Posix.SigKill);
        }
        for (var look = 0; look < LooksMax && !ServerFolder.IsFree(order.Port); look++)
        {
            await Task.Delay(Look, world.Clock, stop);
        }
    }

    private static Task ControlAsync(ServerFolder folder, IReadOnlyList<string> words, CancellationToken stop) =>
        new ToolRun([
            .. folder.As,
            Path.Combine(Programs(VersionOf(folder)), "pg_ctl"),
            "-D",
            folder.Data,
            "-s",
            .. words,
        ]).RunAsync(write: null, read: null, stop);

    private static async Task<ServerSight> StartAsync(ServerFolder folder, ServerOrder order, CancellationToken stop)
    {
        var made = VersionOf(folder);
        var programs = Programs(made);
        var isRunning = folder.Running(PidFile(folder)) is not null;
        if (isRunning && await AnswersAsync(order.Port, stop))
        {
            return new(made, WasStarted: false);
        }
        if (!isRunning && !ServerFolder.IsFree(order.Port))
        {
            throw new ProblemException(ServerProblems.PortTaken(What, order.Port));
        }
        await folder.WriteAsync("data/fairlead.conf", Settings(order), stop);
        try
        {
            // It waits until connections are taken, also after a crash that needs its log to be read.
            string[] what = isRunning ? ["status"] : ["start", "-w", "-t", "300", "-l", folder.In(Log)];
            await new ToolRun([
                .. folder.As,
                Path.Combine(programs, "pg_ctl"),
                "-D",
                folder.Data,
                "-s",
                .. what,
            ]).RunAsync(write: null, read: null, stop);
        }
        catch (ProblemException caught)
        {
            throw new ProblemException(ServerProblems.NoStart(What, caught.Problem.Why, folder.Last(Log)), caught);
        }
        return await AnswersAsync(order.Port, stop)
            ? new(made, WasStarted: !isRunning)
            : throw new ProblemException(
                ServerProblems.NoStart(What, "It runs and does not answer yet.", folder.Last(Log))
            );
    }

    public async Task StopAsync(ServerOrder order, CancellationToken stop)
    {
        foreach (var folder in (ServerFolder[])[Folder(order.Path), Folder(order.Path + StandbyName)])
        {
            if (folder.Running(PidFile(folder)) is not null)
            {
                await ControlAsync(folder, ["stop", "-m", "fast", "-t", "120"], stop);
            }
        }
    }

    public async Task RemoveAsync(ServerOrder order, CancellationToken stop)
    {
        await StopAsync(order, stop);
        foreach (var name in (string[])["", StandbyName, FencedName])
        {
            Folder(order.Path + name).Remove();
        }
    }

    public async Task EndStandbyAsync(ServerOrder order, CancellationToken stop)
    {
        var folder = Folder(order.Path + StandbyName);
        if (folder.Running(PidFile(folder)) is not null)
        {
            await ControlAsync(folder, ["stop", "-m", "fast", "-t", "120"], stop);
        }
        folder.Remove();
    }

    /// <summary>What it is started with; nothing of it is of the data.</summary>
    internal static IReadOnlyList<string> Settings(ServerOrder order) =>
        [
            "listen_addresses = '127.0.0.1'",
            string.Create(CultureInfo.InvariantCulture, $"port = {order.Port}"),
            string.Create(CultureInfo.InvariantCulture, $"max_connections = {order.ConnectionsMax}"),
            "unix_socket_directories = ''",
            $"cluster_name = '{order.Path}'",
            // So that whoever keeps points in time finds what came while it was away, and the disk is not filled by it.
            "wal_keep_size = '512MB'",
            "logging_collector = on",
            "log_directory = 'log'",
            "log_filename = 'postgresql-%a.log'",
            "log_truncate_on_rotation = on",
            "log_rotation_age = '1d'",
            "log_rotation_size = 0",
            "log_lock_waits = on",
        ];

    private ServerFolder Folder(string path) => new(root, path, "postgres");

    // Of the data itself, since somebody may have run pg_upgrade.
    private static string VersionOf(ServerFolder folder) =>
        File.ReadAllText(Path.Combine(folder.Data, "PG_VERSION")).Trim();

    private static string PidFile(ServerFolder folder) => Path.Combine(folder.Data, "postmaster.pid");

    private static async Task MakeAsync(ServerFolder folder, ServerOrder order, CancellationToken stop)
    {
        if (order.Password is not { } password)
        {
            throw new ProblemException(ServerProblems.Gone(What, folder.Path));
        }
        var programs = Programs(version: null);
        if (!ServerFolder.IsFree(order.Port))
        {
            throw new ProblemException(ServerProblems.PortTaken(What, order.Port));
        }
        await folder.BeginAsync(stop);
        string[] make =
        [
            Path.Combine(programs, "initdb"),
            "-D",
            folder.Data,
            "-U",
            "postgres",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--data-checksums",
            $"--pwfile={folder.In("owner")}",
        ];
        // Nobody has the owner's password: what it must do is done below, without a server.
        var owner = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(24));
        await folder.WriteAsync("owner", [owner], stop);
        await SaidAsync([.. folder.As, .. make], "", stop);
        File.Delete(folder.In("owner"));
        await SaidAsync(
            [.. folder.As, Path.Combine(programs, "postgres"), "--single", "-D", folder.Data, "postgres"],
            // It reads a statement a line. A restore beside needs a database more, points in time need replication.
            $"CREATE ROLE app LOGIN CREATEDB REPLICATION PASSWORD '{password.Reveal()}'\nCREATE DATABASE app OWNER app\n",
            stop
        );
        await File.AppendAllTextAsync(
            Path.Combine(folder.Data, "postgresql.conf"),
            "\ninclude 'fairlead.conf'\n",
            stop
        );
        await folder.EndAsync(VersionOf(folder), stop);
    }

    private static async Task SaidAsync(IReadOnlyList<string> words, string text, CancellationToken stop) =>
        await new ToolRun(words) { Package = "postgresql" }.RunAsync(
            (input, end) => input.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text), end).AsTask(),
            read: null,
            stop
        );

    private static string Programs(string? version) =>
        PostgresPrograms.Find(version)
        ?? throw new ProblemException(
            version is not null && PostgresPrograms.All() is [var newest, ..]
                ? ServerProblems.OtherVersion(What, version, newest.Version, $"postgresql-{version}")
                : ServerProblems.NoProgram(What, "postgresql")
        );

    // SSLRequest, which it answers with one letter before anybody signs in: protocol-message-formats in PostgreSQL's manual. No program is started for it.
    private static async Task<bool> AnswersAsync(int port, CancellationToken stop) =>
        await FirstWords.AskAsync(port, SslRequest, stop) is [(byte)'N' or (byte)'S', ..];
}
