using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Model.Agents;

namespace Fairlead.Faces.A2a;

/// <summary>Tasks and messages as A2A 1.0 writes them in JSON (ProtoJSON of <c>lf.a2a.v1</c>).</summary>
internal static class A2aWords
{
    public const string Version = "1.0";

    /// <param name="historyLength">How many of the latest messages; null for all.</param>
    public static JsonObject TaskOf(AgentTask task, int? historyLength = null, bool withArtifacts = true)
    {
        var node = new JsonObject
        {
            ["id"] = task.Id,
            ["contextId"] = task.ContextId,
            ["status"] = StatusOf(task),
        };
        if (withArtifacts)
        {
            node["artifacts"] = new JsonArray([.. task.Results.Select(ArtifactOf)]);
        }
        var history = historyLength is { } length ? task.History.TakeLast(Math.Max(0, length)) : task.History;
        if (historyLength is not 0)
        {
            node["history"] = new JsonArray([.. history.Select(static one => one.DeepClone())]);
        }
        return node;
    }

    /// <summary>What happened to a task since a change of it: results before the state that they led to.</summary>
    /// <param name="since">Number of the change; 0 for the task as it is.</param>
    /// <returns>With the number of the change that each belongs to.</returns>
    public static IEnumerable<(int Change, JsonObject Event)> EventsOf(AgentTask task, int since)
    {
        if (since == 0)
        {
            yield return (task.Latest, new() { ["task"] = TaskOf(task) });
            yield break;
        }
        var results = task.Changes.LastOrDefault(one => one.Number <= since)?.Results ?? 0;
        foreach (var change in task.Changes.Where(one => one.Number > since))
        {
            foreach (var result in task.Results.Where(one => one.Number > results && one.Number <= change.Results))
            {
                yield return (change.Number, ArtifactUpdateOf(task, result));
            }
            results = change.Results;
            yield return (change.Number, StatusUpdateOf(task, change));
        }
    }

    /// <summary>Where a caller is told; what it is told with is never said again.</summary>
    public static JsonObject PushOf(TaskPush push)
    {
        var node = new JsonObject
        {
            ["id"] = push.Id,
            ["taskId"] = push.Task,
            ["url"] = push.Url.ToString(),
        };
        if (push.Scheme is { } scheme)
        {
            node["authentication"] = new JsonObject { ["scheme"] = scheme };
        }
        return node;
    }

    private static JsonObject StatusOf(AgentTask task) =>
        StatusOf(task, new(task.Latest, task.State, task.Note, task.UpdatedAt, 0));

    private static JsonObject StatusOf(AgentTask task, AgentTaskChange change) =>
        new()
        {
            ["state"] = JsonSerializer.SerializeToNode(change.State),
            ["timestamp"] = TimeOf(change.At),
            ["message"] = new JsonObject
            {
                ["messageId"] = $"{task.Id}-{change.Number.ToString(CultureInfo.InvariantCulture)}",
                ["taskId"] = task.Id,
                ["contextId"] = task.ContextId,
                ["role"] = "ROLE_AGENT",
                ["parts"] = new JsonArray(new JsonObject { ["text"] = change.Note, ["mediaType"] = "text/plain" }),
            },
        };

    private static JsonObject StatusUpdateOf(AgentTask task, AgentTaskChange change) =>
        new()
        {
            ["statusUpdate"] = new JsonObject
            {
                ["taskId"] = task.Id,
                ["contextId"] = task.ContextId,
                ["status"] = StatusOf(task, change),
            },
        };

    private static JsonObject ArtifactUpdateOf(AgentTask task, AgentTaskResult result) =>
        new()
        {
            ["artifactUpdate"] = new JsonObject
            {
                ["taskId"] = task.Id,
                ["contextId"] = task.ContextId,
                ["artifact"] = ArtifactOf(result),
                ["append"] = false,
                ["lastChunk"] = true,
            },
        };

    /// <summary>What a message asks for; null when no part of it says so.</summary>
    public static (string Skill, JsonObject Input)? AskedBy(JsonObject message)
    {
        foreach (var part in message["parts"] as JsonArray ?? [])
        {
            if (
                part?["data"] is JsonObject data
                && data["skill"] is JsonValue skill
                && skill.TryGetValue<string>(out var name)
                && data["input"] is null or JsonObject
            )
            {
                return (name, (JsonObject)(data["input"]?.DeepClone() ?? new JsonObject()));
            }
        }
        return null;
    }

    private static JsonObject ArtifactOf(AgentTaskResult result) =>
        new()
        {
            ["artifactId"] = $"{result.Number.ToString(CultureInfo.InvariantCulture)}-{result.Name}",
            ["name"] = result.Name,
            ["parts"] = new JsonArray(
                new JsonObject
                {
                    ["data"] = result.Data.DeepClone(),
                    ["mediaType"] = $"application/vnd.fairlead.{result.Name}+json",
                }
            ),
        };

    private static string TimeOf(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
