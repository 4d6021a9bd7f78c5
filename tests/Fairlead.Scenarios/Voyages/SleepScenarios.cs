using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;

namespace Fairlead.Scenarios.Voyages;

/// <summary>A service that does not run while nobody asks for it.</summary>
public sealed class SleepScenarios
{
    private const string Manifest = """
        app: nap
        services:
          web:
            kind: web
            path: .
            env: { N: "1" }
            replicas: { min: 0, max: 2, idle: 2s }
            health: { http: /healthz, every: 200ms }
            keep: 0s
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_service_nobody_asks_for_is_stopped_and_the_first_requests_wake_it()
    {
        await using var platform = await Platform.StartAsync();
        var folder = platform.App("nap", Manifest);
        var deployed = await platform.DeployAsync(folder);
        Assert.True(deployed.Code == 0, deployed.ToString());

        var waits = new List<string>();
        for (var times = 0; times < 3; times++)
        {
            await AsleepAsync(platform);
            var began = Stopwatch.GetTimestamp();
            var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => AskAsync(platform)));
            waits.Add($"{Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms");
            Assert.All(answers, status => Assert.Equal(HttpStatusCode.OK, status));
        }
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"50 requests to a sleeper, each answered within: {string.Join(", ", waits)}"
        );
    }

    [Fact]
    public async Task A_killed_edge_lets_it_sleep_and_a_killed_server_still_wakes_it()
    {
        await using var platform = await Platform.StartAsync();
        var folder = platform.App("nap", Manifest);
        var deployed = await platform.DeployAsync(folder);
        Assert.True(deployed.Code == 0, deployed.ToString());

        await AsleepAsync(platform);
        var edge = platform.PidOf("edge");
        platform.Kill("edge");
        await UntilAsync(() => Task.FromResult(platform.PidOf("edge") != edge));
        await Task.Delay(TimeSpan.FromSeconds(3), Stop);
        Assert.True(await IsAsleepAsync(platform));

        platform.Kill("server");
        Assert.Equal(HttpStatusCode.OK, await AskAsync(platform)); // Waits until the next server has woken it.

        await AsleepAsync(platform);
        var next = await platform.DeployAsync(folder, "web.env.N=2");
        Assert.True(next.Code == 0, next.ToString());
        Assert.Equal(HttpStatusCode.OK, await AskAsync(platform));
    }

    private static async Task<HttpStatusCode> AskAsync(Platform platform)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://{platform.Public}/") };
        http.DefaultRequestHeaders.Host = "nap.localhost";
        using var answer = await http.GetAsync("/", Stop);
        return answer.StatusCode;
    }

    private static Task AsleepAsync(Platform platform) => UntilAsync(() => IsAsleepAsync(platform));

    private static async Task<bool> IsAsleepAsync(Platform platform)
    {
        var app = (await platform.AskAsync("status", "nap"))["apps"]![0]!;
        return app["asleep"] is JsonArray { Count: 1 } && app["instances"] is null or JsonArray { Count: 0 };
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        var end = DateTime.UtcNow.AddSeconds(30);
        while (!await holds())
        {
            Assert.True(DateTime.UtcNow < end, "It did not happen within 30 s.");
            await Task.Delay(100, Stop);
        }
    }
}
