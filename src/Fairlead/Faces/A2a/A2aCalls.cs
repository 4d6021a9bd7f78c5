using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Engine.Operations.Agents;
using Fairlead.Model.Agents;
using Fairlead.Model.Ports;

namespace Fairlead.Faces.A2a;

/// <summary>The protocol's methods, whichever way they are asked for.</summary>
/// <param name="desk">In the name of who asks.</param>
internal sealed class A2aCalls(AgentTaskDesk desk, World world)
{
    private const int PageMax = 100;
    private const int PageUsual = 50;
    private const int PartsMax = 20;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StreamMax = TimeSpan.FromMinutes(30);

    /// <summary>Answers a method that is answered once.</summary>
    public async Task<JsonObject> AnswerAsync(string method, JsonObject input, CancellationToken stop) =>
        method switch
        {
            "SendMessage" => new()
            {
                ["task"] = A2aWords.TaskOf(await SendAsync(input, stop), HistoryOf(input["configuration"])),
            },
            "GetTask" => A2aWords.TaskOf(await FindAsync(input, stop), HistoryOf(input)),
            "ListTasks" => await ListAsync(input, stop),
            "CancelTask" => await CancelAsync(input, stop),
            "GetExtendedAgentCard" => throw A2aFault.Unsupported("The card is the same for everybody."),
            "CreateTaskPushNotificationConfig"
            or "GetTaskPushNotificationConfig"
            or "ListTaskPushNotificationConfigs"
            or "DeleteTaskPushNotificationConfig" => throw A2aFault.NoPush(),
            _ => throw A2aFault.NoMethod(PlainText.Of(method, 60)),
        };

    /// <summary>Answers a method with one event after another; the first is the task.</summary>
    public async IAsyncEnumerable<JsonObject> StreamAsync(
        string method,
        JsonObject input,
        [EnumeratorCancellation] CancellationToken stop
    )
    {
        AgentTask task;
        if (method is "SubscribeToTask")
        {
            task = await FindAsync(input, stop);
            if (task.IsOver)
            {
                throw A2aFault.Unsupported("The task is over: there is nothing to wait for.");
            }
        }
        else
        {
            task = await SendAsync(input, stop);
        }
        yield return new() { ["task"] = A2aWords.TaskOf(task) };
        // A wait for a person may be long: the stream ends, and the caller comes back by the task's id.
        for (var until = world.Now + StreamMax; task.State is AgentTaskState.Working && world.Now < until; )
        {
            await Task.Delay(Look, world.Clock, stop);
            if (await desk.FindAsync(task.Id, stop) is not { } now)
            {
                yield break;
            }
            for (var index = task.Results.Count; index < now.Results.Count; index++)
            {
                yield return A2aWords.ArtifactUpdateOf(now, index);
            }
            if (now.UpdatedAt != task.UpdatedAt)
            {
                yield return A2aWords.StatusUpdateOf(now);
            }
            task = now;
        }
    }

    private async Task<AgentTask> SendAsync(JsonObject input, CancellationToken stop)
    {
        var message = input["message"] as JsonObject ?? throw A2aFault.Invalid("There is no message.");
        if (Text(message, "messageId") is not { Length: > 0 and <= 200 })
        {
            throw A2aFault.Invalid("The message has no messageId.");
        }
        if (message["parts"] is not JsonArray { Count: > 0 and <= PartsMax })
        {
            throw A2aFault.Invalid($"A message has 1 to {PartsMax} parts.");
        }
        if (Text(message, "role") is not "ROLE_USER")
        {
            throw A2aFault.Invalid("The message is not of the role ROLE_USER.");
        }
        if (input["configuration"]?["taskPushNotificationConfig"] is not null)
        {
            throw A2aFault.NoPush();
        }
        AgentTask? known = null;
        if (Text(message, "taskId") is { Length: > 0 } id)
        {
            known = await desk.FindAsync(id, stop) ?? throw A2aFault.NoTask(PlainText.Of(id, 60));
            if (known.IsOver)
            {
                throw A2aFault.Unsupported("The task is over: begin another one.");
            }
            if (Text(message, "contextId") is { Length: > 0 } other && other != known.ContextId)
            {
                throw A2aFault.Invalid("The task is of another context.");
            }
        }
        var context = Text(message, "contextId") is { Length: > 0 and <= 100 } said ? PlainText.Of(said, 100) : null;
        return await desk.TakeAsync(
            (known, context),
            (JsonObject)PlainText.Of(message)!,
            A2aWords.AskedBy(message),
            stop
        );
    }

    private async Task<AgentTask> FindAsync(JsonObject input, CancellationToken stop)
    {
        var id = Text(input, "id") ?? throw A2aFault.Invalid("There is no id.");
        return await desk.FindAsync(id, stop) ?? throw A2aFault.NoTask(PlainText.Of(id, 60));
    }

    private async Task<JsonObject> CancelAsync(JsonObject input, CancellationToken stop)
    {
        var task = await FindAsync(input, stop);
        return task.IsOver ? throw A2aFault.NotCancelable() : A2aWords.TaskOf(await desk.CancelAsync(task, stop));
    }

    private async Task<JsonObject> ListAsync(JsonObject input, CancellationToken stop)
    {
        var size = Number(input, "pageSize") ?? PageUsual;
        if (size is < 1 or > PageMax)
        {
            throw A2aFault.Invalid($"'pageSize' is 1 to {PageMax}.");
        }
        var from = 0;
        if (
            Text(input, "pageToken") is { Length: > 0 } token
            && !int.TryParse(token, CultureInfo.InvariantCulture, out from)
        )
        {
            throw A2aFault.Invalid("'pageToken' is none of this server.");
        }
        var state = Text(input, "status");
        var fitting = (await desk.AllAsync(stop))
            .Where(one => Text(input, "contextId") is not { Length: > 0 } context || one.ContextId == context)
            .Where(one =>
                state is null or "TASK_STATE_UNSPECIFIED"
                || JsonSerializer.SerializeToNode(one.State)!.GetValue<string>() == state
            )
            .ToList();
        var page = fitting.Skip(Math.Max(0, from)).Take(size).ToList();
        var withArtifacts = input["includeArtifacts"]?.ToJsonString() is "true" or "\"true\"";
        return new()
        {
            ["tasks"] = new JsonArray([
                .. page.Select(one => A2aWords.TaskOf(one, Number(input, "historyLength") ?? 0, withArtifacts)),
            ]),
            ["nextPageToken"] =
                from + page.Count < fitting.Count ? (from + page.Count).ToString(CultureInfo.InvariantCulture) : "",
            ["pageSize"] = size,
            ["totalSize"] = fitting.Count,
        };
    }

    private static int? HistoryOf(JsonNode? from) =>
        from is JsonObject record && Number(record, "historyLength") is { } length
            ? length >= 0
                ? length
                : throw A2aFault.Invalid("'historyLength' is 0 or more.")
            : null;

    // In a query everything is text.
    private static int? Number(JsonObject from, string name) =>
        from[name] is not JsonValue value ? null
        : value.TryGetValue<int>(out var number) ? number
        : value.TryGetValue<string>(out var text) && int.TryParse(text, CultureInfo.InvariantCulture, out var read)
            ? read
        : throw A2aFault.Invalid($"'{name}' is no number.");

    private static string? Text(JsonObject from, string name) =>
        from[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
