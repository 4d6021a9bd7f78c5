using System.Text.Json.Nodes;
using static Fairlead.Scenarios.Agents.A2a.A2aPeer;

namespace Fairlead.Scenarios.Agents.A2a;

public sealed partial class A2aRequirements
{
    private static Dictionary<string, Func<A2aPeer, Task>> Core { get; } =
        new(StringComparer.Ordinal)
        {
            ["CORE-SEND-001"] = static async peer =>
                Assert.Equal("TASK_STATE_COMPLETED", State((await peer.ResultAsync("SendMessage", Message()))["task"])),
            ["CORE-SEND-002"] = static async peer =>
            {
                var task = await peer.TaskAsync();
                Assert.Equal(
                    -32004,
                    await peer.CodeAsync("SendMessage", Message(more: $",\"taskId\":{task["id"]!.ToJsonString()}"))
                );
            },
            ["CORE-SEND-003"] = static async peer =>
                Assert.Equal(
                    -32005,
                    await peer.CodeAsync(
                        "SendMessage",
                        Message("""{"raw":"dGNr","mediaType":"application/x-unknown"}""")
                    )
                ),
            ["CORE-GET-001"] = static async peer =>
            {
                var task = await peer.TaskAsync();
                var got = await peer.ResultAsync("GetTask", IdOf(task));
                Assert.Equal(State(task), State(got));
                Assert.NotEmpty(got["artifacts"]!.AsArray());
            },
            ["CORE-GET-002"] = static async peer =>
                Assert.Equal(-32001, await peer.CodeAsync("GetTask", """{"id":"nothing"}""")),
            ["CORE-LIST-001"] = static async peer =>
            {
                var context = Context();
                await peer.TaskAsync($",\"contextId\":\"{context}\"");
                Assert.Equal(1, (await ListAsync(peer, context, ""))["totalSize"]!.GetValue<int>());
                Assert.Equal(0, (await ListAsync(peer, context, "", peer.Other))["totalSize"]!.GetValue<int>());
            },
            ["CORE-LIST-002"] = static async peer =>
            {
                var context = Context();
                for (var count = 0; count < 3; count++)
                {
                    await peer.TaskAsync($",\"contextId\":\"{context}\"");
                }
                var first = await ListAsync(peer, context, ",\"pageSize\":2");
                var next = await ListAsync(
                    peer,
                    context,
                    $",\"pageSize\":2,\"pageToken\":{first["nextPageToken"]!.ToJsonString()}"
                );
                Assert.Equal((2, 1), (first["tasks"]!.AsArray().Count, next["tasks"]!.AsArray().Count));
            },
            ["CORE-LIST-003"] = static async peer =>
            {
                var context = Context();
                await peer.TaskAsync($",\"contextId\":\"{context}\"");
                await peer.TaskAsync($",\"contextId\":\"{context}\"");
                var times = (await ListAsync(peer, context, ""))["tasks"]!
                    .AsArray()
                    .Select(static one => one!["status"]!["timestamp"]!.GetValue<string>())
                    .ToList();
                Assert.Equal(times.OrderDescending(StringComparer.Ordinal), times);
            },
            ["CORE-LIST-004"] = static async peer =>
                Assert.Equal("", (await ListAsync(peer, Context(), ""))["nextPageToken"]!.GetValue<string>()),
            ["CORE-LIST-005"] = static async peer =>
            {
                var context = Context();
                await peer.TaskAsync($",\"contextId\":\"{context}\"");
                Assert.Null((await ListAsync(peer, context, ""))["tasks"]![0]!["artifacts"]);
                Assert.NotNull(
                    (await ListAsync(peer, context, ",\"includeArtifacts\":true"))["tasks"]![0]!["artifacts"]
                );
            },
            ["CORE-CANCEL-001"] = static async peer =>
            {
                var task = await AskedAsync(peer);
                Assert.Equal("TASK_STATE_CANCELED", State(await peer.ResultAsync("CancelTask", IdOf(task))));
            },
            ["CORE-CANCEL-002"] = static async peer =>
                Assert.Equal(-32002, await peer.CodeAsync("CancelTask", IdOf(await peer.TaskAsync()))),
            ["CORE-CANCEL-003"] = static async peer =>
                Assert.Equal(-32001, await peer.CodeAsync("CancelTask", """{"id":"nothing"}""")),
            ["CORE-ERR-001"] = static async peer =>
            {
                var error = (await peer.RpcAsync("GetTask", """{"id":"nothing"}"""))["error"]!;
                Assert.Contains("nothing", error["message"]!.GetValue<string>(), StringComparison.Ordinal);
            },
            ["CORE-ERR-002"] = static async peer =>
            {
                (string Method, string Input)[] wrong =
                [
                    ("SendMessage", "{}"),
                    ("SendMessage", """{"message":{"messageId":"m","role":"ROLE_USER","parts":[]}}"""),
                    ("SendMessage", """{"message":{"messageId":"m","role":"ROLE_AGENT","parts":[{"text":"x"}]}}"""),
                    ("SendMessage", """{"message":{"role":"ROLE_USER","parts":[{"text":"x"}]}}"""),
                    ("SendMessage", """{"message":{"messageId":"m","role":"ROLE_USER","parts":[{}]}}"""),
                    ("SendMessage", """{"message":{"messageId":"m","role":"ROLE_USER","parts":["x"]}}"""),
                    (
                        "SendMessage",
                        """{"message":{"messageId":"m","role":"ROLE_USER","parts":[{"text":"x"}]},"configuration":"x"}"""
                    ),
                    ("GetTask", "{}"),
                    ("ListTasks", """{"pageSize":0}"""),
                    ("ListTasks", """{"pageSize":101}"""),
                    ("ListTasks", """{"pageToken":"x"}"""),
                    ("ListTasks", """{"statusTimestampAfter":"yesterday"}"""),
                ];
                foreach (var (method, input) in wrong)
                {
                    Assert.Equal((method, input, -32602), (method, input, await peer.CodeAsync(method, input)));
                }
            },
            ["CORE-CAP-003"] = static async peer =>
                Assert.Equal(-32004, await peer.CodeAsync("GetExtendedAgentCard", "{}")),
            ["CORE-EXECUTION-MODE-001"] = static async peer =>
                // What waits for its caller is interrupted; how it waits for a deployment, A2aScenarios sees.
                Assert.Equal("TASK_STATE_INPUT_REQUIRED", State(await AskedAsync(peer))),
            ["CORE-EXECUTION-MODE-002"] = static async peer =>
                Assert.NotNull(
                    (await peer.ResultAsync("SendMessage", Message(configuration: """{"returnImmediately":true}""")))[
                        "task"
                    ]
                ),
        };

