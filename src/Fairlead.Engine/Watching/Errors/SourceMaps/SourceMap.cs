using System.Text.Json;

namespace Fairlead.Engine.Watching.Errors.SourceMaps;

/// <summary>
/// Leads from a place in a built file to the place in its sources: a source map of revision 3 (ECMA-426), plain or in sections.
/// <code>{"version":3,"sources":["src/cart.ts"],"sourcesContent":["..."],"names":["total"],"mappings":"AAAA,SAASA..."}</code>
/// </summary>
public sealed class SourceMap
{
    private const int SourcesMax = 100_000;
    private const int NamesMax = 1_000_000;
    private const int SegmentsMax = 8_000_000;
    private const int SectionsMax = 1_000;

    private readonly Segments segments;
    private readonly IReadOnlyList<Source> sources;
    private readonly IReadOnlyList<string> names;

    private SourceMap(Segments segments, IReadOnlyList<Source> sources, IReadOnlyList<string> names) =>
        (this.segments, this.sources, this.names) = (segments, sources, names);

    /// <summary>About how much memory it takes.</summary>
    public long Bytes => segments.Bytes + sources.Sum(one => 2L * (one.Text?.Length ?? 0)) + 40L * names.Count;

    /// <summary>Null with the reason when it is none.</summary>
    public static SourceMap? TryParse(ReadOnlyMemory<byte> bytes, out string? why)
    {
        try
        {
            using var json = JsonDocument.Parse(Unguarded(bytes), new JsonDocumentOptions { MaxDepth = 16 });
            var building = new Building();
            why = building.Add(json.RootElement, default, SectionsMax);
            return why is null ? new(building.Segments.Sorted(), building.Sources, building.Names) : null;
        }
        catch (JsonException caught)
        {
            why = $"it is no JSON: {caught.Message}";
            return null;
        }
        catch (InvalidOperationException caught)
        {
            // Half of a letter, which JSON allows and no text has.
            why = $"a text in it is broken: {caught.Message}";
            return null;
        }
    }

    /// <param name="line">From 1.</param>
    /// <param name="column">From 1.</param>
    /// <returns>Null where the map says nothing.</returns>
    public Original? Find(int line, int column)
    {
        if (line < 1 || column < 1 || segments.Find(line - 1, column - 1) is not { } at)
        {
            return null;
        }
        var (source, sourceLine, sourceColumn, name) = segments[at];
        if (source < 0 || source >= sources.Count)
        {
            return null;
        }
        return new(
            sources[source],
            sourceLine + 1,
            sourceColumn + 1,
            name >= 0 && name < names.Count ? names[name] : null
        );
    }

    // Some servers put )]}' before it, so that no page can read it as a script.
    private static ReadOnlyMemory<byte> Unguarded(ReadOnlyMemory<byte> bytes)
    {
        var span = bytes.Span;
        if (span.StartsWith("\uFEFF"u8))
        {
            bytes = bytes[3..];
            span = bytes.Span;
        }
        if (!span.StartsWith(")]}"u8))
        {
            return bytes;
        }
        var end = span.IndexOf((byte)'\n');
        return end < 0 ? default : bytes[(end + 1)..];
    }

    /// <summary>A source file.</summary>
    /// <param name="Text">Null when the map does not hold it.</param>
    public sealed record Source(string Name, string? Text)
    {
        private string[]? lines;

        /// <summary>A line and those around it; null when the text is not known.</summary>
        public (string Line, string[] Before, string[] After)? Around(int line, int count)
        {
            lines ??= Text?.Split('\n');
            return lines is null || line < 1 || line > lines.Length
                ? null
                : (
                    Trimmed(lines[line - 1]),
                    [.. lines[Math.Max(0, line - 1 - count)..(line - 1)].Select(Trimmed)],
                    [.. lines[line..Math.Min(lines.Length, line + count)].Select(Trimmed)]
                );
        }

        private static string Trimmed(string line) =>
            line.Length > Model.Telemetry.ErrorBounds.CodeMax
                ? line[..Model.Telemetry.ErrorBounds.CodeMax]
                : line.TrimEnd('\r');
    }

