using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Engine.Manifests;
using Fairlead.Engine.Operations;
using Fairlead.Model.Incidents;

namespace Fairlead.Engine.Responding.Incidents;

/// <summary>What an operation needs to be a step of a runbook, and the input that it is given. Pure.</summary>
public static class RunbookInputs
{
    // Those that start steps would go round and round.
    private static readonly string[] Own = ["incident.runbook", "incident.step"];

    /// <summary>Names of inputs that follow from the incident.</summary>
    private static readonly string[] Known = ["app", "environment", "incident"];

    /// <summary>The operation that people type as <paramref name="run"/>; null when there is none.</summary>
    public static Operation? Find(string run) => AllOperations.Entries.FirstOrDefault(one => one.Name == Dotted(run));

    /// <summary>Why it can be no step; null when it can.</summary>
    public static (string What, string Why)? Fault(string run, IReadOnlyDictionary<string, string> with)
    {
        if (Find(run) is not { } operation)
        {
            var near = Nearest.To(Dotted(run), AllOperations.Entries.Select(static one => one.Name));
            return (
                $"There is no operation '{run}'.",
                near is null ? "See them all: fairlead help" : $"Did you mean '{near.Replace('.', ' ')}'?"
            );
        }
        if (Own.Contains(operation.Name))
        {
            return ($"'{run}' can be no step.", "It would go round and round.");
        }
        if (operation.Runs is Runs.Here)
        {
            return ($"'{run}' can be no step.", "It works with files of whoever types it; a step runs in the server.");
        }
        if (operation.Effect is Effect.Destroys)
        {
            return ($"'{run}' can be no step.", "What destroys something is typed by whoever wants it.");
        }
        var inputs = Properties(operation);
        foreach (var name in with.Keys.Where(name => Property(inputs, name) is null))
        {
            var near = Nearest.To(name, inputs.Select(static one => one.Key));
            return (
                $"'{run}' has no input '{name}'.",
                near is not null ? $"Did you mean '{near}'?"
                : inputs.Count == 0 ? "It has none."
                : $"It has {string.Join(", ", inputs.Select(static one => one.Key))}."
            );
        }
        foreach (var (name, text) in with)
        {
            var (key, schema) = Property(inputs, name)!.Value; // Those that are not there were found above.
            if (ValueOf(schema, text) is null)
            {
                return ($"The input '{key}' of '{run}' cannot be '{text}'.", $"It takes {Kind(schema)}.");
            }
        }
        var missing = Required(operation)
            .FirstOrDefault(name => !Known.Contains(name) && !with.Keys.Any(one => Same(one, name)));
        return missing is null
            ? null
            : ($"'{run}' lacks its input '{missing}'.", $"Write it below the step: with: {{ {missing}: ... }}");
    }

    /// <summary>The input of a step for an incident.</summary>
    public static JsonObject Of(Operation operation, RunbookStep step, Incident incident)
    {
        var inputs = Properties(operation);
        var input = new JsonObject();
        foreach (var (name, text) in step.With)
        {
            if (Property(inputs, name) is { } found)
            {
                input[found.Key] = ValueOf(found.Schema, text);
            }
        }
        Add("app", incident.Site?.App);
        Add("environment", incident.Site?.Environment);
        Add("incident", incident.Number);
        return input;

        void Add(string name, JsonNode? value)
        {
            if (value is not null && inputs.ContainsKey(name) && !input.ContainsKey(name))
            {
                input[name] = value;
            }
        }
    }

    private static string Dotted(string run) =>
        string.Join('.', run.Split([' ', '.'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private static JsonObject Properties(Operation operation) =>
        operation.InputSchema["properties"] as JsonObject ?? [];

    private static IEnumerable<string> Required(Operation operation) =>
        (operation.InputSchema["required"] as JsonArray ?? []).Select(static one => $"{one}");

    private static (string Key, JsonNode Schema)? Property(JsonObject inputs, string name) =>
        inputs.FirstOrDefault(one => Same(one.Key, name)) is { Value: { } schema } found ? (found.Key, schema) : null;

    // As the command line writes it, or as JSON does.
    private static bool Same(string one, string other) =>
        string.Equals(
            one.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal),
            other.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal),
            StringComparison.OrdinalIgnoreCase
        );

    private static JsonNode? ValueOf(JsonNode schema, string text)
    {
        if (Words(schema) is { } words)
        {
            return words.Contains(text) ? text : null;
        }
        return Type(schema) switch
        {
            "integer" => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
                ? whole
                : null,
            "number" => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number)
                ? number
                : null,
            "boolean" => text is "true" or "yes" ? true
            : text is "false" or "no" ? false
            : null,
            "array" => new JsonArray([
                .. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                    .Select(static one => (JsonNode)one),
            ]),
            "object" => null,
            _ => text,
        };
    }

    private static string Kind(JsonNode schema) =>
        Words(schema) is { } words
            ? string.Join(" or ", words)
            : Type(schema) switch
            {
                "integer" => "a whole number",
                "number" => "a number",
                "boolean" => "true or false",
                "object" => "what no step can give",
                _ => "a text",
            };

    private static List<string>? Words(JsonNode schema) =>
        (schema["enum"] as JsonArray)?.Where(static one => one is not null).Select(static one => $"{one}").ToList();

    private static string? Type(JsonNode schema) =>
        schema["type"] switch
        {
            JsonValue value => $"{value}",
            JsonArray several => several.Select(static one => $"{one}").FirstOrDefault(static one => one != "null"),
            _ => null,
        };
}
