using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Fairlead.Drivers.Intakes;
using Fairlead.Drivers.Telemetry.Logs;
using Fairlead.Engine.Watching.Logs;
using Fairlead.Faces.Intake;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Bench.Telemetry;

/// <summary>
/// Logs through the real face (Loki's push over HTTP, parsed, masked, forced to disk before each answer) into the real store, and the
/// questions people ask of them. Lines are those of ten services, with ids and times that differ in each.
/// </summary>
internal static class LogBench
{
    private const int LinesPerPush = 2_000;
    private const int Senders = 4;
    private const int Rounds = 7;
    private const string Rare = "needle7f3a9c";
    private const long Start = 1_767_225_600_000_000_000;
    private const long Second = 1_000_000_000;

    // The lines are of a day long ago, and none is to be let go.
    private static readonly LogStoreSettings Settings = new() { Age = TimeSpan.FromDays(36_500) };

    public static async Task<int> RunAsync(int lines)
    {
        var folder = Directory.CreateTempSubdirectory("fairlead-logs-").FullName;
        try
        {
            var (pushes, raw) = Pushes(Path.Combine(folder, "pushes"), lines);
            await MeasureAsync(Path.Combine(folder, "logs"), pushes, lines, raw);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(string folder, IReadOnlyList<string> pushes, int lines, long raw)
    {
        var world = new World(TimeProvider.System, new Random(1));
        await using (var store = LogStore.Open(folder, Settings, world, NullLogger.Instance))
        {
            var sink = new LogReception(store, Masker.Of(["a-known-secret-value"]), world);
            await using var app = await HostAsync(new LokiIntake(sink, world));
            var address = app
                .Services.GetRequiredService<IServer>()
                .Features.Get<IServerAddressesFeature>()!
                .Addresses.First();
            var watch = Stopwatch.StartNew();
            var cpu = Process.GetCurrentProcess().TotalProcessorTime;
            await SendAsync(new Uri(address), pushes);
            var seconds = watch.Elapsed.TotalSeconds;
            var used = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds;
            Say("lines/s over HTTP", lines / seconds, "lines/s");
            Say("CPU, senders among it", used / lines * 1e6, "µs/line");
            await store.SealAsync(CancellationToken.None);
            Say("on disk", (double)store.Holdings.Bytes / raw, $"of {raw >> 20} MiB raw");
        }
        GC.Collect();
        var opening = Stopwatch.StartNew();
        await using var again = LogStore.Open(folder, Settings, world, NullLogger.Instance);
        Say("opened again", opening.Elapsed.TotalMilliseconds, "ms");
        Console.WriteLine(
            $"{again.Holdings.Records:n0} records, {Process.GetCurrentProcess().WorkingSet64 >> 20} MiB resident"
        );
        await AskAsync(again, lines);
        Console.WriteLine($"{Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB resident at most");
    }

    private static async Task AskAsync(LogStore store, int lines)
    {
        var end = Start + (lines * (Second / 1_000));
        await AskAsync("rare word", store, new() { Text = Rare });
        await AskAsync("word that is nowhere", store, new() { Text = "nowhere0nowhere" });
        await AskAsync("part of a word, all lines", store, new() { Text = "*eedle7f3a*" });
        await AskAsync("expression, all lines", store, new() { Regex = "needle[0-9]f3a9" });
        await AskAsync("newest 100 errors", store, new() { Severity = Severity.Error });
        await AskAsync("frequent word, newest 100", store, new() { Text = "timeout" });
        await AskAsync("one field", store, new() { Fields = [new("user", "u4242")] });
        await AskAsync(
            "last 5 minutes of one service",
            store,
            new() { From = end - (300 * Second), Stream = [new(MatchKind.Equal, "job", "svc3")] }
        );
        await TimeAsync("histogram by minute, all", () => store.CountAsync(new(), 60 * Second, CancellationToken.None));
        await TimeAsync(
            "histogram by second, 5 minutes",
            () => store.CountAsync(new() { From = end - (300 * Second) }, Second, CancellationToken.None)
        );
    }

    private static Task AskAsync(string name, LogStore store, LogFilter filter) =>
        TimeAsync(name, () => store.SearchAsync(new LogSearch(filter, 100), CancellationToken.None));

    private static async Task TimeAsync(string name, Func<Task> ask)
    {
        List<double> times = [];
        var used = Process.GetCurrentProcess().TotalProcessorTime;
        for (var round = 0; round < Rounds; round++)
        {
            var watch = Stopwatch.StartNew();
            await ask();
            times.Add(watch.Elapsed.TotalMilliseconds);
        }
        // On a busy machine the processor's time says more than the clock's.
        var cpu = (Process.GetCurrentProcess().TotalProcessorTime - used).TotalMilliseconds / Rounds;
        Say(
            name,
            times.Order().ElementAt(Rounds / 2),
            string.Create(CultureInfo.InvariantCulture, $"ms ({cpu:0.#} ms CPU)")
        );
    }

    private static void Say(string name, double value, string unit) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {value:0.##} | {unit} |"));

    private static async Task<WebApplication> HostAsync(IIntake intake)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        IntakeFace.Map(app, [intake], _ => new Source(new Site("shop", "production")));
        await app.StartAsync();
        return app;
    }

    private static async Task SendAsync(Uri address, IReadOnlyList<string> pushes)
    {
        using var http = new HttpClient { BaseAddress = address };
        await Parallel.ForEachAsync(
            pushes,
            new ParallelOptions { MaxDegreeOfParallelism = Senders },
            async (push, stop) =>
            {
                using var content = new ByteArrayContent(await File.ReadAllBytesAsync(push, stop));
                content.Headers.ContentType = new("application/json");
                using var answer = await http.PostAsync("/loki/api/v1/push", content, stop);
                answer.EnsureSuccessStatusCode();
            }
        );
    }

    private static (IReadOnlyList<string> Paths, long Raw) Pushes(string folder, int lines)
    {
        Directory.CreateDirectory(folder);
        var random = new Random(7);
        List<string> paths = [];
        long raw = 0;
        for (var first = 0; first < lines; first += LinesPerPush)
        {
            var all = Enumerable
                .Range(first, Math.Min(LinesPerPush, lines - first))
                .Select(number =>
                    (At: Start + (number * (Second / 1_000)), Line: Line(random, number, number == lines / 3))
                )
                .ToList();
            raw += all.Sum(one => (long)Encoding.UTF8.GetByteCount(one.Line));
            var streams = all.GroupBy(_ => $"svc{random.Next(10)}")
                .Select(group => new
                {
                    stream = new { job = group.Key },
                    values = group.Select(one => new[] { one.At.ToString(CultureInfo.InvariantCulture), one.Line }),
                });
            var path = Path.Combine(folder, first.ToString("d9", CultureInfo.InvariantCulture));
            File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(new { streams }));
            paths.Add(path);
        }
        return (paths, raw);
    }

    private static string Line(Random random, int number, bool isRare)
    {
        var id = random.NextInt64().ToString("x16", CultureInfo.InvariantCulture);
        var user = string.Create(CultureInfo.InvariantCulture, $"u{random.Next(50_000)}");
        return random.Next(100) switch
        {
            _ when isRare => $"level=info msg=\"found the {Rare} in the haystack\" request={id}",
            < 1 => $"level=error msg=\"upstream timeout after {random.Next(5_000)} ms\" request={id} user={user}",
            < 4 => $"level=warn msg=\"slow query\" ms={random.Next(3_000)} table=orders request={id} user={user}",
            < 60 =>
                $"level=info msg=\"GET /api/items/{random.Next(100_000)} 200\" ms={random.Next(200)} request={id} user={user}",
            < 85 =>
                $"level=info msg=\"cart updated\" items={random.Next(9)} total={random.Next(90_000)} request={id} user={user} n={number}",
            _ =>
                $"level=debug msg=\"cache {(random.Next(2) == 0 ? "hit" : "miss")}\" key=item:{random.Next(100_000)} request={id}",
        };
    }
}
