using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Voyage = Fairlead.Scenarios.Voyages.Platform;

namespace Fairlead.Scenarios.Agents;

/// <summary>An agent brings an app to life and looks after it, by the protocol alone; people say yes beside it.</summary>
public sealed class AgentVoyage
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_agent_takes_the_storefront_to_production_and_through_an_incident_and_each_role_blocks_once()
    {
        await using var platform = await Voyage.StartAsync();
        var folder = platform.App("storefront", Manifest, "storefront");
        using var anna = await PersonAsync(platform);
        using var agent = new McpTalk(platform, await McpTalk.TokenAsync(platform, "specialist", "operator"));
        var deploy = new JsonObject { ["kind"] = "deploy", ["folder"] = folder };

        // Quality, implementation, design and whoever leads: each stands in the way once.
        await HandOverAsync(agent, "quality-gate", """{"phase":"prepare","gate":"e2e"}""");
        await BlockedAsync(agent, deploy, "e2e");
        await HandOverAsync(agent, "gate-result", """{"gate":"e2e","passed":true}""");
        var contract = await HandOverAsync(
            agent,
            "environment-contract",
            """{"service":"api","variables":["REGION"],"open":true}"""
        );
        await BlockedAsync(agent, deploy, "REGION");
        var data = Path.Combine(folder, "..", "orders");
        deploy["set"] = new JsonArray("api.env.REGION=eu", $"api.env.DATA_DIR={data}");
        var geo = await HandOverAsync(agent, "geo-plan", """{"hosts":["shop.example.org"]}""");
        await BlockedAsync(agent, deploy, "shop.example.org");
        var plan = await HandOverAsync(agent, "deployment-plan", """{"notBefore":"2099-01-01T00:00:00Z"}""");
        Assert.Equal("handoff.weakens", await agent.RefusedAsync("submit_handoff", new() { ["reject"] = geo }));
        await FulfilAsync(platform, geo);
        await BlockedAsync(agent, deploy, "2099");
        await FulfilAsync(platform, plan);

        await GoesOutAsync(agent, anna, deploy);
        await IsTakenBackAsync(platform, agent, anna, deploy);
        await LearnsAsync(platform, agent);

        // What quality wants to be tried in production is tried from then on.
        var tried = await HandOverAsync(
            agent,
            "production-test-plan",
            $$"""{"probes":[{"name":"door","url":"tcp://{{platform.Public}}","every":"10s"}]}"""
        );
        await IsUpAsync(platform, $"h{tried[..8]}-door");
        Assert.Equal(
            "accepted",
            Text((await agent.CallAsync("list_handoffs", new() { ["handoff"] = contract }))["handoffs"]![0]!, "state")
        );
    }

    // A plan waits for a person; until then nothing is done.
    private static async Task GoesOutAsync(McpTalk agent, HttpClient anna, JsonObject deploy)
    {
        var made = await agent.CallAsync("plan_change", deploy);
        Assert.Equal("awaiting-approval", Text(made, "state"));
        var apply = Of(made);
        Assert.False((await agent.CallAsync("apply_plan", apply))["done"]!.GetValue<bool>());
        await ApproveAsync(anna, made);
        var begun = await agent.CallAsync("apply_plan", apply);
        Assert.Equal("promoted", Text(await agent.EndOfAsync(Text(begun, "deployment")), "phase"));
        Assert.Equal("agent.plan-over", await agent.RefusedAsync("apply_plan", apply));
    }

    // A version that answers with errors is taken back while people buy, and the agent says why.
    private static async Task IsTakenBackAsync(Voyage platform, McpTalk agent, HttpClient anna, JsonObject deploy)
    {
        using var visitors = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var load = platform.LoadAsync("storefront", perSecond: 40, visitors.Token, path: "/api/products", slow: 0);
        deploy["set"]!.AsArray().Add("api.env.FAULT=errors");
        var made = await agent.CallAsync("plan_change", deploy);
        await ApproveAsync(anna, made);
        var begun = await agent.CallAsync("apply_plan", Of(made));
        Assert.Equal("rolled-back", Text(await agent.EndOfAsync(Text(begun, "deployment")), "phase"));
        await visitors.CancelAsync();
        await load;
        var failure = await agent.CallAsync("explain_failure", new() { ["app"] = "storefront" });
        Assert.Contains("error-rate", failure["deployment"]!["reason"]!.ToJsonString(), StringComparison.Ordinal);

        var brief = await agent.CallAsync(
            "submit_handoff",
            new() { ["write"] = "troubleshooting-brief", ["app"] = "storefront" }
        );
        Assert.Equal("offered", Text(brief, "state"));
        Assert.Contains("Release 2", brief.ToJsonString(), StringComparison.OrdinalIgnoreCase);
    }

    // It opens an incident, closes it, and delivers the post-mortem.
    private static async Task LearnsAsync(Voyage platform, McpTalk agent)
    {
        var incident = (
            await agent.CallAsync(
                "open_incident",
                new() { ["title"] = "Release 2 answers with errors", ["app"] = "storefront" }
            )
        )["incident"]!.GetValue<int>();
        await agent.CallAsync(
            "update_incident",
            new()
            {
                ["incident"] = incident,
                ["acknowledge"] = true,
                ["note"] = "It was taken back.",
            }
        );
        await agent.CallAsync(
            "update_incident",
            new()
            {
                ["incident"] = incident,
                ["follow_up"] = "Try it before",
                ["owner"] = "quality",
                ["due"] = "2027-01-31",
            }
        );
        var closed = await agent.CallAsync(
            "update_incident",
            new()
            {
                ["incident"] = incident,
                ["resolve"] = "Release 1 is live.",
                ["postmortem"] = true,
            }
        );
        Assert.Equal("resolved", Text(closed, "state"));
        Assert.Contains("Try it before", Text(closed, "postmortem"), StringComparison.Ordinal);

        var learned = await agent.CallAsync(
            "submit_handoff",
            new() { ["write"] = "post-mortem", ["incident"] = incident }
        );
        var id = Text(learned, "handoff");
        await agent.CallAsync("submit_handoff", new() { ["accept"] = id });
        var early = await platform.RunAsync("handoff", "fulfil", id, "--reason", "enough");
        Assert.Contains("handoff.open", early.ToString(), StringComparison.Ordinal);

        var evidence = await agent.CallAsync("evidence", new() { ["app"] = "storefront" });
        Assert.NotEmpty(evidence["journal"]!.AsArray());
    }

    private static async Task IsUpAsync(Voyage platform, string monitor)
    {
        for (var end = DateTime.UtcNow.AddSeconds(60); ; )
        {
            var said = await platform.RunAsync("monitor", "show", monitor, "--json");
            if (said.Output.Contains("\"state\":\"up\"", StringComparison.Ordinal))
            {
                return;
            }
            Assert.True(DateTime.UtcNow < end, said.ToString());
        }
    }

    private const string Manifest = """
        app: storefront
        services:
          api:
            kind: api
            path: ./api
            health: { http: /healthz, every: 100ms, startGrace: 30s }
            replicas: 2
            deploy: { strategy: canary, shares: [50%], hold: 3s, gates: [error-rate < 1%], judge: off }
          web: { kind: web, path: ./web, uses: [api] }
          worker: { kind: worker, path: ./worker, uses: [api] }
        """;

    private static async Task<string> HandOverAsync(McpTalk agent, string kind, string body)
    {
        var offered = await agent.CallAsync(
            "submit_handoff",
            new()
            {
                ["document"] = new JsonObject
                {
                    ["kind"] = kind,
                    ["version"] = 1,
                    ["app"] = "storefront",
                    ["environment"] = "production",
                    ["title"] = $"A {kind}",
                    ["owner"] = "somebody",
                    ["body"] = JsonNode.Parse(body),
                },
            }
        );
        var id = Text(offered, "handoff");
        Assert.Equal("accepted", Text(await agent.CallAsync("submit_handoff", new() { ["accept"] = id }), "state"));
        return id;
    }

    private static async Task BlockedAsync(McpTalk agent, JsonObject deploy, string word)
    {
        var result = await agent.AskAsync(
            "tools/call",
            new() { ["name"] = "plan_change", ["arguments"] = deploy.DeepClone() }
        );
        var said = result["content"]![0]!["text"]!.GetValue<string>();
        Assert.Contains("handoff.blocks", said, StringComparison.Ordinal);
        Assert.Contains(word, said, StringComparison.Ordinal);
    }

    private static async Task FulfilAsync(Voyage platform, string id)
    {
        var done = await platform.RunAsync("handoff", "fulfil", id, "--reason", "It is so now");
        Assert.True(done.Code == 0, done.ToString());
    }

    /// <summary>Somebody with an account and a password, at the API with the owner's token: as the dashboard or the CLI asks.</summary>
    internal static async Task<HttpClient> PersonAsync(Voyage platform)
    {
        var invited = await platform.AskAsync("person", "invite", "anna@example.org", "--role", "operator");
        using (var page = new HttpClient { BaseAddress = new Uri($"http://{platform.Api}/") })
        {
            page.DefaultRequestHeaders.Add("Origin", $"http://{platform.Api}");
            page.DefaultRequestHeaders.Add("X-Fairlead", "1");
            using var accepted = await page.PostAsJsonAsync(
                "identity/accept",
                new JsonObject { ["token"] = Text(invited, "link").Split('#')[1], ["password"] = Password },
                Stop
            );
            accepted.EnsureSuccessStatusCode();
        }
        var http = new HttpClient { BaseAddress = new Uri($"http://{platform.Api}/") };
        http.DefaultRequestHeaders.Authorization = new(
            "Bearer",
            File.ReadAllText(Path.Combine(platform.State, "api-token")).Trim()
        );
        return http;
    }

    internal const string Password = "long enough for anna@example.org";

    internal static async Task ApproveAsync(HttpClient anna, JsonNode plan)
    {
        var asked = new JsonObject
        {
            ["plan"] = Text(plan, "plan"),
            ["digest"] = Text(plan, "digest"),
            ["person"] = "anna@example.org",
            ["password"] = Password,
        };
        using var answer = await anna.PostAsJsonAsync("api/agent.approve", asked, Stop);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Stop));
    }

    internal static JsonObject Of(JsonNode plan) =>
        new() { ["plan"] = Text(plan, "plan"), ["digest"] = Text(plan, "digest") };

    internal static string Text(JsonNode node, string name) => node[name]?.GetValue<string>() ?? "";
}
