using System.Text.Json.Nodes;
using Fairlead.Scenarios.Collecting;
using PrometheusPeer = Fairlead.Scenarios.Metrics.PrometheusPeer;
using Voyage = Fairlead.Scenarios.Voyages.Platform;

namespace Fairlead.Scenarios.Responding;

/// <summary>A real Prometheus tells Fairlead as if it were Alertmanager, and amtool asks it.</summary>
public sealed class AlertsFromElsewhere
{
    private const string Amtool = "/usr/bin/amtool";
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(2);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_Prometheus_raises_is_told_silenced_by_amtool_and_over_when_it_says_so()
    {
        var program = RealPeer.Find("prometheus", "prometheus");
        Assert.SkipUnless(File.Exists(Amtool), "amtool is not installed (Debian package prometheus-alertmanager)");
        await using var sink = await WebhookSink.StartAsync();
        await using var platform = await Voyage.StartAsync();
        await RouteAsync(platform, sink);
        var token = (await File.ReadAllTextAsync(Path.Combine(platform.State, "api-token"), Stop)).Trim();
        var folder = RealPeer.NewFolder();
        var port = RealPeer.FreePort();
        await WriteAsync(folder, $"{platform.Api}", token);
        await using var prometheus = await RealPeer.StartAsync(
            (
                program,
                [
                    $"--config.file={folder}/prometheus.yml",
                    $"--storage.tsdb.path={folder}/data",
                    $"--web.listen-address=127.0.0.1:{port}",
                    "--web.enable-lifecycle",
                    // What it says before it found whom to tell is lost, and said again only then.
                    "--rules.alert.resend-delay=2s",
                ]
            ),
            folder,
            () => RealPeer.ListensAsync(port)
        );

        var told = await sink.WaitAsync(static one => one.Alerts.Contains("Elsewhere"), Long);
        var listed = (await platform.AskAsync("alert", "list"))["alerts"]![0]!;
        var asked = await AmtoolAsync(platform, folder, "alert", "query", "alertname=Elsewhere", "-o", "simple");
        var silence = await AmtoolAsync(
            platform,
            folder,
            "silence",
            "add",
            "alertname=Elsewhere",
            "-c",
            "we know",
            "-d",
            "1h"
        );
        var hidden = await AmtoolAsync(platform, folder, "alert", "query", "-o", "simple");
        var silences = await AmtoolAsync(platform, folder, "silence", "query", "-o", "simple");
        await AmtoolAsync(
            platform,
            folder,
            "silence",
            "expire",
            silence.Split('\n').First(static one => one.Length > 0 && !one.Contains(' '))
        );
        await File.WriteAllTextAsync(Path.Combine(folder, "rules.yml"), Rules("vector(0) > 0"), Stop);
        using var http = new HttpClient();
        using var reloaded = await http.PostAsync(new Uri($"http://127.0.0.1:{port}/-/reload"), content: null, Stop);
        await sink.WaitAsync(static one => !one.IsFiring && one.Alerts.Contains("Elsewhere"), Long);

        Assert.True(told.IsFiring);
        Assert.Equal(("Elsewhere", "shop/production"), (Text(listed, "alert"), Text(listed, "site")));
        Assert.Contains("Elsewhere", asked, StringComparison.Ordinal);
        Assert.DoesNotContain("Elsewhere", hidden, StringComparison.Ordinal);
        Assert.Contains("we know", silences, StringComparison.Ordinal);
    }

    private static Task RouteAsync(Voyage platform, WebhookSink sink) =>
        SetAsync(
            platform,
            $$"""
            route: { receiver: hook, group_wait: 0s, group_interval: 1s }
            receivers: [ { name: hook, webhook_configs: [ { url: "{{sink.Url}}" } ] } ]
            """
        );

    private static async Task SetAsync(Voyage platform, string text)
    {
        var file = Path.Combine(platform.State, "..", "alerting.yaml");
        await File.WriteAllTextAsync(file, text, Stop);
        var answer = await platform.RunAsync("routing", "set", "--file", file);
        Assert.True(answer.Code == 0, $"{answer}");
    }

    private static async Task WriteAsync(string folder, string api, string token)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "rules.yml"), Rules("vector(1)"), Stop);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "prometheus.yml"),
            $$"""
            global: { evaluation_interval: 1s }
            rule_files: [ rules.yml ]
            alerting: { alertmanagers: [ { authorization: { credentials: "{{token}}" }, static_configs: [ { targets: [ "{{api}}" ] } ] } ] }
            """,
            Stop
        );
        await File.WriteAllTextAsync(
            Path.Combine(folder, "http.yml"),
            $"authorization: {{ credentials: \"{token}\" }}\n",
            Stop
        );
    }

    private static string Rules(string query) =>
        $$"""
            groups:
              - name: elsewhere
                rules:
                  - { alert: Elsewhere, expr: {{query}}, labels: { severity: page, app: shop, environment: production }, annotations: { summary: from elsewhere } }
            """;

    private static async Task<string> AmtoolAsync(Voyage platform, string folder, params string[] words)
    {
        var (code, said) = await PrometheusPeer.TryAsync(
            Amtool,
            [.. words, $"--alertmanager.url=http://{platform.Api}", $"--http.config.file={folder}/http.yml"],
            Stop
        );
        Assert.True(code == 0, $"amtool {words[0]} {words[1]}: {said}");
        return said;
    }

    private static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();
}
