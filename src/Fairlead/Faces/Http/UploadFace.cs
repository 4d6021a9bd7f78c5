using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Operations;
using Fairlead.Model.Problems;
using Microsoft.AspNetCore.Http.Features;

namespace Fairlead.Faces.Http;

/// <summary>
/// Takes folders from callers whose disk the server cannot see: <c>PUT /uploads/{digest}</c> with the archive, <c>HEAD</c> to ask whether it is
/// there already. An operation is then given <c>upload:{digest}</c> where it wants a folder.
/// </summary>
internal static class UploadFace
{
    /// <summary>What stands before the digest where an operation wants a folder.</summary>
    public const string Prefix = "upload:";

    private const string Place = "/uploads/{digest}";

    public static void Map(WebApplication app, EngineContext engine, Gatekeeper gatekeeper)
    {
        var policy = EndpointPolicy.Anywhere(Permission.Develop);
        app.MapMethods(
                Place,
                [HttpMethods.Head],
                async http =>
                {
                    await DemandAsync(http, gatekeeper, http.RequestAborted);
                    http.Response.StatusCode = engine.Server.Uploads.Find(DigestOf(http)) is null
                        ? StatusCodes.Status404NotFound
                        : StatusCodes.Status204NoContent;
                }
            )
            .WithMetadata(policy);
        app.MapPut(
                Place,
                async http =>
                {
                    await DemandAsync(http, gatekeeper, http.RequestAborted);
                    // The shelf has limits of its own, which say more.
                    http.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null;
                    await engine.Server.Uploads.TakeAsync(DigestOf(http), http.Request.Body, http.RequestAborted);
                    http.Response.StatusCode = StatusCodes.Status204NoContent;
                }
            )
            .WithMetadata(policy);
    }

    /// <summary>Puts the folder where its upload was named. From outside nothing else names a folder: the server's own disk is nobody's to ask for.</summary>
    /// <exception cref="ProblemException">It is not there, or names the server's disk.</exception>
    public static void Resolve(Operation operation, JsonObject input, HttpContext http, EngineContext engine)
    {
        foreach (var property in operation.Input.GetProperties())
        {
            if (property.GetCustomAttribute<FolderAttribute>() is not { } folder)
            {
                continue;
            }
            if (Outside.Is(http) && folder.Sent is Sent.Never)
            {
                throw new ProblemException(Stays(operation.Name));
            }
            var name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            // The reader of inputs does not tell upper from lower case, and takes the last of several: so does this, for all of them.
            foreach (var key in input.Select(static one => one.Key).Where(key => Same(key, name)).ToList())
            {
                if (input[key] is JsonValue value && value.TryGetValue<string>(out var text))
                {
                    input[key] = FolderOf(text, http, engine);
                }
            }
        }
    }

    private static string FolderOf(string text, HttpContext http, EngineContext engine)
    {
        if (text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return engine.Server.Uploads.Find(text[Prefix.Length..]) ?? throw new ProblemException(NotThere());
        }
        return Outside.Is(http) ? throw new ProblemException(NotYours()) : text;
    }

    // Whoever may ask for something that wants a folder.
    private static Task DemandAsync(HttpContext http, Gatekeeper gatekeeper, CancellationToken stop) =>
        gatekeeper.DemandAnyAsync(Door.CallerOf(http), [Permission.Deploy, Permission.Develop], "send a folder", stop);

    private static string DigestOf(HttpContext http) => http.GetRouteValue("digest") as string ?? "";

    private static bool Same(string key, string name) => string.Equals(key, name, StringComparison.OrdinalIgnoreCase);

    private static Problem NotThere() =>
        new(
            "upload.missing",
            What: "The server has no such upload.",
            Why: "It was not sent, it was kept for a week in which nobody asked for it, or something wrote into it since.",
            Fix: "Send it again; fairlead does so by itself: fairlead deploy --server URL"
        )
        {
            Trouble = Trouble.NotFound,
        };

    private static Problem NotYours() =>
        new(
            "upload.needed",
            What: "A folder on the server's own disk is not for callers from outside.",
            Why: "Whoever could name one could have anything there built and run.",
            Fix: "Send the folder first (PUT /uploads/DIGEST) and name 'upload:DIGEST'; fairlead does so by itself: fairlead deploy --server URL"
        )
        {
            Trouble = Trouble.NotAllowed,
        };

    private static Problem Stays(string operation) =>
        new(
            "upload.stays",
            What: $"{operation} is not done from outside.",
            Why: "It reads a file of the server's machine.",
            Fix: "Do it on that machine; single secrets can be set from anywhere: fairlead secret set NAME"
        )
        {
            Trouble = Trouble.NotAllowed,
        };
}
