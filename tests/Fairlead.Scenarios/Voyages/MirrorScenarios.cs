using System.Text.Json.Nodes;

namespace Fairlead.Scenarios.Voyages;

/// <summary>A release that is shown copies of requests before it answers any.</summary>
public sealed class MirrorScenarios
{
    private const string Manifest = """
        app: twin
        services:
          web:
            kind: web
            path: .
            env: { N: "1" }
            health: { http: /healthz, every: 200ms }
            deploy: { strategy: blue-green, preview: 5m }
            traffic: { mirror: 100% }
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_release_in_preview_is_shown_what_the_live_one_answers_until_it_is_promoted()
    {
        await using var platform = await Platform.StartAsync();
        var folder = platform.App("twin", Manifest);
        var first = await platform.DeployAsync(folder);
        Assert.True(first.Code == 0, first.ToString());
        var plan = await platform.RunAsync("plan", folder, "--set", "web.env.N=2");
        Assert.Contains("100% of the GET, HEAD requests are copied to web@2", plan.Output);

        var second = platform.DeployAsync(folder, "web.env.N=2");
        using var http = new HttpClient { BaseAddress = new Uri($"http://{platform.Public}/") };
        http.DefaultRequestHeaders.Host = "twin.localhost";
        var copies = 0L;
        for (var end = DateTime.UtcNow.AddSeconds(60); copies < 20; )
        {
            Assert.True(DateTime.UtcNow < end, "No copies came within 60 s.");
            using var answer = await http.GetAsync("/", Stop);
            Assert.Equal("web@1", Assert.Single(answer.Headers.GetValues("Fairlead-Release")));
            copies = await CopiesAsync(platform);
        }
        var logs = await platform.RunAsync("logs", "twin");
        Assert.True(logs.Code == 0, logs.ToString());
        var promoted = await platform.RunAsync("promote", "twin");
        Assert.True(promoted.Code == 0, promoted.ToString());
        var ended = await second;
        Assert.True(ended.Code == 0, ended.ToString());
        using var after = await http.GetAsync("/", Stop);
        Assert.Equal("web@2", Assert.Single(after.Headers.GetValues("Fairlead-Release")));
    }

    private static async Task<long> CopiesAsync(Platform platform)
    {
        var status = await platform.AskAsync("status", "twin");
        return Find(status, "mirrored")?["sent"]?.GetValue<long>() ?? 0;
    }

    private static JsonNode? Find(JsonNode? node, string name) =>
        node switch
        {
            JsonObject one => one[name]
                ?? one.Select(each => Find(each.Value, name)).FirstOrDefault(found => found is not null),
            JsonArray many => many.Select(each => Find(each, name)).FirstOrDefault(found => found is not null),
            _ => null,
        };
}
