using System.Text.Json.Nodes;

namespace Fairlead.Engine.Operations.Agents;

/// <summary>Has the server do an operation in the name of whoever holds the conversation.</summary>
/// <param name="operation">Such as <c>agent.plan</c>.</param>
public delegate Task<JsonNode> AskOperation(string operation, JsonObject input, CancellationToken stop);

/// <summary>What a tool does to the world, as hints for clients; what holds is enforced behind it.</summary>
/// <param name="IsReadOnly">It changes nothing.</param>
/// <param name="IsDestructive">It may take something away that was there.</param>
/// <param name="IsIdempotent">Twice is as good as once.</param>
public sealed record ToolNature(bool IsReadOnly, bool IsDestructive, bool IsIdempotent)
{
    public static ToolNature Looks { get; } = new(IsReadOnly: true, IsDestructive: false, IsIdempotent: true);

    public static ToolNature Notes { get; } = new(IsReadOnly: false, IsDestructive: false, IsIdempotent: false);

    public static ToolNature Acts { get; } = new(IsReadOnly: false, IsDestructive: true, IsIdempotent: false);

    /// <summary>It only goes back to what was good.</summary>
    public static ToolNature Returns { get; } = new(IsReadOnly: false, IsDestructive: true, IsIdempotent: true);
}

/// <summary>One thing an agent can ask for: a view of operations, never an implementation of its own.</summary>
/// <param name="Name">Lower case with underscores; never renamed once shipped.</param>
/// <param name="About">One or two sentences, for a model.</param>
/// <param name="Input">What it takes; nothing else is accepted.</param>
/// <param name="Output">What is always and sometimes in its result.</param>
public sealed record AgentTool(
    string Name,
    string About,
    IReadOnlyList<ToolField> Input,
    IReadOnlyList<ToolField> Output,
    Func<JsonObject, AskOperation, CancellationToken, Task<JsonObject>> Body
)
{
    public ToolNature Nature { get; init; } = ToolNature.Looks;

    /// <summary>JSON schema of what it takes.</summary>
    public JsonObject InputSchema => field ??= ToolField.SchemaOf(Input, isClosed: true);

    /// <summary>JSON schema of what it answers with.</summary>
    public JsonObject OutputSchema => field ??= ToolField.SchemaOf(Output, isClosed: false);
}

/// <summary>A property of what a tool takes or answers with.</summary>
/// <param name="Type">string, integer, number, boolean, array or object; <c>strings</c> for a list of them.</param>
/// <param name="About">Empty where the name says it all.</param>
public sealed record ToolField(string Name, string Type, string About = "")
{
    /// <summary>Letters of one text that is taken.</summary>
    public const int LettersMax = 4_000;

    /// <summary>Entries of one list that is taken.</summary>
    public const int EntriesMax = 50;

    public bool IsNeeded { get; init; }

    /// <summary>The only values there are.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    internal static JsonObject SchemaOf(IReadOnlyList<ToolField> fields, bool isClosed)
    {
        var properties = new JsonObject();
        foreach (var field in fields)
        {
            properties[field.Name] = field.Schema();
        }
        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties };
        if (
            fields.Where(static one => one.IsNeeded).Select(static one => (JsonNode)one.Name).ToArray() is
            { Length: > 0 } needed
        )
        {
            schema["required"] = new JsonArray(needed);
        }
        if (isClosed)
        {
            schema["additionalProperties"] = false;
        }
        return schema;
    }

    private JsonObject Schema()
    {
        var schema = new JsonObject { ["type"] = Type is "strings" ? "array" : Type };
        if (Type is "strings")
        {
            schema["items"] = new JsonObject { ["type"] = "string" };
        }
        if (Values.Count > 0)
        {
            schema["enum"] = new JsonArray([.. Values.Select(static one => (JsonNode)one)]);
        }
        if (About.Length > 0)
        {
            schema["description"] = About;
        }
        return schema;
    }
}
