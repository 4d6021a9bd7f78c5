using Fairlead.Faces.Http;
using Fairlead.Model.Problems;
using Microsoft.AspNetCore.Http.Features;

namespace Fairlead.Faces.Hooks;

/// <summary>
/// Takes signs of life: GET or POST /ping/{id}, and /ping/{id}/fail from one that went wrong. The id is the proof, so they are for everybody;
/// what is sent along is not read.
/// </summary>
internal static class PingFace
{
    public const string Folder = "/ping/";

    private const int BodyBytesMax = 64 * 1024;
    private static readonly string[] Methods = ["GET", "HEAD", "POST"];

    /// <param name="tell">Takes the sign of an id, and whether it is a good one; false where there is no such id.</param>
    public static void Map(WebApplication app, Func<string, bool, bool> tell)
    {
        app.MapMethods("/ping/{id}", Methods, (string id, HttpContext http) => Take(http, () => tell(id, true)))
            .WithMetadata(EndpointPolicy.Everybody);
        app.MapMethods("/ping/{id}/fail", Methods, (string id, HttpContext http) => Take(http, () => tell(id, false)))
            .WithMetadata(EndpointPolicy.Everybody);
    }

    private static IResult Take(HttpContext http, Func<bool> tell)
    {
        http.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = BodyBytesMax;
        http.Response.Headers.CacheControl = "no-store";
        return tell() ? Results.Text("OK\n") : throw new ProblemException(Unknown());
    }

    private static Problem Unknown() =>
        new(
            "monitor.unknown-ping",
            What: "Nobody waits for this sign of life.",
            Why: "No monitor has this id: it was removed, or renamed.",
            Fix: "See where it is given: fairlead monitor show NAME"
        )
        {
            Trouble = Trouble.NotFound,
        };
}
