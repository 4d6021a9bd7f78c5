using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Engine.Operations;

namespace Fairlead.Faces.Cli.Showing;

/// <summary>An operation's output as text: by its shape, never by the operation's name.</summary>
public static class Payload
{
    // Another version's server may say more than this one knows: what is unknown is passed over, not refused.
    private static readonly JsonSerializerOptions Lenient = new(JsonSerializerDefaults.Web);

    public static IEnumerable<string> Lines(JsonNode? data) =>
        data switch
        {
            JsonObject page when LogLines(page) is { } lines => lines,
            JsonObject counts when counts["histogram"] is JsonArray { Count: > 0 } bars => LogText.Bars(bars),
            JsonObject record when DeploymentOf(record) is { } deployment && record.ContainsKey("phase") =>
                DeploymentText.Lines(deployment),
            JsonObject trace when trace["waterfall"] is JsonArray { Count: > 0 } => TraceText.Lines(trace),
            // Asked for as a page, a report is nothing else: 'fairlead report sla --format html > november.html'.
            JsonObject record when PageOf(record) is { } page => page.TrimEnd('\n').Split('\n'),
            JsonObject record when FileOf(record) is { } text => text.TrimEnd('\n').Split('\n'),
            JsonObject scan when ScanText.Is(scan) => ScanText.Lines(scan),
            JsonObject import when ImportText.Is(import) => ImportText.Lines(import),
            JsonObject record => Parts(record),
            _ => Rendering.Lines(data),
        };

    /// <summary>The deployment in an output: the output itself, or its member of that name. Null when there is none.</summary>
    public static DeploymentView? DeploymentOf(JsonNode? data) => Node(data)?.Deserialize<DeploymentView>(Lenient);

    /// <summary>The output with its deployment as it is now.</summary>
    public static JsonNode With(JsonNode data, JsonNode deployment)
    {
        if (data["deployment"] is null)
        {
            return deployment.DeepClone();
        }
        var copy = data.DeepClone();
        copy["deployment"] = deployment.DeepClone();
        return copy;
    }

    private static JsonObject? Node(JsonNode? data) =>
        data is not JsonObject record ? null
        : IsDeployment(record) ? record
        : record["deployment"] is JsonObject inner && IsDeployment(inner) ? inner
        : null;

    private static bool IsDeployment(JsonObject record) => record.ContainsKey("phase") && record.ContainsKey("steps");

    /// <summary>Warnings and notes about a text that goes into a file, where they would not belong.</summary>
    public static IEnumerable<string> Asides(JsonNode? data)
    {
        if (data is not JsonObject record || FileOf(record) is null)
        {
            return [];
        }
        var warnings = record["warnings"] as JsonArray ?? [];
        var notes = record["notes"] as JsonArray ?? [];
        return warnings
            .Select(static one => $"warning: {Plain.Of(one?.ToString() ?? "")}")
            .Concat(
                notes
                    .OfType<JsonObject>()
                    .Select(static one => Plain.Of($"{one["where"]}: {one["what"]} {one["note"]}"))
            );
    }

    // A text alone is meant for a file: 'fairlead certificate root > root.pem'.
    private static string? FileOf(JsonObject record) =>
        record.Where(one => one.Key is not ("warnings" or "notes")).Take(2).ToList() is [var only]
        && only.Value is JsonValue value
        && value.TryGetValue<string>(out var text)
        && text.Contains('\n')
            ? text
            : null;

    private static string? PageOf(JsonObject record) =>
        record["page"] is JsonValue value && value.TryGetValue<string>(out var text) && text.Contains('\n')
            ? text
            : null;

    private static IEnumerable<string>? LogLines(JsonObject page) =>
        page["lines"] is JsonArray lines
        && (page.ContainsKey("cursor") || lines is [JsonObject first, ..] && LogText.Is(first))
            ? lines.Select(line => LogText.Line(line!))
            : null;

    /// <summary>Steps and deployments inside a record as people read them, the rest as any record.</summary>
    private static IEnumerable<string> Parts(JsonObject record)
    {
        var rest = new JsonObject();
        var own = new List<string>();
        foreach (var (name, value) in record)
        {
            if (name is "steps" && value is JsonArray { Count: > 0 } steps)
            {
                own.Add("steps:");
                own.AddRange(steps.Select(Step));
            }
            else if (value is JsonObject inner && IsDeployment(inner))
            {
                own.AddRange(DeploymentText.Lines(inner.Deserialize<DeploymentView>(Lenient)!));
            }
            else
            {
                rest[name] = value?.DeepClone();
            }
        }
        return [.. Rendering.Lines(rest), .. own];
    }

    private static string Step(JsonNode? step, int index)
    {
        var number = (index + 1).ToString(CultureInfo.InvariantCulture).PadLeft(3);
        var text = step is JsonObject known
            ? known["text"]?.GetValue<string>() ?? known.ToJsonString()
            : step?.ToString();
        return $"{number}. {Plain.Of(text ?? "")}";
    }
}
