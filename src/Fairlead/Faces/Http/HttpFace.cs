using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Operations;
using Fairlead.Faces.A2a;
using Fairlead.Faces.Dashboard;
using Fairlead.Faces.SignIn;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Web;
using Microsoft.AspNetCore.Http.Features;

namespace Fairlead.Faces.Http;

/// <summary>Offers every operation of the server as POST /api/{name} with a JSON body, described by GET /openapi.json.</summary>
internal static class HttpFace
{
    private const long BodyBytesMax = 1 << 20;
    private static readonly HashSet<string> Open = [.. IdentityFace.Open, .. A2aFace.Open, "/healthz"];

    /// <param name="credentials">Ways to show over TCP who asks.</param>
    public static void Map(
        WebApplication app,
        IReadOnlyList<Operation> operations,
        EngineContext engine,
        IReadOnlyList<ICredential> credentials,
        RefusalBook? refusals = null
    )
    {
        var gatekeeper = new Gatekeeper(engine, refusals);
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Fairlead.Http");
        var door = new Door(credentials, Open);
        app.Use((http, next) => GuardAsync(http, next, (door, gatekeeper, engine.World, log), http.RequestAborted));
        if (engine.HasServer)
        {
            UploadFace.Map(app, engine, gatekeeper);
            StateFace.Map(app, engine, gatekeeper);
        }
        app.MapGet("/healthz", () => Results.Json(new JsonObject { ["ok"] = true }))
            .WithMetadata(EndpointPolicy.Everybody);

        var offered = operations.Where(operation => operation.Runs == Runs.InServer).ToArray();
        var description = new Lazy<string>(() => OpenApi.Of(offered).ToJsonString());
        app.MapGet("/openapi.json", () => Results.Text(description.Value, "application/json"))
            .WithMetadata(EndpointPolicy.AnybodyKnown);
        foreach (var operation in offered)
        {
            app.MapPost(
                    $"/api/{operation.Name}",
                    async http =>
                    {
                        var input = await ReadAsync(http.Request, http.RequestAborted);
                        UploadFace.Resolve(operation, input, http, engine);
                        var output = await gatekeeper.RunAsync(
                            operation,
                            input,
                            Door.CallerOf(http),
                            http.RequestAborted
                        );
                        await WriteAsync(
                            http.Response,
                            (StatusCodes.Status200OK, "application/json"),
                            output,
                            http.RequestAborted
                        );
                    }
                )
                .WithMetadata(EndpointPolicy.Of(operation));
        }
        app.MapFallback("{*path}", http => throw Problems.NoSuchPlace(http.Request, offered))
            .WithMetadata(EndpointPolicy.AnybodyKnown);
    }

    /// <summary>Lets in who may come in, and turns what goes wrong behind it into an answer that says so.</summary>
    private static async Task GuardAsync(
        HttpContext http,
        RequestDelegate next,
        (Door Door, Gatekeeper Gatekeeper, World World, ILogger Log) with,
        CancellationToken stop
    )
    {
        SecurityHeaders.Promise(http);
        try
        {
            await with.Door.CheckAsync(http, stop);
            await EndpointPolicy.CheckAsync(http, with.Gatekeeper, stop);
            await next(http);
        }
        catch (ProblemException caught)
        {
            await AnswerAsync(http, Problems.Status(caught.Problem), caught.Problems, stop);
        }
        catch (Refused caught)
        {
            if (caught.Status is StatusCodes.Status401Unauthorized)
            {
                if (DashboardFace.IsForPerson(http.Request))
                {
                    await DashboardFace.SignInAsync(http, stop);
                    return;
                }
                await with.Gatekeeper.RefusedAsync(null, http.Request.Path, caught.Problem, stop);
            }
            await AnswerAsync(http, caught.Status, [caught.Problem], stop);
        }
        catch (FencedException caught)
        {
            await AnswerAsync(http, StatusCodes.Status503ServiceUnavailable, [Problems.SteppingDown(caught)], stop);
        }
        catch (BadHttpRequestException caught)
        {
            await AnswerAsync(http, caught.StatusCode, [Problems.BadRequest(caught)], stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            http.Abort();
        }
        catch (Exception caught)
        {
            var id = with.World.NewId();
            with.Log.Fault(caught, http.Request.Path, id);
            await AnswerAsync(http, StatusCodes.Status500InternalServerError, [Problems.Bug(id)], stop);
        }
    }

    private static async Task<JsonObject> ReadAsync(HttpRequest request, CancellationToken stop)
    {
        if (!request.HasJsonContentType())
        {
            throw new Refused(StatusCodes.Status415UnsupportedMediaType, Problems.NotJson(request));
        }
        request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = BodyBytesMax;
        try
        {
            return await JsonTexts.ReadAsync(request.Body, stop) as JsonObject
                ?? throw new Refused(StatusCodes.Status400BadRequest, Problems.NotAnObject());
        }
        catch (JsonException caught)
        {
            throw new Refused(StatusCodes.Status400BadRequest, Problems.BadJson(caught));
        }
    }

    /// <summary>Answers with problems instead.</summary>
    internal static Task AnswerAsync(
        HttpContext http,
        int status,
        IReadOnlyList<Problem> problems,
        CancellationToken stop
    )
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return Task.CompletedTask;
        }
        http.Response.Clear();
        if (problems[0].RetryAt is { } retryAt)
        {
            http.Response.Headers.RetryAfter = retryAt.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        }
        if (status == StatusCodes.Status401Unauthorized)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
        }
        return WriteAsync(http.Response, (status, "application/problem+json"), Problems.Body(status, problems), stop);
    }

    private static async Task WriteAsync(
        HttpResponse response,
        (int Status, string Type) head,
        JsonNode body,
        CancellationToken stop
    )
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body);
        response.StatusCode = head.Status;
        response.ContentType = head.Type;
        response.ContentLength = bytes.Length;
        response.Headers.CacheControl = "no-store";
        await response.Body.WriteAsync(bytes, stop);
    }
}
