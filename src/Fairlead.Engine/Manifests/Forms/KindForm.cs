using System.Text.Json.Nodes;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests.Forms;

/// <summary>Kinds of services, with an honest answer for those that cannot be deployed yet.</summary>
internal sealed class KindForm : Form
{
    private static readonly string[] Programs = ["mobile"];
    private static readonly string[] Stores =
    [
        "elasticsearch",
        "kafka",
        "mariadb",
        "minio",
        "mongodb",
        "mysql",
        "nats",
        "postgres",
        "postgresql",
        "rabbitmq",
        "redis",
        "valkey",
    ];

    private static readonly ChoiceForm Deployable = new([
        ("web", Kind.Web),
        ("api", Kind.Api),
        ("worker", Kind.Worker),
        ("job", Kind.Job),
        ("model", Kind.Model),
    ]);

    public override string Expects => Deployable.Expects;

    public override string Example => Deployable.Example;

    public override object? Read(Node node, Findings findings)
    {
        var word = (node as Node.Scalar)?.Text;
        var isStore = Stores.Contains(word);
        var provided = word switch
        {
            "postgres" or "postgresql" => "postgres",
            "mysql" or "mariadb" => "mysql",
            "redis" or "valkey" => "redis",
            _ => null,
        };
        if (!isStore && !Programs.Contains(word))
        {
            return Deployable.Read(node, findings);
        }
        findings.Add(
            node,
            "kind-not-deployable",
            (
                $"{Shown.Name(node.Path)} is '{word}', which this version cannot deploy.",
                $"It deploys services of these kinds: {Deployable.Expects["one of ".Length..]}.",
                provided is not null
                    ? $"A database is kept and no service. Move it out of 'services': databases: {{ db: {{ kind: {provided} }} }}, and give it to those who need it: uses: [db]"
                : isStore
                    ? "Remove the service, run the store yourself, and give its address to the others under 'env'."
                : "Remove the service from the manifest and run it with the tool you use today."
            )
        );
        return null;
    }

    public override JsonObject Schema(JsonObject definitions) => Deployable.Schema(definitions);
}
