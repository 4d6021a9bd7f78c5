using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>What an operation may do; faces use it to ask before acting and to hide tools from read-only callers.</summary>
public enum Effect
{
    Reads,
    Changes,
    Destroys,
}

/// <summary>How a program that decides for itself may use an operation that changes something.</summary>
public enum AgentUse
{
    /// <summary>Not by itself: it makes a plan, which people can read and stop.</summary>
    ByPlan,

    /// <summary>As others, but not while agents are stopped.</summary>
    Freely,

    /// <summary>As others, also while agents are stopped: it only returns to what was good, or tells people.</summary>
    Always,
}

/// <summary>Where an operation runs.</summary>
public enum Runs
{
    /// <summary>In the server, which must be up.</summary>
    InServer,

    /// <summary>In the caller's own process: it only needs the files before it.</summary>
    Here,
}

/// <summary>Marks the input that may be given without its name: <c>fairlead deploy samples/storefront</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PositionalAttribute : Attribute;

/// <summary>What a server that cannot see the caller's disk gets of a folder.</summary>
public enum Sent
{
    /// <summary>What a build sees: without what ignore files name, but with what the manifest there names.</summary>
    Source,

    /// <summary>All of it.</summary>
    Whole,

    /// <summary>Nothing: the operation is only done by a server that sees the disk.</summary>
    Never,
}

/// <summary>Marks an input that is a folder: the CLI makes it absolute, and one that is required defaults to the current one.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FolderAttribute(Sent sent = Sent.Source) : Attribute
{
    public Sent Sent { get; } = sent;
}

/// <summary>
/// Marks an input that nobody may see. On the command line it is read from a file or standard input, never taken from the words
/// typed, which every user of the machine can list. One that can be left out, and says nothing of others, is read only where a file is named.
/// </summary>
/// <param name="unless">The input that may be given instead.</param>
/// <param name="with">The input that it belongs to: without that one, it is not asked for.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ConfidentialAttribute(string? unless = null, string? with = null) : Attribute
{
    public string? Unless { get; } = unless;

    public string? With { get; } = with;
}

/// <summary>Marks an input whose values are live names, so that completion can offer them.</summary>
/// <param name="names">app, service or release.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NamesAttribute(string names) : Attribute
{
    public string Names { get; } = names;
}

/// <summary>One thing Fairlead can be asked to do. CLI and HTTP offer it from this definition alone.</summary>
/// <param name="Name">One word for daily verbs, else noun then verb, dotted: <c>audit.verify</c> is "fairlead audit verify"
/// and POST /api/audit.verify.</param>
/// <param name="Summary">One line, as shown in every help text.</param>
public abstract record Operation(string Name, string Summary, Effect Effect)
{
    public Runs Runs { get; init; } = Runs.InServer;

    /// <summary>As they are typed, with what most people ask first.</summary>
    public IReadOnlyList<string> Examples { get; init; } = [];

    /// <summary>Its output may name problems: it is shown all the same, and who asked by the CLI gets the exit code of the first.</summary>
    public bool FailsByProblems { get; init; }

    /// <summary>Its output is a document in JSON, for a file.</summary>
    public bool IsDocument { get; init; }

    /// <summary>How long a caller waits for the answer. Who waits no longer ends nothing by it.</summary>
    public TimeSpan AnswerMax { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>What its caller needs. Null refuses everybody who comes from outside, and fails the build's rules.</summary>
    public Need? Needs { get; init; }

    /// <summary>What it is to agents. Those that only read are theirs as everybody's.</summary>
    public AgentUse Agents { get; init; }

    /// <summary>The app and the environment that an input names, found from its definition.</summary>
    public About AboutOf(JsonObject input) => new(TextOf(input, AppInput), TextOf(input, EnvironmentInput));

    /// <summary>The type whose properties are the input, with their [Description], [Positional], [Folder] and [Names].</summary>
    public abstract Type Input { get; }

    /// <summary>JSON schema of the input: the source of CLI options, HTTP validation and completion.</summary>
    public abstract JsonObject InputSchema { get; }

    /// <summary>The name of the input that names an app; null when none does.</summary>
    protected abstract string? AppInput { get; }

    /// <inheritdoc cref="AppInput"/>
    protected abstract string? EnvironmentInput { get; }

    /// <exception cref="ProblemException">The input is not of the schema's shape, or the operation could not be done.</exception>
    public abstract Task<JsonNode> RunAsync(JsonObject input, EngineContext engine, CancellationToken stop);

    // The reader of inputs does not tell upper from lower case either, and takes the last of several.
    private static string? TextOf(JsonObject input, string? name) =>
        name is not null
        && input.LastOrDefault(one => string.Equals(one.Key, name, StringComparison.OrdinalIgnoreCase)).Value
            is JsonValue value
        && value.TryGetValue<string>(out var text)
            ? text
            : null;
}

/// <inheritdoc/>
public sealed record Operation<TInput, TOutput>(
    string Name,
    string Summary,
    Effect Effect,
    Func<TInput, EngineContext, CancellationToken, Task<TOutput>> Body
) : Operation(Name, Summary, Effect)
{
    public override Type Input => typeof(TInput);

    // Asked where access is judged, and not by a command that runs here.
    private readonly Lazy<string?> app = new(static () =>
        typeof(TInput)
            .GetProperties()
            .FirstOrDefault(one => one.GetCustomAttribute<NamesAttribute>()?.Names == "app")
            ?.Name
    );

    private readonly Lazy<string?> environment = new(static () => typeof(TInput).GetProperty("Environment")?.Name);

    /// <summary>Reads what the input mostly is; what it gives null for, the serializer reads. It must come to the same.</summary>
    public Func<JsonObject, TInput?>? ReadsUsual { get; init; }

    /// <summary>Writes what the output mostly is; what it gives null for, the serializer writes. It must come to the same.</summary>
    public Func<TOutput, JsonObject?>? WritesUsual { get; init; }

    protected override string? AppInput => app.Value;

    protected override string? EnvironmentInput => environment.Value;

    public override JsonObject InputSchema => field ??= Schemas.Of(typeof(TInput));

    public override async Task<JsonNode> RunAsync(JsonObject input, EngineContext engine, CancellationToken stop)
    {
        var output = await Body(Read(input), engine, stop);
        return WritesUsual?.Invoke(output) ?? JsonSerializer.SerializeToNode(output, Schemas.Json)!;
    }

    // What the serializer says names types of this program, which help nobody who typed a word where a number belongs.
    private string WhyOf(JsonObject input, JsonException caught)
    {
        var name = caught.Path is ['$', '.', .. var rest] ? rest.Split('.', '[')[0] : "";
        return name.Length > 0 && input[name] is JsonValue && InputSchema["properties"]?[name]?["type"] is { } type
            ? $"{name} has to be {Schemas.Said(type)}."
            : caught.Message;
    }

    private TInput Read(JsonObject input)
    {
        try
        {
            return ReadsUsual is { } reads && reads(input) is { } read
                ? read
                : input.Deserialize<TInput>(Schemas.Json)!;
        }
        catch (JsonException caught)
        {
            throw new ProblemException(
                new Problem(
                    "input.wrong-shape",
                    What: $"'{Name}' cannot read its input.",
                    Why: WhyOf(input, caught),
                    Fix: $"See what it takes: fairlead help {Name.Replace('.', ' ')}"
                )
                {
                    Where = caught.Path,
                    Trouble = Trouble.WrongUse,
                },
                caught
            );
        }
    }
}
