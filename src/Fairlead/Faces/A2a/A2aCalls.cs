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
/// <param name="pushes">The same one's.</param>
internal sealed class A2aCalls(AgentTaskDesk desk, AgentPushDesk pushes, World world)
{
    private const int PageMax = 100;
    private const int PageUsual = 50;
    private const int PartsMax = 20;
    private const int ContextLettersMax = 100;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StreamMax = TimeSpan.FromMinutes(30);

    /// <summary>Answers a method that is answered once.</summary>
    public async Task<JsonObject> AnswerAsync(string method, JsonObject input, CancellationToken stop) =>
        method switch
        {
            "SendMessage" => new()
            {
                ["task"] = A2aWords.TaskOf(await SettledAsync(input, stop), HistoryOf(input["configuration"])),
            },
            "GetTask" => A2aWords.TaskOf(await FindAsync(input, "id", stop), HistoryOf(input)),
            "ListTasks" => await ListAsync(input, stop),
            "CancelTask" => await CancelAsync(input, stop),
            "GetExtendedAgentCard" => throw A2aFault.Unsupported("The card is the same for everybody."),
            "CreateTaskPushNotificationConfig" => A2aWords.PushOf(
                await pushes.AddAsync(await FindAsync(input, "taskId", stop), OrderOf(input), stop)
            ),
            "GetTaskPushNotificationConfig" => await PushAsync(input, stop),
            "ListTaskPushNotificationConfigs" => await PushesAsync(input, stop),
            "DeleteTaskPushNotificationConfig" => await NoPushAsync(input, stop),
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
            task = await FindAsync(input, "id", stop);
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
        // Whoever subscribes also waits for a person; whoever sent a message has to say what is wanted of it, and ends here.
        bool GoesOn() => method is "SubscribeToTask" ? !task.IsOver : task.State is AgentTaskState.Working;
        for (var until = world.Now + StreamMax; GoesOn() && world.Now < until; )
        {
            await Task.Delay(Look, world.Clock, stop);
            if (await desk.FindAsync(task.Id, stop) is not { } now)
            {
                yield break;
            }
            foreach (var (_, one) in A2aWords.EventsOf(now, task.Latest))
            {
                yield return one;
            }
            task = now;
        }
    }

    // As the protocol has it: who does not say otherwise is answered once there is nothing to wait for but themselves.
    private async Task<AgentTask> SettledAsync(JsonObject input, CancellationToken stop)
    {
        var task = await SendAsync(input, stop);
        var waits = ConfigurationOf(input)["returnImmediately"]?.ToJsonString() is not ("true" or "\"true\"");
        for (var until = world.Now + StreamMax; waits && task.State is AgentTaskState.Working && world.Now < until; )
        {
            await Task.Delay(Look, world.Clock, stop);
            task = await desk.FindAsync(task.Id, stop) ?? throw A2aFault.NoTask(task.Id);
        }
        return task;
    }

    private async Task<AgentTask> SendAsync(JsonObject input, CancellationToken stop)
    {
        var message = input["message"] as JsonObject ?? throw A2aFault.Invalid("There is no message.");
        if (Text(message, "messageId") is not { Length: > 0 and <= 200 })
        {
            throw A2aFault.Invalid("The message has no messageId.");
        }
        if (message["parts"] is not JsonArray { Count: > 0 and <= PartsMax } parts)
        {
            throw A2aFault.Invalid($"A message has 1 to {PartsMax} parts.");
        }
        CheckTypes(parts);
        if (Text(message, "role") is not "ROLE_USER")
        {
            throw A2aFault.Invalid("The message is not of the role ROLE_USER.");
        }
        var order = ConfigurationOf(input)["taskPushNotificationConfig"] is JsonObject push ? OrderOf(push) : null;
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
        var context = Text(message, "contextId") is { Length: > 0 } said ? said : null;
        if (context is not null && (context.Length > ContextLettersMax || PlainText.Of(context) != context))
        {
            throw A2aFault.Invalid($"A contextId has at most {ContextLettersMax} letters that one can see.");
        }
        if (order is not null)
        {
            // Before anything is done: whoever cannot be told does not learn what became of it.
            await pushes.CheckAsync(order, stop);
        }
        var task = await desk.TakeAsync(
            (known, context),
            (JsonObject)PlainText.Of(message)!,
            A2aWords.AskedBy(message),
            stop
        );
        if (order is not null)
        {
            await pushes.AddAsync(task, order, stop);
        }
        return task;
    }

