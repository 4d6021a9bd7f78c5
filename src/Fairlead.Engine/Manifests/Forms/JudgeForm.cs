using System.Text.Json.Nodes;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Manifests.Forms;

/// <summary>A judge: its kind alone, as <c>judge: off</c>, or a group <c>{ falseAlarms: 1%, errors: +0.5, latency: +10% }</c>.</summary>
internal sealed class JudgeForm : Form
{
    private static readonly ChoiceForm Kinds = ChoiceForm.Of(typeof(JudgeKind));
    private static readonly RecordForm Group = new(typeof(JudgeRules));

    public override string Expects => $"{Kinds.Expects}, or {Group.Expects}";

    public override string Example => "{ errors: +0.5, latency: +10% }";

    public override object? Read(Node node, Findings findings) =>
        node is Node.Scalar { IsNothing: false }
            ? Kinds.Read(node, findings) is JudgeKind kind
                ? new JudgeRules { Kind = kind }
                : null
            : Group.Read(node, findings);

    public override JsonObject Schema(JsonObject definitions) =>
        new() { ["anyOf"] = new JsonArray(Kinds.Schema(definitions), Group.Schema(definitions)) };
}
