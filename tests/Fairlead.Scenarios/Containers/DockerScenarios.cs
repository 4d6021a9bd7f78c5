using System.Globalization;
using System.Text.Json.Nodes;

namespace Fairlead.Scenarios.Containers;

/// <summary>The same deployments, in containers of a real Docker engine.</summary>
[Collection(DockerEngine.Collection)]
public sealed class DockerScenarios
{
    private const int PerSecond = 50;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("blue-green", "{ strategy: blue-green }")]
    [InlineData("canary", "{ strategy: canary, shares: [10%, 50%], hold: 300ms }")]
    [InlineData("rolling", "{ strategy: rolling }")]
    public async Task Deploys_in_containers_under_load_lose_no_request_although_the_engine_is_restarted(
        string strategy,
        string deploy
    )
    {
        await using var engine = await DockerEngine.StartAsync(Stop);
        await using var platform = await Voyages.Platform.StartAsync(engine.Env);
        var folder = platform.App(strategy, Manifest(strategy, deploy, replicas: 2));
        await SucceedsAsync(platform.DeployAsync(folder));
        using var end = new CancellationTokenSource();
        var load = platform.LoadAsync(strategy, PerSecond, end.Token);

        for (var number = 1; number <= 3; number++)
        {
            await SucceedsAsync(
                platform.DeployAsync(folder, string.Create(CultureInfo.InvariantCulture, $"web.env.N={number}"))
            );
        }
        await engine.RestartAsync(Stop);
        await SucceedsAsync(platform.DeployAsync(folder, "web.env.N=4"));

        await end.CancelAsync();
        var report = await load;
        TestContext.Current.TestOutputHelper!.WriteLine($"{strategy} in containers: {report}");
        Assert.True(report.Lost == 0, report.ToString());
        Assert.True(report.Sent > 100, report.ToString());
    }

    [Fact]
    public async Task A_broken_version_is_taken_back_and_what_it_said_is_shown()
    {
        await using var engine = await DockerEngine.StartAsync(Stop);
        await using var platform = await Voyages.Platform.StartAsync(engine.Env);
        var folder = platform.App("hello", Manifest("hello", "{ strategy: blue-green }"));
        await SucceedsAsync(platform.DeployAsync(folder));

        var broken = await platform.DeployAsync(folder, "web.env.FAULT=crash");

        Assert.True(broken.Code != 0, broken.ToString());
        Assert.Contains("ended before it was ready", broken.Messages, StringComparison.Ordinal);
        await platform.AnswersAfterAsync("hello");
    }

    [Fact]
    public async Task A_container_has_no_rights_and_what_is_killed_is_found_again_or_replaced()
    {
        await using var engine = await DockerEngine.StartAsync(Stop);
        await using var platform = await Voyages.Platform.StartAsync(engine.Env);
        var folder = platform.App("hello", Manifest("hello", "{ strategy: blue-green }"));
        await SucceedsAsync(platform.DeployAsync(folder));

        var id = (await engine.AskAsync(Stop, "ps", "--quiet")).Trim();
        var seen = JsonNode.Parse(await engine.AskAsync(Stop, "inspect", id))![0]!;
        var host = seen["HostConfig"]!;
        Assert.True(host["ReadonlyRootfs"]!.GetValue<bool>());
        Assert.Equal("""["ALL"]""", host["CapDrop"]!.ToJsonString());
        Assert.Equal("65532:65532", seen["Config"]!["User"]!.GetValue<string>());
        Assert.DoesNotContain("0.0.0.0", $"{host["PortBindings"]}", StringComparison.Ordinal);

        // The node dies: the container lives on, and the next node finds it.
        var node = platform.PidOf("node");
        platform.Kill("node");
        await platform.AnswersAfterAsync("hello");
        await UntilAsync(() => Task.FromResult(platform.PidOf("node") != node));
        await UntilAsync(async () => (await platform.RunAsync("logs", "hello")).Code == 0);
        Assert.Equal(id, (await engine.AskAsync(Stop, "ps", "--quiet")).Trim());

        // The container dies: another one comes.
        await engine.AskAsync(Stop, "kill", id);
        await UntilAsync(async () =>
            (await engine.AskAsync(Stop, "ps", "--quiet")).Trim() is { Length: > 0 } now && now != id
        );
        await UntilAsync(async () =>
        {
            try
            {
                await platform.AnswersAfterAsync("hello");
                return true;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
        var logs = await platform.RunAsync("logs", "hello", "--tail", "50");
        Assert.Contains("listens on 0.0.0.0:8080", logs.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Jobs_run_to_their_end_in_containers_and_their_exit_code_outlives_the_node()
    {
        await using var engine = await DockerEngine.StartAsync(Stop);
        await using var platform = await Voyages.Platform.StartAsync(engine.Env);
        var folder = platform.App(
            "jobs",
            """
            app: jobs
            services:
              web: { kind: web, run: python3 app.py, uses: [setup] }
              setup: { kind: job, run: python3 job.py 0 0 }
              slow: { kind: job, run: python3 job.py 8 3, schedule: '@yearly' }
            environments: { production: { target: docker } }
            """
        );
        await File.WriteAllTextAsync(
            Path.Combine(folder, "job.py"),
            "import sys, time; print('begins', flush=True); time.sleep(int(sys.argv[1])); print('ends', flush=True); sys.exit(int(sys.argv[2]))",
            Stop
        );
        await SucceedsAsync(platform.DeployAsync(folder));
        await UntilAsync(() => IsRunAsync(platform, "setup", "1 release succeeded 0 begins,ends"));

        await SucceedsAsync(platform.RunAsync("job", "run", "slow", "--app", "jobs"));
        await UntilAsync(async () =>
            (await engine.AskAsync(Stop, "ps", "--format", "{{.Names}}")).Contains("slow", StringComparison.Ordinal)
        );
        platform.Kill("node");
        await UntilAsync(() => IsRunAsync(platform, "slow", "1 person failed 3 begins,ends"));
        // Nothing of it is left.
        await UntilAsync(async () =>
            !(await engine.AskAsync(Stop, "ps", "--all", "--format", "{{.Names}}")).Contains(
                "slow",
                StringComparison.Ordinal
            )
        );
    }

    private static async Task<bool> IsRunAsync(Voyages.Platform platform, string job, string run)
    {
        var answer = await platform.RunAsync("job", "runs", job, "--app", "jobs", "--lines", "--json");
        var data = JsonNode.Parse(answer.Output.Trim().Split('\n')[^1])?["data"];
        return (data?["runs"]?.AsArray() ?? []).Any(one =>
            $"{one!["run"]} {one["cause"]} {one["state"]} {one["exitCode"]} {string.Join(',', one["lines"]!.AsArray())}"
            == run
        );
    }

    [Fact]
    public async Task Secrets_come_by_variable_and_file_and_the_engine_keeps_nothing_of_what_is_said()
    {
        await using var engine = await DockerEngine.StartAsync(Stop);
        await using var platform = await Voyages.Platform.StartAsync(engine.Env);
        var manifest = Manifest("keeper", "{ strategy: blue-green }")
            .Replace(
                "health: { http: /healthz,",
                "secrets: [TOKEN, { KEY: { file: true } }]\n    health: { command: python3 check.py,",
                StringComparison.Ordinal
            );
        var folder = platform.App("keeper", manifest);
        // Well when both secrets are there, for a user without rights; what it says, it says aloud.
        await File.WriteAllTextAsync(
            Path.Combine(folder, "check.py"),
            """
            import os, sys
            print("token", os.environ["TOKEN"], flush=True)
            sys.exit(0 if open(os.environ["KEY_FILE"]).read() == "key-mzq4" and os.environ["TOKEN"] == "token-mzq4" else 3)
            """,
            Stop
        );
        foreach (var (name, value) in new[] { ("TOKEN", "token-mzq4"), ("KEY", "key-mzq4") })
        {
            var file = Path.Combine(platform.State, $"{name}.txt");
            await File.WriteAllTextAsync(file, value, Stop);
            await SucceedsAsync(platform.RunAsync("secret", "set", name, "--app", "keeper", "--file", file));
            File.Delete(file);
        }

        await SucceedsAsync(platform.DeployAsync(folder));

        var id = (await engine.AskAsync(Stop, "ps", "--quiet")).Trim();
        Assert.Equal(
            "none",
            (await engine.AskAsync(Stop, "inspect", "--format", "{{.HostConfig.LogConfig.Type}}", id)).Trim()
        );
        // What may be the beginning of a secret is held back for a moment.
        await UntilAsync(async () =>
            (await platform.RunAsync("logs", "keeper")).Output.Contains("python-hello", StringComparison.Ordinal)
        );
        var logs = await platform.RunAsync("logs", "keeper", "--tail", "50");
        Assert.DoesNotContain("mzq4", logs.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ready_image_runs_as_it_is_and_is_found_by_its_name()
    {
        Assert.SkipUnless(File.Exists("/bin/busybox"), "Needs busybox (apt-get install busybox-static).");
        await using var engine = await DockerEngine.StartAsync(Stop);
        await engine.ImportAsync("fairlead.test/store:1", "/bin/busybox", Stop);
        await using var platform = await Voyages.Platform.StartAsync(engine.Env);
        var folder = platform.App("ready", Ready);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "check.py"),
            """
            import os, socket, sys
            with socket.create_connection((os.environ["STORE_HOST"], int(os.environ["STORE_PORT"])), 3) as store:
                sys.exit(0 if store.recv(99).strip() == b"pong" else 3)
            """,
            Stop
        );

        await SucceedsAsync(platform.DeployAsync(folder));
        await platform.AnswersAfterAsync("ready");

        // The name leads to another image now; what was deployed stays what it is, and is started again as it was.
        await engine.ImportAsync("fairlead.test/store:1", "/bin/true", Stop);
        var id = (
            await engine.AskAsync(
                Stop,
                "ps",
                "--quiet",
                "--filter",
                "label=fairlead.instance=ready_production_store_1_0"
            )
        ).Trim();
        await engine.AskAsync(Stop, "kill", id);
        await UntilAsync(async () =>
            (
                await engine.AskAsync(
                    Stop,
                    "ps",
                    "--quiet",
                    "--filter",
                    "label=fairlead.instance=ready_production_store_1_0"
                )
            ).Trim()
                is { Length: > 0 } now
            && now != id
        );
    }

    private const string Ready = """
        app: ready
        services:
          store:
            kind: worker
            run: [/busybox, nc, -ll, -p, "6379", -e, /busybox, echo, pong]
            port: 6379
            health: { tcp: true }
            container: { image: "fairlead.test/store:1", user: "65532" }
          web:
            kind: web
            path: .
            uses: [store]
            health: { command: python3 check.py, every: 200ms }
        environments:
          production: { target: docker }
        """;

    [Fact]
    public async Task An_image_that_there_is_not_is_said_before_anything_is_replaced()
    {
        await using var engine = await DockerEngine.StartAsync(Stop);
        await using var platform = await Voyages.Platform.StartAsync(engine.Env);
        var folder = platform.App(
            "missing",
            """
            app: missing
            services:
              web: { kind: web, health: { tcp: true }, container: "registry.invalid/nothing:1" }
            environments:
              production: { target: docker }
            """
        );

        var answer = await platform.DeployAsync(folder);

        Assert.True(answer.Code != 0, answer.ToString());
        Assert.Contains("There is no image 'registry.invalid/nothing:1'", answer.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_storefront_runs_in_containers_and_its_services_reach_each_other()
    {
        await using var engine = await DockerEngine.StartAsync(Stop);
        await using var platform = await Voyages.Platform.StartAsync(engine.Env);
        var folder = platform.App(
            "storefront",
            """
            app: storefront
            services:
              api:
                kind: api
                path: ./api
                health: /healthz
                replicas: 2
                drain: 5s
                env: { DATA_DIR: /data }
                container: { volumes: { orders: /data } }
                deploy: { strategy: canary, shares: [10%, 50%], hold: 2s, gates: [error-rate < 1%] }
              web: { kind: web, path: ./web, uses: [api] }
              worker: { kind: worker, path: ./worker, uses: [api] }
            environments:
              production: { target: docker }
            """,
            sample: "storefront"
        );
        await SucceedsAsync(platform.DeployAsync(folder));
        // Bought through the edge, packed by the worker, which reaches the api from its container.
        await BuyAsync(platform);
        await UntilAsync(async () =>
            (await platform.RunAsync("logs", "storefront", "--service", "worker", "--tail", "50")).Output.Contains(
                "packing order 1",
                StringComparison.Ordinal
            )
        );
        using var end = new CancellationTokenSource();
        var load = platform.LoadAsync("storefront", PerSecond, end.Token, path: "/api/products", slow: 0);

        await SucceedsAsync(platform.DeployAsync(folder, "api.env.N=2"));
        var broken = await platform.DeployAsync(folder, "api.env.FAULT=crash");
        await engine.RestartAsync(Stop);
        await SucceedsAsync(platform.DeployAsync(folder, "api.env.N=3"));

        await end.CancelAsync();
        var report = await load;
        TestContext.Current.TestOutputHelper!.WriteLine($"storefront in containers: {report}");
        Assert.True(broken.Code != 0, broken.ToString());
        Assert.True(report.Lost == 0, report.ToString());
        Assert.True(report.Sent > 100, report.ToString());
    }

    private static async Task BuyAsync(Voyages.Platform platform)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://{platform.Public}/") };
        http.DefaultRequestHeaders.Host = "storefront.localhost";
        var products = JsonNode.Parse(await http.GetStringAsync("/api/products", Stop))!.AsArray();
        var first = products[0]!["id"] ?? products[0]!["name"];
        var basket = $$"""{"key":"scenario-1","lines":[{"product":"{{first}}","quantity":1}]}""";
        using var body = new StringContent(basket, System.Text.Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync("/api/orders", body, Stop);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Stop));
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        for (var end = DateTime.UtcNow.AddSeconds(40); !await isSo(); )
        {
            Assert.True(DateTime.UtcNow < end, "It never came to be so.");
            await Task.Delay(200, Stop);
        }
    }

    private static async Task SucceedsAsync(Task<Voyages.Platform.Answer> running)
    {
        var answer = await running;
        Assert.True(answer.Code == 0, answer.ToString());
    }

    private static string Manifest(string app, string deploy, int replicas = 1) =>
        $$"""
            app: {{app}}
            services:
              web:
                kind: web
                path: .
                replicas: {{replicas}}
                stopGrace: 5s
                drain: 5s
                keep: 1s
                health: { http: /healthz, every: 200ms }
                deploy: {{deploy}}
            environments:
              production: { target: docker }
            """;
}