    private static JsonObject ConfigurationOf(JsonObject input) =>
        input["configuration"] switch
        {
            null => [],
            JsonObject configuration => configuration,
            _ => throw A2aFault.Invalid("'configuration' is no group of settings."),
        };

    private static void CheckTypes(JsonArray parts)
    {
        foreach (var part in parts.OfType<JsonObject>())
        {
            if (
                part["raw"] is not null
                || part["url"] is not null
                || (Text(part, "mediaType") is { Length: > 0 } type && type is not ("application/json" or "text/plain"))
            )
            {
                throw A2aFault.NoSuchType();
            }
        }
        if (parts.Any(static one => one is not JsonObject part || (part["text"] is null && part["data"] is null)))
        {
            throw A2aFault.Invalid("A part has text, or data.");
        }
    }

    private static PushOrder OrderOf(JsonObject from) =>
        new(
            Text(from, "id") is { Length: > 0 } id ? id : null,
            Text(from, "url") ?? throw A2aFault.Invalid("There is no url."),
            Text(from, "token") is { Length: > 0 } token ? token : null,
            Text(from["authentication"] as JsonObject ?? [], "scheme") is { Length: > 0 } scheme ? scheme : null,
            Text(from["authentication"] as JsonObject ?? [], "credentials") is { Length: > 0 } secret ? secret : null
        );

    private async Task<JsonObject> PushAsync(JsonObject input, CancellationToken stop)
    {
        var task = await FindAsync(input, "taskId", stop);
        var id = Text(input, "id") ?? throw A2aFault.Invalid("There is no id.");
        return await pushes.FindAsync(task, id, stop) is { } push
            ? A2aWords.PushOf(push)
            : throw A2aFault.NoTask($"{task.Id}, or none of its configurations is {PlainText.Of(id, 60)}");
    }

    private async Task<JsonObject> PushesAsync(JsonObject input, CancellationToken stop)
    {
        var all = await pushes.OfAsync(await FindAsync(input, "taskId", stop), stop);
        return new() { ["configs"] = new JsonArray([.. all.Select(A2aWords.PushOf)]), ["nextPageToken"] = "" };
    }

    private async Task<JsonObject> NoPushAsync(JsonObject input, CancellationToken stop)
    {
        var task = await FindAsync(input, "taskId", stop);
        await pushes.RemoveAsync(task, Text(input, "id") ?? throw A2aFault.Invalid("There is no id."), stop);
        return [];
    }

    private async Task<AgentTask> FindAsync(JsonObject input, string name, CancellationToken stop)
    {
        var id = Text(input, name) ?? throw A2aFault.Invalid($"There is no {name}.");
        return await desk.FindAsync(id, stop) ?? throw A2aFault.NoTask(PlainText.Of(id, 60));
    }

    private async Task<JsonObject> CancelAsync(JsonObject input, CancellationToken stop)
    {
        var task = await FindAsync(input, "id", stop);
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
        var since = DateTimeOffset.MinValue;
        if (
            Text(input, "statusTimestampAfter") is { Length: > 0 } after
            && !DateTimeOffset.TryParse(after, CultureInfo.InvariantCulture, out since)
        )
        {
            throw A2aFault.Invalid("'statusTimestampAfter' is no time.");
        }
        var fitting = (await desk.AllAsync(stop))
            .Where(one => Text(input, "contextId") is not { Length: > 0 } context || one.ContextId == context)
            .Where(one =>
                state is null or "TASK_STATE_UNSPECIFIED"
                || JsonSerializer.SerializeToNode(one.State)!.GetValue<string>() == state
            )
            .Where(one => one.UpdatedAt >= since)
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
