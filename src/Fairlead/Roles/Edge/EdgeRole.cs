using System.Net;
using System.Net.Sockets;
using System.Text;
using Fairlead.Roles.Edge.Files;
using Fairlead.Roles.Edge.Gateway;
using Fairlead.Roles.Edge.Hooks;
using Fairlead.Roles.Edge.Mirroring;
using Fairlead.Roles.Edge.Perimeter;
using Fairlead.Roles.Edge.Tls;
using Fairlead.Roles.Edge.Vitals;
using Fairlead.Roles.Up;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Yarp.ReverseProxy.Forwarder;

namespace Fairlead.Roles.Edge;

/// <summary>Carries traffic. Serves from its last good routing whether there is a server or not.</summary>
public static class EdgeRole
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan FinishMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SlowMax = TimeSpan.FromSeconds(30);

    /// <summary>Serves until told to stop; then lets nobody in any more and finishes what is in flight, for 30 s at most.</summary>
    /// <param name="context">With the listeners "public", "https" and "internal", each of which may be missing.</param>
    public static async Task<int> RunAsync(RoleContext context, CancellationToken stop)
    {
        var log = context.Logs.CreateLogger("Fairlead.Edge");
        var world = context.World;
        var file = new RoutingFile(context.State.Edge, log);
        var press = new Press(Path.Combine(context.State.Edge, "compressed"), log);
        using var certificates = new CertificateDesk(context.State.Edge, log);
        var challenges = new ChallengeBoard(world);
        var tls = new Handshakes(certificates, challenges);
        var securePort = PortOf(context.Listeners, "https");
        await using var gateways = new GatewayWorld(world, context.State, log)
        {
            Https = rules => new HttpsGuard(rules, certificates, securePort),
        };
        using var mirrors = new MirrorSender(world);
        var ledger = new Ledger(world, new Shelf(world.Clock, press, log), new GatewayLedger(gateways), mirrors);
        using var board = new Switchboard(file, ledger, world);
        using var quiet = Quiet();
        var forwarder = quiet.GetRequiredService<IHttpForwarder>();
        await using var post = new BeaconPost(context.State, world, log);
        using var hooks = new HookGate(context.State, world.Clock);
        var guards = new IGuard[] { challenges, hooks, new BeaconDesk(board, post) };
        using var carrier = new Carrier(
            new Admission(board, world),
            forwarder,
            new EarlyGuards(guards, [gateways.Perimeter]),
            world,
            log
        );
        gateways.Carrier = carrier.CarryOnAsync;
        using var probes = Probes();
        var health = new HealthWatch(board, probes, world, log);

        await using var app = Build(context, carrier, tls);
        EdgeOrders.Map(app, board, gateways.Keys);
        PerimeterOrders.Map(app, gateways.Blocks, gateways.Suspects);
        CertificateOrders.Map(app, certificates, challenges);
        MapMetrics(
            app,
            new EdgePage(ledger, () => board.Table, certificates, world.Clock),
            new TroubleBell(ledger, world),
            world
        );
        await app.StartAsync(stop);
        log.Serving(board.Table.Sites);
        using var watching = new CancellationTokenSource();
        var watch = Task.WhenAll(health.RunAsync(watching.Token), SweepAsync(ledger, world, watching.Token));
        await app.WaitForShutdownAsync(stop);
        await watching.CancelAsync();
        await watch;
        return 0;
    }

    private static void MapMetrics(WebApplication app, EdgePage edge, TroubleBell bell, Model.Ports.World world)
    {
        var role = new RolePage("edge", world);
        app.MapGet(
            RolePage.Path,
            (CancellationToken stop) =>
                // Away from the thread that moves everyone's bytes: many parts make a long page.
                Task.Run(
                    () =>
                    {
                        var page = role.Begin();
                        bell.Shown();
                        edge.Measure(page);
                        return RolePage.Answer(page);
                    },
                    stop
                )
        );
        app.MapGet(
            RolePage.NewsPath,
            async (CancellationToken stop) =>
                await bell.WaitAsync(stop) ? Results.Text("requests fail\n") : Results.NoContent()
        );
    }

    private static WebApplication Build(RoleContext context, Carrier carrier, Handshakes tls)
    {
        var log = context.Logs.CreateLogger("Fairlead.Edge");
        var builder = RoleServer.Builder("edge", context);
        builder.Services.AddSingleton<ILoggerFactory>(new RequestlessLogs(context.Logs));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = FinishMax);
        builder.Services.Configure<SocketTransportOptions>(sockets =>
            sockets.UnsafePreferInlineScheduling = RoleTuning.IsInline
        );
        builder.Services.AddSingleton<SocketTransportFactory>();
        builder.Services.AddSingleton(services => new LameDuck(
            services.GetRequiredService<SocketTransportFactory>(),
            context.World.Clock
        ));
        builder.Services.AddSingleton<IConnectionListenerFactory>(services => services.GetRequiredService<LameDuck>());
        builder.Services.AddHostedService(services => services.GetRequiredService<LameDuck>());
        var crowd = new ConnectionLimit(context.ConnectionsMax ?? ConnectionLimit.OfThisProcess(), log);
        var neighbours = new ContainerNeighbours(
            context.World,
            ContainerNeighbours.Said(Environment.GetEnvironmentVariable)
        );
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            Limit(kestrel);
            Listen(kestrel, context.Listeners, crowd, (tls, neighbours));
        });
        var app = builder.Build();
        var duck = app.Services.GetRequiredService<LameDuck>();
        var stopping = app.Lifetime.ApplicationStopping;
        app.Use(next =>
            http =>
                http.Features.Get<Arrival>() is { } arrival ? carrier.CarryAsync(duck.Mark(http), arrival, stopping)
                : EdgeOrders.IsFromOwner(http) ? next(http)
                : Answers.WriteAsync(http, StatusCodes.Status404NotFound, "There is nothing here.", http.RequestAborted)
        );
        app.UseRefusals();
        // Said here, or it would run before the doors and look at every request.
        app.UseRouting();
        return app;
    }

    private static void Limit(KestrelServerOptions kestrel)
    {
        // A lone line feed ends a line for some readers and not for others.
        AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", isEnabled: true);
        var limits = kestrel.Limits;
        limits.MaxRequestHeadersTotalSize = 32 * 1024;
        limits.MaxRequestLineSize = 16 * 1024;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(30);
        limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        // Uploads may be as long as the app allows.
        limits.MaxRequestBodySize = null;
        // What a client may send before anyone reads it: a thousand held uploads fit into 128 MiB.
        limits.MaxRequestBufferSize = 128 * 1024;
        // On average; so a phone may be out of reach for a while, and nobody holds an app's connection by trickling.
        limits.MinRequestBodyDataRate = new(bytesPerSecond: 240, gracePeriod: SlowMax);
        limits.MinResponseDataRate = new(bytesPerSecond: 240, gracePeriod: SlowMax);
        // As many calls at once as browsers and nginx are used to; a client that resets more than it waits for is cut off by Kestrel.
        limits.Http2.MaxStreamsPerConnection = 128;
        // A client that vanished without a word gives its connection back after a minute.
        limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(40);
        limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
        // What one connection may send before anyone reads it: less than 128 uploads would like, as bodies are read as the app takes them.
        limits.Http2.InitialConnectionWindowSize = 512 * 1024;
        limits.Http2.InitialStreamWindowSize = 256 * 1024;
        kestrel.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
        kestrel.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;
    }

    private static void Listen(
        KestrelServerOptions kestrel,
        IReadOnlyDictionary<string, int> listeners,
        ConnectionLimit crowd,
        (Handshakes Tls, ContainerNeighbours Neighbours) of
    )
    {
        var (tls, neighbours) = of;
        foreach (
            var (name, door) in new[]
            {
                ("public", Door.Public),
                ("https", Door.Public),
                ("internal", Door.Internal),
                ("bridge", Door.Internal),
            }
        )
        {
            if (listeners.TryGetValue(name, out var descriptor))
            {
                kestrel.ListenHandle(
                    (ulong)descriptor,
                    listen =>
                    {
                        var speaksTls = name is "https";
                        listen.Protocols = speaksTls ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http1;
                        if (name is "bridge")
                        {
                            listen.Use(neighbours.Watch);
                        }
                        listen.Use(next => crowd.Watch(next, speaksTls));
                        listen.Use(kestrel.ApplicationServices.GetRequiredService<LameDuck>().Watch);
                        listen.Use(next =>
                            connection =>
                            {
                                connection.Features.Set(new Arrival(door));
                                return next(connection);
                            }
                        );
                        if (speaksTls)
                        {
                            tls.Use(listen);
                        }
                    }
                );
            }
        }
    }

    /// <summary>The port of a listener; 0 when it is missing.</summary>
    private static int PortOf(IReadOnlyDictionary<string, int> listeners, string name)
    {
        if (!listeners.TryGetValue(name, out var descriptor))
        {
            return 0;
        }
        using var handle = new SafeSocketHandle(descriptor, ownsHandle: false);
        using var socket = new Socket(handle);
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static async Task SweepAsync(Ledger ledger, Model.Ports.World world, CancellationToken stop)
    {
        using var ticks = new PeriodicTimer(SweepEvery, world.Clock);
        try
        {
            while (await ticks.WaitForNextTickAsync(stop))
            {
                foreach (var replica in ledger.Replicas)
                {
                    replica.Pool?.Sweep(world.Clock);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The edge stops.
        }
    }

    private static HttpMessageInvoker Probes() =>
        new(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = false,
                ActivityHeadersPropagator = null,
                PooledConnectionLifetime = TimeSpan.Zero,
            }
        );

    // YARP writes several lines a request; the edge counts them instead.
    private static ServiceProvider Quiet() =>
        new ServiceCollection()
            .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddHttpForwarder()
            .BuildServiceProvider();
}
