using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Model.Telemetry;

namespace Fairlead.Faces.Prometheus;

/// <summary>What is known of metrics and of whom they are asked, as Prometheus' API shows it.</summary>
internal static class NoteAnswer
{
    /// <param name="metric">This one alone; null for all.</param>
    public static void Metadata(JsonAnswer json, MetricNotes notes, string? metric, int limit)
    {
        var abouts =
            metric is null ? notes.All
            : notes.Of(metric) is { } one ? [one]
            : [];
        var data = new JsonObject();
        foreach (var about in abouts.Take(limit))
        {
            var said = new JsonObject
            {
                ["type"] = TypeOf(about.Kind),
                ["unit"] = about.Unit,
                ["help"] = about.Help,
            };
            data[about.Name] = new JsonArray(said);
        }
        Write(json, data);
    }

    public static void Targets(JsonAnswer json, IReadOnlyList<TargetView> targets) =>
        Write(
            json,
            new JsonObject
            {
                ["activeTargets"] = new JsonArray([.. targets.Select(Target)]),
                ["droppedTargets"] = new JsonArray(),
            }
        );

    private static JsonObject Target(TargetView view)
    {
        var target = view.Target;
        var labels = new JsonObject();
        foreach (var (name, value) in target.On(Labels.None))
        {
            labels[name] = value;
        }
        // The address itself may hold a password; whose it is and how it answers is enough.
        return new()
        {
            ["discoveredLabels"] = new JsonObject(),
            ["labels"] = labels,
            ["scrapePool"] = target.Job,
            ["scrapeUrl"] = target.Instance,
            ["globalUrl"] = target.Instance,
            ["lastError"] = view.Problem is { } problem ? $"{problem.What} {problem.Why}" : "",
            ["lastScrape"] = (view.At ?? DateTimeOffset.MinValue).UtcDateTime.ToString(
                "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'",
                CultureInfo.InvariantCulture
            ),
            ["lastScrapeDuration"] = view.Took.TotalSeconds,
            ["health"] =
                view.At is null ? "unknown"
                : view.Problem is null ? "up"
                : "down",
            ["scrapeInterval"] = Seconds(target.Every),
            ["scrapeTimeout"] = Seconds(target.Timeout),
        };
    }

    private static string TypeOf(MetricKind kind) =>
        kind switch
        {
            MetricKind.Counter => "counter",
            MetricKind.Gauge => "gauge",
            MetricKind.Histogram => "histogram",
            MetricKind.Summary => "summary",
            _ => "unknown",
        };

    private static string Seconds(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds}s");

    private static void Write(JsonAnswer json, JsonObject data) =>
        json.Raw(JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["status"] = "success", ["data"] = data }));
}
