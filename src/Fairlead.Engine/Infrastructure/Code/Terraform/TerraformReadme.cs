using System.Text;
using Fairlead.Engine.Infrastructure.Code.Aws;
using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Code.Terraform;

/// <summary>What a team reads that takes the code and goes on with it.</summary>
internal static class TerraformReadme
{
    private static readonly SortedDictionary<string, string> Parts = new(StringComparer.Ordinal)
    {
        ["access"] = "roles, logs and places of secrets",
        ["cdn"] = "CloudFront before the files",
        ["containers"] = "services on ECS with Fargate, and their images",
        ["data"] = "databases, caches, buckets and queues",
        ["functions"] = "functions on Lambda",
        ["machines"] = "machines in autoscaling groups",
        ["main"] = "what the code looks up of the account",
        ["network"] = "the network, ways in and out, and firewalls",
        ["traffic"] = "load balancers, certificates and names",
        ["watch"] = "alarms",
    };

    public static string Text(AwsDraft draft)
    {
        var text = new StringBuilder(
            $"""
            # {draft.Prefix}

            What {draft.Graph.Site.App} needs of AWS in {draft.Graph.Site.Environment}, for Terraform 1.7 or OpenTofu 1.7 and newer.

            ```sh
            terraform init
            terraform plan -out next.tfplan
            terraform apply next.tfplan
            ```

            Without a cloud: `terraform init -backend=false && terraform test`.

            The state has no password of a database and no secret's value, yet what it has is nobody's business: keep it in an encrypted backend
            with locks. `fairlead infra` does so by itself.

            ## Files


            """
        );
        foreach (var part in draft.Pieces.Select(static one => one.Part).Distinct().Order(StringComparer.Ordinal))
        {
            text.Append($"- `{part}.tf`: {Parts[part]}\n");
        }
        text.Append("\n## Variables\n\n| Variable | What it is |\n|---|---|\n");
        text.Append($"| `name` | Stands before the name of everything: `{draft.Prefix}` |\n");
        text.Append($"| `region` | Where all of it is: `{draft.Graph.Place.Region}` |\n");
        foreach (var one in draft.Inputs)
        {
            text.Append($"| `{one.Name}` | {one.Description} |\n");
        }
        if (
            draft.Graph.All<Database>().Any(static one => one.IsProtected)
            || draft.Graph.All<LoadBalancer>().Any(static one => one.IsProtected)
        )
        {
            text.Append(
                """

                ## Removing it

                Some of it is protected against being removed. Set `deletion_protection` and `enable_deletion_protection` to `false`, apply, then
                destroy. A database leaves a last snapshot; a bucket must be empty.

                """
            );
        }
        if (draft.Notes.Count > 0)
        {
            text.Append("\n## Good to know\n\n");
            foreach (var note in draft.Notes)
            {
                text.Append($"- {note}\n");
            }
        }
        return text.ToString();
    }
}
