namespace Fairlead.Scenarios.Voyages;

/// <summary>Real kills in the middle of real deployments.</summary>
public sealed class KillScenarios
{
    private const int PerSecond = 100;

    [Fact]
    public async Task Killing_the_server_in_mid_canary_loses_nothing_and_the_deployment_ends_by_itself()
    {
        await using var platform = await Platform.StartAsync();
        var folder = platform.App("server", Manifest("server", "{ strategy: canary, shares: [10%, 50%], hold: 3s }"));
        await Succeeds(platform.DeployAsync(folder));

        using var end = new CancellationTokenSource();
        var load = platform.LoadAsync("server", PerSecond, end.Token);
        var deploy = platform.DeployAsync(folder, "web.env.N=2");
        await ShareOf(platform, "server", "web@2", atLeast: 10);
        platform.Kill("server");
        var ended = await deploy; // The command waits for the next server and goes on.
        await end.CancelAsync();
        var report = await load;

        TestContext.Current.TestOutputHelper!.WriteLine($"{ended.Messages}\n{report}");
        Assert.True(ended.Code == 0, ended.ToString());
        Assert.True(report.Lost == 0, report.ToString());
        Assert.Contains("web@2", report.ByRelease.Keys);
    }

    [Fact]
    public async Task Killing_the_node_stops_no_program_and_starts_none_twice()
    {
        await using var platform = await Platform.StartAsync();
        var folder = platform.App("node", Manifest("node", "{ strategy: blue-green }"));
        await Succeeds(platform.DeployAsync(folder));
        var before = await Pids(platform, "node");

        using var end = new CancellationTokenSource();
        var load = platform.LoadAsync("node", PerSecond, end.Token);
        for (var times = 0; times < 3; times++)
        {
            var pid = platform.PidOf("node");
            platform.Kill("node");
            await Until(() => platform.PidOf("node") != pid);
        }
        await Succeeds(platform.DeployAsync(folder, "web.env.N=2")); // The new node answers, or this would not end well.
        await Succeeds(platform.RunAsync("rollback", "node"));
        var after = await Pids(platform, "node");
        await end.CancelAsync();
        var report = await load;

        TestContext.Current.TestOutputHelper!.WriteLine(report.ToString());
        Assert.Equal(before, after);
        Assert.True(report.Lost == 0, report.ToString());
    }

    [Fact]
    public async Task Killing_the_edge_refuses_no_connection()
    {
        await using var platform = await Platform.StartAsync();
        var folder = platform.App("edge", Manifest("edge", "{ strategy: blue-green }"));
        await Succeeds(platform.DeployAsync(folder));

        using var end = new CancellationTokenSource();
        var load = platform.LoadAsync("edge", PerSecond, end.Token, slow: 0);
        var gaps = new List<TimeSpan>();
        for (var times = 0; times < 8; times++)
        {
            var pid = platform.PidOf("edge");
            platform.Kill("edge");
            await Until(() => platform.PidOf("edge") != pid);
            // Only one that serves again is killed again.
            gaps.Add(await platform.AnswersAfterAsync("edge"));
            await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        }
        await end.CancelAsync();
        var report = await load;

        // What was in flight inside the killed process is lost with it; nobody is turned away.
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{report}\nwaited, ms: {string.Join(' ', gaps.Select(gap => (int)gap.TotalMilliseconds))}"
        );
        Assert.Equal(0, report.NotConnected);
        Assert.Equal(0, report.ByStatus.GetValueOrDefault(502));
    }

    [Fact]
    public async Task A_newer_deployment_takes_the_place_of_one_under_way()
    {
        await using var platform = await Platform.StartAsync();
        var folder = platform.App("two", Manifest("two", "{ strategy: canary, shares: [10%], hold: 30s }"));
        await Succeeds(platform.DeployAsync(folder));

        var first = platform.DeployAsync(folder, "web.env.N=2");
        await ShareOf(platform, "two", "web@2", atLeast: 10);
        var second = platform.DeployAsync(folder, "web.env.N=3");
        await ShareOf(platform, "two", "web@3", atLeast: 10);
        await Succeeds(platform.RunAsync("promote", "two"));

        Assert.Equal(5, (await first).Code);
        Assert.Equal(0, (await second).Code);
    }

    [Fact]
    public async Task Aborting_gives_everything_back()
    {
        await using var platform = await Platform.StartAsync();
        var folder = platform.App("abort", Manifest("abort", "{ strategy: canary, shares: [10%], hold: 30s }"));
        await Succeeds(platform.DeployAsync(folder));

        var deploy = platform.DeployAsync(folder, "web.env.N=2");
        await ShareOf(platform, "abort", "web@2", atLeast: 10);
        await Succeeds(platform.RunAsync("abort", "abort"));

        Assert.Equal(1, (await deploy).Code);
        var app = (await platform.AskAsync("status", "abort"))["apps"]![0]!;
        Assert.Equal(["web@1 100"], app["parts"]!.AsArray().Select(part => $"{part!["part"]} {part["share"]}"));
    }

    private static string Manifest(string app, string deploy) =>
        $$"""
            app: {{app}}
            services:
              web: { kind: web, path: ., health: /healthz, replicas: 2, deploy: {{deploy}} }
            """;

    private static async Task ShareOf(Platform platform, string app, string part, int atLeast)
    {
        while (true)
        {
            var apps = (await platform.AskAsync("status"))["apps"]!.AsArray();
            var parts = apps.SingleOrDefault(one => one!["app"]!.GetValue<string>() == app)?["parts"]?.AsArray() ?? [];
            if (parts.Any(one => one!["part"]!.GetValue<string>() == part && one["share"]!.GetValue<int>() >= atLeast))
            {
                return;
            }
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static async Task<IReadOnlyList<string>> Pids(Platform platform, string app) =>
        [
            .. (await platform.AskAsync("status", app))["apps"]![0]!["instances"]!
                .AsArray()
                .Where(one => one!["replica"]!.GetValue<string>().StartsWith("web@1#", StringComparison.Ordinal))
                .Select(one => $"{one!["replica"]} {one["pid"]}"),
        ];

    private static async Task Until(Func<bool> isSo)
    {
        while (!isSo())
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private static async Task Succeeds(Task<Platform.Answer> running)
    {
        var answer = await running;
        Assert.True(answer.Code == 0, answer.ToString());
    }
}
