using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Operations;
using Fairlead.Engine.Operations.Agents;
using Fairlead.Faces.Http;
using Fairlead.Faces.Mcp;
using Fairlead.Model.Problems;
using Fairlead.Model.Web;
using Microsoft.AspNetCore.Http.Features;

namespace Fairlead.Faces.A2a;

/// <summary>
/// Speaks A2A 1.0 with other agents, by JSON-RPC at /a2a and by HTTP+JSON below /a2a/v1, behind the same door, rights and journal as the API.
/// After https://a2a-protocol.org/v1.0.0/specification; there is no SDK for .NET.
/// </summary>
internal static class A2aFace
{
    public const string Path = "/a2a";
    public const string CardPath = "/.well-known/agent-card.json";
    public const string KeysPath = "/.well-known/jwks.json";

    private const long BodyBytesMax = 1 << 20;

    /// <summary>Paths that are for everybody.</summary>
    public static IReadOnlyList<string> Open { get; } = [CardPath, KeysPath];

    public static void Map(WebApplication app, Gatekeeper gatekeeper, EngineContext engine)
    {
        app.MapGet(CardPath, http => CardAsync(http, engine, http.RequestAborted))
            .WithMetadata(EndpointPolicy.Everybody);
        app.MapGet(
                KeysPath,
                http =>
                    WriteAsync(http, 200, "application/json", A2aCard.Keys(engine.Scanning.Signer), http.RequestAborted)
            )
            .WithMetadata(EndpointPolicy.Everybody);
        A2aCalls CallsOf(HttpContext http)
        {
            var caller = Door.CallerOf(http).AsAgent();
            return new(
                new AgentTaskDesk(engine, caller.Id, McpFace.AskFor(http, gatekeeper, engine)),
                new AgentPushDesk(engine, caller),
                engine.World
            );
        }
        engine
            .Server
            .Pushes
            ?.Speech = new(
                caller => new AgentTaskDesk(engine, caller.Id, McpFace.AskAs(caller, gatekeeper)),
                A2aWords.EventsOf,
                "application/a2a+json",
                "X-A2A-Notification-Token"
            );
        app.MapPost(Path, http => RpcAsync(http, CallsOf, http.RequestAborted))
            .WithMetadata(EndpointPolicy.AnybodyKnown);
        foreach (var (verb, pattern, method) in Routes)
        {
            app.MapMethods($"{Path}/v1{pattern}", [verb], http => RestAsync(http, method, CallsOf, http.RequestAborted))
                .WithMetadata(EndpointPolicy.AnybodyKnown);
        }
    }

    // Colons are a part of the last word: which method it is says what follows them.
    private static readonly (string Verb, string Pattern, string Method)[] Routes =
    [
        ("POST", "/message:send", "SendMessage"),
        ("POST", "/message:stream", "SendStreamingMessage"),
        ("GET", "/tasks", "ListTasks"),
        ("GET", "/tasks/{id}", "GetTask"),
        ("POST", "/tasks/{id}", "PostTask"),
        ("POST", "/tasks/{taskId}/pushNotificationConfigs", "CreateTaskPushNotificationConfig"),
        ("GET", "/tasks/{taskId}/pushNotificationConfigs", "ListTaskPushNotificationConfigs"),
        ("GET", "/tasks/{taskId}/pushNotificationConfigs/{id}", "GetTaskPushNotificationConfig"),
        ("DELETE", "/tasks/{taskId}/pushNotificationConfigs/{id}", "DeleteTaskPushNotificationConfig"),
        ("GET", "/extendedAgentCard", "GetExtendedAgentCard"),
    ];

    private static Task CardAsync(HttpContext http, EngineContext engine, CancellationToken stop)
    {
        http.Response.Headers.CacheControl = "public, max-age=300";
        var scheme =
            Outside.Is(http) && http.Request.Headers["X-Forwarded-Proto"] is ["https"] ? "https" : http.Request.Scheme;
        var card = A2aCard.Of($"{scheme}://{http.Request.Host}", engine.Scanning.Signer);
        // Of what it says, not of its signature, which is another each time.
        var tag = A2aCard.TagOf(card);
        http.Response.Headers.ETag = tag;
        if (http.Request.Headers.IfNoneMatch.Contains(tag))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        return WriteAsync(http, 200, "application/json", card, stop);
    }

