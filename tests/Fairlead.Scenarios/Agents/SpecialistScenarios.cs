using System.Text.Json.Nodes;
using Voyage = Fairlead.Scenarios.Voyages.Platform;

namespace Fairlead.Scenarios.Agents;

/// <summary>The specialist without a model, on a sample.</summary>
public sealed class SpecialistScenarios
{
    private static readonly string[] Phases =
    [
        "prepare",
        "provision",
        "secure",
        "monitor",
        "validate",
        "deploy",
        "check",
        "shift",
        "validate monitoring",
        "validate performance",
        "acceptance",
        "documentation",
        "detect",
        "assess",
        "decide",
        "communicate",
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_walks_every_phase_waits_for_a_person_and_leaves_a_record_with_evidence()
    {
        await using var platform = await Voyage.StartAsync();
        var folder = platform.App("hello", Manifest);
        using var anna = await AgentVoyage.PersonAsync(platform);
        var records = Path.Combine(folder, "..", "records");
        var walk = platform.RunAsync(
            "specialist",
            "hello",
            "--source",
            folder,
            "--wait",
            "3",
            "--record",
            records,
            "--json"
        );

        var plan = await WaitingAsync(platform, walk);
        await AgentVoyage.ApproveAsync(anna, plan);
        var done = await walk;
        Assert.True(done.Code == 0, done.ToString());

        var record = JsonNode.Parse(
            await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(records, "*.json")), Stop)
        )!;
        var phases = record["phases"]!.AsArray();
        Assert.Equal(Phases, phases.Select(static one => AgentVoyage.Text(one!, "phase")));
        Assert.All(phases, static one => Assert.NotEmpty(one!["evidence"]!.AsArray()));
        Assert.All(
            phases.Where(static one =>
                AgentVoyage.Text(one!, "phase") is "deploy" or "check" or "shift" or "documentation"
            ),
            static one => Assert.Equal("done", AgentVoyage.Text(one!, "result"))
        );
        var text = await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(records, "*.md")), Stop);
        Assert.StartsWith("# hello in production", text, StringComparison.Ordinal);

        var page = (await platform.AskAsync("app", "page", "hello"))["text"]!.GetValue<string>();
        Assert.Contains("Release 1 of", page, StringComparison.Ordinal);
        Assert.Contains("fairlead rollback hello --environment production", page, StringComparison.Ordinal);

        var outside = await platform.RunAsync("specialist", "hello", "--source", "/etc", "--record", records);
        Assert.Contains("'/etc' is not for this agent", outside.ToString(), StringComparison.Ordinal);
    }

    private const string Manifest = """
        app: hello
        services:
          web: { kind: web, path: ., health: { http: /healthz, every: 100ms } }
        """;

    private static async Task<JsonNode> WaitingAsync(Voyage platform, Task<Voyage.Answer> walk)
    {
        while (!walk.IsCompleted)
        {
            if ((await platform.AskAsync("agent", "plans"))["plans"] is JsonArray { Count: > 0 } plans)
            {
                return plans[0]!;
            }
        }
        throw new InvalidOperationException((await walk).ToString());
    }
}
