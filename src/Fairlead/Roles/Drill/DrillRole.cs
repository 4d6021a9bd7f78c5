using System.Globalization;
using System.Net;
using Fairlead.Model.Incidents;

namespace Fairlead.Roles.Drill;

/// <summary>
/// One service of the scratch app of drills: a page, what it depends on, or a visitor who counts. <c>FAULT</c> lets it go wrong: <c>errors</c>
/// or <c>slow</c>.
/// </summary>
internal static class DrillRole
{
    public const string TallyPath = "/tally";

    private const int VisitsPerSecond = 50;
    private const int BadOfTen = 3;
    private static readonly TimeSpan Slowness = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan VisitMax = TimeSpan.FromSeconds(10);

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name);

    public static async Task<int> RunAsync(RoleContext context, CancellationToken stop)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(context.Logs);
        var port = int.Parse(Variable("PORT") ?? "0", CultureInfo.InvariantCulture);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        await using var app = builder.Build();
        app.MapGet("/healthz", static () => "ok");
        var visitor = MapAsync(app, stop);
        await app.StartAsync(stop);
        try
        {
            await Task.WhenAll(visitor, Task.Delay(Timeout.Infinite, stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await app.StopAsync(CancellationToken.None);
        }
        return 0;
    }

    private static Task MapAsync(WebApplication app, CancellationToken stop)
    {
        switch (Variable("DRILL_PART"))
        {
            case "visitor":
                var visitor = new Visitor(new Uri(Variable("DRILL_VISIT")!), Variable("DRILL_HOST")!);
                app.MapGet(TallyPath, () => Results.Json(visitor.Tally));
                return visitor.RunAsync(stop);
            case "dep":
                app.MapGet("/{*path}", DependencyAsync);
                return Task.CompletedTask;
            default:
                var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = VisitMax };
                app.Lifetime.ApplicationStopped.Register(http.Dispose);
                var count = 0;
                app.MapGet(
                    "/{*path}",
                    (CancellationToken ended) => PageAsync(http, Interlocked.Increment(ref count), ended)
                );
                return Task.CompletedTask;
        }
    }

    private static async Task<string> DependencyAsync(CancellationToken ended)
    {
        if (Variable("FAULT") == "slow")
        {
            await Task.Delay(Slowness, ended);
        }
        return "I am what others need.\n";
    }

    private static async Task<IResult> PageAsync(HttpClient http, int number, CancellationToken stop)
    {
        if (Variable("FAULT") == "errors" && number % 10 < BadOfTen)
        {
            return Results.Text(
                "This answer was chosen to fail.\n",
                statusCode: StatusCodes.Status500InternalServerError
            );
        }
        var needed = await http.GetStringAsync(new Uri($"{Variable("DEP_URL")?.TrimEnd('/')}/dep"), stop);
        return Results.Text($"This app is for drills. {needed}");
    }

    /// <summary>Asks for a page again and again, never more than it was told to, and counts.</summary>
    private sealed class Visitor(Uri page, string host)
    {
        private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1) / VisitsPerSecond;

        private long sent;
        private long failed;

        public DrillTally Tally => new(Interlocked.Read(ref sent), Interlocked.Read(ref failed));

        public async Task RunAsync(CancellationToken stop)
        {
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = VisitMax };
            using var room = new SemaphoreSlim(VisitsPerSecond * 10);
            using var every = new PeriodicTimer(Pause);
            while (await every.WaitForNextTickAsync(stop))
            {
                if (await room.WaitAsync(TimeSpan.Zero, stop))
                {
                    _ = VisitAsync(http, room, stop);
                }
            }
        }

        private async Task VisitAsync(HttpClient http, SemaphoreSlim room, CancellationToken stop)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, page);
                request.Headers.Host = host;
                using var answer = await http.SendAsync(request, stop);
                if ((int)answer.StatusCode >= StatusCodes.Status500InternalServerError)
                {
                    Interlocked.Increment(ref failed);
                }
            }
            catch (Exception caught) when (caught is HttpRequestException or OperationCanceledException)
            {
                Interlocked.Increment(ref failed);
            }
            finally
            {
                Interlocked.Increment(ref sent);
                room.Release();
            }
        }
    }
}
