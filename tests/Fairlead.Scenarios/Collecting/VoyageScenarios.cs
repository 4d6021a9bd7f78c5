using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Voyage = Fairlead.Scenarios.Voyages.Platform;

namespace Fairlead.Scenarios.Collecting;

/// <summary>A whole Fairlead collects from itself, from an app and from StatsD, and keeps it in a Prometheus.</summary>
public sealed class VoyageScenarios
{
    private const string Manifest = """
        app: shop
        services:
          web:
            kind: web
            metrics: { path: /metrics, every: 1s }
        """;

    private const string Requests =
        "fairlead_requests_total{app=\"shop\",environment=\"production\",service=\"web\",release=\"1\",code=\"2xx\"}";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_edge_the_host_the_app_and_statsd_count_is_found_by_query()
    {
        await using var prometheus = await PrometheusPeer.StartAsync();
        var statsd = RealPeer.FreePort();
        await using var platform = await Voyage.StartAsync(
            new Dictionary<string, string>
            {
                ["FAIRLEAD_METRICS_URL"] = prometheus.Url,
                ["FAIRLEAD_STATSD"] = $"127.0.0.1:{statsd}",
            }
        );
        var deployed = await platform.DeployAsync(platform.App("shop", Manifest));
        Assert.True(deployed.Code == 0, deployed.ToString());

        await RequestsAreCountedAsync(platform, prometheus);
        await HostAndReplicaAreMeasuredAsync(platform, prometheus);
        await AnAppWithoutMetricsIsToldAsync(platform, prometheus);
        await StatsdIsTakenAsync(statsd, prometheus);
        await ATargetIsNamedAndTakenBackAsync(platform, prometheus);
        await OurOwnPageIsSoundAsync(platform);

        // An edge that is killed begins to count anew.
        platform.Kill("edge");
        await prometheus.AwaitAsync($"sum({Requests}) or vector(0)", value => value is 0);
    }

    // Each one that the edge carried, from the first on.
    private static async Task RequestsAreCountedAsync(Voyage platform, PrometheusPeer prometheus)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://{platform.Public}/") };
        http.DefaultRequestHeaders.Host = "shop.localhost";
        for (var index = 0; index < 20; index++)
        {
            (await http.GetAsync("/", Stop)).EnsureSuccessStatusCode();
        }
        await prometheus.AwaitAsync(Requests, value => value is 20);
        await prometheus.AwaitAsync(
            $"max_over_time({Requests}[5m]) - min_over_time({Requests}[5m])",
            value => value is 20
        );
        await prometheus.AwaitAsync("fairlead_request_duration_seconds_count{app=\"shop\"}", value => value is 20);
        await prometheus.AwaitAsync(
            "fairlead_request_duration_seconds_bucket{app=\"shop\",le=\"60\"}",
            value => value is 20
        );
    }

    // The host under the node exporter's names, the replica under its own.
    private static async Task HostAndReplicaAreMeasuredAsync(Voyage platform, PrometheusPeer prometheus)
    {
        await prometheus.AwaitAsync(
            "count(node_cpu_seconds_total{mode=\"idle\",job=\"node\"})",
            value => value == Environment.ProcessorCount
        );
        await prometheus.AwaitAsync(
            "fairlead_replica_resident_memory_bytes{app=\"shop\",release=\"1\",replica=\"0\"}",
            value => value > 1_000_000
        );
        var host = await platform.AskAsync("host", "status");
        Assert.Equal(Environment.ProcessorCount, host["processors"]!.GetValue<int>());
        Assert.Equal("web@1#0", host["replicas"]![0]!["replica"]!.GetValue<string>());
        Assert.True(host["memory"]!["total"]!.GetValue<long>() > 0);
    }

    // The sample answers this path too, but not with metrics.
    private static async Task AnAppWithoutMetricsIsToldAsync(Voyage platform, PrometheusPeer prometheus)
    {
        JsonNode? target = null;
        await RealPeer.UntilAsync(
            async () =>
            {
                var all = (await platform.AskAsync("scrape", "list"))["targets"]!.AsArray();
                target = all.FirstOrDefault(one => one!["job"]!.GetValue<string>() == "shop/web");
                return target?["state"]?.GetValue<string>() == "down";
            },
            () => $"{target}"
        );
        await prometheus.AwaitAsync("up{job=\"shop/web\",app=\"shop\",release=\"1\"}", value => value is 0);
    }

    private static async Task StatsdIsTakenAsync(int port, PrometheusPeer prometheus)
    {
        using var udp = new UdpClient();
        await udp.SendAsync(Encoding.ASCII.GetBytes("orders:3|c|#kind:book\nbroken"), "127.0.0.1", port, Stop);
        using var tcp = new TcpClient();
        await tcp.ConnectAsync("127.0.0.1", port, Stop);
        await tcp.GetStream().WriteAsync(Encoding.ASCII.GetBytes("orders:2|c|#kind:book\norders:4|c|#ki"), Stop);
        await tcp.GetStream().WriteAsync(Encoding.ASCII.GetBytes("nd:pen\n"), Stop);
        await prometheus.AwaitAsync("orders_total{kind=\"book\",job=\"statsd\"}", value => value is 5);
        await prometheus.AwaitAsync("orders_total{kind=\"pen\",job=\"statsd\"}", value => value is 4);
        await prometheus.AwaitAsync("fairlead_statsd_refused_lines_total{reason=\"malformed\"}", value => value is 1);
    }

    private static async Task ATargetIsNamedAndTakenBackAsync(Voyage platform, PrometheusPeer prometheus)
    {
        var added = await platform.RunAsync(
            "scrape",
            "add",
            prometheus.Url + "/metrics",
            "--name",
            "prom",
            "--every",
            "1s"
        );
        Assert.True(added.Code == 0, added.ToString());
        await prometheus.AwaitAsync("up{job=\"prom\"}", value => value is 1);
        Assert.Equal(0, (await platform.RunAsync("scrape", "remove", "prom")).Code);
        await RealPeer.UntilAsync(
            async () => (await prometheus.QueryAsync("up{job=\"prom\"}")).Count == 0,
            () => "it is still up"
        );
    }

    private static async Task OurOwnPageIsSoundAsync(Voyage platform)
    {
        var token = (await File.ReadAllTextAsync(Path.Combine(platform.State, "api-token"), Stop)).Trim();
        using var http = new HttpClient();
        foreach (var accept in (string[])["text/plain", "application/openmetrics-text"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{platform.Api}/metrics");
            request.Headers.Authorization = new("Bearer", token);
            request.Headers.TryAddWithoutValidation("Accept", accept);
            using var answer = await http.SendAsync(request, Stop);
            var page = await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(Stop);
            Assert.Contains("node_load1 ", page, StringComparison.Ordinal);
            Assert.Contains("fairlead_requests_total{", page, StringComparison.Ordinal);
            if (accept is "text/plain")
            {
                // The kernel's own names for memory are no snake_case, in the node exporter as here.
                var others = page.Split('\n').Where(line => !line.Contains("node_memory_", StringComparison.Ordinal));
                await RealPeer.RunAsync(
                    RealPeer.Find("promtool", "prometheus"),
                    ["check", "metrics"],
                    input: string.Join('\n', others)
                );
            }
        }
    }
}
