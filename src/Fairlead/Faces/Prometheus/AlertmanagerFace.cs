using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Http;
using Fairlead.Model.Problems;
using Microsoft.AspNetCore.Http.Features;

namespace Fairlead.Faces.Prometheus;

/// <summary>
/// Alertmanager's HTTP API of version 2, so that Prometheus, Grafana and whatever else tells Alertmanager can tell Fairlead, and amtool can
/// ask it. It stands behind the same door as the rest of the API.
/// </summary>
internal sealed class AlertmanagerFace(EngineContext engine, Gatekeeper gatekeeper)
{
    private const long BodyBytesMax = 8 << 20;

    // Part of the protocol: clients look for it to know which features there are.
    private const string ApiVersion = "0.28.0";

    private readonly DateTimeOffset startedAt = engine.World.Now;

    public static void Map(WebApplication app, EngineContext engine, Gatekeeper gatekeeper)
    {
        var face = new AlertmanagerFace(engine, gatekeeper);
        var (sees, operates) = (EndpointPolicy.Anywhere(Permission.Watch), EndpointPolicy.Anywhere(Permission.Operate));
        // A silence is of all apps, as it is at Alertmanager; 'fairlead silence add --app' is for those of one.
        var (seesAll, operatesAll) = (EndpointPolicy.OnAll(Permission.Watch), EndpointPolicy.OnAll(Permission.Operate));
        Add(app, HttpMethods.Get, "alerts", sees, face.ListAsync);
        Add(app, HttpMethods.Post, "alerts", operates, face.TakeAsync);
        Add(app, HttpMethods.Get, "receivers", sees, face.ReceiversAsync);
        Add(app, HttpMethods.Get, "silence/{id}", seesAll, face.SilenceAsync);
        Add(app, HttpMethods.Delete, "silence/{id}", operatesAll, face.UnsilenceAsync);
        Add(app, HttpMethods.Get, "silences", seesAll, face.SilencesAsync);
        Add(app, HttpMethods.Post, "silences", operatesAll, face.AddSilenceAsync);
        Add(
            app,
            HttpMethods.Get,
            "status",
            EndpointPolicy.AnybodyKnown,
            (http, stop) => WriteAsync(http, face.Status(), stop)
        );
    }

    // Clients read what went wrong as one text in JSON, and nothing else.
    private static void Add(
        WebApplication app,
        string method,
        string place,
        EndpointPolicy policy,
        Func<HttpContext, CancellationToken, Task> answer
    ) =>
        app.MapMethods(
                $"/api/v2/{place}",
                [method],
                async http =>
                {
                    try
                    {
                        await answer(http, http.RequestAborted);
                    }
                    catch (ProblemException caught) when (!http.Response.HasStarted)
                    {
                        await RefuseAsync(http, Problems.Status(caught.Problem), caught.Problem, http.RequestAborted);
                    }
                    catch (Refused caught) when (!http.Response.HasStarted)
                    {
                        await RefuseAsync(http, caught.Status, caught.Problem, http.RequestAborted);
                    }
                }
            )
            .WithMetadata(policy);

    private static Task RefuseAsync(HttpContext http, int status, Problem problem, CancellationToken stop)
    {
        http.Response.StatusCode = status;
        return WriteAsync(http, JsonValue.Create($"{problem.What} {problem.Why} {problem.Fix} ({problem.Code})"), stop);
    }

    private async Task ListAsync(HttpContext http, CancellationToken stop)
    {
        var narrowed = await NarrowedAsync(http, "alerts", stop);
        var filters = http.Request.Query["filter"].OfType<string>().ToList();
        var shows = (Wants(http, "active"), Wants(http, "silenced"), Wants(http, "inhibited"));
        await WriteAsync(http, await AlertmanagerAnswers.AlertsAsync(narrowed, filters, shows, stop), stop);
    }

