using System.Text.Json.Nodes;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Manifests.Forms;

/// <summary>A gate: <c>error-rate &lt; 1%</c>, <c>p95 &lt; 300ms</c>, or a group <c>{ command: ./check.sh, timeout: 30s }</c>.</summary>
internal sealed class GateForm : Form
{
    private static readonly TimeSpan CommandTimeout = TimeSpan.FromSeconds(30);
    private static readonly RecordForm Command = new(typeof(CommandGateEntry));
    private static readonly ScalarForm Limit = new(
        "a limit such as 'error-rate < 1%' or 'p95 < 300ms', or { command: ./check.sh, timeout: 30s }",
        "error-rate < 1%",
        @"^(error-rate *< *[0-9]+(\.[0-9]+)?%|p[0-9]+(\.[0-9]+)? *< *[0-9]+(\.[0-9]+)?(ms|s|m|h|d))$",
        Gate.TryParse
    );

    public override string Expects => Limit.Expects;

    public override string Example => Limit.Example;

    public override object? Read(Node node, Findings findings) =>
        node is not Node.Mapping ? Limit.Read(node, findings)
        : Command.Read(node, findings) is CommandGateEntry { Command: { } command } entry
            ? new Gate.Command(command.Words, entry.Timeout ?? CommandTimeout)
        : null;

    public override JsonObject Schema(JsonObject definitions) =>
        new() { ["anyOf"] = new JsonArray(Limit.Schema(definitions), Command.Schema(definitions)) };
}
