using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Drivers.Http;
using Fairlead.Drivers.State;
using Fairlead.Model.Problems;
using Fairlead.Scenarios.Collecting;
using Fairlead.Scenarios.Stores;

namespace Fairlead.Scenarios.Voyages;

/// <summary>Several servers on one PostgreSQL: one leads, and what happens when it is lost.</summary>
public sealed class ServersScenarios
{
    private const int PerSecond = 50;
    private const string Canary = "{ strategy: canary, shares: [10%, 50%], hold: 3s }";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task When_the_leader_is_killed_in_mid_canary_the_other_server_ends_the_rollout_at_the_same_edge_and_node()
    {
        await using var postgres = await StartAsync();
        await using var first = await Platform.StartAsync(On(postgres));
        var folder = first.App("lost", Manifest("lost", Canary));
        await Succeeds(first.DeployAsync(folder));
        await using var second = await SecondServer.StartAsync(first);
        Assert.Equal("server.stands-by", await second.TroubleAsync());

        using var end = new CancellationTokenSource();
        var load = first.LoadAsync("lost", PerSecond, end.Token);
        var deploy = first.DeployAsync(folder, "web.env.N=2");
        await RealPeer.UntilAsync(async () => await ShareAsync(first, "lost", "web@2") >= 10, () => "no canary");
        first.Kill("up"); // Else it would start the server again.
        first.Kill("server");
        await RealPeer.UntilAsync(
            async () => (await second.PartsAsync("lost")).Contains("web@2 100"),
            () => "nobody ended the rollout"
        );
        await end.CancelAsync();
        var report = await load;
        await deploy; // Nobody answers it any more, and it says so.

        TestContext.Current.TestOutputHelper!.WriteLine($"{report}");
        Assert.True(report.Lost == 0, report.ToString());
        Assert.Contains("web@2", report.ByRelease.Keys);
    }

    [Fact]
    public async Task A_leader_that_slept_is_refused_by_all_when_it_wakes_and_stands_by()
    {
        await using var postgres = await StartAsync();
        await using var first = await Platform.StartAsync(On(postgres));
        var folder = first.App("slept", Manifest("slept", Canary));
        await Succeeds(first.DeployAsync(folder));
        await using var second = await SecondServer.StartAsync(first);

        using var end = new CancellationTokenSource();
        var load = first.LoadAsync("slept", PerSecond, end.Token);
        var deploy = first.DeployAsync(folder, "web.env.N=2");
        await RealPeer.UntilAsync(async () => await ShareAsync(first, "slept", "web@2") >= 10, () => "no canary");
        var sleeper = first.PidOf("server");
        await SignalAsync(sleeper, "STOP");
        await RealPeer.UntilAsync(
            async () => (await second.PartsAsync("slept")).Contains("web@2 100"),
            () => "nobody ended the rollout"
        );
        await SignalAsync(sleeper, "CONT");
        await RealPeer.UntilAsync(
            () => Task.FromResult(first.PidOf("server") != sleeper),
            () => "it does not step down"
        );
        await RealPeer.UntilAsync(
            async () => (await first.RunAsync("status")).Messages.Contains("stands by", StringComparison.Ordinal),
            () => "it does not stand by"
        );
        await end.CancelAsync();
        var report = await load;
        await deploy;

        TestContext.Current.TestOutputHelper!.WriteLine($"{report}");
        Assert.True(report.Lost == 0, report.ToString());
        Assert.Contains("web@2 100", await second.PartsAsync("slept"));
    }

    [Fact]
    public async Task Of_two_machines_one_leads_and_hands_over_when_it_is_stopped()
    {
        await using var postgres = await StartAsync();
        await using var first = await Platform.StartAsync(On(postgres));
        var folder = first.App("handed", Manifest("handed", "{ strategy: blue-green }"));
        await Succeeds(first.DeployAsync(folder));
        await using var second = await Platform.StartAsync(On(postgres));
        var refused = await second.RunAsync("status");
        Assert.Equal(10, refused.Code);
        Assert.Contains("stands by", refused.Messages, StringComparison.Ordinal);

        await ShareAsync(first, second);

        await Succeeds(first.RunAsync("down"));
        await RealPeer.UntilAsync(
            async () =>
                (await second.RunAsync("status", "handed", "--json")).Output.Contains(
                    "\"web@1\"",
                    StringComparison.Ordinal
                ),
            () => "the second does not lead"
        );
        // What ran on the first machine is started on the second.
        await RealPeer.UntilAsync(
            async () => await AnswersAsync(second, "handed"),
            () => "the app does not answer at the second"
        );

        await Succeeds(first.RunAsync("up", "--background"));
        Assert.Contains("stands by", (await first.RunAsync("status")).Messages, StringComparison.Ordinal);
        await Succeeds(second.DeployAsync(folder, "web.env.N=2"));
    }

