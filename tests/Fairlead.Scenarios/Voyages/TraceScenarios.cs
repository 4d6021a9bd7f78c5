using System.Text.Json.Nodes;
using Fairlead.Scenarios.Telemetry;

namespace Fairlead.Scenarios.Voyages;

/// <summary>An app that has OpenTelemetry's library and was told nothing sends to Fairlead, under its release.</summary>
public sealed class TraceScenarios
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_app_that_is_told_nothing_sends_traces_under_its_release()
    {
        OtlpPeers.SkipUnlessThere();
        await using var platform = await Platform.StartAsync();
        var folder = platform.App(
            "hello",
            $$"""
            app: hello
            services:
              web:
                kind: web
                path: .
                env: { NODE_OPTIONS: "--require={{OtlpPeers.Script("otlp-app.cjs")}}", PEERS: "{{OtlpPeers.Folder}}" }
                health: { http: /healthz, every: 200ms }
            """,
            sample: "node-hello"
        );
        var deployed = await platform.DeployAsync(folder);
        Assert.True(deployed.Code == 0, deployed.ToString());

        using var http = new HttpClient { BaseAddress = new Uri($"http://{platform.Public}/") };
        http.DefaultRequestHeaders.Host = "hello.localhost";
        using var answer = await http.GetAsync("/", Stop);
        var trace = answer.Headers.GetValues("X-Request-Id").Single();

        var shown = await FoundAsync(platform, trace);

        var span = Assert.Single(shown["waterfall"]!.AsArray(), one => one!["kind"]!.GetValue<string>() == "server")!;
        Assert.Equal(
            ("hello", "production", "web", "1", "GET"),
            (
                Text(span, "app"),
                Text(span, "environment"),
                Text(span, "service"),
                Text(span, "release"),
                Text(span, "operation")
            )
        );
        var listed = await platform.AskAsync("trace", "list", "hello", "--service", "web", "--release", "1");
        Assert.Contains(listed["traces"]!.AsArray(), one => Text(one!, "trace") == trace);
        var waterfall = await platform.RunAsync("trace", "show", trace);
        Assert.Contains("web@1 GET", waterfall.Output, StringComparison.Ordinal);
    }

    // The library sends every five seconds, and a trace is decided when it has been quiet for six.
    private static async Task<JsonNode> FoundAsync(Platform platform, string trace)
    {
        for (var end = DateTime.UtcNow.AddSeconds(90); ; )
        {
            var answer = await platform.RunAsync("trace", "show", trace, "--json");
            if (answer.Code == 0)
            {
                return JsonNode.Parse(answer.Output.Trim().Split('\n')[^1])!["data"]!;
            }
            Assert.True(DateTime.UtcNow < end, answer.ToString());
            await Task.Delay(500, Stop);
        }
    }

    private static string Text(JsonNode node, string name) => node[name]?.GetValue<string>() ?? "";
}
