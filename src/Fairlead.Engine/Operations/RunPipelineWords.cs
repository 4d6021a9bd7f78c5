using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fairlead.Engine.Operations;

/// <summary>
/// Reads and writes what <see cref="RunPipeline"/> mostly takes and gives, as the serializer does and without it: to find out by reflection what a type is costs a run
/// with nothing to do more than the run. Whatever is more than that is left to the serializer.
/// </summary>
internal static class RunPipelineWords
{
    /// <returns>Null for what the serializer must read.</returns>
    public static RunPipeline.Input? Read(JsonObject input)
    {
        if (TextOf(input["folder"]) is not { } folder)
        {
            return null;
        }
        var read = new RunPipeline.Input { Folder = folder };
        foreach (var (name, value) in input)
        {
            switch (name)
            {
                case "folder":
                    break;
                case "file" when TextOf(value) is { } file:
                    read = read with { File = file };
                    break;
                case "event" when TextOf(value) is { } told:
                    read = read with { Event = told };
                    break;
                case "noCache" when value?.GetValueKind() is JsonValueKind.True:
                    read = read with { NoCache = true };
                    break;
                case "jobs" when value is JsonArray jobs && TextsOf(jobs) is { } texts:
                    read = read with { Jobs = texts };
                    break;
                default:
                    return null;
            }
        }
        return read;
    }

    /// <returns>Null for what the serializer must write.</returns>
    public static JsonObject? Write(RunPipeline.Output output)
    {
        if (output is not { Tests: null, Quarantine: null, Problems.Count: 0, Flaky.Count: 0 })
        {
            return null;
        }
        var tasks = new JsonObject();
        foreach (var (name, count) in output.Tasks)
        {
            tasks[name] = count;
        }
        return new()
        {
            ["pipeline"] = output.Pipeline,
            ["run"] = output.Run,
            ["took"] = output.Took,
            ["criticalPath"] = output.CriticalPath,
            ["tasks"] = tasks,
            ["flaky"] = new JsonArray(),
            ["problems"] = new JsonArray(),
        };
    }

    private static string? TextOf(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static List<string>? TextsOf(JsonArray array)
    {
        var texts = new List<string>(array.Count);
        foreach (var one in array)
        {
            if (TextOf(one) is not { } text)
            {
                return null;
            }
            texts.Add(text);
        }
        return texts;
    }
}
