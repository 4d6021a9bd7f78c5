using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Engine.Judging.PromQl.Reading;
using Fairlead.Model.Telemetry;

namespace Fairlead.Scenarios.Metrics;

/// <summary>Debian's Prometheus on loopback, with the samples of a test in its store.</summary>
internal sealed class PrometheusPeer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string folder = Directory.CreateTempSubdirectory("fairlead-prometheus-").FullName;
    private readonly HttpClient http = new();
    private Process? process;

    /// <summary>Null when it is there.</summary>
    public static string? Missing =>
        File.Exists("/usr/bin/prometheus") && File.Exists("/usr/bin/promtool")
            ? null
            : "prometheus and promtool are not installed (Debian package prometheus)";

    public Uri Address => http.BaseAddress!;

    public async Task StartAsync(IReadOnlyList<SeriesSamples> batch, CancellationToken stop)
    {
        var samples = Path.Combine(folder, "samples.txt");
        await File.WriteAllTextAsync(samples, OpenMetrics(batch), stop);
        var store = Path.Combine(folder, "store");
        await RunAsync("/usr/bin/promtool", ["tsdb", "create-blocks-from", "openmetrics", samples, store], stop);
        var config = Path.Combine(folder, "prometheus.yml");
        await File.WriteAllTextAsync(config, "global: {}\n", stop);
        var port = FreePort();
        http.BaseAddress = new Uri($"http://127.0.0.1:{port}");
        process = Started(
            "/usr/bin/prometheus",
            [
                $"--config.file={config}",
                $"--storage.tsdb.path={store}",
                "--storage.tsdb.retention.time=100y",
                $"--web.listen-address=127.0.0.1:{port}",
                "--enable-feature=promql-at-modifier,promql-negative-offset",
            ]
        );
        await ReadyAsync(stop);
    }

    /// <summary>The answer's JSON, whether it is a success or not.</summary>
    public async Task<JsonNode> AskAsync(string path, CancellationToken stop, params (string Name, string Value)[] form)
    {
        using var content = new FormUrlEncodedContent(form.Select(one => KeyValuePair.Create(one.Name, one.Value)));
        using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), content, stop);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(stop))!;
    }

    public static async Task<(int Code, string Output)> TryAsync(string program, string[] words, CancellationToken stop)
    {
        using var one = Started(program, words);
        var (output, errors) = (one.StandardOutput.ReadToEndAsync(stop), one.StandardError.ReadToEndAsync(stop));
        await one.WaitForExitAsync(stop);
        return (one.ExitCode, await output + await errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }
        process?.Dispose();
        http.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task RunAsync(string program, string[] words, CancellationToken stop)
    {
        var (code, output) = await TryAsync(program, words, stop);
        Assert.True(code == 0, $"{program} {string.Join(' ', words)}: {output}");
    }

    private static Process Started(string program, string[] words) =>
        Process.Start(
            new ProcessStartInfo(program, words)
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;

    private async Task ReadyAsync(CancellationToken stop)
    {
        // Unread pipes fill up and stop it.
        process!.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Patience);
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri("/-/ready", UriKind.Relative), limit.Token);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException) when (!process.HasExited)
            {
                // It does not listen yet.
            }
            await Task.Delay(50, limit.Token);
        }
    }

    private static string OpenMetrics(IReadOnlyList<SeriesSamples> batch)
    {
        var text = new StringBuilder();
        foreach (var family in batch.GroupBy(one => one.Labels.Name))
        {
            foreach (var (labels, samples) in family)
            {
                // Its reader takes no space between labels.
                var series = Written.Series(labels).Replace("\", ", "\",", StringComparison.Ordinal);
                foreach (var (at, value) in samples)
                {
                    text.Append(CultureInfo.InvariantCulture, $"{series} {Numbers.Write(value)} {at / 1000.0:F3}\n");
                }
            }
        }
        return text.Append("# EOF\n").ToString();
    }
}
