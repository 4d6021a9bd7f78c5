using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Fairlead.Bench.Responding;

/// <summary>
/// How long it takes from an app beginning to fail until a webhook says so: by Fairlead as it is shipped, and by Prometheus and Alertmanager (Debian's)
/// beside it, which watch the same app in the same moments, once with everything set to a second and once as their examples have it.
/// </summary>
internal static class RespondBench
{
    private const int Rounds = 5;
    private const int PerSecond = 100;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    public static async Task<int> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("fairlead-respond-").FullName;
        var processes = new List<Process>();
        try
        {
            await MeasureAsync(folder, processes);
            return 0;
        }
        finally
        {
            await Fairlead(folder, "down").WaitForExitAsync();
            foreach (var process in processes)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync();
                process.Dispose();
            }
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(string folder, List<Process> processes)
    {
        using var ours = new Sink();
        var peers = new List<(string Name, Sink Sink)> { ("Fairlead, as shipped", ours) };
        var (app, http) = (FreePort(), FreePort());
        WriteApp(folder, app);
        await DoneAsync(Fairlead(folder, "up", "--http", $"127.0.0.1:{http}", "--api", "127.0.0.1:0", "--background"));
        File.WriteAllText(Path.Combine(folder, "alerting.yaml"), Routing(ours, "0s", "1s"));
        await DoneAsync(Fairlead(folder, "routing", "set", "--file", Path.Combine(folder, "alerting.yaml")));
        await DoneAsync(Fairlead(folder, "deploy", Path.Combine(folder, "app")));
        if (File.Exists("/usr/bin/prometheus") && File.Exists("/usr/bin/prometheus-alertmanager"))
        {
            peers.Add(
                (
                    "Prometheus + Alertmanager, 1 s everywhere",
                    Peer(folder, "tuned", app, ("1s", "10s", "0s", "1s"), processes)
                )
            );
            peers.Add(
                (
                    "Prometheus + Alertmanager, usual settings",
                    Peer(folder, "usual", app, ("15s", "1m", "30s", "1m"), processes)
                )
            );
        }
        else
        {
            Console.WriteLine(
                "Prometheus and Alertmanager are not here (Debian: prometheus, prometheus-alertmanager): Fairlead alone is measured."
            );
        }
        using var end = new CancellationTokenSource();
        var load = LoadAsync(http, end.Token);
        await Task.Delay(TimeSpan.FromSeconds(20));
        var times = await RoundsAsync(folder, peers);
        await end.CancelAsync();
        await load;
        Print(peers, times);
    }

