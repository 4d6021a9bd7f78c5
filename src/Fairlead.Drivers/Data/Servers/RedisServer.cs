using System.Globalization;
using System.Text;
using Fairlead.Drivers.Builds;
using Fairlead.Drivers.Data.Backups;
using Fairlead.Model.Data;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Data.Servers;

/// <summary>Redis, which writes down each command within a second.</summary>
internal sealed class RedisServer(string root, World world) : IDatabaseServer
{
    private const string What = "Redis";
    private const string Package = "redis-server";
    private static readonly TimeSpan StartMax = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    public DatabaseKind Kind => DatabaseKind.Redis;

    public string AddressOf(int port, string password) =>
        string.Create(CultureInfo.InvariantCulture, $"redis://:{password}@127.0.0.1:{port}");

    public async Task<ServerSight> EnsureAsync(ServerOrder order, CancellationToken stop)
    {
        var folder = Folder(order.Path);
        if (folder.IsMade && folder.Running(folder.In("pid")) is not null && await AnswersAsync(order.Port, stop))
        {
            return new(folder.MadeBy(), WasStarted: false);
        }
        var (program, here) = await HereAsync(stop);
        if (folder.IsMade && Major(folder.MadeBy()) > Major(here))
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
            await MakeAsync(folder, order, here, stop);
        }
        if (!isRunning)
        {
            await folder.WriteAsync("redis.conf", Settings(order, folder), stop);
            await new ToolRun([.. folder.As, program, folder.In("redis.conf")]) { Package = Package }.RunAsync(
                write: null,
                read: null,
                stop
            );
        }
        var until = world.Now + StartMax;
        while (!await AnswersAsync(order.Port, stop))
        {
            if (world.Now > until)
            {
                throw new ProblemException(
                    ServerProblems.NoStart(What, "It does not answer at its port.", folder.Last("log"))
                );
            }
            await Task.Delay(Look, world.Clock, stop);
        }
        if (Major(here) > Major(folder.MadeBy()))
        {
            // A newer one reads the files of an older one, and writes them in its own way from now on.
            await folder.EndAsync(here, stop);
        }
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
            "bind 127.0.0.1",
            string.Create(CultureInfo.InvariantCulture, $"port {order.Port}"),
            string.Create(CultureInfo.InvariantCulture, $"maxclients {order.ConnectionsMax}"),
            "daemonize yes",
            $"dir \"{folder.Data}\"",
            $"pidfile \"{folder.In("pid")}\"",
            $"logfile \"{folder.In("log")}\"",
            "loglevel warning",
            "appendonly yes",
            "appendfsync everysec",
            // What is full refuses to write: nothing is thrown away in silence.
            "maxmemory-policy noeviction",
            $"include \"{folder.In("password.conf")}\"",
        ];

    private ServerFolder Folder(string path) => new(root, path, "redis");

    private static async Task MakeAsync(ServerFolder folder, ServerOrder order, string here, CancellationToken stop)
    {
        if (order.Password is not { } password)
        {
            throw new ProblemException(ServerProblems.Gone(What, folder.Path));
        }
        await folder.BeginAsync(stop);
        Directory.CreateDirectory(folder.Data);
        await folder.WriteAsync("password.conf", [$"requirepass {password.Reveal()}"], stop);
        await folder.EndAsync(here, stop);
    }

    // Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=5b0ee2b8b8a3e9d1
    private static async Task<(string Program, string Version)> HereAsync(CancellationToken stop)
    {
        var program =
            ToolRun.Find("redis-server") ?? throw new ProblemException(ServerProblems.NoProgram(What, Package));
        var said = await new ToolRun([program, "--version"]).AskAsync(stop);
        var version = said.Split(' ').FirstOrDefault(static word => word.StartsWith("v=", StringComparison.Ordinal));
        return (program, version is null ? "0" : version[2..]);
    }

    private static int Major(string version) =>
        int.TryParse(version.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : 0;

    // It says that it wants a password as soon as it takes commands, and that it is loading before.
    private static async Task<bool> AnswersAsync(int port, CancellationToken stop)
    {
        var said = await FirstWords.AskAsync(port, "PING\r\n"u8.ToArray(), stop);
        return Encoding.ASCII.GetString(said) is ['+', ..] or ['-', 'N', 'O', 'A', 'U', 'T', 'H', ..];
    }
}
