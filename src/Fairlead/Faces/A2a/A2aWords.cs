using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Model.Agents;

namespace Fairlead.Faces.A2a;

/// <summary>Tasks and messages as A2A 1.0 writes them in JSON (ProtoJSON of <c>lf.a2a.v1</c>).</summary>
internal static class A2aWords
{
    public const string Version = "1.0";

    /// <summary>A name that comes twice is no JSON here: which of them would count, nobody could tell.</summary>
    public static JsonDocumentOptions Strict { get; } = new() { AllowDuplicateProperties = false };

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
            node["artifacts"] = new JsonArray([.. task.Results.Select((one, index) => ArtifactOf(one, index))]);
        }
        var history = historyLength is { } length ? task.History.TakeLast(Math.Max(0, length)) : task.History;
        if (historyLength is not 0)
        {
            node["history"] = new JsonArray([.. history.Select(static one => one.DeepClone())]);
        }
        return node;
    }

    public static JsonObject StatusOf(AgentTask task) =>
        new()
        {
            ["state"] = JsonSerializer.SerializeToNode(task.State),
            ["timestamp"] = TimeOf(task.UpdatedAt),
            ["message"] = new JsonObject
            {
                ["messageId"] = $"{task.Id}-{task.UpdatedAt.UtcTicks.ToString("x", CultureInfo.InvariantCulture)}",
                ["taskId"] = task.Id,
                ["contextId"] = task.ContextId,
                ["role"] = "ROLE_AGENT",
                ["parts"] = new JsonArray(new JsonObject { ["text"] = task.Note, ["mediaType"] = "text/plain" }),
            },
        };

    public static JsonObject StatusUpdateOf(AgentTask task) =>
        new()
        {
            ["statusUpdate"] = new JsonObject
            {
                ["taskId"] = task.Id,
                ["contextId"] = task.ContextId,
                ["status"] = StatusOf(task),
            },
        };

    public static JsonObject ArtifactUpdateOf(AgentTask task, int index) =>
        new()
        {
            ["artifactUpdate"] = new JsonObject
            {
                ["taskId"] = task.Id,
                ["contextId"] = task.ContextId,
                ["artifact"] = ArtifactOf(task.Results[index], index),
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

    private static JsonObject ArtifactOf(AgentTaskResult result, int index) =>
        new()
        {
            ["artifactId"] = $"{index.ToString(CultureInfo.InvariantCulture)}-{result.Name}",
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
