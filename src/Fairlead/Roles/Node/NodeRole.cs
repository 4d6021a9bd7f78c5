using Fairlead.Drivers.Http;
using Fairlead.Drivers.Nodes;
using Fairlead.Drivers.Telemetry.Hosts;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Roles.Node;

/// <summary>The role that runs programs: a node behind its Unix socket. Its end, however sudden, leaves them running.</summary>
public static class NodeRole
{
    private const long BodyBytesMax = 1024 * 1024;

    // A cursor names each replica of a site: 300 of them still fit.
    private const int RequestLineBytesMax = 64 * 1024;

    /// <summary>Serves until told to stop; 0 is the exit code then.</summary>
    /// <exception cref="ProblemException">Another node runs on this state directory, or it cannot be written.</exception>
    public static async Task<int> RunAsync(RoleContext context, CancellationToken stop)
    {
        var log = context.Logs.CreateLogger("node");
        using var node = Drivers.Nodes.Node.Open(context.State, context.World, log);
        await using var app = Build(context, node);
        try
        {
            await app.StartAsync(stop);
            var told = app.WaitForShutdownAsync(stop);
            await await Task.WhenAny(told, node.Broken);
            return 0;
        }
        finally
        {
            await node.CloseAsync(CancellationToken.None);
        }
    }

    private static WebApplication Build(RoleContext context, Drivers.Nodes.Node node)
    {
        var builder = RoleServer.Builder("node", context);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = BodyBytesMax;
            kestrel.Limits.MaxRequestLineSize = RequestLineBytesMax;
        });
        var app = builder.Build();
        app.UseRefusals();
        Map(app, node);
        MapSecrets(app, node);
        MapMetrics(app, node, context);
        return app;
    }

    private static void MapMetrics(WebApplication app, Drivers.Nodes.Node node, RoleContext context)
    {
        var role = new RolePage("node", context.World);
        var host = new HostMeter(context.World);
        app.MapGet(
            RolePage.Path,
            () =>
            {
                var page = role.Begin();
                host.Measure(page);
                node.Measure(page);
                return RolePage.Answer(page);
            }
        );
    }

    private static void MapSecrets(WebApplication app, Drivers.Nodes.Node node)
    {
        app.MapGet(
            "/secrets/missing",
            async (CancellationToken stop) => Results.Json(await node.MissingAsync(stop), Wire.Json)
        );
        app.MapPost(
            "/secrets/give",
            async (HttpRequest request, CancellationToken stop) =>
            {
                var gift = await request.ReadFromJsonAsync<SecretGift>(Wire.Json, stop);
                await node.GiveAsync([gift!], RoleServer.FenceOf(request), stop);
                return Results.NoContent();
            }
        );
    }

    private static void Map(WebApplication app, Drivers.Nodes.Node node)
    {
        app.MapGet("/health", () => Results.Json(new { Status = "ok" }, Wire.Json));
        app.MapGet(
            "/instances",
            async (string site, CancellationToken stop) =>
                Results.Json(await node.ObserveAsync(Parse(site), stop), Wire.Json)
        );
        app.MapPost(
            "/charge",
            async (HttpRequest request, CancellationToken stop) =>
            {
                await node.TakeChargeAsync(RoleServer.FenceOf(request), stop);
                return Results.NoContent();
            }
        );
        app.MapPost(
            "/ensure",
            async (HttpRequest request, CancellationToken stop) =>
            {
                var order = await request.ReadFromJsonAsync<InstanceOrder>(Wire.Json, stop);
                await node.EnsureAsync(order!, RoleServer.FenceOf(request), stop);
                return Results.NoContent();
            }
        );
        app.MapPost(
            "/stop",
            async (string key, HttpRequest request, CancellationToken stop) =>
            {
                var known = InstanceKey.TryParse(key) ?? throw new ProblemException(Unreadable("key", key));
                await node.StopAsync(known, RoleServer.FenceOf(request), stop);
                return Results.NoContent();
            }
        );
        app.MapPost(
            "/shutdown",
            async (CancellationToken stop) =>
            {
                await node.RestAsync(stop);
                return Results.NoContent();
            }
        );
        app.MapGet(
            "/logs",
            async ([AsParameters] LogsRequest asked, CancellationToken stop) =>
                Results.Json(
                    await node.ReadAsync(
                        new LogQuery(Parse(asked.Site), asked.Service, asked.Tail, asked.Max),
                        asked.Cursor,
                        stop
                    ),
                    Wire.Json
                )
        );
    }

    private static Site Parse(string site) =>
        Site.TryParse(site) ?? throw new ProblemException(Unreadable("site", site));

    private static Problem Unreadable(string what, string text) =>
        new(
            "node.unreadable",
            What: $"The node was asked about a {what} it cannot read.",
            Why: $"'{text}' is not of the shape of a {what}.",
            Fix: "Run server and node of the same version: fairlead --version"
        )
        {
            Trouble = Trouble.WrongUse,
        };

    private sealed record LogsRequest(string Site, int Tail, int Max, string? Service, string? Cursor);
}
