using System.Text;
using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Code.CloudFormation;

/// <summary>What a team reads that takes the templates and goes on with them.</summary>
internal static class StackReadme
{
    public static string Text(ResourceGraph graph, StackTemplate template, IReadOnlyList<string> notes)
    {
        var (site, region) = (graph.Site, graph.Place.Region);
        var stack = $"{site.App}-{site.Environment}";
        var text = new StringBuilder(
            $"""
            # {stack}

            What {site.App} needs of AWS in {site.Environment}, as templates of CloudFormation. `template.yaml` is the stack, `stack.json` its
            parameters, tags and policy.

            ## Apply it

            Look before you leap: a change set says what would be done, and does nothing.

            ```sh
            aws cloudformation deploy --region {region} --stack-name {stack} --template-file template.yaml \
              --capabilities CAPABILITY_IAM --parameter-overrides file://stack.json \
              --tags $(jq -r '.Tags | to_entries[] | "\(.key)=\(.value)"' stack.json) --no-execute-changeset
            aws cloudformation execute-change-set --region {region} --stack-name {stack} --change-set-name NAME
            aws cloudformation set-stack-policy --region {region} --stack-name {stack} \
              --stack-policy-body "$(jq .StackPolicy stack.json)"
            ```

            The policy keeps updates from replacing or removing what holds data. To do so on purpose, give the update another one that allows it
            (`--stack-policy-during-update-body`).

            """
        );
        if (graph.All<Certificate>().Any(static one => one.IsForCdn) && region != StackCdn.CertificateRegion)
        {
            text.Append(
                $"""

                The certificate of the CDN is a stack of its own, as CloudFront takes certificates from {StackCdn.CertificateRegion} only. Deploy it first, then give the ARN that it tells to
                `{StackCdn.CertificateParameter}` in `stack.json`:

                ```sh
                aws cloudformation deploy --region {StackCdn.CertificateRegion} --stack-name {stack}-cdn-certificate --template-file cdn-certificate.yaml
                ```

                """
            );
        }
        if (template.Parameters.Count > 0)
        {
            text.Append("\n## Parameters\n\n| Parameter | What it is |\n|---|---|\n");
            foreach (var one in template.Parameters)
            {
                text.Append($"| `{one.Name}` | {one.Description} |\n");
            }
        }
        if (notes.Count > 0)
        {
            text.Append("\n## Good to know\n\n");
            foreach (var note in notes)
            {
                text.Append($"- {note}\n");
            }
        }
        return text.ToString();
    }
}
