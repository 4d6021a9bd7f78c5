using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Fairlead.Scenarios.Data;

using Platform = Fairlead.Scenarios.Voyages.Platform;

/// <summary>Jobs in a real Fairlead, of which any part may be killed: each run is run once, and what came of it is known.</summary>
public sealed class JobScenarios
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Jobs_of_a_release_come_before_what_uses_them_and_their_failure_stops_it()
    {
        await using var platform = await Platform.StartAsync();
        var (folder, ledger) = App(platform, setup: "0.2 0", greeting: "one");
        var plan = await platform.RunAsync("plan", folder);
        Assert.True(
            plan.Output.IndexOf("run setup@1", StringComparison.Ordinal)
                < plan.Output.IndexOf("place web@1", StringComparison.Ordinal),
            plan.ToString()
        );
        await SucceedsAsync(platform.DeployAsync(folder));
        Assert.Equal(["setup 1 begin", "setup 1 end"], Lines(ledger, "setup"));

        App(platform, setup: "0.2 0", greeting: "two");
        await SucceedsAsync(platform.DeployAsync(folder));
        Assert.Equal(2, Lines(ledger, "setup").Count(static one => one.EndsWith("end", StringComparison.Ordinal)));

        App(platform, setup: "0.2 3", greeting: "three");
        var failed = await platform.DeployAsync(folder);
        Assert.Equal(6, failed.Code);
        Assert.Contains("exit code 3", failed.ToString(), StringComparison.Ordinal);
        var runs = (await platform.AskAsync("job", "runs", "setup", "--app", "shop", "--lines"))["runs"]!.AsArray();
        Assert.Equal(
            ["3 release failed 3", "2 release succeeded 0", "1 release succeeded 0"],
            runs.Select(static one => $"{one!["run"]} {one["cause"]} {one["state"]} {one["exitCode"]}")
        );
        Assert.Equal(["working on nothing due", "worked"], runs[0]!["lines"]!.AsArray().Select(static one => $"{one}"));
    }

    [Fact]
    public async Task A_run_is_run_once_whatever_is_killed_and_its_end_is_known()
    {
        await using var platform = await Platform.StartAsync();
        var (folder, ledger) = App(platform, setup: "0 0", greeting: "one");
        await SucceedsAsync(platform.DeployAsync(folder));

        // Server and node are killed while it runs; it goes on, and how it ended is known all the same.
        await BeginAsync(platform, ledger, "slow 1");
        platform.Kill("server");
        platform.Kill("node");
        await IsAsync(platform, "slow", "1 person succeeded 0");
        Assert.Equal(["slow 1 begin", "slow 1 end"], Lines(ledger, "slow"));

        // What was under way when all of it was stopped is over, and is not begun anew.
        await BeginAsync(platform, ledger, "long 1");
        await SucceedsAsync(platform.RunAsync("down"));
        await SucceedsAsync(platform.RunAsync("up", "--http", "127.0.0.1:0", "--api", "127.0.0.1:0", "--background"));
        await IsAsync(platform, "long", "1 person failed 9");

        await BeginAsync(platform, ledger, "long 2");
        var again = await platform.RunAsync("job", "run", "long", "--app", "shop");
        Assert.Equal(5, again.Code);
        await SucceedsAsync(platform.RunAsync("job", "cancel", "long", "--app", "shop"));
        await IsAsync(platform, "long", "2 person cancelled ");
        await IsAsync(platform, "long", "3 person skipped ");
        Assert.Equal(["long 1 begin", "long 1 told", "long 2 begin", "long 2 told"], Lines(ledger, "long"));

        await SucceedsAsync(platform.RunAsync("job", "run", "slow", "--app", "shop", "--wait"));
        await UntilAsync(() => Task.FromResult(Lines(ledger, "tick").Count >= 2));
        Assert.Equal(Lines(ledger, "tick").Distinct(), Lines(ledger, "tick"));
    }

    // A job that is due each minute is waited for.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static async Task BeginAsync(Platform platform, string ledger, string run)
    {
        await SucceedsAsync(platform.RunAsync("job", "run", run.Split(' ')[0], "--app", "shop"));
        await UntilAsync(() => Task.FromResult(Lines(ledger, run).Count == 1));
    }

    private static Task IsAsync(Platform platform, string job, string run) =>
        UntilAsync(async () =>
        {
            var answer = await platform.RunAsync("job", "runs", job, "--app", "shop", "--json");
            var data = JsonNode.Parse(answer.Output.Trim().Split('\n')[^1])?["data"];
            return (data?["runs"]?.AsArray() ?? []).Any(one =>
                $"{one!["run"]} {one["cause"]} {one["state"]} {one["exitCode"]}" == run
            );
        });

    private static async Task UntilAsync(Func<Task<bool>> isTrue)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(Patience);
        while (!await isTrue())
        {
            await Task.Delay(100, limit.Token);
        }
    }

    private static async Task SucceedsAsync(Task<Platform.Answer> asked)
    {
        var answer = await asked;
        Assert.True(answer.Code == 0, answer.ToString());
    }

    private static List<string> Lines(string ledger, string job) =>
        File.Exists(ledger)
            ? [.. File.ReadAllLines(ledger).Where(one => one.StartsWith($"{job} ", StringComparison.Ordinal))]
            : [];

    private static (string Folder, string Ledger) App(Platform platform, string setup, string greeting)
    {
        var ledger = Path.Combine(platform.State, "..", "ledger");
        var folder = platform.App(
            "shop",
            $$"""
            app: shop
            services:
              web:
                kind: web
                run: python3 app.py
                uses: [setup]
                env: { GREETING: {{greeting}} }
              setup:
                kind: job
                run: python3 job.py setup {{setup}}
                timeout: 20s
                env: { LEDGER: "{{ledger}}" }
              slow:
                kind: job
                run: python3 job.py slow 3 0
                schedule: '@yearly'
                env: { LEDGER: "{{ledger}}" }
              long:
                kind: job
                run: python3 job.py long 90 0
                schedule: '@yearly'
                env: { LEDGER: "{{ledger}}" }
              tick:
                kind: job
                run: python3 job.py tick 0 0
                schedule: { cron: '* * * * *', overlap: queue }
                env: { LEDGER: "{{ledger}}" }
            """
        );
        File.Copy(Path.Combine(Path.GetDirectoryName(Here())!, "job.py"), Path.Combine(folder, "job.py"), true);
        return (folder, ledger);
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