    [Fact]
    public async Task A_PostgreSQL_that_crashes_in_mid_canary_loses_no_request_and_the_deployment_ends()
    {
        await using var postgres = await StartAsync();
        await using var platform = await Platform.StartAsync(On(postgres));
        var folder = platform.App("crash", Manifest("crash", Canary));
        await Succeeds(platform.DeployAsync(folder));

        using var end = new CancellationTokenSource();
        var load = platform.LoadAsync("crash", PerSecond, end.Token);
        var deploy = platform.DeployAsync(folder, "web.env.N=2");
        await RealPeer.UntilAsync(async () => await ShareAsync(platform, "crash", "web@2") >= 10, () => "no canary");
        await postgres.CrashAsync();
        await Task.Delay(TimeSpan.FromSeconds(20), Stop); // Longer than a turn waits for it.
        await postgres.StartAgainAsync();
        var ended = await deploy;
        await end.CancelAsync();
        var report = await load;

        TestContext.Current.TestOutputHelper!.WriteLine($"{ended}\n{report}");
        Assert.True(ended.Code == 0, ended.ToString());
        Assert.True(report.Lost == 0, report.ToString());
        Assert.Equal(100, await ShareAsync(platform, "crash", "web@2"));
        await Succeeds(platform.RunAsync("audit", "verify"));
    }

