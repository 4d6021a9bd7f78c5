namespace Fairlead.Scenarios.Voyages;

/// <summary>A service whose number of replicas follows its load, with the real edge that counts and drains.</summary>
public sealed class ScaleScenarios
{
    private const string Manifest = """
        app: tide
        services:
          web:
            kind: web
            path: .
            env: { N: "1" }
            replicas: { min: 1, max: 4, requests: 40/s, stabilization: 8s, cooldown: 3s }
            health: { http: /healthz, every: 200ms }
            drain: 5s
            keep: 0s
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Load_brings_replicas_and_takes_them_away_and_no_request_is_lost()
    {
        await using var platform = await Platform.StartAsync();
        var folder = platform.App("tide", Manifest);
        var deployed = await platform.DeployAsync(folder);
        Assert.True(deployed.Code == 0, deployed.ToString());
        Assert.Equal("web@1 1/1", await ServingAsync(platform));

        using var end = new CancellationTokenSource();
        using var ebb = new CancellationTokenSource();
        var always = platform.LoadAsync("tide", 20, end.Token);
        var rush = platform.LoadAsync("tide", 100, ebb.Token);
        await UntilAsync(async () => await ServingAsync(platform) is "web@1 3/3" or "web@1 4/4", platform);
        var many = await ServingAsync(platform);
        var shown = await platform.RunAsync("status", "tide");
        Assert.Contains($"{many[^1]} (1-4)", shown.Output, StringComparison.Ordinal);
        Assert.Contains("requests/s, 40 for each replica are aimed at", shown.Output, StringComparison.Ordinal);

        // The number is the site's: the next server finds it, and the next release begins with it.
        platform.Kill("server");
        var next = await platform.DeployAsync(folder, "web.env.N=2");
        Assert.True(next.Code == 0, next.ToString());
        Assert.True(await ServingAsync(platform) is "web@2 3/3" or "web@2 4/4", next.ToString());

        await ebb.CancelAsync();
        await UntilAsync(async () => await ServingAsync(platform) == "web@2 1/1", platform);
        await end.CancelAsync();
        var (steady, rushed) = (await always, await rush);
        TestContext.Current.TestOutputHelper!.WriteLine($"{many}, then one\nalways: {steady}\nrush: {rushed}");
        Assert.True(steady.Lost == 0, steady.ToString());
        Assert.True(rushed.Lost == 0, rushed.ToString());
    }

    /// <summary>Such as <c>web@1 3/3</c>, of the part that has all traffic; with the replicas that are still there.</summary>
    private static async Task<string> ServingAsync(Platform platform)
    {
        var app = (await platform.AskAsync("status", "tide"))["apps"]![0]!;
        var part = app["parts"]!.AsArray().Single(one => $"{one!["share"]}" is "100%" or "100")!;
        var there = app["instances"]!
            .AsArray()
            .Count(one => $"{one!["replica"]}".StartsWith($"{part["part"]}#", StringComparison.Ordinal));
        return $"{part["part"]} {part["ready"]}/{Math.Max(there, (int)part["wanted"]!.AsValue())}";
    }

    private static async Task UntilAsync(Func<Task<bool>> holds, Platform platform)
    {
        var end = DateTime.UtcNow.AddSeconds(90);
        while (!await holds())
        {
            if (DateTime.UtcNow > end)
            {
                Assert.Fail($"It did not happen within 90 s.\n{await platform.RunAsync("status", "tide")}");
            }
            await Task.Delay(300, Stop);
        }
    }
}
