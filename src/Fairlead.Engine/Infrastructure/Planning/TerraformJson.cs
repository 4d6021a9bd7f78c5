using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Engine.Checking.Contracts;
using Fairlead.Model.Problems;
using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Planning;

/// <summary>What Terraform's JSON has in common: a size and a depth that are bounded, and values that are masked.</summary>
internal static class TerraformJson
{
    /// <summary>A plan of 10,000 resources has about 100 MB.</summary>
    public const int BytesMax = 256 * 1024 * 1024;

    /// <summary>Levels of JSON: a module in a module takes three.</summary>
    private const int DepthMax = 128;

    /// <param name="what">For messages, such as <c>plan</c>.</param>
    /// <exception cref="ProblemException">It is no JSON object, too large or too deep.</exception>
    public static JsonElement Read(ReadOnlyMemory<byte> json, string what)
    {
        if (json.Length > BytesMax)
        {
            throw Refused(what, $"It has {json.Length} bytes, and at most {BytesMax} are read.");
        }
        try
        {
            // Half of a surrogate pair would be found only when the text is asked for.
            var root = AnswerJson.Read(json.Span, DepthMax);
            return root.ValueKind is JsonValueKind.Object ? root : throw Refused(what, "It is no JSON object.");
        }
        catch (JsonException caught)
        {
            throw Refused(what, caught.Message);
        }
    }

    public static ProblemException Refused(string what, string why) =>
        new(
            new Problem(
                $"infra.{what}-unread",
                What: $"This is no {what} that can be read.",
                Why: why,
                Fix: what is "plan"
                    ? "Make it anew: terraform plan -out plan.bin && terraform show -json plan.bin > plan.json"
                    : "Make it anew: terraform state pull > state.json"
            )
            {
                Trouble = Trouble.WrongUse,
            }
        );

    public static string? Text(JsonElement from, string name) =>
        Get(from, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>Null for what is not there, and where nothing can be inside.</summary>
    public static JsonElement? Get(JsonElement? from, string name) =>
        from is { ValueKind: JsonValueKind.Object } group && group.TryGetProperty(name, out var value) ? value : null;

    /// <summary>What is in a list; nothing where it is none.</summary>
    public static IEnumerable<JsonElement> Items(JsonElement? list) =>
        list is { ValueKind: JsonValueKind.Array } items ? items.EnumerateArray() : [];

    /// <summary>What is in a group by name; nothing where it is none.</summary>
    public static IEnumerable<JsonProperty> Fields(JsonElement? group) =>
        group is { ValueKind: JsonValueKind.Object } fields ? fields.EnumerateObject() : [];

    /// <summary>Values as they may be shown.</summary>
    /// <param name="hidden">In the form of the value, true where nobody may see it.</param>
    /// <param name="unknown">In the form of the value, true where it is not known yet.</param>
    public static JsonObject? Group(JsonElement? value, JsonElement? hidden, JsonElement? unknown) =>
        value is { ValueKind: JsonValueKind.Object } group ? Node(group, hidden, unknown) as JsonObject : null;

    private static JsonNode? Node(JsonElement value, JsonElement? hidden, JsonElement? unknown)
    {
        var isUnknown = unknown is { ValueKind: JsonValueKind.True };
        if (hidden is { ValueKind: JsonValueKind.True } && (isUnknown || value.ValueKind is not JsonValueKind.Null))
        {
            return PlannedChange.Hidden;
        }
        if (isUnknown)
        {
            return PlannedChange.Unknown;
        }
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var group = new JsonObject();
                foreach (var field in value.EnumerateObject())
                {
                    group[field.Name] = Node(field.Value, Get(hidden, field.Name), Get(unknown, field.Name));
                }
                // What is not known yet is left out of the values.
                foreach (var field in Fields(unknown))
                {
                    if (field.Value.ValueKind is JsonValueKind.True && !group.ContainsKey(field.Name))
                    {
                        group[field.Name] = PlannedChange.Unknown;
                    }
                }
                return group;
            case JsonValueKind.Array:
                var (list, at) = (new JsonArray(), 0);
                foreach (var item in value.EnumerateArray())
                {
                    list.Add(Node(item, At(hidden, at), At(unknown, at)));
                    at++;
                }
                return list;
            case JsonValueKind.String:
                return JsonValue.Create(value.GetString());
            case JsonValueKind.True:
                return JsonValue.Create(value: true);
            case JsonValueKind.False:
                return JsonValue.Create(value: false);
            case JsonValueKind.Number:
                return JsonValue.Create(value.Clone());
            default:
                return null;
        }
    }

    private static JsonElement? At(JsonElement? list, int at) =>
        list is { ValueKind: JsonValueKind.Array } items && at < items.GetArrayLength() ? items[at] : null;
}