    private static async Task RpcAsync(HttpContext http, Func<HttpContext, A2aCalls> callsOf, CancellationToken stop)
    {
        JsonNode? id = null;
        try
        {
            var request = await ReadAsync(http, stop);
            id = request["id"]?.DeepClone();
            if (
                request["jsonrpc"] is not JsonValue version
                || version.ToString() != "2.0"
                || request["method"] is not JsonValue named
                || !named.TryGetValue<string>(out var method)
            )
            {
                throw A2aFault.NoRequest();
            }
            CheckVersion(http);
            var input = request["params"] as JsonObject ?? [];
            if (method is "SendStreamingMessage" or "SubscribeToTask")
            {
                var events = callsOf(http).StreamAsync(method, input, stop);
                await StreamAsync(http, events, one => Envelope(id, "result", one), stop);
                return;
            }
            var result = await callsOf(http).AnswerAsync(method, input, stop);
            await WriteAsync(http, 200, "application/json", Envelope(id, "result", result), stop);
        }
        catch (A2aFault caught) when (!http.Response.HasStarted)
        {
            await WriteAsync(http, 200, "application/json", Envelope(id, "error", caught.Rpc()), stop);
        }
        catch (ProblemException caught) when (!http.Response.HasStarted)
        {
            await WriteAsync(
                http,
                200,
                "application/json",
                Envelope(id, "error", A2aFault.Of(caught.Problem).Rpc()),
                stop
            );
        }
    }

    private static JsonObject Envelope(JsonNode? id, string name, JsonObject value) =>
        new()
        {
            ["jsonrpc"] = "2.0",
            ["id"] = id?.DeepClone(),
            [name] = value,
        };

    private static async Task RestAsync(
        HttpContext http,
        string method,
        Func<HttpContext, A2aCalls> callsOf,
        CancellationToken stop
    )
    {
        try
        {
            CheckVersion(http);
            var input =
                HttpMethods.IsPost(http.Request.Method) && http.Request.ContentLength is not (null or 0)
                    ? await ReadAsync(http, stop)
                    : [];
            foreach (var (name, value) in http.Request.Query)
            {
                input[name] = value.ToString();
            }
            foreach (var (name, value) in http.Request.RouteValues)
            {
                input[name] = value?.ToString();
            }
            (method, input["id"]) = Split(method, input["id"]?.ToString());
            if (method is "SendStreamingMessage" or "SubscribeToTask")
            {
                await StreamAsync(http, callsOf(http).StreamAsync(method, input, stop), static one => one, stop);
                return;
            }
            await WriteAsync(
                http,
                200,
                "application/a2a+json",
                await callsOf(http).AnswerAsync(method, input, stop),
                stop
            );
        }
        catch (A2aFault caught) when (!http.Response.HasStarted)
        {
            await WriteAsync(http, caught.Status, "application/a2a+json", caught.Http(), stop);
        }
        catch (ProblemException caught) when (!http.Response.HasStarted)
        {
            var fault = A2aFault.Of(caught.Problem);
            await WriteAsync(http, fault.Status, "application/a2a+json", fault.Http(), stop);
        }
    }

    private static (string Method, string? Id) Split(string method, string? id) =>
        method is not ("GetTask" or "PostTask") || id is null ? (method, id)
        // By either: the specification's text and its proto once named different ones.
        : id.EndsWith(":subscribe", StringComparison.Ordinal) ? ("SubscribeToTask", id[..^":subscribe".Length])
        : method is "GetTask" ? (method, id)
        : id.EndsWith(":cancel", StringComparison.Ordinal) ? ("CancelTask", id[..^":cancel".Length])
        : throw A2aFault.NoMethod("POST /tasks");

    private static void CheckVersion(HttpContext http)
    {
        var said = http.Request.Headers["A2A-Version"] is [{ } header]
            ? header
            : http.Request.Query["A2A-Version"].ToString();
        // What says none is of before 1.0.
        if (said != A2aWords.Version && !said.StartsWith($"{A2aWords.Version}.", StringComparison.Ordinal))
        {
            throw A2aFault.NoVersion(said.Length == 0 ? "0.3" : said[..Math.Min(said.Length, 20)]);
        }
    }

    private static async Task<JsonObject> ReadAsync(HttpContext http, CancellationToken stop)
    {
        http.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = BodyBytesMax; // Kestrel has one.
        try
        {
            return await JsonTexts.ReadAsync(http.Request.Body, stop) as JsonObject ?? throw A2aFault.NoRequest();
        }
        catch (JsonException)
        {
            throw A2aFault.NotJson();
        }
    }

    private static async Task StreamAsync(
        HttpContext http,
        IAsyncEnumerable<JsonObject> events,
        Func<JsonObject, JsonObject> dress,
        CancellationToken stop
    )
    {
        await foreach (var one in events.WithCancellation(stop))
        {
            if (!http.Response.HasStarted)
            {
                http.Response.ContentType = "text/event-stream";
                http.Response.Headers.CacheControl = "no-store";
            }
            await http.Response.WriteAsync($"data: {dress(one).ToJsonString()}\n\n", stop);
            await http.Response.Body.FlushAsync(stop);
        }
    }

    private static async Task WriteAsync(
        HttpContext http,
        int status,
        string type,
        JsonObject body,
        CancellationToken stop
    )
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        await http.Response.WriteAsync(body.ToJsonString(), stop);
    }
}
