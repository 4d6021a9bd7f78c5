using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using Fairlead.Drivers.Http;
using Fairlead.Drivers.Routers;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Security;
using Fairlead.Roles.Edge.Gateway;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Fairlead.Roles.Edge;

/// <summary>The orders that the server gives, on the Unix socket alone.</summary>
internal static class EdgeOrders
{
    private const long BodyBytesMax = 8 * 1024 * 1024;

    /// <summary>Whether a request came by a Unix socket, whose file only the owner can open.</summary>
    public static bool IsFromOwner(HttpContext http) =>
        http.Features.Get<IConnectionSocketFeature>()?.Socket.LocalEndPoint is UnixDomainSocketEndPoint;

    public static void Map(IEndpointRouteBuilder endpoints, Switchboard router, KeyChain keys)
    {
        endpoints.MapGet(
            "/sites/{app}/{environment}",
            async http =>
                await WriteAsync(
                    http,
                    await router.ObserveAsync(SiteOf(http), http.RequestAborted),
                    http.RequestAborted
                )
        );
        endpoints.MapGet(
            EdgeRouter.CallsPath,
            async http =>
                await WriteAsync(
                    http,
                    await router.ListenAsync(
                        long.TryParse(http.Request.Query["after"], CultureInfo.InvariantCulture, out var after)
                            ? after
                            : 0,
                        http.RequestAborted
                    ),
                    http.RequestAborted
                )
        );
        endpoints.MapGet("/health", http => WriteAsync(http, new { Status = "ok" }, http.RequestAborted));
        MapKeys(endpoints, keys);
        endpoints.MapPost(
            EdgeRouter.ChargePath,
            async http =>
            {
                await router.TakeChargeAsync(RoleServer.FenceOf(http.Request), CancellationToken.None);
                http.Response.StatusCode = StatusCodes.Status204NoContent;
            }
        );
        endpoints.MapPost(
            EdgeRouter.ApplyPath,
            async http =>
            {
                var routing = await ReadAsync<Routing>(http, http.RequestAborted);
                // Once asked for, it is carried through: a caller that hangs up must not leave half an order.
                await router.ApplyAsync(routing, RoleServer.FenceOf(http.Request), CancellationToken.None);
                http.Response.StatusCode = StatusCodes.Status204NoContent;
            }
        );
        endpoints.MapPost(
            EdgeRouter.CutPath,
            async http =>
            {
                var order = await ReadAsync<CutOrder>(http, http.RequestAborted);
                var fence = RoleServer.FenceOf(http.Request);
                await router.CutAsync(order.Site, order.Instances, fence, CancellationToken.None);
                http.Response.StatusCode = StatusCodes.Status204NoContent;
            }
        );
    }

    private static void MapKeys(IEndpointRouteBuilder endpoints, KeyChain keys)
    {
        endpoints.MapGet(EdgeKeyRings.KeysPath, http => WriteAsync(http, keys.Digests, http.RequestAborted));
        endpoints.MapPost(
            EdgeKeyRings.KeysPath,
            async http =>
            {
                var ring = await ReadAsync<KeyRing>(http, http.RequestAborted);
                await keys.ApplyAsync(ring, RoleServer.FenceOf(http.Request), CancellationToken.None);
                http.Response.StatusCode = StatusCodes.Status204NoContent;
            }
        );
    }

    private static Site SiteOf(HttpContext http) =>
        Site.TryParse($"{http.GetRouteValue("app")}/{http.GetRouteValue("environment")}")
        ?? throw new ProblemException(NotUnderstood("The address names no site."));

    private static Task WriteAsync<T>(HttpContext http, T answer, CancellationToken stop) =>
        http.Response.WriteAsJsonAsync(answer, Wire.Json, stop);

    /// <summary>An order as it was written.</summary>
    /// <exception cref="ProblemException">It is none of its kind.</exception>
    internal static async Task<T> ReadAsync<T>(HttpContext http, CancellationToken stop)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = BodyBytesMax;
        }
        try
        {
            return await http.Request.ReadFromJsonAsync<T>(RoutingFile.Strict, stop)
                ?? throw new ProblemException(NotUnderstood("The order is empty."));
        }
        catch (Exception caught) when (caught is JsonException or ArgumentException)
        {
            throw new ProblemException(NotUnderstood(caught.Message), caught);
        }
    }

    private static Problem NotUnderstood(string why) =>
        new(
            "edge.order-refused",
            What: "The edge did not understand an order.",
            Why: why,
            Fix: "The server and the edge may be of different versions. Start them again: fairlead down; fairlead up"
        )
        {
            Trouble = Trouble.WrongUse,
        };
}