    // Whoever sends must have the say on each app that it speaks of, and on everything where it speaks of none.
    private async Task TakeAsync(HttpContext http, CancellationToken stop)
    {
        var caller = Door.CallerOf(http);
        _ = await gatekeeper.NarrowedAsync(caller, Permission.Operate, "send alerts", stop);
        await AlertmanagerAnswers.TakeAsync(
            engine with
            {
                Caller = caller,
            },
            await ReadAsync(http, stop),
            site =>
                site is null
                    ? gatekeeper.DemandAllAsync(caller, Permission.Operate, "send alerts", stop)
                    : gatekeeper.DemandAsync((caller, Permission.Operate, site), "send alerts", stop),
            stop
        );
        http.Response.StatusCode = StatusCodes.Status200OK;
    }

    private async Task ReceiversAsync(HttpContext http, CancellationToken stop)
    {
        var narrowed = await NarrowedAsync(http, "receivers", stop);
        await WriteAsync(http, AlertmanagerAnswers.Receivers(narrowed), stop);
    }

    private async Task SilencesAsync(HttpContext http, CancellationToken stop)
    {
        await WriteAsync(http, await AlertmanagerAnswers.SilencesAsync(engine, stop), stop);
    }

    private async Task SilenceAsync(HttpContext http, CancellationToken stop)
    {
        var found = (await AlertmanagerAnswers.SilencesAsync(engine, stop)).FirstOrDefault(one =>
            one!["id"]!.GetValue<string>() == IdOf(http)
        );
        if (found is null)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        await WriteAsync(http, found, stop);
    }

    private async Task AddSilenceAsync(HttpContext http, CancellationToken stop)
    {
        var input = AlertmanagerAnswers.SilenceOf(await ReadAsync(http, stop), engine.World.Now);
        var added = await gatekeeper.RunAsync(AddSilence.Operation, input, Door.CallerOf(http), stop);
        await WriteAsync(http, new JsonObject { ["silenceID"] = added["id"]?.DeepClone() }, stop);
    }

    private async Task UnsilenceAsync(HttpContext http, CancellationToken stop)
    {
        await gatekeeper.RunAsync(
            RemoveSilence.Operation,
            new JsonObject { ["id"] = IdOf(http) },
            Door.CallerOf(http),
            stop
        );
        http.Response.StatusCode = StatusCodes.Status200OK;
    }

    private Task<EngineContext> NarrowedAsync(HttpContext http, string what, CancellationToken stop) =>
        gatekeeper.NarrowedAsync(Door.CallerOf(http), Permission.Watch, what, stop);

    private static string IdOf(HttpContext http) => $"{http.Request.RouteValues["id"]}";

    private static bool Wants(HttpContext http, string name) =>
        !string.Equals(http.Request.Query[name], "false", StringComparison.OrdinalIgnoreCase);

    private JsonObject Status() =>
        new()
        {
            ["cluster"] = new JsonObject { ["status"] = "disabled", ["peers"] = new JsonArray() },
            ["versionInfo"] = new JsonObject
            {
                ["version"] = ApiVersion,
                ["branch"] = "",
                ["revision"] = "",
                ["buildUser"] = "",
                ["buildDate"] = "",
                ["goVersion"] = "",
            },
            // Who is told is shown with its secrets hidden by 'fairlead routing export'.
            ["config"] = new JsonObject { ["original"] = "" },
            ["uptime"] = startedAt.UtcDateTime.ToString("O"),
        };

    private static async Task<JsonNode?> ReadAsync(HttpContext http, CancellationToken stop)
    {
        if (!http.Request.HasJsonContentType())
        {
            throw new Refused(StatusCodes.Status415UnsupportedMediaType, Problems.NotJson(http.Request));
        }
        http.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = BodyBytesMax;
        try
        {
            return await JsonNode.ParseAsync(http.Request.Body, cancellationToken: stop);
        }
        catch (JsonException caught)
        {
            throw new Refused(StatusCodes.Status400BadRequest, Problems.BadJson(caught));
        }
    }

    private static async Task WriteAsync(HttpContext http, JsonNode body, CancellationToken stop)
    {
        http.Response.ContentType = "application/json";
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(body), stop);
    }
}
