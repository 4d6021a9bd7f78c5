using Fairlead.Drivers.Http;
using Fairlead.Drivers.Routers;
using Fairlead.Model.Security;

namespace Fairlead.Roles.Edge.Perimeter;

/// <summary>What the server asks about suspects, and orders about blocks, on the Unix socket alone.</summary>
internal static class PerimeterOrders
{
    private const int SuspectsMax = 1_000;

    public static void Map(IEndpointRouteBuilder endpoints, BlockShelf blocks, SuspectBook suspects)
    {
        endpoints.MapGet(
            EdgePerimeter.Path,
            http =>
                http.Response.WriteAsJsonAsync(
                    new PerimeterView(blocks.Digest, suspects.Suspects(SuspectsMax)),
                    Wire.Json,
                    http.RequestAborted
                )
        );
        endpoints.MapPost(
            EdgePerimeter.Path,
            async http =>
            {
                var list = await EdgeOrders.ReadAsync<BlockList>(http, http.RequestAborted);
                await blocks.ApplyAsync(list, RoleServer.FenceOf(http.Request), CancellationToken.None);
                http.Response.StatusCode = StatusCodes.Status204NoContent;
            }
        );
    }
}
