using Fairlead.Drivers.State;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Operations;
using Fairlead.Engine.Watching;
using Fairlead.Faces.A2a;
using Fairlead.Faces.Dashboard;
using Fairlead.Faces.Hooks;
using Fairlead.Faces.Http;
using Fairlead.Faces.Intake;
using Fairlead.Faces.Mcp;
using Fairlead.Faces.Prometheus;
using Fairlead.Faces.Responding;
using Fairlead.Faces.SignIn;
using Fairlead.Faces.Status;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Fairlead.Roles.Server;

/// <summary>The role that decides: it runs every site's loop and answers the API. Killing it stops no traffic.</summary>
public static class ServerRole
{
    /// <summary>Another server took charge; the parent starts this one anew, which then finds out whether it may.</summary>
    private const int Superseded = 3;

    public static async Task<int> RunAsync(RoleContext context, CancellationToken stop)
    {
        var log = context.Logs.CreateLogger("Fairlead.Server");
        await using var platform = Compose.Server(context);
        var lobby = new Lobby();
        await using var app = Host(context, platform, lobby);
        await app.StartAsync(stop);
        await platform.Conductor.TakeChargeAsync(lobby.Say, stop);
        lobby.Open();
        Log.Serving(log, context.State);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var keeping = KeepAsync(platform, ending.Token);
        var background = new Background(platform.Background, context.World, log).RunAsync(ending.Token);
        try
        {
            await platform.Conductor.RunAsync(stop);
            return 0;
        }
        catch (FencedException caught)
        {
            Log.SteppedDown(log, caught.Message);
            return Superseded;
        }
        finally
        {
            await ending.CancelAsync();
            await keeping;
            await background;
            await app.StopAsync(CancellationToken.None);
            // After the last word: until then nobody else is let in.
            await platform.Conductor.LeaveAsync(CancellationToken.None);
        }
    }

    private static async Task KeepAsync(ServerPlatform platform, CancellationToken stop)
    {
        try
        {
            var (server, fence) = (platform.Engine.Server, platform.Conductor.Fence);
            await Task.WhenAll(server.Keys.RunAsync(fence, stop), server.Certificates.RunAsync(fence, stop));
        }
        catch (Exception caught)
            when (caught is FencedException || (caught is OperationCanceledException && stop.IsCancellationRequested))
        {
            // The server ends, or another is in charge, which the conductor finds out too.
        }
    }

    internal static WebApplication Host(RoleContext context, ServerPlatform platform, Lobby? lobby = null)
    {
        var builder = RoleServer.Builder("server", context);
        if (context.Listeners.TryGetValue("api", out var socket))
        {
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenHandle((ulong)socket));
        }
        if (context.Listeners.TryGetValue("otlp", out var otlp))
        {
            // Without TLS nothing is negotiated, so gRPC needs a socket on which only HTTP/2 is spoken.
            builder.WebHost.ConfigureKestrel(kestrel =>
                kestrel.ListenHandle((ulong)otlp, listen => listen.Protocols = HttpProtocols.Http2)
            );
        }
        builder.Services.AddSingleton<McpDoor>();
        McpFace.Add(builder.Services);
        var app = builder.Build();
        lobby?.Stand(app);
        var server = platform.Engine.Server;
        var refusals = new RefusalBook(server.Store, () => server.Conductor.Fence, context.World);
        Outside.Map(
            app,
            () => server.Address.Current is { } own ? new OwnAddress(own.Host, own.Tls.Mode is not TlsMode.Off) : null,
            server.Address.PageAt
        );
        IntakeFace.Map(app, platform.Intakes, platform.SourceOf);
        ServerMetrics.Map(app, platform.Engine.Server.Collecting, platform.Measure, context.World);
        var tokens = server.Tokens(context.World);
        var federated = new FederatedCredential(server.Store, tokens, context.World);
        app.Lifetime.ApplicationStopped.Register(federated.Dispose);
        HttpFace.Map(
            app,
            AllOperations.Entries,
            platform.Engine,
            [
                new OwnerToken(ApiToken.ReadOrMake(context.State.ApiToken)),
                new TokenCredential(tokens, () => server.Conductor.Fence),
                federated,
                new SessionCredential(server.Identity.SignIn),
            ],
            refusals
        );
        McpFace.Map(app, new Gatekeeper(platform.Engine, refusals), platform.Engine);
        A2aFace.Map(app, new Gatekeeper(platform.Engine, refusals), platform.Engine);
        MapForEverybody(app, platform.Engine);
        DashboardFace.Map(app, platform.Engine, new Gatekeeper(platform.Engine, refusals), platform.IsDemo);
        IdentityFace.Map(
            app,
            server.Identity,
            new Sealer(context.State.IdentityKey),
            Environment.GetEnvironmentVariable,
            context.World
        );
        if (server.MetricDesk is not null)
        {
            var gatekeeper = new Gatekeeper(platform.Engine, refusals);
            PrometheusFace.Map(app, (http, stop) => gatekeeper.MetricsAsync(Door.CallerOf(http), stop), context.World);
            AlertmanagerFace.Map(app, platform.Engine, gatekeeper);
        }
        return app;
    }

    /// <summary>What proves itself, or is for whoever comes.</summary>
    private static void MapForEverybody(WebApplication app, EngineContext engine)
    {
        var (server, world) = (engine.Server, engine.World);
        RespondFace.Map(app, engine);
        HookFace.Map(app, server.Sources.Hooks);
        PingFace.Map(app, server.Monitors.Tell);
        StatusFace.Map(app, new StatusDesk(server.Store, server.Monitors, server.StatusUpdates, world), world);
        SubscribeFace.Map(app, engine);
    }
}
