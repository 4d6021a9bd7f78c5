using System.Globalization;
using System.Text.Json.Nodes;

namespace Fairlead.Faces.Cli.Showing;

/// <summary>A trace as a waterfall: a bar for each span, as far right as it began later and as long as it took.</summary>
public static class TraceText
{
    private const int BarWidth = 40;
    private const int NameWidthMax = 60;
    private const int DepthShownMax = 20;

    /// <param name="trace">With its spans in <c>waterfall</c>, parents before their children.</param>
    public static IEnumerable<string> Lines(JsonObject trace)
    {
        var spans = trace["waterfall"]!.AsArray().Select(one => one!.AsObject()).ToList();
        var whole = Number(trace, "milliseconds");
        var errors = (int)Number(trace, "errors");
        yield return $"trace {Word(trace, "trace")}, {Time(whole)}, {Many(spans.Count, "span")}{(errors > 0 ? $", {errors} failed" : "")}";
        yield return "";
        var names = spans.Select(Name).ToList();
        var width = Math.Min(NameWidthMax, names.Max(name => name.Length));
        for (var i = 0; i < spans.Count; i++)
        {
            var span = spans[i];
            var name = names[i].Length > width ? $"{names[i][..(width - 1)]}…" : names[i].PadRight(width);
            yield return $"{name}  {Bar(span, whole)}  {Time(Number(span, "milliseconds")), 9}{Remarks(span, whole, i == 0)}".TrimEnd();
        }
        if (Number(trace, "left") is > 0 and var left)
        {
            yield return $"and {Many((int)left, "span")} more: see them with --json";
        }
        yield return "";
        yield return "█ held the whole up   ░ worked beside it   ✗ failed";
    }

    private static string Name(JsonObject span)
    {
        var depth = (int)Math.Min(Number(span, "depth"), DepthShownMax);
        var release = Word(span, "release") is { Length: > 0 } number ? $"@{number}" : "";
        return Plain
            .Of($"{new string(' ', depth * 2)}{Word(span, "service")}{release} {Word(span, "operation")}")
            .ReplaceLineEndings(" ");
    }

    private static string Bar(JsonObject span, double whole)
    {
        var scale = whole > 0 ? BarWidth / whole : 0;
        var from = Math.Clamp((int)(Number(span, "start") * scale), 0, BarWidth - 1);
        var length = Math.Clamp((int)Math.Round(Number(span, "milliseconds") * scale), 1, BarWidth - from);
        var mark = Number(span, "critical") > 0 ? '█' : '░';
        return $"{new string(' ', from)}{new string(mark, length)}".PadRight(BarWidth);
    }

    private static string Remarks(JsonObject span, double whole, bool isFirst)
    {
        var remarks = new List<string>();
        if (IsSet(span, "isError"))
        {
            remarks.Add(Word(span, "reason") is { Length: > 0 } reason ? $"✗ {Plain.Of(reason).Split('\n')[0]}" : "✗");
        }
        if (IsSet(span, "isOrphan"))
        {
            // What the edge or a program without spans called is the first of what is known.
            remarks.Add(isFirst ? "(its caller sends no spans)" : "(its parent is missing)");
        }
        if (Number(span, "gap") is var gap && gap > whole / 5)
        {
            remarks.Add($"({Time(gap)} without a child)");
        }
        if (Number(span, "skew") is not 0 and var skew)
        {
            remarks.Add($"(clock set right by {Time(Math.Abs(skew))})");
        }
        return remarks.Count == 0 ? "" : $"  {string.Join(' ', remarks)}";
    }

    private static string Time(double milliseconds) =>
        milliseconds switch
        {
            >= 10_000 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1_000:0.#} s"),
            >= 1_000 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1_000:0.##} s"),
            >= 10 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0} ms"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.##} ms"),
        };

    private static string Many(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";

    private static double Number(JsonObject record, string name) =>
        record[name] is JsonValue value && value.TryGetValue<double>(out var number) ? number : 0;

    private static string Word(JsonObject record, string name) =>
        record[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    private static bool IsSet(JsonObject record, string name) =>
        record[name] is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;
}
