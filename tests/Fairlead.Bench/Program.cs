using System.Globalization;
using System.Net;
using Fairlead.Bench;
using Fairlead.Bench.Dashboard;
using Fairlead.Bench.Data;
using Fairlead.Bench.Edge;
using Fairlead.Bench.Images;
using Fairlead.Bench.Judging;
using Fairlead.Bench.Monitoring;
using Fairlead.Bench.Pipelines;
using Fairlead.Bench.Responding;
using Fairlead.Bench.Telemetry;
using Fairlead.Model.Releases;

return args switch
{
    ["bench", "backup"] => await BackupBench.RunAsync(),
    ["bench", "edge"] => await EdgeBench.RunAsync(),
    ["bench", "images"] => await ImageBench.RunAsync(),
    ["bench", "judge"] => JudgeBench.Run(healthy: 10_000, harmful: 200),
    ["bench", "judge", var healthy, var harmful] => JudgeBench.Run(
        int.Parse(healthy, CultureInfo.InvariantCulture),
        int.Parse(harmful, CultureInfo.InvariantCulture)
    ),
    ["bench", "logs"] => await LogBench.RunAsync(2_000_000),
    ["bench", "monitors"] => await MonitorBench.RunAsync(1_000, TimeSpan.FromMinutes(2)),
    ["bench", "monitors", var count, var time] => await MonitorBench.RunAsync(
        int.Parse(count, CultureInfo.InvariantCulture),
        Units.TryParseDuration(time) ?? TimeSpan.FromMinutes(2)
    ),
    ["bench", "pipelines"] => PipelineBench.Run(other: null),
    ["bench", "pipelines", var other] => PipelineBench.Run(other),
    ["bench", "respond"] => await RespondBench.RunAsync(),
    ["bench", "telemetry"] => await TelemetryBench.RunAsync(),
    ["bench", "pages"] => await PageBench.RunAsync(5),
    ["bench", "viewers"] => await ViewerBench.RunAsync(100),
    ["bench", "viewers", var viewers] => await ViewerBench.RunAsync(int.Parse(viewers, CultureInfo.InvariantCulture)),
    // For the bench itself: what is measured is in a process of its own.
    ["serve", "metrics", var folder, var port] => await MetricServer.RunAsync(folder, port),
    ["serve", "kill", var folder, var since] => await KillRun.AppendAsync(folder, since),
    ["load", var url, .. var options] => await LoadAsync(url, options),
    _ => Help(),
};

// Sends requests at a steady rate, whatever the answers do: a closed loop would hide what is lost.
static async Task<int> LoadAsync(string text, string[] options)
{
    var named = options.Chunk(2).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1]);
    if (
        !Uri.TryCreate(text, UriKind.Absolute, out var url)
        || url.Scheme != "http"
        || !int.TryParse(named.GetValueOrDefault("--rate", "50"), CultureInfo.InvariantCulture, out var rate)
        || rate is < 1 or > 10_000
        || Units.TryParseDuration(named.GetValueOrDefault("--for", "60s")) is not { } time
        || time > TimeSpan.FromHours(1)
        || !(url.IsLoopback || url.Host.EndsWith(".localhost", StringComparison.Ordinal))
    )
    {
        return Help();
    }
    using var stop = new CancellationTokenSource();
    Console.CancelKeyPress += (_, pressed) =>
    {
        pressed.Cancel = true;
        stop.Cancel();
    };
    var report = await OpenLoop.RunAsync(
        new Load
        {
            Target = new IPEndPoint(IPAddress.Loopback, url.Port),
            Host = named.GetValueOrDefault("--host", url.Host),
            Path = url.PathAndQuery,
            PerSecond = rate,
            Duration = time,
        },
        stop.Token
    );
    Console.WriteLine(report);
    return report.Lost == 0 ? 0 : 1;
}

static int Help()
{
    Console.Error.WriteLine(
        "Usage: bench backup | bench edge | bench images | bench judge | bench logs | bench monitors [COUNT TIME] | bench pages | bench pipelines [GITLAB-CI-LOCAL] | bench respond | bench telemetry | bench viewers [COUNT] | load http://127.0.0.1:PORT/PATH [--rate 1..10000] [--for 60s] [--host NAME]; only loopback."
    );
    return 2;
}
