using System.Text.Json.Nodes;

namespace Fairlead.Faces.Cli.Showing;

/// <summary>What became of files of another tool: the text that was made of them, and each thing that did not come along, with what to do.</summary>
public static class ImportText
{
    public static bool Is(JsonObject record) =>
        record["manifest"] is JsonValue
        && record["findings"] is JsonArray findings
        && findings.All(static one =>
            one is JsonObject finding && finding.ContainsKey("why") && finding.ContainsKey("fix")
        );

    public static IEnumerable<string> Lines(JsonObject record)
    {
        foreach (var line in Word(record, "manifest").TrimEnd('\n').Split('\n'))
        {
            yield return line;
        }
        foreach (var finding in record["findings"]!.AsArray().Select(static one => one!.AsObject()))
        {
            yield return "";
            yield return $"{Word(finding, "where")}: {Word(finding, "what")} ({Word(finding, "code")})";
            yield return $"  {Word(finding, "why")}";
            yield return $"  > {Word(finding, "fix")}";
        }
        yield return "";
        var rest = new JsonObject();
        foreach (var (name, value) in record.Where(static one => one.Key is not ("manifest" or "findings")))
        {
            rest[name] = value?.DeepClone();
        }
        foreach (var line in Rendering.Lines(rest))
        {
            yield return line;
        }
    }

    private static string Word(JsonObject record, string key) => Plain.Of(record[key]?.ToString() ?? "");
}
