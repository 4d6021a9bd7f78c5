using Fairlead.Drivers.State;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Roles.Edge.Perimeter;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Roles.Edge.Gateway;

/// <summary>What all gateways of an edge share.</summary>
internal sealed class GatewayWorld : IAsyncDisposable
{
    /// <summary>Keeps its things in a state folder.</summary>
    public GatewayWorld(World world, StateFolder state, ILogger log)
    {
        World = world;
        AccessLog = new AccessLog(state.Logs, log);
        Keys = new KeyChain(state.Edge);
        Blocks = new BlockShelf(state.Edge, world);
        Suspects = new SuspectBook(world);
        Perimeter = new PerimeterGuard(Blocks, Suspects);
        Quotas = new QuotaBook(state.Edge, world, log);
        Sealer = new Sealer(Path.Combine(state.Edge, "gateway.key"));
        Log = log;
        Seed = world.Random.NextInt64();
    }

    /// <summary>Keeps nothing.</summary>
    public GatewayWorld(World world, AccessLog? log = null)
    {
        World = world;
        AccessLog = log;
        Keys = new KeyChain(folder: null);
        Blocks = new BlockShelf(folder: null, world);
        Suspects = new SuspectBook(world);
        Perimeter = new PerimeterGuard(Blocks, Suspects);
        Quotas = new QuotaBook(folder: null, world, NullLogger.Instance);
        Sealer = new Sealer(keyFile: null);
        Log = NullLogger.Instance;
        Seed = world.Random.NextInt64();
    }

    public World World { get; }

    /// <summary>Null where there is no folder to write to.</summary>
    public AccessLog? AccessLog { get; }

    public KeyChain Keys { get; }

    /// <summary>Who is kept out.</summary>
    public BlockShelf Blocks { get; }

    /// <summary>Who scans.</summary>
    public SuspectBook Suspects { get; }

    /// <summary>Asked by every request once, as soon as it is known who the client is.</summary>
    public IGuard Perimeter { get; }

    /// <summary>Carries a request to its app, past all guards. Said once there is a carrier, which needs the table, which needs this.</summary>
    public Func<Trip, CancellationToken, Task>? Carrier { get; set; }

    /// <summary>Makes the guard for a site's rules about TLS; null where the edge speaks none.</summary>
    public Func<HttpsRules, IGuard>? Https { get; init; }

    public QuotaBook Quotas { get; }

    /// <summary>Seals what browsers keep for us.</summary>
    public Sealer Sealer { get; }

    public ILogger Log { get; }

    /// <summary>Asks providers of sign-ins.</summary>
    public HttpClient Http { get; } =
        new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5), AllowAutoRedirect = false })
        {
            Timeout = TimeSpan.FromSeconds(10),
            MaxResponseContentBufferSize = 1024 * 1024,
        };

    /// <summary>Makes it impossible to choose header values that count as one.</summary>
    public long Seed { get; }

    /// <summary>Carries a request to its app, as soon as there is a carrier.</summary>
    public Task CarryAsync(Trip trip, CancellationToken stop) => Carrier?.Invoke(trip, stop) ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await Quotas.DisposeAsync();
        if (AccessLog is not null)
        {
            await AccessLog.DisposeAsync();
        }
        Keys.Dispose();
        Blocks.Dispose();
        Http.Dispose();
    }
}
