using System.Text.Json.Nodes;
using Fairlead.Engine.Operations;

namespace Fairlead.Faces.Dashboard.Acts;

/// <summary>Something that can be done from a page, by one operation.</summary>
/// <param name="Label">A verb first, such as <c>Roll back to 41</c>.</param>
/// <param name="Effect">What will happen, in a sentence.</param>
/// <param name="Input">What is known already, by the operation's own names.</param>
public sealed record Act(string Label, Operation Operation, string Effect, IReadOnlyDictionary<string, string> Input)
{
    /// <summary>What the person is asked for.</summary>
    public IReadOnlyList<Ask> Asks { get; init; } = [];

    /// <summary>It takes something from users, or cannot be undone.</summary>
    public bool IsGrave { get; init; }

    /// <summary>What has to be typed before it is done; null for nothing.</summary>
    public string? Confirms { get; init; }

    /// <summary>Unlike any other of its page.</summary>
    public string Key => $"{Operation.Name}-{string.Join('-', Input.Values)}".Replace('.', '-');

    /// <summary>The command that does the same.</summary>
    public string Command => CommandText.Of(Operation, Typed(Operation, Input));

    /// <summary>Texts as the operation's schema wants them.</summary>
    public static JsonObject Typed(Operation operation, IEnumerable<KeyValuePair<string, string>> texts)
    {
        var input = new JsonObject();
        var properties = operation.InputSchema["properties"] as JsonObject;
        foreach (var (name, text) in texts)
        {
            if (text.Length == 0 || properties?[name] is not JsonObject schema)
            {
                continue;
            }
            var kinds = schema["type"] is JsonArray all
                ? all.Select(static one => one!.GetValue<string>()).ToList()
                : [schema["type"]?.GetValue<string>() ?? "string"];
            input[name] =
                kinds.Contains("integer")
                && long.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var whole)
                    ? whole
                : kinds.Contains("boolean") ? text == "true"
                : kinds.Contains("array")
                    ? new JsonArray([.. text.Split('\n').Select(static one => JsonValue.Create(one))])
                : JsonValue.Create(text);
        }
        return input;
    }
}

/// <param name="Name">The operation's own.</param>
/// <param name="LettersMax">1 to 2,000.</param>
public sealed record Ask(string Name, string Label, bool IsNeeded = false, int LettersMax = 500)
{
    /// <summary>What stands there at first; null for nothing.</summary>
    public string? Value { get; init; }

    /// <summary>Why, for the journal.</summary>
    public static Ask Reason { get; } = new("reason", Texts.Reason);
}