    [Fact]
    public async Task State_that_was_in_SQLite_goes_on_in_PostgreSQL_and_there_is_no_way_back_by_mistake()
    {
        await using var postgres = await StartAsync();
        await using var platform = await Platform.StartAsync();
        var folder = platform.App("moved", Manifest("moved", "{ strategy: blue-green }"));
        await Succeeds(platform.DeployAsync(folder));
        // Who does not use it does not pay for it.
        Assert.DoesNotContain("Npgsql", await LoadedAsync(platform, "up"), StringComparison.Ordinal);
        Assert.DoesNotContain("Npgsql", await LoadedAsync(platform, "server"), StringComparison.Ordinal);
        var address = Path.Combine(Path.GetDirectoryName(platform.State)!, "store-url");
        await File.WriteAllTextAsync(address, postgres.Url("fairlead"), Stop);

        Assert.Contains("store.in-use", (await platform.RunAsync("state", "move", "--to", address)).ToString());
        await Succeeds(platform.RunAsync("down", "--keep-apps"));
        var early = await platform.RunAsync("up", "--store", address, "--background");
        Assert.Contains("store.not-moved", early.ToString(), StringComparison.Ordinal);
        await Succeeds(platform.RunAsync("state", "move", "--to", address));
        await Succeeds(platform.RunAsync("up", "--background"));
        Assert.Contains("Npgsql", await LoadedAsync(platform, "server"), StringComparison.Ordinal);
        await RealPeer.UntilAsync(async () => await AnswersAsync(platform, "moved"), () => "the app does not answer");
        await Succeeds(platform.DeployAsync(folder, "web.env.N=2"));
        await Succeeds(platform.RunAsync("rollback", "moved"));
        Assert.True(
            await postgres.AskAsync<long>("fairlead", "SELECT count(*) FROM fairlead.journal") > 10,
            "the journal is not there"
        );

        await Succeeds(platform.RunAsync("down"));
        var back = await platform.RunAsync("up", "--store", "sqlite", "--background");
        Assert.Contains("store.no-way-back", back.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", back.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_said_at_once_and_a_store_that_is_away_is_waited_for()
    {
        await using var postgres = await StartAsync();
        await using var platform = await Platform.StartAsync(On(postgres));
        await Succeeds(platform.RunAsync("down"));
        var wrong = await platform.RunAsync(
            "up",
            "--store",
            postgres.Url("fairlead", password: "wr0ng"),
            "--background"
        );
        Assert.NotEqual(0, wrong.Code);
        Assert.Contains("store.refused", wrong.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("wr0ng", wrong.ToString(), StringComparison.Ordinal);

        await postgres.CrashAsync();
        await Succeeds(platform.RunAsync("up", "--background"));
        var away = await platform.RunAsync("status");
        Assert.Equal(10, away.Code);
        await postgres.StartAgainAsync();
        await RealPeer.UntilAsync(
            async () => (await platform.RunAsync("status")).Code == 0,
            () => "it does not lead although its store is back"
        );
    }

    /// <summary>Gives a second machine what the guide says: the keys, and the artifacts on a volume that both have.</summary>
    private static async Task ShareAsync(Platform first, Platform second)
    {
        await Succeeds(second.RunAsync("down"));
        foreach (var key in new[] { "signing-key.pem", "identity-key", "intake-secret", "api-token" })
        {
            File.Copy(Path.Combine(first.State, key), Path.Combine(second.State, key), overwrite: true);
        }
        Directory.CreateSymbolicLink(Path.Combine(second.State, "artifacts"), Path.Combine(first.State, "artifacts"));
        await Succeeds(second.RunAsync("up", "--background"));
    }

    private static async Task<PostgresPeer> StartAsync()
    {
        var postgres = await PostgresPeer.StartAsync("fsync=off");
        await postgres.MakeAsync("fairlead");
        return postgres;
    }

    private static Dictionary<string, string> On(PostgresPeer postgres) =>
        new() { [StoreChoice.Variable] = postgres.Url("fairlead") };

    private static string Manifest(string app, string deploy) =>
        $$"""
            app: {{app}}
            services:
              web: { kind: web, path: ., health: /healthz, replicas: 2, deploy: {{deploy}} }
            """;

    private static async Task<int> ShareAsync(Platform platform, string app, string part)
    {
        var answer = await platform.RunAsync("status", app, "--json");
        var parts = JsonNode.Parse(answer.Output.Trim().Split('\n')[^1])?["data"]?["apps"]?[0]?["parts"]?.AsArray();
        return parts?.FirstOrDefault(one => one!["part"]!.GetValue<string>() == part)?["share"]?.GetValue<int>() ?? 0;
    }

    private static async Task<bool> AnswersAsync(Platform platform, string app)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://{platform.Public}/") };
        http.DefaultRequestHeaders.Host = $"{app}.localhost";
        using var answer = await http.GetAsync("/", Stop);
        return answer.IsSuccessStatusCode;
    }

    /// <summary>The files that a role has in its memory.</summary>
    private static Task<string> LoadedAsync(Platform platform, string role) =>
        File.ReadAllTextAsync(string.Create(CultureInfo.InvariantCulture, $"/proc/{platform.PidOf(role)}/maps"), Stop);

    private static Task SignalAsync(int pid, string signal) =>
        RealPeer.RunAsync("kill", [$"-{signal}", pid.ToString(CultureInfo.InvariantCulture)]);

    private static async Task Succeeds(Task<Platform.Answer> running)
    {
        var answer = await running;
        Assert.True(answer.Code == 0, answer.ToString());
    }

    /// <summary>
    /// A second server process beside a platform's own: with a folder of its own, but the same keys, artifacts, edge and node, as
    /// two servers on one machine would have.
    /// </summary>
    private sealed class SecondServer : IAsyncDisposable
    {
        private static readonly string[] Same =
        [
            "store",
            "api-token",
            "intake-secret",
            "signing-key.pem",
            "identity-key",
            "keys",
            "artifacts",
            "builds",
            "instances",
            "run/edge.sock",
            "run/node.sock",
            "run/addresses.json",
        ];

        private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("fairlead-second-");
        private readonly RoleClient client;
        private readonly Process process;

        private SecondServer(Platform first)
        {
            var state = new StateFolder(root.FullName);
            Directory.CreateDirectory(state.Run);
            foreach (var name in Same.Where(name => Path.Exists(Path.Combine(first.State, name))))
            {
                File.CreateSymbolicLink(Path.Combine(state.Root, name), Path.Combine(first.State, name));
            }
            var program = Path.Combine(AppContext.BaseDirectory, "fairlead.dll");
            var start = new ProcessStartInfo("dotnet", [program, "role", "server", "--state", state.Root])
            {
                UseShellExecute = false,
                RedirectStandardError = true,
            };
            start.Environment[StoreChoice.SeatVariable] = "second";
            process = Process.Start(start)!;
            process.ErrorDataReceived += (_, line) => Said.Enqueue(line.Data ?? "");
            process.BeginErrorReadLine();
            client = new("server", state.Socket("server"));
        }

        private System.Collections.Concurrent.ConcurrentQueue<string> Said { get; } = [];

        public static async Task<SecondServer> StartAsync(Platform first)
        {
            var second = new SecondServer(first);
            await RealPeer.UntilAsync(
                async () => await second.TroubleAsync() is "server.stands-by",
                () => $"it does not stand by:\n{string.Join('\n', second.Said)}"
            );
            return second;
        }

        /// <summary>Why it does not answer; null when it does.</summary>
        public async Task<string?> TroubleAsync()
        {
            try
            {
                await StatusAsync(null);
                return null;
            }
            catch (ProblemException caught)
            {
                return caught.Problem.Code;
            }
        }

        /// <summary>Such as <c>web@2 100</c>; none while it does not lead.</summary>
        public async Task<IReadOnlyList<string>> PartsAsync(string app)
        {
            try
            {
                var parts = (await StatusAsync(app))["apps"]![0]!["parts"]!.AsArray();
                return [.. parts.Select(part => $"{part!["part"]} {part["share"]}")];
            }
            catch (ProblemException)
            {
                return [];
            }
        }

        public async ValueTask DisposeAsync()
        {
            TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', Said));
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
            client.Dispose();
            // Links only: what they lead to is another's.
            root.Delete(recursive: true);
        }

        private Task<JsonNode> StatusAsync(string? app) =>
            client.PostAsync<JsonNode>(
                "/api/status",
                app is null ? new JsonObject() : new JsonObject { ["app"] = app },
                fence: null,
                Stop
            );
    }
}
