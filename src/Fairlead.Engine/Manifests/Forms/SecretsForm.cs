using System.Text.Json.Nodes;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests.Forms;

/// <summary>Secrets of a service: a list of names, or a group <c>{ TLS_KEY: { file: true }, DATABASE_URL: SHOP_DB }</c>, or both in a list.</summary>
internal sealed class SecretsForm : Form
{
    private const int ItemsMax = 200;
    private static readonly ScalarForm Name = ShapeForms.Of(Shape.Variable);
    private static readonly MapForm Group = new(typeof(SecretEntry), new RecordForm(typeof(SecretEntry)), Name);

    public override string Expects =>
        "names of secrets, such as [DATABASE_URL], or a group such as { TLS_KEY: { file: true } }";

    public override string Example => "[DATABASE_URL]";

    public override object? Read(Node node, Findings findings)
    {
        var items = node switch
        {
            Node.Sequence { Items.Count: <= ItemsMax } list => list.Items,
            Node.Scalar { IsNothing: false } or Node.Mapping => [node],
            _ => null,
        };
        return items is null
            ? Refuse(node, findings)
            : new SecretsEntry([.. items.SelectMany(item => Uses(item, findings))]);
    }

    public override JsonObject Schema(JsonObject definitions) =>
        new()
        {
            ["anyOf"] = new JsonArray(
                Name.Schema(definitions),
                Group.Schema(definitions),
                new JsonObject
                {
                    ["type"] = "array",
                    ["maxItems"] = ItemsMax,
                    ["items"] = new JsonObject
                    {
                        ["anyOf"] = new JsonArray(Name.Schema(definitions), Group.Schema(definitions)),
                    },
                }
            ),
        };

    private static IEnumerable<SecretUse> Uses(Node item, Findings findings)
    {
        if (item is not Node.Mapping)
        {
            return Name.Read(item, findings) is string name ? [new SecretUse(name, name)] : [];
        }
        return Group.Read(item, findings) is IReadOnlyDictionary<string, SecretEntry> group
            ? group.Select(one => new SecretUse(one.Key, one.Value.From ?? one.Key) { IsFile = one.Value.File is true })
            : [];
    }
}
