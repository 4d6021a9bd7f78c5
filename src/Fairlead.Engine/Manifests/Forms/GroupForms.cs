using System.Collections;
using System.Text.Json.Nodes;
using Fairlead.Engine.Manifests.Reading;

namespace Fairlead.Engine.Manifests.Forms;

/// <summary>A list; wherever one is expected, one value alone will do.</summary>
internal sealed class ListForm(Type element, Form item) : Form
{
    private const int ItemsMax = 1000;

    public override string Expects => $"a list of at most {ItemsMax} values, each {item.Expects}";

    public override string Example => $"[{item.Example}]";

    public override object? Read(Node node, Findings findings)
    {
        var items = node switch
        {
            Node.Sequence list => list.Items,
            Node.Scalar { IsNothing: true } => null,
            _ => [node],
        };
        if (items is null || items.Count > ItemsMax)
        {
            return Refuse(node, findings);
        }
        var values = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(element))!;
        foreach (var value in items.Select(one => item.Read(one, findings)).OfType<object>())
        {
            values.Add(value);
        }
        return values;
    }

    public override JsonObject Schema(JsonObject definitions) =>
        new()
        {
            ["anyOf"] = new JsonArray(
                item.Schema(definitions),
                new JsonObject
                {
                    ["type"] = "array",
                    ["maxItems"] = ItemsMax,
                    ["items"] = item.Schema(definitions),
                }
            ),
        };
}

/// <summary>Values under names, in the order of the file. A group of keys may be left empty: its name alone says it is there.</summary>
internal sealed class MapForm(Type element, Form item, ScalarForm key) : Form
{
    private const int EntriesMax = 1000;

    public override string Expects => $"at most {EntriesMax} names with a value each";

    public override string Example => $"{{ {key.Example}: {item.Example} }}";

    public override object? Read(Node node, Findings findings)
    {
        if (node is not Node.Mapping { Entries.Count: <= EntriesMax } mapping)
        {
            return Refuse(node, findings);
        }
        var values = (IDictionary)
            Activator.CreateInstance(typeof(OrderedDictionary<,>).MakeGenericType(typeof(string), element))!;
        foreach (var entry in mapping.Entries)
        {
            if (key.Accepts(entry.Key))
            {
                var written =
                    entry.Value is Node.Scalar { IsNothing: true } && item is RecordForm
                        ? new Node.Mapping(entry.Value.Spot, entry.Value.Path, [])
                        : entry.Value;
                if (item.Read(written, findings) is { } value)
                {
                    values.Add(entry.Key, value);
                }
            }
            else
            {
                findings.Add(entry.Spot, entry.Value.Path, "bad-name", BadName(node, entry));
            }
        }
        return values;
    }

    public override JsonObject Schema(JsonObject definitions) =>
        new()
        {
            ["type"] = "object",
            ["maxProperties"] = EntriesMax,
            ["propertyNames"] = key.Schema(definitions),
            ["additionalProperties"] =
                item is RecordForm
                    ? new JsonObject
                    {
                        ["anyOf"] = new JsonArray(item.Schema(definitions), new JsonObject { ["type"] = "null" }),
                    }
                    : item.Schema(definitions),
        };

    private (string What, string Why, string Fix) BadName(Node node, Node.Entry entry) =>
        (
            $"{Shown.Quoted(entry.Key)} cannot be a name in {Shown.Name(node.Path)}.",
            $"It takes {key.Expects}.",
            $"Rename it, for example: {key.Example}"
        );
}
