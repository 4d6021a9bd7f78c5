using System.Text.Json.Nodes;
using Fairlead.Engine.Judging.PromQl.Reading;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Manifests.Forms;

/// <summary>
/// A gate: <c>error-rate &lt; 1%</c>, <c>p95 &lt; 300ms</c>, or a group <c>{ command: ./check.sh, timeout: 30s }</c>,
/// <c>{ check: contract }</c> or <c>{ query: "...", below: 5 }</c>.
/// </summary>
internal sealed class GateForm : Form
{
    private const string QueryKey = "query";
    private const string CheckKey = "check";
    private const int QueryLengthMax = 4_000;
    private static readonly string[] Limits = ["below", "above", "rise"];
    private static readonly TimeSpan CommandTimeout = TimeSpan.FromSeconds(30);
    private static readonly RecordForm Command = new(typeof(CommandGateEntry));
    private static readonly TimeSpan CheckTimeout = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan TimeoutMax = TimeSpan.FromHours(2);
    private static readonly RecordForm Check = new(typeof(CheckGateEntry));
    private static readonly RecordForm Query = new(typeof(QueryGateEntry));
    private static readonly ScalarForm Limit = new(
        "a limit such as 'error-rate < 1%' or 'p95 < 300ms', or { command: ./check.sh, timeout: 30s }, { check: contract }, or { query: ..., below: 5 }",
        "error-rate < 1%",
        @"^(error-rate *< *[0-9]+(\.[0-9]+)?%|p[0-9]+(\.[0-9]+)? *< *[0-9]+(\.[0-9]+)?(ms|s|m|h|d))$",
        Gate.TryParse
    );

    public override string Expects => Limit.Expects;

    public override string Example => Limit.Example;

    public override object? Read(Node node, Findings findings) =>
        node is not Node.Mapping mapping ? Limit.Read(node, findings)
        : mapping.Find(QueryKey) is not null ? ReadQuery(mapping, findings)
        : mapping.Find(CheckKey) is not null ? ReadCheck(mapping, findings)
        : Command.Read(node, findings) is CommandGateEntry { Command: { } command } entry
            ? new Gate.Command(command.Words, entry.Timeout ?? CommandTimeout)
        : null;

    public override JsonObject Schema(JsonObject definitions) =>
        new()
        {
            ["anyOf"] = new JsonArray(
                Limit.Schema(definitions),
                Command.Schema(definitions),
                Check.Schema(definitions),
                Query.Schema(definitions)
            ),
        };

    private static Gate.Check? ReadCheck(Node.Mapping mapping, Findings findings)
    {
        if (Check.Read(mapping, findings) is not CheckGateEntry entry)
        {
            return null;
        }
        if (entry.Timeout is { } time && (time <= TimeSpan.Zero || time > TimeoutMax))
        {
            findings.Add(mapping.At("timeout"), "check-gate", BadTime(mapping, time));
        }
        return new(entry.Check, entry.Timeout ?? CheckTimeout);
    }

    private static Gate.Query? ReadQuery(Node.Mapping mapping, Findings findings)
    {
        if (Query.Read(mapping, findings) is not QueryGateEntry { Query: { } text } entry)
        {
            return null;
        }
        if (!Limits.Any(limit => mapping.Find(limit) is not null))
        {
            findings.Add(mapping, "query-gate", NoLimit(mapping));
        }
        else if (text.Length is 0 or > QueryLengthMax)
        {
            findings.Add(mapping.At(QueryKey), "query-gate", BadLength(mapping, text.Length));
        }
        else if (entry.Rise is not null && !text.Contains(Gate.Query.ReleaseWord, StringComparison.Ordinal))
        {
            findings.Add(mapping.At(QueryKey), "query-gate", NoPart(mapping));
        }
        else if (Unreadable(text) is { } problem)
        {
            findings.Add(mapping.At(QueryKey), "query-gate", (problem.What, problem.Why, problem.Fix));
        }
        return new(text, entry.Below, entry.Above, entry.Rise);
    }

    private static Problem? Unreadable(string text)
    {
        try
        {
            Parser.Read(text.Replace(Gate.Query.ReleaseWord, "1", StringComparison.Ordinal));
            return null;
        }
        catch (ProblemException caught)
        {
            return caught.Problem;
        }
    }

    private static (string What, string Why, string Fix) BadTime(Node node, TimeSpan time) =>
        (
            $"The check of {Shown.Name(node.Path)} may take {time.Text}.",
            $"A rollout waits for it: {TimeoutMax.Text} at most.",
            "Write for example: timeout: 10m"
        );

    private static (string What, string Why, string Fix) NoLimit(Node node) =>
        (
            $"{Shown.Name(node.Path)} does not say what its query must give.",
            "A query without a limit can neither hold nor break.",
            "Add one of: below: 5, above: 0.99, rise: 10%"
        );

    private static (string What, string Why, string Fix) BadLength(Node node, int length) =>
        (
            $"The query of {Shown.Name(node.Path)} has {length} characters.",
            $"A query has 1 to {QueryLengthMax}.",
            "Record it as a rule and ask for the rule's name."
        );

    private static (string What, string Why, string Fix) NoPart(Node node) =>
        (
            $"The query of {Shown.Name(node.Path)} is the same for both releases.",
            "'rise' compares two parts, and the query does not name the part it is asked for.",
            $"Select by release, for example: my_errors_total{{release=\"{Gate.Query.ReleaseWord}\"}}"
        );
}
