using System.Diagnostics;

namespace Fairlead.Scenarios.Voyages;

/// <summary>Real deployments under open-loop load: what is promised is that nobody notices.</summary>
public sealed class DeployScenarios
{
    private const int PerSecond = 100;
    private static readonly int Deploys = Extent.Of(usual: 8, whole: 20);

    [Theory]
    [InlineData("blue-green", "{ strategy: blue-green }")]
    [InlineData("canary", "{ strategy: canary, shares: [10%, 50%], hold: 300ms }")]
    [InlineData("rolling", "{ strategy: rolling }")]
    [InlineData("recreate", "{ strategy: recreate }")]
    public async Task Deploys_under_load_lose_no_request(string strategy, string deploy)
    {
        await using var platform = await Platform.StartAsync();
        var folder = platform.App(strategy, Manifest(strategy, deploy));
        await Succeeds(platform.DeployAsync(folder));

        using var end = new CancellationTokenSource();
        var load = platform.LoadAsync(strategy, PerSecond, end.Token);
        for (var number = 1; number <= Deploys; number++)
        {
            // Every other version ends at once on SIGTERM: it loses nothing either, because the edge counts first.
            var fault = number % 2 == 0 ? "none" : "abrupt";
            await Succeeds(platform.DeployAsync(folder, $"web.env.FAULT={fault}", $"web.env.N={number}"));
        }
        await end.CancelAsync();
        var report = await load;

        TestContext.Current.TestOutputHelper!.WriteLine($"{strategy}, {Deploys} deploys: {report}");
        Assert.True(report.Lost == 0, report.ToString());
        Assert.True(report.Sent > Deploys * PerSecond / 4, report.ToString());
    }

