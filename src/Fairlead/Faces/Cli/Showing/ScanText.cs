using System.Text.Json.Nodes;

namespace Fairlead.Faces.Cli.Showing;

/// <summary>What a scan found: a line for each finding, and how to mend it once for each way of mending.</summary>
public static class ScanText
{
    private static readonly int Width = "critical".Length;

    public static bool Is(JsonObject record) =>
        record["findings"] is JsonArray { Count: > 0 } findings
        && findings[0] is JsonObject first
        && first.ContainsKey("severity")
        && first.ContainsKey("where")
        && first.ContainsKey("fix");

    public static IEnumerable<string> Lines(JsonObject scan)
    {
        var rest = new JsonObject();
        foreach (var (name, value) in scan.Where(static one => one.Key is not "findings"))
        {
            rest[name] = value?.DeepClone();
        }
        string? before = null;
        foreach (var finding in scan["findings"]!.AsArray().Select(static one => one!.AsObject()))
        {
            var fix = Word(finding, "fix");
            if (before is not null && before != fix)
            {
                yield return Fix(before);
            }
            before = fix;
            yield return $"{Word(finding, "severity").PadRight(Width)}  {Word(finding, "where")}: {Word(finding, "what")} ({Word(finding, "rule")})";
        }
        yield return Fix(before ?? "");
        yield return "";
        foreach (var line in Rendering.Lines(rest))
        {
            yield return line;
        }
    }

    private static string Fix(string fix) => $"{new string(' ', Width)}  > {fix}";

    private static string Word(JsonObject finding, string key) =>
        Plain.Of(finding[key]?.ToString() ?? "").ReplaceLineEndings(" ");
}
