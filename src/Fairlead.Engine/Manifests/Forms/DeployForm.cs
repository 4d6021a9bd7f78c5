using System.Text.Json.Nodes;
using Fairlead.Engine.Deploying.Strategies;
using Fairlead.Engine.Manifests.Reading;

namespace Fairlead.Engine.Manifests.Forms;

/// <summary>A strategy's kind alone, or with its settings: <c>{ strategy: canary, shares: [5%, 50%], hold: 5m }</c>.</summary>
internal sealed class DeployForm : Form
{
    private const string KindKey = "strategy";
    private static readonly ChoiceForm Kinds = new([
        .. AllStrategies.Entries.Select(entry => (entry.Kind, (object)entry)),
    ]);

    public override string Expects => $"{Kinds.Expects}, or {{ {KindKey}: ..., with its settings }}";

    public override string Example => $"{{ {KindKey}: canary, hold: 5m }}";

    public override object? Read(Node node, Findings findings)
    {
        if (node is Node.Scalar { IsNothing: false })
        {
            return Kinds.Read(node, findings) is StrategyEntry alone ? Bind(alone, Empty(node), findings) : null;
        }
        if (node is not Node.Mapping mapping)
        {
            return Refuse(node, findings);
        }
        if (mapping.Find(KindKey) is not { } kind)
        {
            findings.Add(node, "missing-key", NoKind(node));
            return null;
        }
        return Kinds.Read(kind, findings) is StrategyEntry entry ? Bind(entry, mapping, findings) : null;
    }

    public override JsonObject Schema(JsonObject definitions)
    {
        JsonArray forms = [Kinds.Schema(definitions)];
        foreach (var entry in AllStrategies.Entries)
        {
            var group = new RecordForm(entry.Settings).Group(definitions);
            ((JsonObject)group["properties"]!).Insert(0, KindKey, new JsonObject { ["const"] = entry.Kind });
            group["required"] = new JsonArray(KindKey);
            forms.Add((JsonNode)group);
        }
        return new() { ["anyOf"] = forms };
    }

    private static DeployEntry? Bind(StrategyEntry entry, Node.Mapping mapping, Findings findings)
    {
        if (new RecordForm(entry.Settings, KindKey).Read(mapping, findings) is not IStrategy strategy)
        {
            return null;
        }
        if (findings.Touch(mapping.Path))
        {
            return null;
        }
        foreach (var (property, why, fix) in strategy.Check())
        {
            findings.Add(
                mapping.At(property),
                "strategy-settings",
                ($"{Shown.Name(mapping.Path)}.{property} does not suit the strategy '{entry.Kind}'.", why, fix)
            );
        }
        return new(entry.Kind, strategy);
    }

    private static Node.Mapping Empty(Node node) => new(node.Spot, node.Path, []);

    private static (string What, string Why, string Fix) NoKind(Node node) =>
        (
            $"{Shown.Name(node.Path)} does not say '{KindKey}'.",
            $"Which settings there are depends on it; it takes {Kinds.Expects}.",
            $"Add a line, for example: {KindKey}: canary"
        );
}
