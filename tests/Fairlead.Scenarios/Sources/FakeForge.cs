using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Fairlead.Scenarios.Sources;

/// <summary>Speaks as much of GitHub's API, or Gitea's or GitLab's, as comments and statuses take; on loopback.</summary>
internal sealed class FakeForge : IAsyncDisposable
{
    private readonly WebApplication app;
    private int comments;

    private FakeForge(WebApplication app) => this.app = app;

    public Uri Url => new(app.Urls.First());

    /// <summary>Comments by their id.</summary>
    public ConcurrentDictionary<int, string> Comments { get; } = new();

    /// <summary>What was told of commits, as <c>commit context state</c>.</summary>
    public ConcurrentQueue<string> Statuses { get; } = new();

    /// <summary>The open change.</summary>
    public JsonObject? Change { get; set; }

    public string Token { get; private init; } = "";

    /// <param name="token">The header that lets in, such as <c>Bearer abc</c>.</param>
    public static async Task<FakeForge> StartAsync(string header, string token)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var forge = new FakeForge(builder.Build()) { Token = token };
        forge.app.Use(
            async (http, next) =>
            {
                if (http.Request.Headers[header] != token)
                {
                    http.Response.StatusCode = StatusCodes.Status401Unauthorized;
                    return;
                }
                await next(http);
            }
        );
        forge.Map();
        await forge.app.StartAsync(TestContext.Current.CancellationToken);
        return forge;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private void Map()
    {
        app.MapFallback(async http =>
        {
            var path = http.Request.Path.Value!;
            var body = http.Request.ContentLength > 0 ? await JsonNode.ParseAsync(http.Request.Body) : null;
            var answer = Answer(http.Request.Method, path, body);
            http.Response.StatusCode = answer is null ? 404 : 200;
            await http.Response.WriteAsync(answer?.ToJsonString() ?? "{}");
        });
    }

    private JsonNode? Answer(string method, string path, JsonNode? body)
    {
        if (path.Contains("/statuses/", StringComparison.Ordinal))
        {
            Statuses.Enqueue($"{path.Split('/')[^1]} {body!["context"] ?? body["name"]} {body["state"]}");
            return new JsonObject();
        }
        if (
            path.EndsWith("/pulls", StringComparison.Ordinal)
            || path.EndsWith("/merge_requests", StringComparison.Ordinal)
        )
        {
            return new JsonArray(Change?.DeepClone());
        }
        if (path.EndsWith("/comments", StringComparison.Ordinal) || path.EndsWith("/notes", StringComparison.Ordinal))
        {
            if (method == "POST")
            {
                Comments[Interlocked.Increment(ref comments)] = body!["body"]!.GetValue<string>();
                return new JsonObject();
            }
            return new JsonArray([
                .. Comments.Select(one => (JsonNode)new JsonObject { ["id"] = one.Key, ["body"] = one.Value }),
            ]);
        }
        if (
            method is "PATCH" or "PUT"
            && int.TryParse(path.Split('/')[^1], System.Globalization.CultureInfo.InvariantCulture, out var id)
        )
        {
            Comments[id] = body!["body"]!.GetValue<string>();
            return new JsonObject();
        }
        return Change?.DeepClone();
    }
}