    /// <summary>A place in a source.</summary>
    /// <param name="Line">From 1.</param>
    /// <param name="Column">From 1.</param>
    /// <param name="Name">What stands there in the source; null when the map does not say.</param>
    public sealed record Original(Source Source, int Line, int Column, string? Name);

    private sealed class Building
    {
        public Segments Segments { get; } = new();

        public List<Source> Sources { get; } = [];

        public List<string> Names { get; } = [];

        /// <returns>Why it is no source map; null when it is one.</returns>
        public string? Add(JsonElement map, (int Line, int Column) offset, int sectionsLeft)
        {
            if (map.ValueKind is not JsonValueKind.Object)
            {
                return "it is no object";
            }
            if (
                !map.TryGetProperty("version", out var version)
                || version.ValueKind is not JsonValueKind.Number
                || !version.TryGetInt32(out var number)
                || number != 3
            )
            {
                return "its version is not 3";
            }
            return map.TryGetProperty("sections", out var sections)
                ? AddSections(sections, offset, sectionsLeft)
                : AddPlain(map, offset);
        }

        private string? AddSections(JsonElement sections, (int Line, int Column) offset, int left)
        {
            if (sections.ValueKind is not JsonValueKind.Array || sections.GetArrayLength() > left)
            {
                return $"its sections are no list of at most {SectionsMax}";
            }
            foreach (var section in sections.EnumerateArray())
            {
                if (
                    section.ValueKind is not JsonValueKind.Object
                    || !section.TryGetProperty("offset", out var at)
                    || !section.TryGetProperty("map", out var map)
                )
                {
                    return "a section has no offset or no map";
                }
                var (line, column) = (Number(at, "line"), Number(at, "column"));
                if (line < 0 || column < 0)
                {
                    return "a section's offset is no place";
                }
                // Sections do not nest, as the standard has it.
                var inner = (offset.Line + line, line == 0 ? offset.Column + column : column);
                if (Add(map, inner, sectionsLeft: 0) is { } why)
                {
                    return why;
                }
            }
            return null;
        }

        private string? AddPlain(JsonElement map, (int Line, int Column) offset)
        {
            var (firstSource, firstName) = (Sources.Count, Names.Count);
            var root = Text(map, "sourceRoot") ?? "";
            var contents = List(map, "sourcesContent");
            var at = 0;
            foreach (var source in List(map, "sources"))
            {
                var name = source.ValueKind is JsonValueKind.String ? source.GetString()! : "";
                var text =
                    at < contents.Length && contents[at].ValueKind is JsonValueKind.String
                        ? contents[at].GetString()
                        : null;
                Sources.Add(new(Joined(root, name), text));
                at++;
            }
            Names.AddRange(
                List(map, "names").Select(name => name.ValueKind is JsonValueKind.String ? name.GetString()! : "")
            );
            if (Sources.Count > SourcesMax || Names.Count > NamesMax)
            {
                return $"it has more than {SourcesMax} sources or {NamesMax} names";
            }
            return Text(map, "mappings") is { } mappings
                ? Mappings.Read(
                    mappings,
                    Segments,
                    new(offset.Line, offset.Column, firstSource, firstName),
                    SegmentsMax
                )
                : "it has no mappings";
        }

        private static string Joined(string root, string name) =>
            root.Length == 0 || name.StartsWith('/') || name.Contains("://", StringComparison.Ordinal)
                ? name
                : $"{root.TrimEnd('/')}/{name}";

        private static JsonElement[] List(JsonElement map, string name) =>
            map.TryGetProperty(name, out var list) && list.ValueKind is JsonValueKind.Array
                ? [.. list.EnumerateArray()]
                : [];

        private static string? Text(JsonElement map, string name) =>
            map.TryGetProperty(name, out var text) && text.ValueKind is JsonValueKind.String ? text.GetString() : null;

        private static int Number(JsonElement map, string name) =>
            map.ValueKind is JsonValueKind.Object
            && map.TryGetProperty(name, out var number)
            && number.ValueKind is JsonValueKind.Number
            && number.TryGetInt32(out var value)
                ? value
                : -1;
    }
}
