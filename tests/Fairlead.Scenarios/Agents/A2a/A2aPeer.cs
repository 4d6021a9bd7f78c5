using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Engine.Agents;
using Fairlead.Model.Agents;
using Fairlead.Model.Security;
using Fairlead.Scenarios.Access;

namespace Fairlead.Scenarios.Agents.A2a;

/// <summary>A server, and agents that ask it by hand, so that nothing between them helps.</summary>
public sealed class A2aPeer : IAsyncLifetime
{
    private ServerUnderTest server = null!; // Until it is initialized nothing is asked.
    private string token = "";

    internal static CancellationToken Stop => TestContext.Current.CancellationToken;

    internal Uri Address => server.Address;

    /// <summary>An agent that sees none of the other's tasks.</summary>
    internal string Other { get; private set; } = "";

    /// <summary>One that may not send this server into its own network.</summary>
    internal string Outsider { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        server = await ServerUnderTest.StartAsync([]);
        token = await TokenAsync("operator");
        Other = await TokenAsync("operator");
        Outsider = await TokenAsync("deployer");
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    /// <summary>A method by JSON-RPC: the whole answer.</summary>
    internal async Task<JsonNode> RpcAsync(string method, string input, string? by = null) =>
        JsonNode.Parse((await SendAsync(HttpMethod.Post, "a2a", Envelope(method, input), by)).Body)!;

    /// <summary>The result of a method.</summary>
    internal async Task<JsonNode> ResultAsync(string method, string input, string? by = null)
    {
        var answer = await RpcAsync(method, input, by);
        return answer["result"] ?? throw new InvalidOperationException($"{method}: {answer.ToJsonString()}");
    }

    /// <summary>Code of the error that a method is answered with; 0 for none.</summary>
    internal async Task<int> CodeAsync(string method, string input, string? by = null) =>
        (await RpcAsync(method, input, by))["error"]?["code"]?.GetValue<int>() ?? 0;

    /// <summary>A request by HTTP+JSON, or of anything else.</summary>
    internal async Task<A2aAnswer> SendAsync(
        HttpMethod method,
        string path,
        string? body = null,
        string? by = null,
        string? version = "1.0",
        string? known = null
    )
    {
        using var http = new HttpClient { BaseAddress = Address };
        using var request = Request(method, path, body, by, version);
        if (known is not null)
        {
            request.Headers.Add("If-None-Match", known);
        }
        using var answer = await http.SendAsync(request, Stop);
        return new(
            (int)answer.StatusCode,
            answer.Content.Headers.ContentType?.MediaType ?? "",
            await answer.Content.ReadAsStringAsync(Stop),
            answer.Headers.ETag?.Tag ?? ""
        )
        {
            Cache = answer.Headers.CacheControl?.ToString() ?? "",
            Modified = answer.Content.Headers.LastModified,
        };
    }

    /// <summary>Events of a stream, as long as somebody reads them.</summary>
    internal async IAsyncEnumerable<JsonNode> StreamAsync(string path, string body)
    {
        using var http = new HttpClient { BaseAddress = Address };
        using var request = Request(HttpMethod.Post, path, body, by: null, "1.0");
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(Stop));
        while (await lines.ReadLineAsync(Stop) is { } line)
        {
            if (line.StartsWith("data:", StringComparison.Ordinal))
            {
                yield return JsonNode.Parse(line[5..])!;
            }
        }
    }

    internal static string Envelope(string method, string input) =>
        new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = "q1",
            ["method"] = method,
            ["params"] = JsonNode.Parse(input),
        }.ToJsonString();

    /// <summary>A message that asks for a skill; beside it goes whatever is said.</summary>
    internal static string Message(
        string part = """{"data":{"skill":"status","input":{}}}""",
        string more = "",
        string configuration = "{}"
    ) =>
        $$"""{"message":{"messageId":"m1","role":"ROLE_USER","parts":[{{part}}]{{more}}},"configuration":{{configuration}}}""";

    /// <summary>A task that is over, by a message.</summary>
    internal async Task<JsonNode> TaskAsync(string more = "") =>
        (await ResultAsync("SendMessage", Message(more: more)))["task"]!;

    /// <summary>A task of the agent's that is under way, as if a deployment were.</summary>
    internal async Task<string> WorkingAsync()
    {
        var (id, now) = (Guid.NewGuid().ToString("n"), DateTimeOffset.UtcNow);
        var task = new AgentTask
        {
            Id = id,
            ContextId = "c",
            Owner = AccessToken.IdOf(token)!,
            State = AgentTaskState.Working,
            Note = "It goes on.",
            CreatedAt = now,
            UpdatedAt = now,
            Changes = [new(1, AgentTaskState.Working, "It goes on.", now, 0)],
        };
        await Book.KeepAsync(task, Stop);
        return id;
    }

    /// <summary>What a deployment would make of a task.</summary>
    internal async Task BecomesAsync(string id, AgentTaskState state, string? result = null)
    {
        var task = (await Book.FindAsync(AccessToken.IdOf(token)!, id, Stop))!;
        var results = result is null
            ? task.Results
            : [.. task.Results, new AgentTaskResult(result, []) { Number = task.Results.Count + 1 }];
        var now = DateTimeOffset.UtcNow;
        await Book.KeepAsync(
            task with
            {
                State = state,
                Note = $"{state}",
                UpdatedAt = now,
                Results = results,
                Changes = [.. task.Changes, new(task.Latest + 1, state, $"{state}", now, results.Count)],
            },
            Stop
        );
    }

    /// <summary>Lets who wants to be told be told now.</summary>
    internal Task TellAsync() => server.Platform.Engine.Server.Pushes!.LookAsync(Stop);

    private TaskBook Book
    {
        get
        {
            var platform = server.Platform;
            return new(platform.Engine.Server.Store, () => platform.Conductor.Fence, platform.Engine.World);
        }
    }

    private Task<string> TokenAsync(string role) =>
        server.TokenAsync(PrincipalKind.Agent, new Grant(role), TimeSpan.FromHours(1));

    private HttpRequestMessage Request(HttpMethod method, string path, string? body, string? by, string? version)
    {
        var request = new HttpRequestMessage(method, path);
        if (by is not "")
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", by ?? token);
        }
        if (version is not null)
        {
            request.Headers.Add("A2A-Version", version);
        }
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }
        return request;
    }
}

/// <summary>What came back.</summary>
internal sealed record A2aAnswer(int Status, string Type, string Body, string Tag)
{
    public string Cache { get; init; } = "";

    public DateTimeOffset? Modified { get; init; }

    public JsonNode Node => JsonNode.Parse(Body)!;
}
