using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Voyage = Fairlead.Scenarios.Voyages.Platform;

namespace Fairlead.Scenarios.Agents;

/// <summary>An agent that follows a script: it speaks the protocol by hand, so that nothing between it and the server helps.</summary>
internal sealed class McpTalk : IDisposable
{
    private readonly HttpClient http;
    private int last;

    public McpTalk(Voyage platform, string token)
    {
        http = new() { BaseAddress = new Uri($"http://{platform.Api}/") };
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        http.DefaultRequestHeaders.Add("Accept", "application/json, text/event-stream");
        http.DefaultRequestHeaders.Add("MCP-Protocol-Version", "2025-11-25");
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>An agent's token.</summary>
    public static async Task<string> TokenAsync(Voyage platform, string name, string role = "deployer") =>
        (await platform.AskAsync("token", "create", name, "--agent", "--role", role))["token"]!.GetValue<string>();

    /// <summary>What a request is answered with: its result, or its error.</summary>
    public async Task<JsonNode> AskAsync(string method, JsonObject parameters)
    {
        var message = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = Interlocked.Increment(ref last),
            ["method"] = method,
            ["params"] = parameters,
        };
        using var answer = await http.PostAsJsonAsync("mcp", message, Stop);
        return Answered(await answer.Content.ReadAsStringAsync(Stop));
    }

    private static JsonNode Answered(string body)
    {
        var data = body.Split('\n').FirstOrDefault(static line => line.StartsWith("data:", StringComparison.Ordinal));
        var node = JsonNode.Parse(data?[5..] ?? body)!;
        return node["result"] ?? node["error"] ?? node;
    }

    /// <summary>A tool by the newer revision, from a client that can ask its user.</summary>
    public async Task<JsonNode> AskingAsync(
        string tool,
        JsonObject input,
        JsonObject elicitation,
        JsonObject? answers = null
    )
    {
        var parameters = new JsonObject
        {
            ["name"] = tool,
            ["arguments"] = input.DeepClone(),
            ["_meta"] = new JsonObject
            {
                ["io.modelcontextprotocol/protocolVersion"] = "2026-07-28",
                ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject
                {
                    ["elicitation"] = elicitation.DeepClone(),
                },
            },
        };
        if (answers is not null)
        {
            parameters["inputResponses"] = answers.DeepClone();
        }
        var message = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = Interlocked.Increment(ref last),
            ["method"] = "tools/call",
            ["params"] = parameters,
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "mcp") { Content = JsonContent.Create(message) };
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", "tools/call");
        request.Headers.Add("Mcp-Name", tool);
        request.Headers.Authorization = http.DefaultRequestHeaders.Authorization;
        request.Headers.Add("Accept", "application/json, text/event-stream");
        using var bare = new HttpClient { BaseAddress = http.BaseAddress };
        using var answer = await bare.SendAsync(request, Stop);
        return Answered(await answer.Content.ReadAsStringAsync(Stop));
    }

    /// <summary>A tool's result; it must not be refused.</summary>
    public async Task<JsonNode> CallAsync(string tool, JsonObject input)
    {
        var result = await AskAsync("tools/call", new() { ["name"] = tool, ["arguments"] = input.DeepClone() });
        Assert.False(result["isError"]?.GetValue<bool>() is true, $"{tool}: {result.ToJsonString()}");
        return result["structuredContent"] ?? throw new InvalidOperationException(result.ToJsonString());
    }

    /// <summary>Code of the problem with which a tool is refused; empty when it is not.</summary>
    public async Task<string> RefusedAsync(string tool, JsonObject input)
    {
        var result = await AskAsync("tools/call", new() { ["name"] = tool, ["arguments"] = input.DeepClone() });
        if (result["code"] is { } code)
        {
            return $"protocol {code.ToJsonString()}";
        }
        return result["isError"]?.GetValue<bool>() is true
            ? JsonNode.Parse(result["content"]![0]!["text"]!.GetValue<string>())!["code"]!.GetValue<string>()
            : "";
    }

    /// <summary>Waits for a deployment's end.</summary>
    public async Task<JsonNode> EndOfAsync(string deployment)
    {
        for (var end = DateTime.UtcNow.AddSeconds(120); ; )
        {
            var now = await CallAsync("status", new() { ["deployment"] = deployment, ["wait_seconds"] = 2 });
            if (now["deployment"]!["isOver"]!.GetValue<bool>())
            {
                return now["deployment"]!;
            }
            Assert.True(DateTime.UtcNow < end, now.ToJsonString());
        }
    }

    public void Dispose() => http.Dispose();
}
