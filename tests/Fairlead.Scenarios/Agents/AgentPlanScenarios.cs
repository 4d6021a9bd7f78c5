using System.Diagnostics;
using System.Text.Json.Nodes;
using Fairlead.Scenarios.Collecting;
using Voyage = Fairlead.Scenarios.Voyages.Platform;

namespace Fairlead.Scenarios.Agents;

/// <summary>Plans that are about more than releases, and results that can be proved.</summary>
public sealed class AgentPlanScenarios
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Data_is_brought_back_by_a_plan_once_somebody_who_could_do_it_says_yes()
    {
        _ = RealPeer.Find("restic", "restic");
        await using var platform = await Voyage.StartAsync();
        var files = Path.Combine(platform.State, "..", "uploads");
        Directory.CreateDirectory(files);
        await File.WriteAllTextAsync(Path.Combine(files, "a.txt"), "hello", Stop);
        var folder = platform.App(
            "hello",
            Manifest.Replace("FILES", Path.GetFullPath(files), StringComparison.Ordinal)
        );
        var live = await platform.DeployAsync(folder);
        Assert.True(live.Code == 0, live.ToString());
        var saved = await platform.RunAsync("backup", "run", "hello");
        Assert.True(saved.Code == 0, saved.ToString());
        await File.WriteAllTextAsync(Path.Combine(files, "a.txt"), "overwritten", Stop);

        using var anna = await AgentVoyage.PersonAsync(platform);
        using var agent = new McpTalk(platform, await McpTalk.TokenAsync(platform, "specialist", "operator"));
        var plan = await agent.CallAsync("plan_change", new() { ["kind"] = "restore", ["app"] = "hello" });
        Assert.Equal(("awaiting-approval", "low"), (AgentVoyage.Text(plan, "state"), AgentVoyage.Text(plan, "risk")));
        Assert.False((await agent.CallAsync("apply_plan", AgentVoyage.Of(plan)))["done"]!.GetValue<bool>());
        // She keeps apps running, and may not touch their data.
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => AgentVoyage.ApproveAsync(anna, plan));
        Assert.Contains("bring data of hello/production back", refused.Message, StringComparison.Ordinal);
        var granted = await platform.RunAsync("grant", "add", "anna@example.org", "--role", "security");
        Assert.True(granted.Code == 0, granted.ToString());
        await AgentVoyage.ApproveAsync(anna, plan);
        var applied = await agent.CallAsync("apply_plan", AgentVoyage.Of(plan));
        Assert.Contains("was brought back as", AgentVoyage.Text(applied, "outcome"), StringComparison.Ordinal);

        // Beside what is in use, which nobody touched.
        Assert.Equal("overwritten", await File.ReadAllTextAsync(Path.Combine(files, "a.txt"), Stop));
        var copies = Directory
            .EnumerateFiles(Path.GetFullPath(Path.Combine(files, "..")), "a.txt", SearchOption.AllDirectories)
            .Select(File.ReadAllText);
        Assert.Contains("hello", copies);
        Assert.Equal("agent.plan-over", await agent.RefusedAsync("apply_plan", AgentVoyage.Of(plan)));

        var page = (await platform.AskAsync("app", "page", "hello"))["text"]!.GetValue<string>();
        Assert.Contains("- availability: 99.9 % of requests, over 30 days", page, StringComparison.Ordinal);
        Assert.Contains("- uploads: saved last at", page, StringComparison.Ordinal);
        Assert.Contains("Nobody: no escalation was set", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_opened_a_gate_is_proved_by_another_program_and_what_was_changed_since_opens_none()
    {
        var openssl = RealPeer.Find("openssl", "openssl");
        await using var server = await Access.ServerUnderTest.StartAsync([]);
        async Task<JsonNode> AskAsync(string operation, JsonObject input)
        {
            var (status, body) = await server.PostAsync(operation, input, server.OwnerToken);
            Assert.True((int)status < 300, body);
            return JsonNode.Parse(body)!;
        }
        async Task<string> HandOverAsync(string kind, string body)
        {
            var text = $"kind: {kind}\napp: shop\nenvironment: production\ntitle: t\nowner: quality\nbody: {body}\n";
            var id = AgentVoyage.Text(await AskAsync("handoff.submit", new() { ["text"] = text }), "handoff");
            await AskAsync("handoff.accept", new() { ["handoff"] = id });
            return id;
        }
        await HandOverAsync("quality-gate", "{ phase: prepare, gate: e2e }");
        var result = await HandOverAsync("gate-result", "{ gate: e2e, passed: false, evidence: [3 of 12] }");
        var proof = await AskAsync("handoff.verify", new() { ["handoff"] = result });
        Assert.Contains("passed: false\n", AgentVoyage.Text(proof, "text"), StringComparison.Ordinal);
        Assert.Equal("Verified OK", await VerifiedAsync(openssl, proof, AgentVoyage.Text(proof, "text")));
        Assert.Equal(
            "Verification failure",
            await VerifiedAsync(
                openssl,
                proof,
                AgentVoyage.Text(proof, "text").Replace("false", "true", StringComparison.Ordinal)
            )
        );

        // Somebody with the database turns it into a passed one.
        var store = server.Platform.Engine.Server.Store;
        var key = $"shop/production/{result}";
        var kept = (await store.ReadAsync("handoffs", key, Stop))!.Body.ToJsonString();
        await server.CommitAsync(
            "handoffs",
            key,
            JsonNode.Parse(kept.Replace("\"passed\":false", "\"passed\":true", StringComparison.Ordinal))!
        );
        var (_, refused) = await server.PostAsync("handoff.verify", new() { ["handoff"] = result }, server.OwnerToken);
        Assert.Contains("handoff.unsigned", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_can_ask_its_user_is_asked_to_and_its_answer_proves_nothing()
    {
        await using var platform = await Voyage.StartAsync();
        var folder = platform.App("hello", Small);
        using var anna = await AgentVoyage.PersonAsync(platform);
        using var agent = new McpTalk(platform, await McpTalk.TokenAsync(platform, "specialist", "operator"));
        var plan = await agent.CallAsync("plan_change", new() { ["kind"] = "deploy", ["folder"] = folder });
        var apply = AgentVoyage.Of(plan);
        JsonObject byPage = new() { ["url"] = new JsonObject() };

        var asked = await agent.AskingAsync("apply_plan", apply, byPage);
        Assert.Equal("input_required", AgentVoyage.Text(asked, "resultType"));
        var question = asked["inputRequests"]!["approval"]!["params"]!;
        Assert.Equal(
            ("url", $"http://{platform.Api}/ui/plans/{AgentVoyage.Text(plan, "plan")}"),
            (AgentVoyage.Text(question, "mode"), AgentVoyage.Text(question, "url"))
        );
        var inWords = await agent.AskingAsync("apply_plan", apply, new() { ["form"] = new JsonObject() });
        Assert.Contains(
            $"fairlead agent approve {AgentVoyage.Text(plan, "plan")}",
            inWords["inputRequests"]!["approval"]!["params"]!["message"]!.GetValue<string>(),
            StringComparison.Ordinal
        );

        // Whatever it answers: nothing is done, and it is not asked again and again.
        JsonObject yes = new()
        {
            ["approval"] = new JsonObject { ["action"] = "accept", ["content"] = new JsonObject() },
        };
        var claimed = await agent.AskingAsync("apply_plan", apply, byPage, yes);
        Assert.False(claimed["structuredContent"]!["done"]!.GetValue<bool>());
        await AgentVoyage.ApproveAsync(anna, plan);
        var done = await agent.AskingAsync("apply_plan", apply, byPage, yes);
        Assert.True(done["structuredContent"]!["done"]!.GetValue<bool>());
    }

    private const string Small = """
        app: hello
        services:
          web: { kind: web, path: ., health: { http: /healthz, every: 100ms } }
        """;

    private const string Manifest = """
        app: hello
        services:
          web: { kind: web, path: ., health: { http: /healthz, every: 100ms } }
        databases:
          uploads: { kind: files, path: "FILES", backup: { every: 1d } }
        slo: { availability: 99.9% }
        """;

    private static async Task<string> VerifiedAsync(string openssl, JsonNode proof, string text)
    {
        var folder = Directory.CreateTempSubdirectory("fairlead-proof-").FullName;
        var (key, signature, what) = (
            Path.Combine(folder, "key.pem"),
            Path.Combine(folder, "sig"),
            Path.Combine(folder, "text")
        );
        await File.WriteAllTextAsync(key, AgentVoyage.Text(proof, "key"), Stop);
        await File.WriteAllBytesAsync(signature, Convert.FromBase64String(AgentVoyage.Text(proof, "signature")), Stop);
        await File.WriteAllTextAsync(what, text, Stop);
        var start = new ProcessStartInfo(openssl, ["dgst", "-sha256", "-verify", key, "-signature", signature, what])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var said = await ProtocolScenarios.RunAsync(start);
        Directory.Delete(folder, recursive: true);
        return said.Split('\n')[0].Trim();
    }
}
