using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Fairlead.Engine.Infrastructure.Planning;

/// <summary>
/// Reads of a template of CloudFormation, in YAML or JSON, what stays when its stack goes, and makes it shorter. Event by event, to a depth
/// that no template has.
/// </summary>
public static class StackTemplateReader
{
    private const int LettersMax = 1 << 20;
    private const int DepthMax = 48;

    private static readonly JsonSerializerOptions NoSpaces = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <returns>Deletion policies by logical id: <c>Retain</c>, <c>Snapshot</c> and their like; empty for what is no template.</returns>
    public static IReadOnlyDictionary<string, string> Kept(string template)
    {
        var kept = new Dictionary<string, string>(StringComparer.Ordinal);
        if (template.Length > LettersMax)
        {
            return kept;
        }
        try
        {
            var parser = new Parser(new StringReader(template));
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _))
            {
                return kept;
            }
            Each(
                parser,
                part =>
                {
                    if (part != "Resources")
                    {
                        return false;
                    }
                    Each(parser, id => Policy(parser, id, kept));
                    return true;
                }
            );
        }
        catch (Exception broken) when (IsNoTemplate(broken))
        {
            return kept; // What could be read so far is right all the same.
        }
        return kept;
    }

    /// <summary>The same template in as few letters as can be: requests take 51,200 bytes of it.</summary>
    /// <returns>JSON; the text itself where it is none that could be read.</returns>
    public static string Terse(string template)
    {
        if (template.Length > LettersMax)
        {
            return template;
        }
        try
        {
            var parser = new Parser(new StringReader(template));
            parser.Consume<StreamStart>();
            parser.Consume<DocumentStart>();
            return Node(parser, DepthMax)?.ToJsonString(NoSpaces) ?? template;
        }
        catch (Exception broken) when (IsNoTemplate(broken))
        {
            return template; // CloudFormation says better what is wrong with it.
        }
    }

    // The parser says it in more than one way.
    private static bool IsNoTemplate(Exception broken) =>
        broken is YamlException or InvalidOperationException or EndOfStreamException or ArgumentException;

    private static JsonNode? Node(Parser parser, int depth)
    {
        if (depth == 0)
        {
            throw new YamlException("It is nested too deeply.");
        }
        if (parser.TryConsume<Scalar>(out var scalar))
        {
            return Tagged(scalar.Tag, Word(scalar));
        }
        if (parser.TryConsume<SequenceStart>(out var sequence))
        {
            var items = new JsonArray();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                items.Add(Node(parser, depth - 1));
            }
            return Tagged(sequence.Tag, items);
        }
        var map = parser.Consume<MappingStart>();
        var members = new JsonObject();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            members.Add(parser.Consume<Scalar>().Value, Node(parser, depth - 1));
        }
        return Tagged(map.Tag, members);
    }

    private static JsonNode? Word(Scalar scalar) =>
        scalar.Style is not ScalarStyle.Plain ? scalar.Value
        : scalar.Value is "true" or "false" ? scalar.Value == "true"
        : decimal.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
        : scalar.Value is "null" or "~" or "" ? null
        : scalar.Value;

    // !Ref is a word of its own, and all others are functions.
    private static JsonNode? Tagged(TagName tag, JsonNode? value)
    {
        if (tag.IsEmpty || tag.IsNonSpecific || !tag.Value.StartsWith('!') || tag.Value.Length == 1)
        {
            return value;
        }
        var name = tag.Value[1..];
        if (name is "Ref" or "Condition")
        {
            return new JsonObject { [name] = value };
        }
        // An attribute may have dots, and an id has none.
        return
            name == "GetAtt" && value is JsonValue && value.GetValue<string>().Split('.', 2) is [var id, var attribute]
            ? new JsonObject { ["Fn::GetAtt"] = new JsonArray(id, attribute) }
            : new JsonObject { [$"Fn::{name}"] = value };
    }

    private static bool Policy(Parser parser, string id, Dictionary<string, string> kept)
    {
        Each(
            parser,
            word =>
            {
                if (word != "DeletionPolicy" || !parser.TryConsume<Scalar>(out var policy))
                {
                    return false;
                }
                kept[id] = policy.Value;
                return true;
            }
        );
        return true;
    }

    // Goes through a map; values that nobody takes are passed over.
    private static void Each(Parser parser, Func<string, bool> take)
    {
        if (!parser.TryConsume<MappingStart>(out _))
        {
            parser.SkipThisAndNestedEvents();
            return;
        }
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.TryConsume<Scalar>(out var name))
            {
                parser.SkipThisAndNestedEvents();
                parser.SkipThisAndNestedEvents();
            }
            else if (!take(name.Value))
            {
                parser.SkipThisAndNestedEvents();
            }
        }
    }
}
