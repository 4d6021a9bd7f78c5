using System.Text.Json.Nodes;
using Fairlead.Engine.Manifests.Reading;

namespace Fairlead.Engine.Manifests.Forms;

/// <summary>Monitors by name, or <c>off</c>.</summary>
internal sealed class MonitorsForm : Form
{
    private static readonly MapForm Group = new(
        typeof(MonitorEntry),
        new RecordForm(typeof(MonitorEntry)),
        ShapeForms.Of(Shape.Name)
    );

    public override string Expects => "monitors by name, such as { home: https://shop.example.com }, or 'off'";

    public override string Example => "{ home: https://shop.example.com }";

    public override object? Read(Node node, Findings findings) =>
        node switch
        {
            Node.Scalar { Text: "off" } => new MonitorsEntry(true, new Dictionary<string, MonitorEntry>()),
            Node.Mapping => Group.Read(node, findings) is IReadOnlyDictionary<string, MonitorEntry> named
                ? new MonitorsEntry(false, named)
                : null,
            _ => Refuse(node, findings),
        };

    public override JsonObject Schema(JsonObject definitions) =>
        new() { ["anyOf"] = new JsonArray(new JsonObject { ["const"] = "off" }, Group.Schema(definitions)) };
}
