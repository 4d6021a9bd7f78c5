using System.Collections.Concurrent;
using System.Globalization;
using Fairlead.Model.Images;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fairlead.Scenarios.Images;

/// <summary>
/// A registry that does what the real one at hand cannot be made to do: asks for tokens, keeps what came of a piece that was cut,
/// sends elsewhere for layers, refuses by number, and lies.
/// </summary>
internal sealed class FakeRegistry : IAsyncDisposable
{
    private readonly WebApplication app;

    private FakeRegistry(WebApplication app) => this.app = app;

    public ConcurrentDictionary<string, byte[]> Blobs { get; } = new();

    public ConcurrentDictionary<string, (string Type, byte[] Bytes)> Manifests { get; } = new();

    public ConcurrentDictionary<string, MemoryStream> Sessions { get; } = new();

    /// <summary>Each request as method, path and authorization.</summary>
    public ConcurrentQueue<string> Seen { get; } = new();

    /// <summary>Answers before the registry does; true when it did.</summary>
    public Func<HttpContext, Task<bool>> Before { get; set; } = _ => Task.FromResult(false);

    /// <summary>Whether tokens are asked for.</summary>
    public bool AsksTokens { get; set; }

    public bool TakesPieces { get; set; } = true;

    public bool KeepsSubjects { get; set; } = true;

    /// <summary>A piece is cut after this many bytes of the layer, once.</summary>
    public long CutAt { get; set; } = -1;

    public Uri Address =>
        new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public string Host => Address.Authority;

    public static async Task<FakeRegistry> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(static options => options.Limits.MaxRequestBodySize = null);
        var registry = new FakeRegistry(builder.Build());
        registry.app.Run(registry.AnswerAsync);
        await registry.app.StartAsync(ImageGround.Stop);
        return registry;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        var (request, response) = (http.Request, http.Response);
        var authorization = request.Headers.Authorization.ToString();
        Seen.Enqueue($"{request.Method} {request.Path}{request.QueryString} {authorization}".Trim());
        if (await Before(http))
        {
            return;
        }
        if (request.Path == "/token")
        {
            await response.WriteAsync(
                $$"""{"access_token":"token-for-{{string.Join('+', request.Query["scope"].ToArray())}}","expires_in":300}"""
            );
            return;
        }
        if (AsksTokens && !authorization.StartsWith("Bearer token-for-", StringComparison.Ordinal))
        {
            response.StatusCode = 401;
            response.Headers.WWWAuthenticate = $"Bearer realm=\"{Address}token\",service=\"fake\"";
            return;
        }
        var words = request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries)[1..];
        await (
            words switch
            {
                [.., "blobs", "uploads"] => BeginAsync(http),
                [.., "blobs", "uploads", var id] => SessionAsync(http, id),
                [.., "blobs", var digest] => BlobAsync(http, digest),
                [.., "manifests", var wanted] => ManifestAsync(http, wanted),
                [.., "referrers", _] => ListAsync(response),
                _ => NoneAsync(response),
            }
        );
    }

    private static Task NoneAsync(HttpResponse response)
    {
        response.StatusCode = 404;
        return response.WriteAsync("""{"errors":[{"code":"UNKNOWN","message":"not here"}]}""");
    }

    private static Task ListAsync(HttpResponse response) =>
        response.WriteAsync(
            """{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}"""
        );

    private Task BeginAsync(HttpContext http)
    {
        var id = Sessions.Count.ToString(CultureInfo.InvariantCulture);
        Sessions[id] = new();
        http.Response.StatusCode = 202;
        http.Response.Headers.Location = $"{http.Request.Path.Value!.TrimEnd('/')}/{id}?state=x";
        return Task.CompletedTask;
    }

    private async Task SessionAsync(HttpContext http, string id)
    {
        var (request, response) = (http.Request, http.Response);
        if (!Sessions.TryGetValue(id, out var session))
        {
            await NoneAsync(response);
            return;
        }
        if (request.Method == "PATCH" && !TakesPieces)
        {
            response.StatusCode = 405;
            return;
        }
        if (
            request.Method == "PATCH"
            && request.Headers.ContentRange.ToString().Split('-')[0]
                != session.Length.ToString(CultureInfo.InvariantCulture)
        )
        {
            response.StatusCode = 416;
        }
        else if (request.Method is "PATCH" or "PUT")
        {
            var buffer = new byte[16 * 1024];
            for (int count; (count = await request.Body.ReadAsync(buffer)) > 0; )
            {
                session.Write(buffer, 0, count);
                if (CutAt >= 0 && session.Length > CutAt)
                {
                    CutAt = -1;
                    http.Abort();
                    return;
                }
            }
            response.StatusCode = 202;
        }
        else
        {
            response.StatusCode = 204;
        }
        response.Headers.Location = $"{request.Path}?state=y";
        response.Headers["Range"] = $"0-{Math.Max(session.Length - 1, 0)}";
        if (request.Method == "PUT")
        {
            var bytes = session.ToArray();
            var isRight = Digest.Of(bytes).ToString() == request.Query["digest"];
            response.StatusCode = isRight ? 201 : 400;
            if (isRight)
            {
                Blobs[request.Query["digest"]!] = bytes;
            }
        }
    }

    private async Task BlobAsync(HttpContext http, string digest)
    {
        if (!Blobs.TryGetValue(digest, out var bytes))
        {
            await NoneAsync(http.Response);
            return;
        }
        http.Response.ContentLength = bytes.Length;
        if (http.Request.Method == "GET")
        {
            await http.Response.Body.WriteAsync(bytes);
        }
    }

    private async Task ManifestAsync(HttpContext http, string wanted)
    {
        if (http.Request.Method == "PUT")
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            var digest = Digest.Of(body.ToArray()).ToString();
            Manifests[wanted] = Manifests[digest] = (http.Request.ContentType!, body.ToArray());
            http.Response.StatusCode = 201;
            if (KeepsSubjects)
            {
                http.Response.Headers["OCI-Subject"] = digest;
            }
        }
        else if (Manifests.TryGetValue(wanted, out var one))
        {
            http.Response.ContentType = one.Type;
            http.Response.ContentLength = one.Bytes.Length;
            if (http.Request.Method == "GET")
            {
                await http.Response.Body.WriteAsync(one.Bytes);
            }
        }
        else
        {
            await NoneAsync(http.Response);
        }
    }
}
