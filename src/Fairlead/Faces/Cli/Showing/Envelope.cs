using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Model.Problems;

namespace Fairlead.Faces.Cli.Showing;

/// <summary>What <c>--json</c> prints, for success and failure alike. Members are added to it, never renamed or taken away.</summary>
public static class Envelope
{
    public const int Version = 1;

    private static readonly JsonSerializerOptions OneLine = new()
    {
        // Read by programs and people, never put into a page: "5%" and "<" stay as they are.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="problems">Why it failed; none when it did not.</param>
    public static JsonObject Of(string kind, JsonNode? data, IReadOnlyList<Problem> problems)
    {
        var envelope = new JsonObject
        {
            ["version"] = Version,
            ["ok"] = problems.Count == 0,
            ["kind"] = kind,
            ["data"] = data?.DeepClone(),
            ["error"] = problems is [var first, ..] ? Error(first) : null,
            ["evidence"] = Texts(problems.SelectMany(problem => problem.Evidence)),
            ["next"] = new JsonArray([.. problems.SelectMany(NextSteps.Of).Select(Step)]),
            ["warnings"] = Warnings(data),
        };
        if (problems.Count > 1)
        {
            envelope["errors"] = new JsonArray([.. problems.Select(Error)]);
        }
        return envelope;
    }

    /// <summary>One line of NDJSON: something that happened on the way.</summary>
    public static JsonObject Event(string kind, JsonNode data) =>
        new()
        {
            ["version"] = Version,
            ["kind"] = kind,
            ["data"] = data.DeepClone(),
        };

    public static string Line(JsonNode node) => node.ToJsonString(OneLine);

    private static JsonObject Error(Problem problem) =>
        new()
        {
            ["code"] = problem.Code,
            ["what"] = problem.What,
            ["why"] = problem.Why,
            ["fix"] = problem.Fix,
            ["where"] = problem.Where,
        };

    private static JsonObject Step(NextSteps.Step step) => new() { ["command"] = step.Command, ["why"] = step.Why };

    private static JsonArray Texts(IEnumerable<string> lines) => new([.. lines.Select(line => JsonValue.Create(line))]);

    private static JsonArray Warnings(JsonNode? data) =>
        (data as JsonObject)?["warnings"] is JsonArray own ? (JsonArray)own.DeepClone()
        : (data as JsonObject)?["deployment"]?["warnings"] is JsonArray inner ? (JsonArray)inner.DeepClone()
        : [];
}
