using System.Globalization;
using System.Net;
using System.Text;
using Fairlead.Model.Incidents;

namespace Fairlead.Roles.Drill;

/// <summary>
/// One service of the scratch app of drills: a page, what it depends on, what it needs from outside, or a visitor who counts. <c>FAULT</c> lets it
/// go wrong: <c>errors</c> or <c>slow</c>.
/// </summary>
internal static class DrillRole
{
    public const string TallyPath = "/tally";

    private const int VisitsPerSecond = 50;
    private const int BadOfTen = 3;
    private const string FullPlace = "/dev/full";
    private static readonly TimeSpan Slowness = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan VisitMax = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan OutsideMax = TimeSpan.FromSeconds(4);

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name);

    public static async Task<int> RunAsync(RoleContext context, CancellationToken stop)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(context.Logs);
        var port = int.Parse(Variable("PORT") ?? "0", CultureInfo.InvariantCulture);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        using var outside = Variable("DRILL_PART") == "outside" ? new Outside(context.World.Clock) : null;
        outside?.Listen(builder);
        await using var app = builder.Build();
        app.MapGet("/healthz", static () => "ok");
        var work = outside?.MapAsync(app, stop) ?? MapAsync(app, stop);
        await app.StartAsync(stop);
        try
        {
            await Task.WhenAll(work, Task.Delay(Timeout.Infinite, stop));
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
                new Page().Map(app);
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

    /// <summary>The page that visitors ask for: it needs another service, the outside, and a disk.</summary>
    private sealed class Page : IDisposable
    {
        private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = VisitMax };
        private readonly HttpClient outside = Outside.Client(Below("OUTSIDE_URL", Outside.WherePath), OutsideMax);
        private readonly string record = Path.Combine(
            Path.GetTempPath(),
            string.Create(CultureInfo.InvariantCulture, $"fairlead-drill-{Environment.ProcessId}")
        );
        private bool isDiskFull;
        private int count;

        public void Map(WebApplication app)
        {
            app.Lifetime.ApplicationStopped.Register(Dispose);
            Faults.Map(app, "", Turn);
            app.MapGet("/{*path}", (CancellationToken ended) => AnswerAsync(Interlocked.Increment(ref count), ended));
        }

        public void Dispose()
        {
            http.Dispose();
            outside.Dispose();
            File.Delete(record);
        }

        private bool Turn(string fault, bool isOn)
        {
            // A place that is always full: writing there fails as on any other disk without room.
            if (fault != Faults.DiskFault || !File.Exists(FullPlace))
            {
                return false;
            }
            isDiskFull = isOn;
            return true;
        }

        private async Task<IResult> AnswerAsync(int number, CancellationToken stop)
        {
            if (Variable("FAULT") == "errors" && number % 10 < BadOfTen)
            {
                return Failed("This answer was chosen to fail.");
            }
            try
            {
                var needed = await http.GetStringAsync(Below("DEP_URL", "/dep"), stop);
                var far = await outside.GetStringAsync(new Uri(Outside.PagePath, UriKind.Relative), stop);
                await RecordAsync(number, stop);
                return Results.Text($"This app is for drills. {needed}{far}");
            }
            catch (Exception caught) when (caught is HttpRequestException or TaskCanceledException or IOException)
            {
                stop.ThrowIfCancellationRequested();
                return Failed(caught.GetBaseException().Message);
            }
        }

        // Always over what was there: the page is asked for often.
        private async Task RecordAsync(int number, CancellationToken stop)
        {
            await using var file = new FileStream(
                isDiskFull ? FullPlace : record,
                FileMode.OpenOrCreate,
                FileAccess.Write,
                FileShare.ReadWrite
            );
            await file.WriteAsync(
                Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{number}\n")),
                stop
            );
        }

        private static IResult Failed(string why) =>
            Results.Text($"{why}\n", statusCode: StatusCodes.Status500InternalServerError);

        // The address of a service may have a path of its own.
        private static Uri Below(string variable, string path) => new($"{Variable(variable)?.TrimEnd('/')}{path}");
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
