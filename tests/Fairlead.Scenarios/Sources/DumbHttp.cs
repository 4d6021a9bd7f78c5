using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Fairlead.Scenarios.Sources;

/// <summary>Serves a bare repository's files to whoever shows a login: git's older protocol asks for no more. Below <c>/moved</c> it only redirects. It is also a server of Git LFS.</summary>
internal sealed class DumbHttp : IAsyncDisposable
{
    private readonly WebApplication app;

    private DumbHttp(WebApplication app) => this.app = app;

    /// <summary>Bytes of files that Git LFS keeps, by their SHA-256.</summary>
    public ConcurrentDictionary<string, byte[]> Large { get; } = new(StringComparer.Ordinal);

    /// <summary>With which logins Git LFS came: to be told where files are, and for the files.</summary>
    public ConcurrentQueue<string> LargeLogins { get; } = [];

    public string Url => app.Urls.First().TrimEnd('/') + "/";

    public static async Task<DumbHttp> StartAsync(string folder, string login)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        var dumb = new DumbHttp(server);
        server.MapFallback(async http =>
        {
            var path = http.Request.Path.Value!;
            if (await dumb.GivesLargeAsync(http, path))
            {
                return;
            }
            if (path.StartsWith("/moved/", StringComparison.Ordinal))
            {
                http.Response.Redirect(path["/moved".Length..] + http.Request.QueryString);
                return;
            }
            var file = Path.Combine(folder, path.TrimStart('/'));
            http.Response.StatusCode =
                http.Request.Headers.Authorization != login ? StatusCodes.Status401Unauthorized
                : File.Exists(file) ? StatusCodes.Status200OK
                : StatusCodes.Status404NotFound;
            if (http.Response.StatusCode == StatusCodes.Status200OK)
            {
                await http.Response.SendFileAsync(file);
            }
        });
        await server.StartAsync(TestContext.Current.CancellationToken);
        return dumb;
    }

    // https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md
    private async Task<bool> GivesLargeAsync(HttpContext http, string path)
    {
        if (path.StartsWith("/large/", StringComparison.Ordinal))
        {
            LargeLogins.Enqueue(http.Request.Headers.Authorization.ToString());
            await http.Response.Body.WriteAsync(Large[path["/large/".Length..]]);
            return true;
        }
        if (!path.EndsWith("/info/lfs/objects/batch", StringComparison.Ordinal))
        {
            return false;
        }
        LargeLogins.Enqueue(http.Request.Headers.Authorization.ToString());
        var asked = (await JsonNode.ParseAsync(http.Request.Body))!["objects"]!.AsArray();
        var objects = asked.Select(one => new JsonObject
        {
            ["oid"] = one!["oid"]!.GetValue<string>(),
            ["size"] = one["size"]!.GetValue<long>(),
            [Large.ContainsKey(one["oid"]!.GetValue<string>()) ? "actions" : "error"] = Large.ContainsKey(
                one["oid"]!.GetValue<string>()
            )
                ? new JsonObject { ["download"] = new JsonObject { ["href"] = $"{Url}large/{one["oid"]}" } }
                : new JsonObject { ["code"] = 404, ["message"] = "It is not here." },
        });
        http.Response.ContentType = "application/vnd.git-lfs+json";
        await http.Response.WriteAsync(
            new JsonObject { ["transfer"] = "basic", ["objects"] = new JsonArray([.. objects]) }.ToJsonString()
        );
        return true;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
