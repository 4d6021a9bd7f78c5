using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fairlead.Scenarios.Checking;

/// <summary>A site on loopback whose answers a test says.</summary>
internal sealed class SampleSite : IAsyncDisposable
{
    private readonly WebApplication app;

    private SampleSite(WebApplication app) => this.app = app;

    public string Url =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/";

    public static async Task<SampleSite> StartAsync(RequestDelegate answer, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(
                IPAddress.Loopback,
                0,
                place =>
                {
                    if (certificate is not null)
                    {
                        place.UseHttps(certificate);
                    }
                }
            );
        });
        var site = new SampleSite(builder.Build());
        site.app.Run(answer);
        await site.app.StartAsync(TestContext.Current.CancellationToken);
        return site;
    }

    public static Task HtmlAsync(HttpContext context, string html, int status = 200)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(html);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
