using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Engine.Watching.Errors;
using Fairlead.Model.Agents;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations.Agents;

/// <summary>
/// Everything agents can ask for, in one order. All of it together is small enough to be read with every question. Whatever a tool
/// answers with was made plain, bounded and scrubbed of secrets here, whichever protocol carries it.
/// </summary>
public static class AgentTools
{
    /// <summary>Bytes of one result as JSON.</summary>
    public const int ResultBytesMax = 64 << 10;

    private const int HalvingsMax = 40;

    public static IReadOnlyList<AgentTool> Entries { get; } =
    [
        LookTools.Status,
        LookTools.DescribeApp,
        LookTools.QueryLogs,
        LookTools.QueryMetrics,
        LookTools.ExplainFailure,
        ChangeTools.PlanChange,
        ChangeTools.GetPlan,
        ChangeTools.ApplyPlan,
        ChangeTools.Abort,
        ChangeTools.Rollback,
        IncidentTools.Open,
        IncidentTools.Update,
        HandoffTools.Submit,
        HandoffTools.List,
        LookTools.Evidence,
        IncidentTools.Drill,
        LookTools.SearchDocs,
    ];

    /// <summary>Runs a tool in the name of whoever <paramref name="ask"/> stands for.</summary>
    /// <exception cref="ProblemException">There is no such tool, its input is not of its shape, or an operation refused.</exception>
    public static async Task<JsonObject> RunAsync(
        string name,
        JsonObject input,
        AskOperation ask,
        CancellationToken stop
    )
    {
        var tool =
            Entries.FirstOrDefault(one => one.Name == name)
            ?? throw new ProblemException(
                new Problem(
                    "agent.no-tool",
                    What: $"There is no tool '{PlainText.Of(name, 60)}'.",
                    Why: $"There are: {string.Join(", ", Entries.Select(static one => one.Name))}.",
                    Fix: "Ask for one of these."
                )
                {
                    Trouble = Trouble.NotFound,
                }
            );
        Check(tool, input);
        return Bounded(Clean(await tool.Body(input, ask, stop)));
    }

    /// <summary>A result without what no reader sees and without what looks like a secret.</summary>
    public static JsonObject Clean(JsonObject result) =>
        (JsonObject)PlainText.Of(result, static text => Scrubber.Text(text) ?? "")!; // An object stays one.

    /// <summary>A problem as agents read it: plain, without secrets.</summary>
    public static JsonObject Told(Problem problem) =>
        Clean(
            new JsonObject
            {
                ["code"] = problem.Code,
                ["what"] = problem.What,
                ["why"] = problem.Why,
                ["fix"] = problem.Fix,
            }
        );

    private static void Check(AgentTool tool, JsonObject input)
    {
        foreach (var (name, value) in input)
        {
            var field = tool.Input.FirstOrDefault(one => one.Name == name);
            if (field is null)
            {
                throw Wrong(
                    $"{tool.Name} takes no '{PlainText.Of(name, 60)}', only {string.Join(", ", tool.Input.Select(static one => one.Name))}."
                );
            }
            if (WhyNot(field, value) is { } why)
            {
                throw Wrong($"{tool.Name}: '{name}' {why}.");
            }
        }
        if (tool.Input.FirstOrDefault(one => one.IsNeeded && input[one.Name] is null) is { } missing)
        {
            throw Wrong($"{tool.Name} needs '{missing.Name}'.");
        }
    }

    private static string? WhyNot(ToolField field, JsonNode? value) =>
        (field.Type, value?.GetValueKind()) switch
        {
            (_, null) => field.IsNeeded ? "is null" : null,
            ("string", JsonValueKind.String) => TextWhyNot(field, value!.GetValue<string>()),
            ("integer", JsonValueKind.Number) => value!.AsValue().TryGetValue<long>(out var number)
            && number is >= int.MinValue and <= int.MaxValue
                ? null
                : "is no whole number",
            ("boolean", JsonValueKind.True or JsonValueKind.False) => null,
            ("object", JsonValueKind.Object) => null,
            ("strings", JsonValueKind.Array) => value!.AsArray() is var list && list.Count > ToolField.EntriesMax
                ? $"has more than {ToolField.EntriesMax} entries"
                : list.Select(one =>
                        one is JsonValue text && text.TryGetValue<string>(out var said)
                            ? TextWhyNot(field, said)
                            : "holds something that is no text"
                    )
                    .FirstOrDefault(static one => one is not null),
            _ => $"is not of the type {field.Type}",
        };

    private static string? TextWhyNot(ToolField field, string text) =>
        text.Length > ToolField.LettersMax ? $"is longer than {ToolField.LettersMax} letters"
        : field.Values.Count > 0 && !field.Values.Contains(text, StringComparer.Ordinal)
            ? $"is none of {string.Join(", ", field.Values)}"
        : text.Contains('\0', StringComparison.Ordinal) ? "holds a zero byte"
        : null;

    // Half of the longest list goes, again and again, until it fits: what is first in a list matters most.
    private static JsonObject Bounded(JsonObject result)
    {
        for (var halving = 0; halving < HalvingsMax && BytesOf(result) > ResultBytesMax; halving++)
        {
            if (Lists(result).OrderByDescending(BytesOf).FirstOrDefault() is not { } longest)
            {
                break;
            }
            var kept = longest.Count / 2;
            while (longest.Count > kept)
            {
                longest.RemoveAt(longest.Count - 1);
            }
            result["truncated"] = true;
        }
        return BytesOf(result) <= ResultBytesMax
            ? result
            : new JsonObject { ["truncated"] = true, ["note"] = "The result is too large; ask for less." };
    }

    private static int BytesOf(JsonNode node) => Encoding.UTF8.GetByteCount(node.ToJsonString());

    private static IEnumerable<JsonArray> Lists(JsonNode? node) =>
        node switch
        {
            JsonArray list => [.. list.Count > 0 ? new[] { list } : [], .. list.SelectMany(Lists)],
            JsonObject record => record.SelectMany(static one => Lists(one.Value)),
            _ => [],
        };

    private static ProblemException Wrong(string why) =>
        new(
            new Problem(
                "agent.wrong-input",
                What: "The tool cannot use what it was given.",
                Why: why,
                Fix: "See its input schema in the list of tools."
            )
            {
                Trouble = Trouble.WrongUse,
            }
        );
}
