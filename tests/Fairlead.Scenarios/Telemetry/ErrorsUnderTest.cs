using System.Net;
using Fairlead.Drivers.Forwarding;
using Fairlead.Drivers.Intakes;
using Fairlead.Drivers.Stores;
using Fairlead.Engine.Watching.Errors;
using Fairlead.Engine.Watching.Errors.SourceMaps;
using Fairlead.Faces.Intake;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using Fairlead.Model.Security;
using Fairlead.Model.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Scenarios.Telemetry;

/// <summary>Everything that takes errors in, on a web server of its own, with a store on the disk.</summary>
internal sealed class ErrorsUnderTest : IAsyncDisposable
{
    public static readonly Site Shop = new("shop", "production");

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("fairlead-errors-");
    private readonly World world = new(TimeProvider.System, new Random(1));
    private readonly WebApplication app;
    private readonly VendorForwarder forwarder;
    private readonly Dictionary<string, string> pages = [];

    private ErrorsUnderTest()
    {
        Store = SqliteErrorStore.Open(Path.Combine(folder.FullName, "errors.db"), GroupLife.After);
        Unminifier = new(Store);
        forwarder = new(world, NullLogger.Instance);
        Desk = new(Store, world, new Scrubber([1, 2, 3]), Unminifier) { Forwarder = forwarder };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        app = builder.Build();
        IIntake[] intakes =
        [
            new BugsnagIntake(Desk, world),
            new RollbarIntake(Desk, world),
            new SentryIntake(Desk, world),
        ];
        IntakeFace.Map(app, intakes, Keys.TryRead);
        app.MapGet(
            "/{**path}",
            (HttpContext http) =>
                pages.TryGetValue(http.Request.Path, out var page)
                    ? Results.Content(
                        page,
                        http.Request.Path.Value!.EndsWith(".js", StringComparison.Ordinal)
                            ? "text/javascript"
                            : "text/html"
                    )
                    : Results.NotFound()
        );
    }

    public SqliteErrorStore Store { get; }

    public Unminifier Unminifier { get; }

    public ErrorDesk Desk { get; }

    public SourceKeys Keys { get; } = new(new byte[SourceKeys.SecretBytes]);

    public Uri Url =>
        new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public string Folder => folder.FullName;

    /// <summary>The key of a replica of release 42.</summary>
    public string ApiKey => Keys.For(new(Shop, "api", new Part("api", 42), 0));

    /// <summary>The key of the shop's pages, which may be of any release.</summary>
    public string PageKey => Keys.For(new(Shop));

    public static async Task<ErrorsUnderTest> StartAsync(CancellationToken stop)
    {
        var errors = new ErrorsUnderTest();
        await errors.app.StartAsync(stop);
        return errors;
    }

    public string Dsn(string key) => $"http://{key}@{Url.Authority}/1";

    /// <summary>Serves a text under a path.</summary>
    public void Page(string path, string text) => pages[path] = text;

    public async Task<IReadOnlyList<ErrorGroup>> GroupsAsync(CancellationToken stop) =>
        [.. (await Store.ListAsync(new(Shop), stop)).OrderBy(group => group.Title, StringComparer.Ordinal)];

    public async Task<ErrorEvent> EventAsync(string title, CancellationToken stop)
    {
        var group = (await GroupsAsync(stop)).Single(group => group.Title == title);
        return (await Store.EventsAsync(group.Id, 1, stop))[0];
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await forwarder.DisposeAsync();
        Store.Dispose();
        folder.Delete(recursive: true);
    }
}
