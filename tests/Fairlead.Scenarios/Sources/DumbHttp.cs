using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Fairlead.Scenarios.Sources;

/// <summary>Serves a bare repository's files to whoever shows a login: git's older protocol asks for no more. Below <c>/moved</c> it only redirects.</summary>
internal sealed class DumbHttp : IAsyncDisposable
{
    private readonly WebApplication app;

    private DumbHttp(WebApplication app) => this.app = app;

    public string Url => app.Urls.First().TrimEnd('/') + "/";

    public static async Task<DumbHttp> StartAsync(string folder, string login)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        server.MapFallback(async http =>
        {
            var path = http.Request.Path.Value!;
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
        return new(server);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