    [Fact]
    public async Task Many_deploys_lose_no_request_and_cut_no_socket_or_download()
    {
        var many = Extent.Of(usual: 25, whole: 100);
        await using var platform = await Platform.StartAsync();
        var manifest = Manifest("long", "{ strategy: blue-green }")
            .Replace("drain: 5s", "drain: 30s", StringComparison.Ordinal);
        var folder = platform.App("long", manifest, "node-hello");
        await Succeeds(platform.DeployAsync(folder));

        using var end = new CancellationTokenSource();
        var load = platform.LoadAsync("long", PerSecond, end.Token);
        var calls = new LongCalls(platform, "long", TimeSpan.FromSeconds(8));
        var talking = calls.RunAsync(each: 5, end.Token);
        for (var number = 1; number <= many; number++)
        {
            var fault = number % 2 == 0 ? "none" : "abrupt";
            await Succeeds(platform.DeployAsync(folder, $"web.env.FAULT={fault}", $"web.env.N={number}"));
        }
        await end.CancelAsync();
        await talking;
        var report = await load;

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{many} deploys: {report}\nwhole WebSockets {calls.Whole.Sockets}, downloads {calls.Whole.Downloads}"
        );
        Assert.Empty(calls.Faults);
        Assert.True(report.Lost == 0, report.ToString());
        Assert.True(report.Sent > many * PerSecond / 4, report.ToString());
        Assert.True(calls.Whole.Sockets > many / 5 && calls.Whole.Downloads > many / 5);
    }

    [Fact]
    public async Task A_version_that_fails_requests_is_taken_back_and_only_its_share_fails()
    {
        await using var platform = await Platform.StartAsync();
        var folder = platform.App("errors", Manifest("errors", "{ strategy: canary, shares: [10%, 50%], hold: 20s }"));
        await Succeeds(platform.DeployAsync(folder));

        using var end = new CancellationTokenSource();
        var load = platform.LoadAsync("errors", PerSecond, end.Token, slow: 0);
        var deploy = await platform.DeployAsync(folder, "web.env.FAULT=errors");
        using var afterwards = new CancellationTokenSource();
        var later = platform.LoadAsync("errors", PerSecond, afterwards.Token, slow: 0);
        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        await afterwards.CancelAsync();
        await end.CancelAsync();
        var (during, after) = (await load, await later);

        TestContext.Current.TestOutputHelper!.WriteLine($"during: {during}\nafter: {after}\n{deploy.Messages}");
        Assert.Equal(6, deploy.Code);
        Assert.Contains("web@2 does harm.", deploy.Messages, StringComparison.Ordinal);
        Assert.Equal(0, after.Lost);
        Assert.InRange(during.Lost, 1, during.ByRelease.GetValueOrDefault("web@2"));
        Assert.Equal(during.Lost, during.ByStatus.GetValueOrDefault(500));
    }

    [Theory]
    [InlineData("crash", "3")]
    [InlineData("sick", "503")]
    public async Task A_version_that_does_not_come_up_gets_no_traffic_and_says_why(string fault, string says)
    {
        await using var platform = await Platform.StartAsync();
        var folder = platform.App("down", Manifest("down", "{ strategy: blue-green }"));
        await Succeeds(platform.DeployAsync(folder));

        using var end = new CancellationTokenSource();
        var load = platform.LoadAsync("down", PerSecond, end.Token, slow: 0);
        var deploy = await platform.DeployAsync(folder, $"web.env.FAULT={fault}");
        await end.CancelAsync();
        var report = await load;

        Assert.Equal(6, deploy.Code);
        Assert.Contains(says, deploy.Messages, StringComparison.Ordinal);
        Assert.True(report.Lost == 0, report.ToString());
        Assert.Equal(["web@1"], report.ByRelease.Keys);
    }

    [Fact]
    public async Task Rolling_back_by_hand_moves_all_traffic_at_once()
    {
        await using var platform = await Platform.StartAsync();
        var folder = platform.App("hand", Manifest("hand", "{ strategy: blue-green }"));
        await Succeeds(platform.DeployAsync(folder));
        await Succeeds(platform.DeployAsync(folder, "web.env.N=2"));

        using var end = new CancellationTokenSource();
        var load = platform.LoadAsync("hand", PerSecond, end.Token, slow: 0);
        var watch = Stopwatch.StartNew();
        var rollback = await platform.RunAsync("rollback", "hand");
        watch.Stop();
        await end.CancelAsync();
        var report = await load;
        var story = await platform.AskAsync("explain", "hand");
        var asked = At(story, "requested");
        var switched = At(story, "outcome", "route");

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"command {watch.ElapsedMilliseconds} ms, switched {(switched - asked).TotalMilliseconds} ms after it was asked; {report}"
        );
        Assert.True(rollback.Code == 0, rollback.ToString());
        Assert.True(report.Lost == 0, report.ToString());
        Assert.Equal(1, (await platform.AskAsync("status", "hand"))["apps"]![0]!["live"]!.GetValue<int>());
    }

    [Fact]
    public async Task Three_services_go_back_together_when_the_last_one_fails()
    {
        await using var platform = await Platform.StartAsync();
        var folder = platform.App(
            "joint",
            """
            app: joint
            services:
              first: { kind: api, path: ., health: /healthz, routes: /first, replicas: 2 }
              second: { kind: api, path: ., health: /healthz, routes: /, uses: [first], deploy: { strategy: rolling } }
              third: { kind: api, path: ., health: /healthz, routes: /third, uses: [second] }
            """
        );
        await Succeeds(platform.DeployAsync(folder));

        using var end = new CancellationTokenSource();
        var load = platform.LoadAsync("joint", PerSecond, end.Token);
        var deploy = await platform.DeployAsync(folder, "first.env.N=2", "second.env.N=2", "third.env.FAULT=crash");
        await end.CancelAsync();
        var report = await load;
        var app = (await platform.AskAsync("status", "joint"))["apps"]![0]!;

        TestContext.Current.TestOutputHelper!.WriteLine($"{deploy.Messages}\n{report}");
        Assert.Equal(6, deploy.Code);
        Assert.True(report.Lost == 0, report.ToString());
        Assert.Equal(
            ["first@1 100", "second@1 100", "third@1 100"],
            app["parts"]!.AsArray().Select(part => $"{part!["part"]} {part["share"]}")
        );
    }

    [Fact]
    public async Task An_unchanged_folder_is_not_deployed_again()
    {
        await using var platform = await Platform.StartAsync();
        var folder = platform.App("same", Manifest("same", "{ strategy: blue-green }"));
        await Succeeds(platform.DeployAsync(folder));

        var again = await platform.DeployAsync(folder);

        Assert.Equal(0, again.Code);
        Assert.Contains("nothing has changed", again.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_approved_plan_is_done()
    {
        await using var platform = await Platform.StartAsync();
        var folder = platform.App("plan", Manifest("plan", "{ strategy: blue-green }"));
        var digest = (await platform.AskAsync("plan", folder))["digest"]!.GetValue<string>();
        await Succeeds(platform.RunAsync("deploy", folder, "--plan", digest));

        await File.AppendAllTextAsync(
            Path.Combine(folder, "app.py"),
            "\n# changed\n",
            TestContext.Current.CancellationToken
        );
        var refused = await platform.RunAsync("deploy", folder, "--plan", digest);

        Assert.Equal(5, refused.Code);
        Assert.Contains("plan.moved", refused.Messages, StringComparison.Ordinal);
    }

    private static string Manifest(string app, string deploy) =>
        $$"""
            app: {{app}}
            services:
              web:
                kind: web
                path: .
                health: { http: /healthz, startGrace: 15s }
                replicas: 2
                drain: 5s
                keep: 3s
                deploy: {{deploy}}
            """;

    private static async Task Succeeds(Task<Platform.Answer> running)
    {
        var answer = await running;
        Assert.True(answer.Code == 0, answer.ToString());
    }

    private static DateTimeOffset At(System.Text.Json.Nodes.JsonNode story, string kind, string text = "") =>
        story["story"]!
            .AsArray()
            .First(entry =>
                entry!["kind"]!.GetValue<string>() == kind
                && entry["text"]!.GetValue<string>().Contains(text, StringComparison.Ordinal)
            )!["at"]!.GetValue<DateTimeOffset>();
}
