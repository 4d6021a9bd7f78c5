using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Policies;

/// <summary>Asks for values of planned things. What is hidden or not known yet is no value.</summary>
internal static class PlannedValues
{
    /// <summary>What a path such as <c>root_block_device.0.encrypted</c> leads to; null for nothing.</summary>
    public static JsonNode? At(this JsonNode? node, string path)
    {
        foreach (var step in path.Split('.'))
        {
            node = node switch
            {
                JsonObject group => group[step],
                JsonArray list
                    when int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
                        && at < list.Count => list[at],
                _ => null,
            };
        }
        return node;
    }

    public static string? Text(this JsonNode? node) =>
        node is JsonValue value
        && value.GetValueKind() is JsonValueKind.String
        && value.GetValue<string>() is var text
        && text is not (PlannedChange.Hidden or PlannedChange.Unknown)
            ? text
            : null;

    /// <summary>True or false; some attributes say so as texts.</summary>
    public static bool? Truth(this JsonNode? node) =>
        node?.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.String when node.Text() is "true" => true,
            JsonValueKind.String when node.Text() is "false" => false,
            _ => null,
        };

    public static decimal? Number(this JsonNode? node) =>
        node is JsonValue value
            ? value.GetValueKind() switch
            {
                // A number can be larger than any type has room for.
                JsonValueKind.Number when value.TryGetValue<decimal>(out var number) => number,
                JsonValueKind.Number
                    when decimal.TryParse(
                        value.ToJsonString(),
                        NumberStyles.Float,
                        CultureInfo.InvariantCulture,
                        out var number
                    ) => number,
                JsonValueKind.String
                    when decimal.TryParse(
                        value.Text(),
                        NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
                        CultureInfo.InvariantCulture,
                        out var number
                    ) => number,
                _ => null,
            }
            : null;

    /// <summary>Groups in a list, with their places; a group alone is the first.</summary>
    public static IEnumerable<(int At, JsonObject Group)> Groups(this JsonNode? node) =>
        node switch
        {
            JsonArray list => list.Select(static (one, at) => (at, one as JsonObject))
                .Where(static one => one.Item2 is not null)
                .Select(static one => (one.at, one.Item2!)),
            JsonObject group => [(0, group)],
            _ => [],
        };

    /// <summary>Texts in a list, or one alone.</summary>
    public static IEnumerable<string> Texts(this JsonNode? node) =>
        node is JsonArray list ? list.Select(Text).OfType<string>()
        : node.Text() is { } text ? [text]
        : [];

    public static bool IsUnknown(this JsonNode? node) =>
        node is JsonValue value
        && value.GetValueKind() is JsonValueKind.String
        && value.GetValue<string>() is PlannedChange.Unknown or PlannedChange.Hidden;

    /// <summary>Whether an attribute has no value, or will have whichever the cloud takes, as the code does not say one.</summary>
    public static bool IsUnset(this PlannedThing thing, string name) =>
        thing.Values[name] switch
        {
            null => true,
            JsonArray { Count: 0 } => true,
            var node => node.IsUnknown() && thing.Said?.Contains(name) is false,
        };

    /// <summary>Whether an attribute is false, or is not said where saying nothing means false.</summary>
    public static bool IsOff(this PlannedThing thing, string name) =>
        thing.Values[name].Truth() is false || thing.IsUnset(name);
}
