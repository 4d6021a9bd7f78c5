using System.Globalization;
using System.Text;
using Fairlead.Drivers.Builds;
using Fairlead.Drivers.Data.Backups;
using Fairlead.Model.Data;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Data.Servers;

/// <summary>MariaDB, for those who ask for MySQL: Debian has no other.</summary>
internal sealed class MysqlServer(string root, World world) : IDatabaseServer
{
    private const string What = "MariaDB";
    private const string Package = "mariadb-server";
    private static readonly TimeSpan StartMax = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    public DatabaseKind Kind => DatabaseKind.Mysql;

    public string AddressOf(int port, string password) =>
        string.Create(CultureInfo.InvariantCulture, $"mysql://app:{password}@127.0.0.1:{port}/app");

    public async Task<ServerSight> EnsureAsync(ServerOrder order, CancellationToken stop)
    {
        var folder = Folder(order.Path);
        if (folder.IsMade && folder.Running(folder.In("pid")) is not null && await AnswersAsync(order.Port, stop))
        {
            return new(folder.MadeBy(), WasStarted: false);
        }
        var (program, here) = await HereAsync(stop);
        if (folder.IsMade && Major(folder.MadeBy()) != Major(here))
        {
            throw new ProblemException(ServerProblems.OtherVersion(What, folder.MadeBy(), here, Package));
        }
        var isRunning = folder.Running(folder.In("pid")) is not null;
        if (!isRunning && !ServerFolder.IsFree(order.Port))
        {
            throw new ProblemException(ServerProblems.PortTaken(What, order.Port));
        }
        if (!folder.IsMade)
        {
            await MakeAsync(folder, order, (program, here), stop);
        }
        if (!isRunning)
        {
            await folder.WriteAsync("my.cnf", Settings(order, folder), stop);
            // It has no way of its own to go into the background.
            await new ToolRun([
                "setsid",
                "--fork",
                .. folder.As,
                program,
                $"--defaults-file={folder.In("my.cnf")}",
            ]).RunAsync(
                write: null,
                static (_, _) => Task.CompletedTask, // It holds its output open for as long as it lives.
                stop
            );
        }
        await ReadyAsync(folder, order, stop);
        return new(here, WasStarted: !isRunning);
    }

    public Task StopAsync(ServerOrder order, CancellationToken stop)
    {
        var folder = Folder(order.Path);
        return folder.StopAsync(folder.In("pid"), Posix.SigTerm, world, stop);
    }

    public async Task RemoveAsync(ServerOrder order, CancellationToken stop)
    {
        await StopAsync(order, stop);
        Folder(order.Path).Remove();
    }

    internal static IReadOnlyList<string> Settings(ServerOrder order, ServerFolder folder) =>
        [
            "[mariadbd]",
            "bind-address = 127.0.0.1",
            string.Create(CultureInfo.InvariantCulture, $"port = {order.Port}"),
            string.Create(CultureInfo.InvariantCulture, $"max_connections = {order.ConnectionsMax}"),
            $"datadir = {folder.Data}",
            // From its data's folder: the path of a socket is short.
            "socket = mysql.sock",
            $"pid-file = {folder.In("pid")}",
            $"log-error = {folder.In("log")}",
            "log-warnings = 1",
            "character-set-server = utf8mb4",
            "skip-name-resolve",
            .. Environment.IsPrivilegedProcess ? ["user = mysql"] : Array.Empty<string>(),
        ];

    private ServerFolder Folder(string path) => new(root, path, "mysql");

    private async Task ReadyAsync(ServerFolder folder, ServerOrder order, CancellationToken stop)
    {
        var until = world.Now + StartMax;
        while (!await AnswersAsync(order.Port, stop))
        {
            if (
                world.Now > until
                || folder.Last("log").Any(static line => line.Contains("[ERROR] Aborting", StringComparison.Ordinal))
            )
            {
                throw new ProblemException(
                    ServerProblems.NoStart(What, "It does not answer at its port.", folder.Last("log"))
                );
            }
            await Task.Delay(Look, world.Clock, stop);
        }
    }

    private static async Task MakeAsync(
        ServerFolder folder,
        ServerOrder order,
        (string Program, string Version) here,
        CancellationToken stop
    )
    {
        if (order.Password is not { } password)
        {
            throw new ProblemException(ServerProblems.Gone(What, folder.Path));
        }
        var install =
            ToolRun.Find("mariadb-install-db") ?? throw new ProblemException(ServerProblems.NoProgram(What, Package));
        await folder.BeginAsync(stop);
        string[] where = ["--no-defaults", $"--datadir={folder.Data}"];
        await new ToolRun([
            .. folder.As,
            install,
            .. where,
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
        ]).RunAsync(write: null, read: null, stop);
        // Nobody is its root: what it must do is done here, without a server. All else it may not do, such as reading files.
        var text = $"""
            FLUSH PRIVILEGES;
            CREATE DATABASE app CHARACTER SET utf8mb4;
            CREATE USER app@'127.0.0.1' IDENTIFIED BY '{password.Reveal()}';
            GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX, REFERENCES, CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, EVENT, TRIGGER, PROCESS, RELOAD ON *.* TO app@'127.0.0.1';
            DROP USER IF EXISTS root@localhost;
            DELETE FROM mysql.global_priv WHERE user IN ('root', '');

            """;
        await new ToolRun([.. folder.As, here.Program, .. where, "--bootstrap"]).RunAsync(
            (input, end) => input.WriteAsync(Encoding.UTF8.GetBytes(text), end).AsTask(),
            read: null,
            stop
        );
        await folder.EndAsync(here.Version, stop);
    }

    // mariadbd  Ver 10.11.14-MariaDB-0+deb12u2 for debian-linux-gnu on x86_64 (Debian 12)
    private static async Task<(string Program, string Version)> HereAsync(CancellationToken stop)
    {
        var program = ToolRun.Find("mariadbd") ?? throw new ProblemException(ServerProblems.NoProgram(What, Package));
        var words = (await new ToolRun([program, "--version"]).AskAsync(stop)).Split(
            ' ',
            StringSplitOptions.RemoveEmptyEntries
        );
        var at = Array.IndexOf(words, "Ver");
        return (program, at >= 0 && at + 1 < words.Length ? words[at + 1].Split('-')[0] : "0");
    }

    // 10.11 and 11.4 are its major versions.
    private static string Major(string version) => string.Join('.', version.Split('.').Take(2));

    // Packet of the handshake: length (3), sequence 0, protocol 10. https://mariadb.com/kb/en/connection/
    private static async Task<bool> AnswersAsync(int port, CancellationToken stop) =>
        await FirstWords.AskAsync(port, ReadOnlyMemory<byte>.Empty, stop) is [_, _, _, 0, 10, ..];
}
