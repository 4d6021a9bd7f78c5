using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Model.Problems;
using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Planning;

/// <summary>Reads Terraform's state, version 4, which Terraform has written since 0.12. Pure.</summary>
public static class TerraformStateReader
{
    private const int ThingsMax = 100_000;

    /// <returns>What Terraform looks after, in its order; what it only reads is left out.</returns>
    /// <exception cref="ProblemException">It is no state, of another version, or too large.</exception>
    public static IReadOnlyList<Provisioned> Read(ReadOnlyMemory<byte> json)
    {
        var root = TerraformJson.Read(json, "state");
        if (
            TerraformJson.Get(root, "version") is not { ValueKind: JsonValueKind.Number } version
            || !version.TryGetInt32(out var number)
            || number != 4
        )
        {
            throw TerraformJson.Refused("state", "It does not say version 4, which is the one that is read.");
        }
        var things = TerraformJson
            .Items(TerraformJson.Get(root, "resources"))
            .Where(static one => TerraformJson.Text(one, "mode") is "managed")
            .SelectMany(Things)
            .Take(ThingsMax + 1)
            .ToList();
        return things.Count <= ThingsMax
            ? things
            : throw TerraformJson.Refused("state", $"It has more than {ThingsMax} resources.");
    }

    private static IEnumerable<Provisioned> Things(JsonElement resource)
    {
        var type = TerraformJson.Text(resource, "type") ?? "";
        var module = TerraformJson.Text(resource, "module") is { } path ? $"{path}." : "";
        foreach (var instance in TerraformJson.Items(TerraformJson.Get(resource, "instances")))
        {
            // What waits to be removed after its successor was made is no longer what the code means.
            if (TerraformJson.Text(instance, "deposed") is not null)
            {
                continue;
            }
            var address = $"{module}{type}.{TerraformJson.Text(resource, "name")}{Index(instance)}";
            var attributes = TerraformJson.Get(instance, "attributes");
            var values = TerraformJson.Group(attributes, hidden: null, unknown: null);
            foreach (var secret in TerraformJson.Items(TerraformJson.Get(instance, "sensitive_attributes")))
            {
                Hide(values, [.. TerraformJson.Items(secret)]);
            }
            yield return new(address, type, attributes is { } said ? TerraformJson.Text(said, "id") : null)
            {
                Values = values,
            };
        }
    }

    private static string Index(JsonElement instance) =>
        TerraformJson.Get(instance, "index_key") switch
        {
            { ValueKind: JsonValueKind.Number } at => $"[{at.GetRawText()}]",
            { ValueKind: JsonValueKind.String } name => $"[{JsonSerializer.Serialize(name.GetString(), PlainJson)}]",
            _ => "",
        };

    private static readonly JsonSerializerOptions PlainJson = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Hides what a path leads to; where a step is none that is known, all that it stands in.</summary>
    private static void Hide(JsonNode? node, IReadOnlyList<JsonElement> path)
    {
        for (var at = 0; at < path.Count; at++)
        {
            var isLast = at == path.Count - 1;
            var value = TerraformJson.Get(path[at], "value");
            switch (node)
            {
                case JsonObject group when Name(value) is { } name && group.ContainsKey(name):
                    if (isLast || group[name] is not (JsonObject or JsonArray))
                    {
                        group[name] = group[name] is null ? null : PlannedChange.Hidden;
                        return;
                    }
                    node = group[name];
                    break;
                case JsonArray list when Number(value) is { } index && index >= 0 && index < list.Count:
                    if (isLast)
                    {
                        list[index] = PlannedChange.Hidden;
                        return;
                    }
                    node = list[index];
                    break;
                case JsonObject group:
                    foreach (var name in group.Select(static one => one.Key).ToList())
                    {
                        group[name] = PlannedChange.Hidden;
                    }
                    return;
                case JsonArray list:
                    for (var item = 0; item < list.Count; item++)
                    {
                        list[item] = PlannedChange.Hidden;
                    }
                    return;
                default:
                    return;
            }
        }
    }

    // A step is a name, or an index that says its type: { "value": 0, "type": "number" }.
    private static string? Name(JsonElement? value) =>
        value is { ValueKind: JsonValueKind.String } text ? text.GetString() : Inner(value, JsonValueKind.String)?.GetString();

    private static int? Number(JsonElement? value) =>
        (value is { ValueKind: JsonValueKind.Number } number ? number : Inner(value, JsonValueKind.Number)) is { } found
        && found.TryGetInt32(out var index)
            ? index
            : null;

    private static JsonElement? Inner(JsonElement? value, JsonValueKind kind) =>
        TerraformJson.Get(value, "value") is { } inner && inner.ValueKind == kind ? inner : null;
}
