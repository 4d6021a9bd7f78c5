using System.Text.Json.Nodes;
using Fairlead.Engine.Operations.Hooks;
using Fairlead.Faces.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Fairlead.Faces.Hooks;

/// <summary>
/// Takes webhooks of sources: POST /hooks/{source}. They are proven by their own secret, so they are for everybody; what they say is never
/// read, and answered before anything is done.
/// </summary>
internal static class HookFace
{
    public const string Folder = "/hooks/";

    public static void Map(WebApplication app, HookDesk desk) =>
        app.MapPost(
                Folder + "{source}",
                async (string source, HttpContext http) =>
                {
                    http.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = HookDesk.BodyBytesMax;
                    using var body = new MemoryStream();
                    await http.Request.Body.CopyToAsync(body, http.RequestAborted);
                    var isNews = await desk.TakeAsync(
                        source,
                        name => http.Request.Headers.TryGetValue(name, out var values) ? values.ToString() : null,
                        body.ToArray(),
                        http.RequestAborted
                    );
                    return Results.Json(
                        new JsonObject { ["taken"] = isNews },
                        statusCode: isNews ? StatusCodes.Status202Accepted : StatusCodes.Status200OK
                    );
                }
            )
            .WithMetadata(EndpointPolicy.Everybody);
}