    private static Dictionary<string, Func<A2aPeer, Task>> Conversations { get; } =
        new(StringComparer.Ordinal)
        {
            ["CORE-MULTI-001"] = static async peer =>
                Assert.NotEmpty((await peer.TaskAsync())["contextId"]!.GetValue<string>()),
            ["CORE-MULTI-001a"] = static async peer =>
            {
                var task = await peer.TaskAsync();
                Assert.Equal(
                    task["contextId"]!.GetValue<string>(),
                    (await peer.ResultAsync("GetTask", IdOf(task)))["contextId"]!.GetValue<string>()
                );
            },
            ["CORE-MULTI-002"] = static async peer =>
                Assert.Equal(
                    "mine",
                    (await peer.TaskAsync(",\"contextId\":\"mine\""))["contextId"]!.GetValue<string>()
                ),
            ["CORE-MULTI-002a"] = static async peer =>
                Assert.Equal(
                    -32602,
                    await peer.CodeAsync("SendMessage", Message(more: $",\"contextId\":\"{new string('x', 101)}\""))
                ),
            ["CORE-MULTI-003"] = static async peer =>
                Assert.NotEqual(
                    (await peer.TaskAsync())["id"]!.GetValue<string>(),
                    (await peer.TaskAsync())["id"]!.GetValue<string>()
                ),
            ["CORE-MULTI-004"] = static async peer =>
                Assert.Equal(-32001, await peer.CodeAsync("SendMessage", Message(more: ",\"taskId\":\"nothing\""))),
            ["CORE-MULTI-005"] = static async peer =>
            {
                var task = await AskedAsync(peer);
                var next = await NextAsync(peer, task, "");
                Assert.Equal(
                    (task["id"]!.GetValue<string>(), task["contextId"]!.GetValue<string>()),
                    (next["id"]!.GetValue<string>(), next["contextId"]!.GetValue<string>())
                );
            },
            ["CORE-MULTI-006"] = static async peer =>
            {
                var task = await AskedAsync(peer);
                Assert.Equal(
                    -32602,
                    await peer.CodeAsync(
                        "SendMessage",
                        Message(more: $",\"taskId\":{task["id"]!.ToJsonString()},\"contextId\":\"another\"")
                    )
                );
            },
            ["CORE-HIST-001"] = static async peer =>
                Assert.Null(
                    (await peer.ResultAsync("GetTask", IdOf(await peer.TaskAsync(), ",\"historyLength\":0")))["history"]
                ),
            ["CORE-HIST-002"] = static async peer =>
            {
                var task = await NextAsync(peer, await AskedAsync(peer), "");
                var got = await peer.ResultAsync("GetTask", IdOf(task, ",\"historyLength\":1"));
                Assert.Single(got["history"]!.AsArray());
            },
            ["CORE-HIST-003"] = static async peer =>
                Assert.Null(
                    (await peer.ResultAsync("SendMessage", Message(configuration: """{"historyLength":0}""")))["task"]![
                        "history"
                    ]
                ),
            ["CORE-HIST-004"] = static async peer =>
                Assert.NotEmpty(
                    (await peer.ResultAsync("GetTask", IdOf(await peer.TaskAsync())))["history"]!.AsArray()
                ),
            ["CORE-HIST-005"] = static async peer =>
            {
                var task = await AskedAsync(peer);
                await NextAsync(peer, task, "second");
                Assert.Equal(
                    ["m1", "second"],
                    (await peer.ResultAsync("GetTask", IdOf(task)))["history"]!
                        .AsArray()
                        .Select(static one => one!["messageId"]!.GetValue<string>())
                );
            },
            ["CORE-HIST-006"] = static async peer =>
                Assert.Equal(
                    "what about it",
                    (await peer.ResultAsync("GetTask", IdOf(await AskedAsync(peer))))["history"]![0]!["parts"]![0]![
                        "text"
                    ]!.GetValue<string>()
                ),
        };

    private static string State(JsonNode? task) => task!["status"]!["state"]!.GetValue<string>();

    private static string IdOf(JsonNode task, string more = "") => $"{{\"id\":{task["id"]!.ToJsonString()}{more}}}";

    private static string Context() => $"c-{Guid.NewGuid():n}";

    // Text alone is asked back.
    private static async Task<JsonNode> AskedAsync(A2aPeer peer) =>
        (await peer.ResultAsync("SendMessage", Message("""{"text":"what about it"}""")))["task"]!;

    private static async Task<JsonNode> NextAsync(A2aPeer peer, JsonNode task, string message) =>
        (
            await peer.ResultAsync(
                "SendMessage",
                Message("""{"text":"more"}""", $",\"taskId\":{task["id"]!.ToJsonString()}")
                    .Replace("\"m1\"", $"\"{(message.Length == 0 ? "m2" : message)}\"", StringComparison.Ordinal)
            )
        )["task"]!;

    private static Task<JsonNode> ListAsync(A2aPeer peer, string context, string more, string? by = null) =>
        peer.ResultAsync("ListTasks", $"{{\"contextId\":\"{context}\"{more}}}", by);
}
