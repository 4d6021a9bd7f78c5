using System.Net;
using System.Net.Sockets;
using Fairlead.Drivers.Http;
using Fairlead.Drivers.Routers;
using Fairlead.Drivers.Shell;
using Fairlead.Drivers.State;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Bench.Edge;

/// <summary>Our edge, as <c>fairlead up</c> starts it: with counting, health checks and retries on.</summary>
internal sealed class FairleadPeer() : Peer("fairlead")
{
    private static readonly Site Site = new("bench", "production");
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(30);

    private readonly StateFolder state = new(Directory.CreateTempSubdirectory("fl-bench-").FullName);
    private Socket? door;
    private Socket? secureDoor;
    private int pid;

    protected override int Pid => pid;

    public override string? Missing => null;

    public override async Task StartAsync(Ground ground)
    {
        const int FirstDescriptor = 3;
        door = Listen(Port);
        secureDoor = Listen(SecurePort);
        var env = Environment
            .GetEnvironmentVariables()
            .Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(one => (string)one.Key, one => (string?)one.Value ?? "");
        env["FAIRLEAD_LISTEN"] = $"public:{FirstDescriptor},https:{FirstDescriptor + 1}";
        foreach (var (name, value) in Roles.Up.RoleTuning.Of("edge"))
        {
            env[name] = value;
        }
        var program = Path.Combine(AppContext.BaseDirectory, "fairlead.dll");
        Directory.CreateDirectory(state.Logs);
        pid = Spawner.Start(
            new SpawnOrder(
                Programs.Pinned(0, "dotnet", program, "role", "edge", "--state", state.Root),
                "/",
                env,
                Path.Combine(state.Logs, "edge.log"),
                new Dictionary<int, int>
                {
                    [FirstDescriptor] = (int)door.Handle,
                    [FirstDescriptor + 1] = (int)secureDoor.Handle,
                },
                CgroupProcs: []
            )
        );
        await ApplyAsync(ground);
    }

    public override void Dispose()
    {
        if (pid > 0)
        {
            Child.Signal(pid, Signal.Kill);
            while (Child.TryReap(pid) is null)
            {
                Thread.Sleep(TimeSpan.FromMilliseconds(10));
            }
        }
        door?.Dispose();
        secureDoor?.Dispose();
        Directory.Delete(state.Root, recursive: true);
    }

    private static Socket Listen(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        socket.Listen(4096);
        return socket;
    }

    private async Task ApplyAsync(Ground ground)
    {
        var routing = new Routing(
            Site,
            ["127.0.0.1", "localhost"],
            [
                Service("api", "/", new($"http://127.0.0.1:{ground.Upstream}/")),
                Service("sockets", "/socket", new($"http://127.0.0.1:{ground.Sockets}/")),
                Service("files", "/static", new($"file://{ground.Folder}/")),
            ]
        );
        using var client = new RoleClient("edge", state.Socket("edge"));
        var router = new EdgeRouter(client);
        using var limit = new CancellationTokenSource(StartMax);
        while (true)
        {
            try
            {
                await router.ApplyAsync(routing, new Fence(1), limit.Token);
                await new EdgeCertificates(client).PutAsync(ground.Certificate, new Fence(1), limit.Token);
                return;
            }
            catch (ProblemException caught) when (caught.Problem.Code.EndsWith("refused", StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"{caught.Problem.What} {caught.Problem.Why}", caught);
            }
            catch (ProblemException caught) when (!caught.Problem.Code.EndsWith("refused", StringComparison.Ordinal))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), limit.Token);
            }
        }
    }

    private static ServiceRouting Service(string name, string route, Uri endpoint)
    {
        var part = new Part(name, 1);
        return new()
        {
            Service = name,
            Routes = [route],
            Backends = [new(part, Share.All, [new(new InstanceKey(Site, part, 0), endpoint)])],
        };
    }
}
