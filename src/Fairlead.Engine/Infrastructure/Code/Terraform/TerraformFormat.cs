using System.Text;
using Fairlead.Engine.Infrastructure.Code.Aws;
using Fairlead.Model.Resources;
using static Fairlead.Engine.Infrastructure.Code.Aws.AwsDraft;
using static Fairlead.Engine.Infrastructure.Code.CodeValue;

namespace Fairlead.Engine.Infrastructure.Code.Terraform;

/// <summary>
/// A root module of Terraform, which OpenTofu reads as well: one file for each concern, as <c>terraform fmt</c> leaves it, with a test that
/// needs no cloud.
/// </summary>
public sealed class TerraformFormat : ICodeFormat
{
    /// <summary>The provider that code is written for.</summary>
    public const string ProviderVersion = "5.100.0";

    private const string Ignored = """
        .terraform/
        *.tfstate
        *.tfstate.*
        *.tfplan
        crash.log

        """;

    public string Name => "terraform";

    public IReadOnlyList<CloudKind> Clouds { get; } = [CloudKind.Aws];

    public CodeFiles Write(ResourceGraph graph, CodeSettings settings)
    {
        var draft = AwsCode.Of(graph);
        List<CodeFile> files =
        [
            new CodeFile(".gitignore", Ignored),
            new CodeFile("README.md", TerraformReadme.Text(draft)),
            new CodeFile("outputs.tf", Outputs(draft)),
            new CodeFile("providers.tf", Providers(draft)),
            new CodeFile("tests/offline.tftest.hcl", TerraformTest.Text(draft)),
            new CodeFile("variables.tf", Variables(draft)),
            new CodeFile("versions.tf", Versions(settings.State)),
            .. draft
                .Pieces.GroupBy(static one => one.Part, StringComparer.Ordinal)
                .Select(static part => new CodeFile($"{part.Key}.tf", Hcl.Text(part))),
        ];
        return new([.. files.OrderBy(static one => one.Path, StringComparer.Ordinal)], draft.Notes);
    }

    private static string Versions(StatePlace? state)
    {
        List<PieceLine> lines =
        [
            // References of a test to what is mocked came with 1.7.
            Set("required_version", ">= 1.7"),
            Group(
                "required_providers",
                Set("aws", Map(("source", "hashicorp/aws"), ("version", $"~> {ProviderVersion}")))
            ),
        ];
        if (state is not null)
        {
            lines.Add(
                Group(
                    $"backend {Hcl.Quoted(state.Kind)}",
                    [
                        .. state
                            .Settings.OrderBy(static one => one.Key, StringComparer.Ordinal)
                            .Select(static one => Set(one.Key, one.Value)),
                    ]
                )
            );
        }
        return Hcl.Text("terraform", lines);
    }

    private static string Providers(AwsDraft draft)
    {
        var usual = Group(
            "default_tags",
            Set("tags", Map([.. draft.Tags.Select(static one => (one.Key, (CodeValue)one.Value))]))
        );
        var text = new StringBuilder(Hcl.Text("provider \"aws\"", [Set("region", new Setting("region")), usual]));
        if (AwsNames.NeedsCdnProvider(draft.Graph))
        {
            text.Append('\n');
            Hcl.Comment(text, "CloudFront takes certificates from there only.");
            text.Append(
                Hcl.Text(
                    "provider \"aws\"",
                    [Set("alias", AwsNames.CdnProvider), Set("region", AwsPages.CertificateRegion), usual]
                )
            );
        }
        return text.ToString();
    }

    private static string Variables(AwsDraft draft)
    {
        List<CodeInput> all =
        [
            new("name", "Stands before the name of everything", draft.Prefix),
            new("region", "Where all of it is", draft.Graph.Place.Region),
            .. draft.Inputs,
        ];
        return string.Join(
            '\n',
            all.Select(static one =>
                Hcl.Text(
                    $"variable {Hcl.Quoted(one.Name)}",
                    [Set("description", one.Description), Set("type", Word("string")), Set("default", one.Usual)]
                )
            )
        );
    }

    private static string Outputs(AwsDraft draft) =>
        string.Join(
            '\n',
            draft
                .Outputs.OrderBy(static one => one.Name, StringComparer.Ordinal)
                .Select(static one =>
                    Hcl.Text(
                        $"output {Hcl.Quoted(one.Name)}",
                        [Set("description", one.Description), Set("value", one.Value)]
                    )
                )
        );
}
