using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Checking.OpenApi;

/// <summary>Reads JSON and YAML of others into one tree, within limits of size and depth.</summary>
internal static partial class ApiReader
{
    public const int BytesMax = 32 * 1024 * 1024;
    private const int DepthMax = 64;

    // The largest public documents have about a million.
    private const int NodesMax = 3_000_000;

    /// <param name="file">How it is called, for messages.</param>
    /// <exception cref="ProblemException">It is neither, or too large.</exception>
    public static ApiTree Read(byte[] bytes, string file)
    {
        if (bytes.Length > BytesMax)
        {
            throw Refused(file, 1, $"It has {bytes.Length} bytes; {BytesMax} are read at most.");
        }
        var text = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsMemory(3) : bytes;
        return IsJson(text.Span) ? Json(text.Span, file) : Yaml(Encoding.UTF8.GetString(text.Span), file);
    }

    private static bool IsJson(ReadOnlySpan<byte> text) =>
        text.TrimStart(" \t\r\n"u8) is [(byte)'{', ..] && IsWhole(text);

    // A mapping of YAML may begin with the same bracket.
    private static bool IsWhole(ReadOnlySpan<byte> text)
    {
        var rest = text.TrimStart(" \t\r\n"u8)[1..].TrimStart(" \t\r\n"u8);
        return rest is [(byte)'"' or (byte)'}', ..];
    }

    private static ApiTree Json(ReadOnlySpan<byte> text, string file)
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = DepthMax });
        var at = new JsonPlace();
        try
        {
            _ = reader.Read();
            var tree = Value(ref reader, text, at);
            _ = reader.Read();
            return tree;
        }
        catch (Exception caught) when (caught is JsonException or InvalidOperationException)
        {
            var line = caught is JsonException { LineNumber: { } known } ? (int)known + 1 : at.Line;
            throw Refused(file, line, Shown.Sentence(caught.Message));
        }
    }

    private static ApiTree Value(ref Utf8JsonReader reader, ReadOnlySpan<byte> text, JsonPlace at)
    {
        var line = at.LineOf(text, (int)reader.TokenStartIndex);
        if (++at.Nodes > NodesMax)
        {
            throw new JsonException($"It holds more than {NodesMax} values.", null, line - 1, null);
        }
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                List<KeyValuePair<string, ApiTree>> members = [];
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var name = reader.GetString()!; // A name is a text.
                    _ = reader.Read();
                    members.Add(new(name, Value(ref reader, text, at)));
                }
                return ApiTree.Group(line, members);
            case JsonTokenType.StartArray:
                List<ApiTree> items = [];
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(Value(ref reader, text, at));
                }
                return ApiTree.List(line, items);
            case JsonTokenType.String:
                return ApiTree.Of(line, reader.GetString()!, isText: true);
            case JsonTokenType.Null:
                return ApiTree.Nothing(line);
            default:
                return ApiTree.Of(line, Encoding.UTF8.GetString(reader.ValueSpan), isText: false);
        }
    }

    private static ApiTree Yaml(string text, string file)
    {
        var findings = new Findings(file);
        var root = YamlReader.ReadForeign(text, findings, NodesMax, BytesMax);
        findings.ThrowIfAny();
        return root is null ? throw Refused(file, 1, "Nothing is in it.") : Of(root);
    }

    private static ApiTree Of(Node node)
    {
        var line = (int)node.Spot.Line;
        return node switch
        {
            Node.Mapping mapping => ApiTree.Group(
                line,
                [.. mapping.Entries.Select(static one => KeyValuePair.Create(one.Key, Of(one.Value)))]
            ),
            Node.Sequence list => ApiTree.List(line, [.. list.Items.Select(Of)]),
            Node.Scalar { IsNothing: true } => ApiTree.Nothing(line),
            Node.Scalar { IsPlain: true, Text: "True" or "TRUE" } => ApiTree.Of(line, "true", isText: false),
            Node.Scalar { IsPlain: true, Text: "False" or "FALSE" } => ApiTree.Of(line, "false", isText: false),
            Node.Scalar scalar => ApiTree.Of(line, scalar.Text, !scalar.IsPlain || !Plain().IsMatch(scalar.Text)),
            _ => ApiTree.Nothing(line),
        };
    }

    private static ProblemException Refused(string file, int line, string why) =>
        new(
            new Problem(
                "openapi.unreadable",
                What: $"{file} cannot be read.",
                Why: why,
                Fix: "Give a whole OpenAPI document, as JSON or YAML."
            )
            {
                Where = $"{file}:{line}",
                Trouble = Trouble.WrongUse,
            }
        );

    // What YAML's core schema takes for true, false or a number.
    [GeneratedRegex(
        @"^(true|false|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?)$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Plain();

    /// <summary>How far a text was read: lines are counted once, as they go by.</summary>
    private sealed class JsonPlace
    {
        private int seen;

        public int Line { get; private set; } = 1;

        public int Nodes { get; set; }

        public int LineOf(ReadOnlySpan<byte> text, int index)
        {
            Line += text[seen..index].Count((byte)'\n');
            seen = index;
            return Line;
        }
    }
}