    private static async Task LoadAsync(int port, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await OpenLoop.RunAsync(
                new Load
                {
                    Target = new IPEndPoint(IPAddress.Loopback, port),
                    Host = "watched.localhost",
                    Path = "/",
                    PerSecond = PerSecond,
                    Duration = TimeSpan.FromMinutes(10),
                },
                stop
            );
        }
    }

    private static async Task<List<double?[]>> RoundsAsync(string folder, List<(string Name, Sink Sink)> peers)
    {
        var times = new List<double?[]>();
        var flag = Path.Combine(folder, "bad");
        for (var round = 1; round <= Rounds; round++)
        {
            // At another moment of everybody's second each time.
            await Task.Delay(TimeSpan.FromMilliseconds(173 * round));
            peers.ForEach(static one => one.Sink.Clear());
            var began = DateTimeOffset.UtcNow;
            File.WriteAllText(flag, "");
            var waits = peers.Select(one => one.Sink.WaitAsync("firing", Longest)).ToList();
            var told = await Task.WhenAll(waits);
            File.Delete(flag);
            times.Add([.. told.Select(at => (at - began)?.TotalSeconds)]);
            Console.WriteLine($"round {round}: {string.Join(", ", times[^1].Select(Text))}");
            await Task.WhenAll(peers.Select(one => one.Sink.WaitAsync("resolved", TimeSpan.FromMinutes(8))));
        }
        return times;
    }

    private static void Print(List<(string Name, Sink Sink)> peers, List<double?[]> times)
    {
        Console.WriteLine("\n| breach to webhook | median | longest | beside Fairlead |\n| --- | ---: | ---: | ---: |");
        var own = Median(times, 0);
        for (var i = 0; i < peers.Count; i++)
        {
            var median = Median(times, i);
            Console.WriteLine(
                $"| {peers[i].Name} | {Text(median)} | {Text(times.Max(one => one[i]))} | {(median / own)?.ToString("0.0", CultureInfo.InvariantCulture) ?? "-"}x |"
            );
        }
    }

    private static double? Median(List<double?[]> times, int peer)
    {
        var sorted = times.Select(one => one[peer]).OfType<double>().Order().ToList();
        return sorted.Count == 0 ? null : sorted[sorted.Count / 2];
    }

    private static string Text(double? seconds) =>
        seconds is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known:0.00} s") : "never";

    private static Sink Peer(
        string folder,
        string name,
        int app,
        (string Every, string Window, string Wait, string Interval) how,
        List<Process> processes
    )
    {
        var sink = new Sink();
        var (prometheus, alertmanager) = (FreePort(), FreePort());
        var own = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        File.WriteAllText(
            Path.Combine(own, "rules.yaml"),
            $$"""
            groups:
              - name: watched
                rules:
                  - alert: ServiceErrors
                    expr: increase(app_failed_total[{{how.Window}}]) >= 10 and increase(app_failed_total[{{how.Window}}]) / increase(app_requests_total[{{how.Window}}]) > 0.05
                    labels: { severity: page }
            """
        );
        File.WriteAllText(
            Path.Combine(own, "prometheus.yaml"),
            $$"""
            global: { scrape_interval: {{how.Every}}, evaluation_interval: {{how.Every}} }
            rule_files: [ {{Path.Combine(own, "rules.yaml")}} ]
            alerting: { alertmanagers: [ { static_configs: [ { targets: [ "127.0.0.1:{{alertmanager}}" ] } ] } ] }
            scrape_configs: [ { job_name: app, scrape_timeout: 1s, static_configs: [ { targets: [ "127.0.0.1:{{app}}" ] } ] } ]
            """
        );
        File.WriteAllText(Path.Combine(own, "alertmanager.yaml"), Routing(sink, how.Wait, how.Interval));
        processes.Add(
            Start(
                "prometheus",
                own,
                $"--config.file={own}/prometheus.yaml",
                $"--storage.tsdb.path={own}/data",
                $"--web.listen-address=127.0.0.1:{prometheus}"
            )
        );
        processes.Add(
            Start(
                "prometheus-alertmanager",
                own,
                $"--config.file={own}/alertmanager.yaml",
                $"--storage.path={own}/alerts",
                $"--web.listen-address=127.0.0.1:{alertmanager}",
                "--cluster.listen-address="
            )
        );
        return sink;
    }

    private static string Routing(Sink sink, string wait, string interval) =>
        $$"""
            route:
              receiver: nobody
              group_by: [alertname]
              group_wait: {{wait}}
              group_interval: {{interval}}
              routes: [ { receiver: hook, matchers: [ alertname="ServiceErrors" ] } ]
            receivers:
              - name: nobody
              - name: hook
                webhook_configs: [ { url: "{{sink.Url}}" } ]
            """;

    private static void WriteApp(string folder, int port)
    {
        var app = Directory.CreateDirectory(Path.Combine(folder, "app")).FullName;
        File.WriteAllText(
            Path.Combine(app, "fairlead.yaml"),
            $$"""
            app: watched
            services:
              web: { kind: web, path: ., run: python3 app.py, port: {{port}}, health: { http: /healthz, startGrace: 60s }, deploy: { strategy: recreate } }
            environments:
              production: { rollback: never }
            """
        );
        File.WriteAllText(
            Path.Combine(app, "app.py"),
            $$"""
            import http.server, os
            BAD = {{System.Text.Json.JsonSerializer.Serialize(Path.Combine(folder, "bad"))}}
            count = {"all": 0, "failed": 0}
            class Handler(http.server.BaseHTTPRequestHandler):
                protocol_version = "HTTP/1.1"
                def do_GET(self):
                    status, body = 200, b"ok"
                    if self.path == "/metrics":
                        body = ("# TYPE app_requests_total counter\napp_requests_total %d\n# TYPE app_failed_total counter\napp_failed_total %d\n" % (count["all"], count["failed"])).encode()
                    elif self.path != "/healthz":
                        count["all"] += 1
                        if os.path.exists(BAD):
                            count["failed"] += 1
                            status = 500
                    self.send_response(status)
                    self.send_header("Content-Type", "text/plain")
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                def log_message(self, *args): pass
            http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
            """
        );
    }

    private static async Task DoneAsync(Process process)
    {
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(
                $"fairlead {process.StartInfo.ArgumentList[1]} ended with {process.ExitCode}."
            );
        }
    }

    private static Process Fairlead(string folder, params string[] words)
    {
        string[] program = File.Exists("artifacts/fairlead/current/fairlead")
            ? [Path.GetFullPath("artifacts/fairlead/current/fairlead")]
            : ["dotnet", Path.Combine(AppContext.BaseDirectory, "fairlead.dll")];
        return Start(program[0], folder, [.. program.Skip(1), .. words, "--state", Path.Combine(folder, "state")]);
    }

    private static Process Start(string program, string folder, params string[] words) =>
        Process.Start(
            new ProcessStartInfo(program, words)
            {
                WorkingDirectory = folder,
                UseShellExecute = false,
                RedirectStandardOutput = program.Contains("prometheus", StringComparison.Ordinal),
                RedirectStandardError = program.Contains("prometheus", StringComparison.Ordinal),
            }
        )!;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
