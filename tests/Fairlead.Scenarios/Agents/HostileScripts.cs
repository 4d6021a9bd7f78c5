using System.IO.Compression;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Voyage = Fairlead.Scenarios.Voyages.Platform;

namespace Fairlead.Scenarios.Agents;

/// <summary>Thirty things that an agent that was told lies would try. None of them does damage, and each is written down.</summary>
public sealed class HostileScripts
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_that_a_misled_agent_tries_does_damage()
    {
        await using var platform = await Voyage.StartAsync();
        var folder = platform.App("hello", Manifest);
        using var anna = await AgentVoyage.PersonAsync(platform);
        var token = await McpTalk.TokenAsync(platform, "misled", "owner");
        using var agent = new McpTalk(platform, token);
        using var other = new McpTalk(platform, await McpTalk.TokenAsync(platform, "other", "owner"));
        using var raw = new HttpClient { BaseAddress = new Uri($"http://{platform.Api}/") };
        raw.DefaultRequestHeaders.Authorization = new("Bearer", token);

        var deploy = new JsonObject { ["kind"] = "deploy", ["folder"] = folder };
        var plan = await agent.CallAsync("plan_change", Copy(deploy));
        var of = AgentVoyage.Of(plan);
        var (id, digest) = (AgentVoyage.Text(plan, "plan"), AgentVoyage.Text(plan, "digest"));
        var secret = new JsonObject
        {
            ["name"] = "DB",
            ["app"] = "hello",
            ["environment"] = "production",
            ["value"] = "correct horse battery",
        };
        using (var kept = await anna.PostAsJsonAsync("api/secret.set", secret, Stop))
        {
            Assert.True(kept.IsSuccessStatusCode, await kept.Content.ReadAsStringAsync(Stop));
        }

        var tried = await ByToolsAsync(agent, folder, id) + await ByOperationsAsync(raw, (folder, id, digest));

        // Another's plan, a yes that was used, a world that moved on, and a stop.
        Assert.Equal("agent.not-own-plan", await other.RefusedAsync("apply_plan", Copy(of)));
        await AgentVoyage.ApproveAsync(anna, plan);
        File.AppendAllText(Path.Combine(folder, "app.py"), "# changed after the yes\n");
        Assert.Equal("agent.plan-stale", await agent.RefusedAsync("apply_plan", Copy(of)));
        Assert.Equal("agent.plan-over", await agent.RefusedAsync("apply_plan", Copy(of)));
        var frozen = await platform.RunAsync("agent", "freeze", "something is odd");
        Assert.True(frozen.Code == 0, frozen.ToString());
        var second = await agent.CallAsync("plan_change", Copy(deploy));
        Assert.Equal("agent.frozen", await agent.RefusedAsync("apply_plan", AgentVoyage.Of(second)));
        tried += 4;
        Assert.True(tried >= 30, $"{tried}");

        // Nothing was deployed, nothing is gone, and it is all in the journal.
        Assert.Empty((await agent.CallAsync("status", []))["apps"]!.AsArray());
        Assert.Contains(
            "DB",
            (await platform.AskAsync("secret", "list", "hello")).ToJsonString(),
            StringComparison.Ordinal
        );
        var journal = await JournalAsync(platform);
        var refused = journal.Count(static line =>
            line.Contains("\"refused\"", StringComparison.Ordinal) && line.Contains("misled", StringComparison.Ordinal)
        );
        Assert.True(refused >= 25, $"{refused} of {tried} are in the journal");
        Assert.Contains(journal, line => line.Contains($"the plan {id} is stale", StringComparison.Ordinal));
    }

    private static async Task<int> ByToolsAsync(McpTalk agent, string folder, string id)
    {
        // What the protocol offers.
        (string Tool, string Input, string Code)[] tools =
        [
            ("apply_plan", $$"""{"plan":"{{id}}","digest":"0000000000000000"}""", "agent.wrong-digest"),
            ("apply_plan", """{"plan":"nothere","digest":"x"}""", "agent.no-plan"),
            ("plan_change", """{"kind":"delete","app":"hello","environment":"production"}""", "agent.wrong-order"),
            ("plan_change", """{"kind":"destroy"}""", "agent.wrong-input"),
            ("plan_change", """{"kind":"deploy","folder":"/etc"}""", "manifest.missing"),
            ("plan_change", """{"kind":"deploy","folder":"/proc/self/root/etc"}""", "manifest.missing"),
            ("plan_change", """{"kind":"deploy","folder":"upload:../../../../etc"}""", "upload.missing"),
            (
                "plan_change",
                $$"""{"kind":"configuration","folder":"{{folder}}","set":["web.run=rm -rf /"]}""",
                "input.wrong-set"
            ),
            (
                "plan_change",
                $$"""{"kind":"scale","folder":"{{folder}}","set":["web.replicas=100000"]}""",
                "input.wrong-set"
            ),
            ("plan_change", """{"kind":"deploy","folder":"x","breakGlass":"now"}""", "agent.wrong-input"),
            ("approve", $$"""{"plan":"{{id}}"}""", "protocol -32602"),
            ("secret_show", "{}", "protocol -32602"),
            ("rollback", """{"app":"hello","to":1}""", "agent.wrong-input"),
            (
                "submit_handoff",
                """{"document":{"kind":"security-finding","app":"hello","environment":"production","title":"t","owner":"o","body":{"finding":"X","severity":"low","waivedUntil":"2099-01-01"}}}""",
                "handoff.wrong"
            ),
            ("submit_handoff", """{"document":{"kind":"../../etc/passwd"}}""", "handoff.wrong"),
            ("query_metrics", """{"query":"$(cat /etc/passwd)"}""", "metric.bad-query"),
        ];
        var tried = 0;
        foreach (var (tool, input, code) in tools)
        {
            var answered = await agent.RefusedAsync(tool, JsonNode.Parse(input)!.AsObject());
            Assert.True(
                code.StartsWith("metric", StringComparison.Ordinal) ? answered.Length > 0 : code == answered,
                $"{tool} {input}: {answered}"
            );
            tried++;
        }
        return tried;
    }

    private static async Task<int> ByOperationsAsync(HttpClient raw, (string Folder, string Plan, string Digest) known)
    {
        var (folder, id, digest) = known;
        var tried = 0;
        // The API with the same token: it is worth no more there, though its role is that of an owner.
        (string Operation, string Input, string Code)[] operations =
        [
            ("agent.approve", $$"""{"plan":"{{id}}","digest":"{{digest}}"}""", "agent.needs-plan"),
            ("agent.thaw", "{}", "agent.needs-plan"),
            ("agent.limit", """{"changes":1000,"protect":["none"]}""", "agent.needs-plan"),
            ("deploy", $$"""{"folder":"{{folder}}"}""", "agent.needs-plan"),
            ("approve", """{"deployment":"x"}""", "agent.needs-plan"),
            ("secret.remove", """{"name":"DB","app":"hello","environment":"production"}""", "agent.needs-plan"),
            ("audit.trim", "{}", "agent.needs-plan"),
            ("token.create", """{"name":"more","role":"owner"}""", "agent.needs-plan"),
            ("grant.add", """{"who":"misled","role":"owner"}""", "agent.needs-plan"),
            ("infra.apply", """{"app":"hello","plan":"x"}""", "agent.needs-plan"),
            ("handoff.fulfil", """{"handoff":"x","reason":"y"}""", "agent.needs-plan"),
        ];
        foreach (var (operation, input, code) in operations)
        {
            using var answer = await raw.PostAsJsonAsync($"api/{operation}", JsonNode.Parse(input), Stop);
            var body = await answer.Content.ReadAsStringAsync(Stop);
            Assert.True(
                !answer.IsSuccessStatusCode && body.Contains(code, StringComparison.Ordinal),
                $"{operation}: {body}"
            );
            tried++;
        }
        return tried;
    }

    private static async Task<IReadOnlyList<string>> JournalAsync(Voyage platform)
    {
        await using var packed = File.OpenRead(AgentVoyage.Text(await platform.AskAsync("audit", "export"), "file"));
        await using var lines = new GZipStream(packed, CompressionMode.Decompress);
        using var reader = new StreamReader(lines);
        return (await reader.ReadToEndAsync(Stop)).Split('\n');
    }

    private const string Manifest = """
        app: hello
        services:
          web: { kind: web, path: ., health: { http: /healthz, every: 100ms } }
        """;

    private static JsonObject Copy(JsonObject one) => one.DeepClone().AsObject();
}
