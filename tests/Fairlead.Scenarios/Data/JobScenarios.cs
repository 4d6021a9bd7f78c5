using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Fairlead.Scenarios.Stores;

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
            ["4 failed 3", "3 failed 3", "2 succeeded 0", "1 succeeded 0"],
            runs.Select(one => $"{one!["run"]} {one["state"]} {one["exitCode"]}").Where(static one => one[0] > '2' || one[0] <= '2').DistinctBy(static one => one)
        );
    }

    private static async Task SucceedsAsync(Task<Voyages.Answer> asked)
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
