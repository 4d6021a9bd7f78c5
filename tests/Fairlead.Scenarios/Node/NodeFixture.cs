using System.Globalization;
using Fairlead.Drivers.State;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Scenarios.Node;

/// <summary>A node on its own state directory with artifacts that the test wrote; stops all it started.</summary>
public sealed class NodeFixture : IAsyncDisposable
{
    public static readonly Site Shop = new("shop", "staging");
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Answers 200 on every path, 404 on /missing, and ends with code 7 on /die.</summary>
    private const string Server = """
        import http.server, os, sys, time
        class Answer(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                if self.path == '/die': os._exit(7)
                self.send_response(404 if self.path == '/missing' else 200); self.end_headers()
                self.wfile.write(os.environ.get('GREETING', '').encode())
            def log_message(self, *words): print('asked', self.path, flush=True)
        print('listening', flush=True)
        port = int(sys.argv[1]) if len(sys.argv) > 1 else int(os.environ['PORT'])
        http.server.HTTPServer(('127.0.0.1', port), Answer).serve_forever()
        """;

    private readonly string root = Directory.CreateTempSubdirectory("fairlead-node-").FullName;

    public NodeFixture()
    {
        State = new StateFolder(root);
        Directory.CreateDirectory(State.ArtifactFolder("app"));
        File.WriteAllText(Path.Combine(State.ArtifactFolder("app"), "server.py"), Server);
        Node = Open();
    }

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public StateFolder State { get; }

    public World World { get; } = new(TimeProvider.System, new Random());

    public Drivers.Nodes.Node Node { get; private set; }

    public Drivers.Nodes.Node Open() => Drivers.Nodes.Node.Open(State, World, NullLogger.Instance);

    /// <summary>Puts an end to the node, not to its programs, and opens another.</summary>
    public async Task RestartAsync()
    {
        await CloseAsync();
        Reopen();
    }

    /// <summary>Opens a node again after <see cref="CloseAsync"/>.</summary>
    public void Reopen() => Node = Open();

    public async Task CloseAsync()
    {
        await Node.CloseAsync(CancellationToken.None);
        Node.Dispose();
    }

    public static InstanceOrder Order(Service service, int since = 1) =>
        new()
        {
            Key = new InstanceKey(Shop, new Part(service.Name, since), 0),
            Artifact = "app",
            Service = service,
            Env = new Dictionary<string, string> { ["GREETING"] = "hello" },
        };

    public static Service Web(params string[] run) =>
        new()
        {
            Name = "api",
            Kind = Kind.Api,
            Path = ".",
            Recipe = new Recipe { Stack = "custom", Run = run.Length > 0 ? run : ["python3", "server.py"] },
            Health = new Health
            {
                Http = "/healthz",
                Every = TimeSpan.FromMilliseconds(100),
                StartGrace = Patience,
            },
            Replicas = 1,
            Routes = ["/"],
            StopGrace = TimeSpan.FromSeconds(5),
        };

    public static Service Worker(params string[] run) =>
        Web(run) with
        {
            Kind = Kind.Worker,
            Health = new Health(),
            Routes = [],
        };

    public async Task<Instance> StartAsync(InstanceOrder order, Func<Instance, bool>? until = null)
    {
        await Node.EnsureAsync(order, new Fence(1), Stop);
        return await AwaitAsync(order.Key, seen => until?.Invoke(seen) ?? seen.State == InstanceState.Ready);
    }

    public async Task StopAsync(InstanceKey key)
    {
        await Node.StopAsync(key, new Fence(1), Stop);
        await UntilAsync(async () => (await SeenAsync(key)) is null, () => $"{key} does not go away");
    }

    public async Task<Instance?> SeenAsync(InstanceKey key) =>
        (await Node.ObserveAsync(key.Site, Stop)).FirstOrDefault(one => one.Key == key);

    public async Task<Instance> AwaitAsync(InstanceKey key, Func<Instance, bool> isMet)
    {
        Instance? last = null;
        await UntilAsync(
            async () => (last = await SeenAsync(key)) is not null && isMet(last),
            () => string.Create(CultureInfo.InvariantCulture, $"last seen: {last} {last?.Problem}")
        );
        return last!;
    }

    public static async Task UntilAsync(Func<Task<bool>> isMet, Func<string> say, TimeSpan? patience = null)
    {
        var deadline = TimeProvider.System.GetTimestamp();
        while (!await isMet())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(deadline) < (patience ?? Patience), say());
            await Task.Delay(TimeSpan.FromMilliseconds(10), Stop);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var seen in await Node.ObserveAsync(Shop, CancellationToken.None))
        {
            await Node.StopAsync(seen.Key, new Fence(long.MaxValue), CancellationToken.None);
        }
        await UntilAsync(
            async () => (await Node.ObserveAsync(Shop, CancellationToken.None)).Count == 0,
            () => "something was not stopped"
        );
        await CloseAsync();
        Directory.Delete(root, recursive: true);
    }
}
