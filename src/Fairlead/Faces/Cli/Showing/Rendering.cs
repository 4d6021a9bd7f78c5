using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fairlead.Faces.Cli.Showing;

/// <summary>Any output as text: aligned names and values, tables for lists of records. No operation needs code of its own.</summary>
public static class Rendering
{
    private const string Step = "  ";

    public static IEnumerable<string> Lines(JsonNode? node)
    {
        string[] lines = [.. Block(node, "")];
        // An answer that holds nothing says so: silence would look like a fault.
        return lines.Length == 0 && node is JsonObject record
            ? record.Where(one => IsEmpty(one.Value)).Select(one => $"no {Words(one.Key)}")
            : lines;
    }

    private static IEnumerable<string> Block(JsonNode? node, string indent) =>
        node switch
        {
            JsonObject record => Record(record, indent),
            JsonArray list => List(list, indent),
            null => [],
            _ => Text(node).Split('\n').Select(line => indent + line),
        };

    private static IEnumerable<string> Record(JsonObject record, string indent)
    {
        var simple = record.Where(one => IsSimple(one.Value) && Text(one.Value).Length > 0).ToArray();
        var width = simple.Length == 0 ? 0 : simple.Max(one => Words(one.Key).Length);
        foreach (var (name, value) in simple)
        {
            var lines = Text(value).Split('\n');
            yield return $"{indent}{Words(name).PadRight(width)}  {lines[0]}".TrimEnd();
            foreach (var more in lines.Skip(1))
            {
                yield return $"{indent}{new string(' ', width)}  {more}".TrimEnd();
            }
        }
        foreach (var (name, value) in record.Where(one => !IsSimple(one.Value) && !IsEmpty(one.Value)))
        {
            yield return $"{indent}{Words(name)}:";
            foreach (var line in Block(value, indent + Step))
            {
                yield return line;
            }
        }
    }

    private static IEnumerable<string> List(JsonArray list, string indent)
    {
        if (list.Count > 0 && list.All(item => item is JsonObject record && record.All(one => IsSimple(one.Value))))
        {
            return Table.Lines([.. list.Select(item => Cells((JsonObject)item!))]).Select(line => indent + line);
        }
        return list.SelectMany((item, index) => Item(item, index, indent));
    }

    private static IEnumerable<string> Item(JsonNode? item, int index, string indent) =>
        item is JsonObject record
            ? [.. index == 0 ? Array.Empty<string>() : [""], .. Record(record, indent)]
            : Block(item, indent);

    private static IReadOnlyList<(string Name, string Value)> Cells(JsonObject record) =>
        [.. record.Select(one => (Words(one.Key), Text(one.Value).ReplaceLineEndings(" ")))];

    private static bool IsSimple(JsonNode? node) =>
        node is not (JsonObject or JsonArray) || (node is JsonArray list && list.Count > 0 && list.All(IsShort));

    // Lists of short words fit on one line; longer ones and sentences get a line each.
    private static bool IsShort(JsonNode? node) =>
        node is JsonValue value && (value.GetValueKind() != JsonValueKind.String || !Text(value).Contains(' '));

    private static bool IsEmpty(JsonNode? node) => node is JsonArray { Count: 0 } or JsonObject { Count: 0 };

    private static string Text(JsonNode? node) =>
        node switch
        {
            null => "",
            JsonArray list => string.Join(", ", list.Select(Text)),
            _ => node.GetValueKind() switch
            {
                JsonValueKind.True => "yes",
                JsonValueKind.False => "no",
                JsonValueKind.String => Plain.Of(Time(node.GetValue<string>())),
                _ => node.ToJsonString(),
            },
        };

    private static string Time(string text) =>
        text.Length is >= 20 and <= 35
        && text[10] == 'T'
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)
            : text;

    /// <summary><c>requestedAt</c> as words: requested at.</summary>
    private static string Words(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name).Replace('-', ' ');
}
