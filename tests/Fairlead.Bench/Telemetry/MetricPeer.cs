using System.Diagnostics;
using System.Globalization;
using Fairlead.Bench.Edge;

namespace Fairlead.Bench.Telemetry;

/// <summary>A store of metrics behind HTTP, in a process and a folder of its own.</summary>
internal sealed class MetricPeer(string name, string folder, Func<MetricPeer, IReadOnlyList<string>> words)
    : IDisposable
{
    private static readonly TimeSpan StartMax = TimeSpan.FromMinutes(2);
    private static readonly HttpClient Http = new();

    private Process? process;

    public string Name => name;

    public string Folder => folder;

    public int Port { get; } = Peer.FreePort();

    /// <summary>Where it takes remote write.</summary>
    public Uri Write => new($"http://127.0.0.1:{Port}/api/v1/write");

    private string ReadyPath => name == "prometheus" ? "/-/ready" : "/health";

    /// <summary>Those that are on this machine.</summary>
    public static IReadOnlyList<MetricPeer> All(string root)
    {
        List<MetricPeer> all =
        [
            new(
                "fairlead",
                Path.Combine(root, "fairlead"),
                peer =>
                    [
                        "dotnet",
                        typeof(MetricPeer).Assembly.Location,
                        "serve",
                        "metrics",
                        peer.Folder,
                        peer.Port.ToString(CultureInfo.InvariantCulture),
                    ]
            ),
        ];
        if (Programs.Find("prometheus") is { } prometheus)
        {
            var settings = Path.Combine(root, "prometheus.yml");
            File.WriteAllText(settings, "global: {}\n");
            all.Add(
                new(
                    "prometheus",
                    Path.Combine(root, "prometheus"),
                    peer =>
                        [
                            prometheus,
                            $"--config.file={settings}",
                            $"--storage.tsdb.path={peer.Folder}",
                            $"--web.listen-address=127.0.0.1:{peer.Port}",
                            "--web.enable-remote-write-receiver",
                            "--log.level=error",
                        ]
                )
            );
        }
        if (Programs.Find("victoria-metrics") is { } victoria)
        {
            all.Add(
                new(
                    "victoria",
                    Path.Combine(root, "victoria"),
                    peer =>
                        [
                            victoria,
                            $"-storageDataPath={peer.Folder}",
                            $"-httpListenAddr=127.0.0.1:{peer.Port}",
                            "-retentionPeriod=12",
                        ]
                )
            );
        }
        return all;
    }

    /// <summary>Starts it and waits until it answers.</summary>
    /// <returns>How long that took.</returns>
    public async Task<TimeSpan> StartAsync()
    {
        Directory.CreateDirectory(folder);
        var start = Stopwatch.GetTimestamp();
        process = Programs.Start(words(this), name == "fairlead" ? Roles.Up.RoleTuning.Of("server") : null);
        using var limit = new CancellationTokenSource(StartMax);
        while (!await IsReadyAsync())
        {
            limit.Token.ThrowIfCancellationRequested();
            if (process.HasExited)
            {
                throw new InvalidOperationException($"{name} ended with {process.ExitCode}");
            }
            await Task.Delay(TimeSpan.FromMilliseconds(5), limit.Token);
        }
        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>Asks its API; null where it does not answer with 200.</summary>
    public async Task<string?> AskAsync(string pathAndQuery)
    {
        using var answer = await Http.GetAsync(new Uri($"http://127.0.0.1:{Port}{pathAndQuery}"));
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? text : null;
    }

    /// <summary>Processor time used so far.</summary>
    public TimeSpan Processor()
    {
        process!.Refresh();
        return process.TotalProcessorTime;
    }

    /// <summary>Resident memory now, in bytes.</summary>
    public long Memory() => Status("VmRSS");

    /// <summary>The most resident memory so far, in bytes.</summary>
    public long MemoryMost() => Status("VmHWM");

    /// <summary>Of all its files.</summary>
    public long DiskBytes() =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);

    /// <summary>Ends it as an operator would.</summary>
    public async Task StopAsync()
    {
        if (process is { HasExited: false })
        {
            using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
            await process.WaitForExitAsync();
        }
        process?.Dispose();
        process = null;
    }

    /// <summary>Ends it as the kernel would that is out of memory.</summary>
    public async Task KillAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        process = null;
    }

    public void Dispose()
    {
        if (process is { HasExited: false })
        {
            process.Kill();
        }
        process?.Dispose();
    }

    private long Status(string field) =>
        File.ReadLines($"/proc/{process!.Id}/status")
            .Where(line => line.StartsWith(field, StringComparison.Ordinal))
            .Select(line =>
                long.Parse(line.Split(':')[1].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture)
            )
            .First() * 1024;

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            return await AskAsync(ReadyPath) is not null;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
