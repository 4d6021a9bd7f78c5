using System.Buffers;
using System.Text.Json;

namespace Fairlead.Model.Web;

/// <summary>An item of one of vercel.json's lists.</summary>
/// <param name="Place">Such as <c>redirects[3]</c>.</param>
internal sealed record VercelRule(string Place, JsonElement Json)
{
    public bool Has(string name) => Json.TryGetProperty(name, out _);

    public string? Text(string name) => TextOf(Json, name);

    public int? Number(string name) =>
        Json.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt32(out var number)
            ? number
            : null;

    public bool? Flag(string name) =>
        Json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : null;

    public IEnumerable<JsonElement> Items(string name) =>
        Json.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object)
            : [];

    public IEnumerable<(string, string)> Pairs(string name, string first, string second) =>
        Items(name).Select(item => (TextOf(item, first) ?? "", TextOf(item, second) ?? ""));

    public static string? TextOf(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object
        && json.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}

/// <summary>The <c>has</c> and <c>missing</c> of a rule of vercel.json.</summary>
internal static class VercelConditions
{
    private const int ConditionsMax = 16;

    private static readonly SearchValues<char> Signs = SearchValues.Create("()[]*+?^$|\\");

    /// <param name="why">Set when a condition is not understood.</param>
    public static List<RuleCondition> Read(VercelRule rule, ref string? why)
    {
        var all = new List<RuleCondition>();
        foreach (var (list, isAbsent) in new[] { ("has", false), ("missing", true) })
        {
            foreach (var item in rule.Items(list))
            {
                ConditionKind? kind = VercelRule.TextOf(item, "type") switch
                {
                    "header" => ConditionKind.Header,
                    "cookie" => ConditionKind.Cookie,
                    "query" => ConditionKind.Query,
                    "host" => ConditionKind.Host,
                    _ => null,
                };
                var (key, value) = (VercelRule.TextOf(item, "key") ?? "", VercelRule.TextOf(item, "value"));
                var isPlain = value is null ? !item.TryGetProperty("value", out _) : !value.AsSpan().ContainsAny(Signs);
                if (
                    kind is not { } known
                    || (key.Length == 0 && known != ConditionKind.Host)
                    || !isPlain
                    || all.Count == ConditionsMax
                )
                {
                    why ??=
                        "A condition has type header, cookie, query or host, a key, and a plain value or none; expressions are not known.";
                    continue;
                }
                all.Add(new(known, key, value, known == ConditionKind.Query && !isAbsent ? key : null, isAbsent));
            }
        }
        return all;
    }
}
