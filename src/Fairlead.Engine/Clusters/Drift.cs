using System.Text.Json.Nodes;

namespace Fairlead.Engine.Clusters;

/// <summary>What is different in a live object from what it would be if it was applied again. Pure.</summary>
internal static class Drift
{
    private const int NamedMax = 5;
    private const int LettersMax = 60;

    /// <summary>Such as <c>spec.replicas is 5, not 2</c>.</summary>
    public static IReadOnlyList<string> Between(JsonObject live, JsonObject would)
    {
        var found = new List<string>();
        Compare("spec", live["spec"], would["spec"], found);
        Compare("labels", live["metadata"]?["labels"], would["metadata"]?["labels"], found);
        return found.Count <= NamedMax ? found : [.. found.Take(NamedMax), $"and {found.Count - NamedMax} more"];
    }

    private static void Compare(string path, JsonNode? live, JsonNode? would, List<string> found)
    {
        if (JsonNode.DeepEquals(live, would))
        {
            return;
        }
        if (live is JsonObject left && would is JsonObject right)
        {
            foreach (var key in left.Select(one => one.Key).Union(right.Select(one => one.Key)))
            {
                Compare($"{path}.{key}", left[key], right[key], found);
            }
            return;
        }
        if (live is JsonArray many && would is JsonArray others && many.Count == others.Count)
        {
            for (var at = 0; at < many.Count; at++)
            {
                Compare($"{path}[{at}]", many[at], others[at], found);
            }
            return;
        }
        found.Add($"{path} was {Short(live)}, not {Short(would)}");
    }

    private static string Short(JsonNode? node)
    {
        var text = node?.ToJsonString() ?? "not there";
        return text.Length <= LettersMax ? text : $"{text[..LettersMax]}…";
    }
}
