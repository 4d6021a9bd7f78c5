using System.Globalization;
using System.Text.Json.Nodes;

namespace Fairlead.Faces.Cli.Showing;

/// <summary>What was logged, as people read it.</summary>
internal static class LogText
{
    private const int BarWidth = 40;

    /// <summary>Whether a record is a line of a log.</summary>
    public static bool Is(JsonObject record) => record.ContainsKey("replica") && record.ContainsKey("text");

    /// <summary><c>12:00:01.123 error api@42#0 | payment failed  user=7</c>; without time and level where none is known.</summary>
    public static string Line(JsonNode line)
    {
        var text = $"{Text(line, "replica")} | {Plain.Of(Text(line, "text"))}";
        if (line["time"] is null)
        {
            return text;
        }
        var time = Text(line, "time");
        var clock = time.Length > 23 ? time[..23].Replace('T', ' ') : time;
        var fields = line["fields"] is JsonObject known
            ? string.Concat(known.Select(one => $"  {one.Key}={Plain.Of(one.Value!.GetValue<string>())}"))
            : "";
        return $"{clock} {Text(line, "level").PadRight(7)} {text}{fields.ReplaceLineEndings(" ")}";
    }

    /// <summary>A bar for each step: errors and worse as #, warnings as +, the rest as dots.</summary>
    public static IEnumerable<string> Bars(JsonArray bars)
    {
        var most = bars.Max(bar => Number(bar!["total"]));
        var width = most.ToString(CultureInfo.InvariantCulture).Length;
        foreach (var bar in bars)
        {
            var total = Number(bar!["total"]);
            var (errors, warnings) = (Of(bar, "error") + Of(bar, "fatal"), Of(bar, "warning"));
            var count = total.ToString(CultureInfo.InvariantCulture).PadLeft(width);
            var drawn =
                new string('#', Part(errors, most))
                + new string('+', Part(warnings, most))
                + new string('.', Part(total - errors - warnings, most));
            yield return $"{Text(bar, "time")[..19].Replace('T', ' ')}  {count}  {drawn}".TrimEnd();
        }
        yield return "# error or worse  + warning  . the rest";
    }

    // Whatever is there at all is seen.
    private static int Part(long count, long most) =>
        count == 0 ? 0 : Math.Max(1, (int)(count * BarWidth / Math.Max(1, most)));

    private static long Of(JsonNode bar, string level) => Number(bar["levels"]?[level]);

    private static long Number(JsonNode? node) => node?.GetValue<long>() ?? 0;

    private static string Text(JsonNode record, string name) => record[name]?.GetValue<string>() ?? "";
}
