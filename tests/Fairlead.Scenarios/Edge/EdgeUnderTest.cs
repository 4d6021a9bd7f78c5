using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Fairlead.Drivers.Http;
using Fairlead.Drivers.Routers;
using Fairlead.Drivers.State;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using Fairlead.Roles;
using Fairlead.Roles.Edge;
using Microsoft.Extensions.Logging.Abstractions;
using static Fairlead.Tests.Edge.EdgeSample;

namespace Fairlead.Scenarios.Edge;

/// <summary>A real edge with real sockets. They are held here, as the parent holds them, so the edge can be started again.</summary>
internal sealed class EdgeUnderTest : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Socket publicDoor = Listen();
    private readonly Socket internalDoor = Listen();
    private readonly Socket secureDoor = Listen();
    private readonly RoleClient client;
    private CancellationTokenSource running = new();
    private Task<int> role = Task.FromResult(0);

    private readonly int? connectionsMax;

    private EdgeUnderTest(int? connectionsMax)
    {
        this.connectionsMax = connectionsMax;
        client = new RoleClient("edge", State.Socket("edge"));
        Router = new EdgeRouter(client);
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = new Uri($"http://{Public}"),
        };
        Http.DefaultRequestHeaders.Host = "shop.example";
    }

    public StateFolder State { get; } = new(Directory.CreateTempSubdirectory("fl-edge-").FullName);

    public EdgeRouter Router { get; }

    public EdgeKeyRings Keys => new(client);

    public IPEndPoint Public => (IPEndPoint)publicDoor.LocalEndPoint!;

    public IPEndPoint Internal => (IPEndPoint)internalDoor.LocalEndPoint!;

    public IPEndPoint Secure => (IPEndPoint)secureDoor.LocalEndPoint!;

    /// <summary>Gives certificates and shows challenges, as the server does.</summary>
    public EdgeCertificates Certificates => new(client);

    /// <summary>Asks on the public listener for shop.example.</summary>
    public HttpClient Http { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<EdgeUnderTest> StartAsync(int? connectionsMax = null)
    {
        var edge = new EdgeUnderTest(connectionsMax);
        await edge.RunAsync();
        return edge;
    }

    public async Task RunAsync()
    {
        running = new CancellationTokenSource();
        var world = new World(TimeProvider.System, Random.Shared);
        var listeners = new Dictionary<string, int>
        {
            ["public"] = Copy(publicDoor),
            ["internal"] = Copy(internalDoor),
            ["https"] = Copy(secureDoor),
        };
        var context = new RoleContext(State, world, listeners, NullLoggerFactory.Instance)
        {
            ConnectionsMax = connectionsMax,
        };
        role = EdgeRole.RunAsync(context, running.Token);
        await UntilAsync(async () =>
        {
            try
            {
                await Router.ObserveAsync(Shop, Stop);
                return true;
            }
            catch (Model.Problems.ProblemException) when (!role.IsCompleted)
            {
                return false;
            }
        });
    }

    /// <summary>Tells the edge to stop and waits for its end.</summary>
    public async Task<int> StopAsync()
    {
        await running.CancelAsync();
        return await role;
    }

    public Task ApplyAsync(params IReadOnlyList<Backend> backends) =>
        Router.ApplyAsync(Routing(backends), new Fence(1), Stop);

    public async Task<int> InFlightAsync(int since) =>
        (await Router.ObserveAsync(Shop, Stop))
            .InFlight.Where(one => InstanceKey.TryParse(one.Key)!.Part.Since == since)
            .Sum(one => one.Value);

    public Task DrainedAsync(int since) => UntilAsync(async () => await InFlightAsync(since) == 0);

    public static Task UntilAsync(Func<Task<bool>> isTrue) => UntilAsync(isTrue, Patience);

    public static async Task UntilAsync(Func<Task<bool>> isTrue, TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        while (!await isTrue())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Http.Dispose();
        client.Dispose();
        publicDoor.Dispose();
        internalDoor.Dispose();
        secureDoor.Dispose();
        Directory.Delete(State.Root, recursive: true);
    }

    private static Socket Listen()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen(512);
        return socket;
    }

    // The edge closes what it is given, as a process does with what it inherits.
    private static int Copy(Socket socket) => dup((int)socket.Handle);

    [DllImport("libc")]
    private static extern int dup(int descriptor);
}
