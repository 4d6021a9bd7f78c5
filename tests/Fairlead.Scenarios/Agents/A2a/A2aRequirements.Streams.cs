using System.Text.Json.Nodes;
using Fairlead.Model.Agents;
using static Fairlead.Scenarios.Agents.A2a.A2aPeer;

namespace Fairlead.Scenarios.Agents.A2a;

public sealed partial class A2aRequirements
{
    private static Dictionary<string, Func<A2aPeer, Task>> Streams { get; } =
        new(StringComparer.Ordinal)
        {
            ["CORE-STREAM-001"] = static async peer => Assert.NotEmpty(await SentAsync(peer)),
            ["CORE-STREAM-003"] = static async peer =>
                Assert.Equal(["task TASK_STATE_COMPLETED"], (await SentAsync(peer)).Select(Told)),
            ["STREAM-ORDER-001"] = static async peer => Assert.Equal(Life, (await LivedAsync(peer, 1))[0]),
            ["STREAM-ORDER-002"] = static async peer =>
                Assert.All(await LivedAsync(peer, 3), static one => Assert.Equal(Life, one)),
            ["STREAM-ORDER-003"] = static async peer =>
            {
                var streams = await LivedAsync(peer, 2);
                Assert.Equal(streams[0], streams[1]);
            },
            ["STREAM-ORDER-004"] = static async peer =>
            {
                var id = await peer.WorkingAsync();
                await foreach (var _ in Subscribed(peer, id))
                {
                    break; // It leaves after the first.
                }
                Assert.Equal(Life, (await LiveAsync(peer, id, 1))[0]);
            },
            ["STREAM-SUB-001"] = static async peer =>
            {
                await foreach (var one in Subscribed(peer, await peer.WorkingAsync()))
                {
                    Assert.Equal("task TASK_STATE_WORKING", Told(one));
                    break;
                }
            },
            ["STREAM-SUB-002"] = static async peer => Assert.Equal(Life[^1], (await LivedAsync(peer, 1))[0][^1]),
            ["STREAM-SUB-003"] = static async peer =>
                Assert.Equal(-32004, await peer.CodeAsync("SubscribeToTask", IdOf(await peer.TaskAsync()))),
            ["STREAM-SUB-004"] = static async peer =>
                Assert.Equal(-32001, await peer.CodeAsync("SubscribeToTask", """{"id":"nothing"}""")),
        };

    private static string[] Life =>
        [
            "task TASK_STATE_WORKING",
            "statusUpdate TASK_STATE_INPUT_REQUIRED",
            "statusUpdate TASK_STATE_WORKING",
            "artifactUpdate deployment",
            "statusUpdate TASK_STATE_COMPLETED",
        ];

    private static async Task<List<string[]>> LivedAsync(A2aPeer peer, int streams) =>
        await LiveAsync(peer, await peer.WorkingAsync(), streams);

    // All of them look on from the beginning; then the task lives, faster than anybody looks.
    private static async Task<List<string[]>> LiveAsync(A2aPeer peer, string id, int streams)
    {
        var watching = Enumerable.Range(0, streams).Select(_ => Subscribed(peer, id).GetAsyncEnumerator(Stop)).ToList();
        var told = new List<string[]>();
        foreach (var one in watching)
        {
            Assert.True(await one.MoveNextAsync());
        }
        await peer.BecomesAsync(id, AgentTaskState.InputRequired);
        await peer.BecomesAsync(id, AgentTaskState.Working);
        await peer.BecomesAsync(id, AgentTaskState.Completed, "deployment");
        foreach (var one in watching)
        {
            List<string> all = [Told(one.Current)];
            while (await one.MoveNextAsync())
            {
                all.Add(Told(one.Current));
            }
            told.Add([.. all]);
            await one.DisposeAsync();
        }
        return told;
    }

    private static IAsyncEnumerable<JsonNode> Subscribed(A2aPeer peer, string id) =>
        peer.StreamAsync("a2a", Envelope("SubscribeToTask", $"{{\"id\":\"{id}\"}}"));

    private static async Task<List<JsonNode>> SentAsync(A2aPeer peer)
    {
        var all = new List<JsonNode>();
        await foreach (var one in peer.StreamAsync("a2a", Envelope("SendStreamingMessage", Message())))
        {
            all.Add(one);
        }
        return all;
    }

    private static string Told(JsonNode envelope) => ToldBare(envelope["result"]!);

    private static string ToldBare(JsonNode one)
    {
        var (name, value) = Assert.Single(one.AsObject());
        return $"{name} {value!["status"]?["state"] ?? value["artifact"]!["name"]}";
    }
}
