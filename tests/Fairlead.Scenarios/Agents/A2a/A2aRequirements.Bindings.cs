using static Fairlead.Scenarios.Agents.A2a.A2aPeer;

namespace Fairlead.Scenarios.Agents.A2a;

public sealed partial class A2aRequirements
{
    private static Dictionary<string, Func<A2aPeer, Task>> Bindings { get; } =
        new(StringComparer.Ordinal)
        {
            ["JSONRPC-FMT-001"] = static async peer =>
            {
                var answer = await peer.RpcAsync("SendMessage", Message());
                Assert.Equal(("2.0", "q1"), (Text(answer, "jsonrpc"), Text(answer, "id")));
                Assert.Equal(
                    ["id", "jsonrpc", "result"],
                    answer.AsObject().Select(static one => one.Key).Order(StringComparer.Ordinal)
                );
            },
            ["JSONRPC-FMT-002"] = static async peer =>
                Assert.Equal("application/json", (await RawAsync(peer, Envelope("SendMessage", Message()))).Type),
            ["JSONRPC-SVC-001"] = static async peer =>
            {
                string[] methods =
                [
                    "SendMessage",
                    "GetTask",
                    "ListTasks",
                    "CancelTask",
                    "SubscribeToTask",
                    "CreateTaskPushNotificationConfig",
                    "GetTaskPushNotificationConfig",
                    "ListTaskPushNotificationConfigs",
                    "DeleteTaskPushNotificationConfig",
                    "GetExtendedAgentCard",
                ];
                foreach (var method in methods)
                {
                    Assert.NotEqual((method, -32601), (method, await peer.CodeAsync(method, "{}")));
                }
                Assert.Equal(-32601, await peer.CodeAsync("message/send", "{}"));
            },
            ["JSONRPC-SVC-002"] = static async peer =>
                Assert.Contains(
                    "-32009",
                    (await RawAsync(peer, Envelope("GetTask", """{"id":"x"}"""), version: "9.9")).Body,
                    StringComparison.Ordinal
                ),
            ["JSONRPC-SSE-001"] = static async peer =>
                Assert.All(
                    await SentAsync(peer),
                    static one =>
                    {
                        Assert.Equal(("2.0", "q1"), (Text(one, "jsonrpc"), Text(one, "id")));
                        Assert.NotNull(one["result"]);
                    }
                ),
            ["JSONRPC-SSE-002"] = static async peer =>
                Assert.Equal(-32001, await peer.CodeAsync("SubscribeToTask", """{"id":"nothing"}""")),
            ["JSONRPC-ERR-001"] = static async peer =>
            {
                var error = (await peer.RpcAsync("GetTask", """{"id":"nothing"}"""))["error"]!;
                Assert.Equal(-32001, error["code"]!.GetValue<int>());
                Assert.NotEmpty(Text(error, "message"));
            },
            ["JSONRPC-ERR-002"] = static async peer =>
            {
                Assert.InRange(await peer.CodeAsync("GetTask", """{"id":"nothing"}"""), -32099, -32001);
                // Of JSON-RPC itself.
                Assert.Equal(-32700, (await RawAsync(peer, "{")).Node["error"]!["code"]!.GetValue<int>());
                Assert.Equal(
                    -32600,
                    (await RawAsync(peer, """{"jsonrpc":"1.0","id":1,"method":"GetTask"}""")).Node["error"]![
                        "code"
                    ]!.GetValue<int>()
                );
            },
            ["JSONRPC-ERR-003"] = static async peer =>
            {
                var data = (await peer.RpcAsync("GetTask", """{"id":"nothing"}"""))["error"]!["data"]![0]!;
                Assert.Equal("type.googleapis.com/google.rpc.ErrorInfo", Text(data, "@type"));
                Assert.Equal(("TASK_NOT_FOUND", "a2a-protocol.org"), (Text(data, "reason"), Text(data, "domain")));
            },
            ["HTTP_JSON-URL-001"] = static async peer =>
            {
                var task = (await RestAsync(peer, HttpMethod.Post, "message:send", Message())).Node["task"]!;
                var id = Text(task, "id");
                Assert.Equal(200, (await RestAsync(peer, HttpMethod.Get, $"tasks/{id}")).Status);
                Assert.Equal(200, (await RestAsync(peer, HttpMethod.Get, "tasks")).Status);
                Assert.Equal(409, (await RestAsync(peer, HttpMethod.Post, $"tasks/{id}:cancel")).Status);
                Assert.Equal(400, (await RestAsync(peer, HttpMethod.Post, $"tasks/{id}:subscribe")).Status);
                Assert.Equal(400, (await RestAsync(peer, HttpMethod.Get, $"tasks/{id}:subscribe")).Status);
                Assert.Equal(400, (await RestAsync(peer, HttpMethod.Get, "extendedAgentCard")).Status);
            },
            ["HTTP_JSON-URL-002"] = static async peer =>
            {
                var place = $"tasks/{await peer.WorkingAsync()}/pushNotificationConfigs";
                var made = await RestAsync(peer, HttpMethod.Post, place, """{"url":"https://127.0.0.1:1/","id":"a"}""");
                Assert.Equal((200, "a"), (made.Status, Text(made.Node, "id")));
                Assert.Single((await RestAsync(peer, HttpMethod.Get, place)).Node["configs"]!.AsArray());
                Assert.Equal(200, (await RestAsync(peer, HttpMethod.Get, $"{place}/a")).Status);
                Assert.Equal(200, (await RestAsync(peer, HttpMethod.Delete, $"{place}/a")).Status);
                Assert.Equal(404, (await RestAsync(peer, HttpMethod.Get, $"{place}/a")).Status);
                Assert.Equal(404, (await RestAsync(peer, HttpMethod.Put, $"{place}/a")).Status);
            },
            ["HTTP_JSON-SVC-001"] = static async peer =>
                Assert.Equal("application/a2a+json", (await RestAsync(peer, HttpMethod.Get, "tasks")).Type),
            ["HTTP_JSON-SVC-002"] = static async peer =>
                Assert.Equal(400, (await peer.SendAsync(HttpMethod.Get, "a2a/v1/tasks", version: "9.9")).Status),
            ["HTTP_JSON-QP-001"] = static async peer =>
            {
                var context = Context();
                await peer.TaskAsync($",\"contextId\":\"{context}\"");
                await peer.TaskAsync($",\"contextId\":\"{context}\"");
                var page = (
                    await RestAsync(peer, HttpMethod.Get, $"tasks?contextId={context}&pageSize=1&includeArtifacts=true")
                ).Node;
                Assert.NotNull(Assert.Single(page["tasks"]!.AsArray())!["artifacts"]);
                Assert.NotEmpty(Text(page, "nextPageToken"));
            },
            ["HTTP_JSON-ERR-001"] = static async peer =>
            {
                var error = (await RestAsync(peer, HttpMethod.Get, "tasks/nothing")).Node["error"]!;
                Assert.Equal((404, "NOT_FOUND"), (error["code"]!.GetValue<int>(), Text(error, "status")));
                Assert.NotEmpty(Text(error, "message"));
            },
            ["HTTP_JSON-ERR-002"] = static async peer =>
            {
                var detail = (await RestAsync(peer, HttpMethod.Get, "tasks/nothing")).Node["error"]!["details"]![0]!;
                Assert.Equal(("TASK_NOT_FOUND", "a2a-protocol.org"), (Text(detail, "reason"), Text(detail, "domain")));
            },
            ["HTTP_JSON-STATUS-001"] = static async peer =>
            {
                var over = Text(await peer.TaskAsync(), "id");
                Assert.Equal(404, (await RestAsync(peer, HttpMethod.Get, "tasks/nothing")).Status);
                Assert.Equal(409, (await RestAsync(peer, HttpMethod.Post, $"tasks/{over}:cancel")).Status);
                Assert.Equal(
                    415,
                    (await RestAsync(peer, HttpMethod.Post, "message:send", Message("""{"raw":"eA=="}"""))).Status
                );
            },
            ["HTTP_JSON-SSE-001"] = static async peer =>
            {
                await foreach (var one in peer.StreamAsync("a2a/v1/message:stream", Message()))
                {
                    Assert.Equal("task TASK_STATE_COMPLETED", ToldBare(one));
                }
            },
            ["VER-SERVER-001"] = static async peer =>
                Assert.Equal(200, (await peer.SendAsync(HttpMethod.Get, "a2a/v1/tasks", version: "1.0")).Status),
            ["VER-SERVER-002"] = static async peer =>
                Assert.Contains(
                    "VERSION_NOT_SUPPORTED",
                    (await RawAsync(peer, Envelope("GetTask", """{"id":"x"}"""), version: "2.0")).Body,
                    StringComparison.Ordinal
                ),
            ["VER-SERVER-003"] = static async peer =>
                Assert.Contains(
                    "'0.3' is not supported",
                    (await RawAsync(peer, Envelope("GetTask", """{"id":"x"}"""), version: null)).Node["error"]![
                        "message"
                    ]!.GetValue<string>(),
                    StringComparison.Ordinal
                ),
            ["VER-CLIENT-002"] = static async peer =>
                Assert.Equal(200, (await peer.SendAsync(HttpMethod.Get, "a2a/v1/tasks", version: "1.0.7")).Status),
        };

    private static Task<A2aAnswer> RawAsync(A2aPeer peer, string body, string? version = "1.0") =>
        peer.SendAsync(HttpMethod.Post, "a2a", body, version: version);

    private static Task<A2aAnswer> RestAsync(A2aPeer peer, HttpMethod method, string place, string? body = null) =>
        peer.SendAsync(method, $"a2a/v1/{place}", body);
}
