using System.Text.Encodings.Web;
using System.Text.Json;
using Fairlead.Model.Resources;
using static Fairlead.Engine.Infrastructure.Code.CodeValue;

namespace Fairlead.Engine.Infrastructure.Code.CloudFormation;

/// <summary>
/// Templates of CloudFormation: one stack for an app in an environment, and, where a CDN has hosts of its own, another for its certificate
/// in the one region from which CloudFront takes it.
/// </summary>
public sealed class CloudFormationFormat : ICodeFormat
{
    /// <summary>The template of all but what has to be elsewhere.</summary>
    public const string TemplateFile = "template.yaml";

    /// <summary>The template of the CDN's certificate.</summary>
    public const string CertificateFile = "cdn-certificate.yaml";

    /// <summary>Parameters, tags and the policy of the stack, as AWS's own pipelines read them.</summary>
    public const string ConfigurationFile = "stack.json";

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public string Name => "cloudformation";

    public IReadOnlyList<CloudKind> Clouds { get; } = [CloudKind.Aws];

    public CodeFiles Write(ResourceGraph graph, CodeSettings settings)
    {
        var draft = new StackDraft(graph);
        new StackCode(draft).AddAll(graph);
        StackNetwork.AddEndpoints(draft);
        var certificate = Certificate(graph);
        if (certificate is not null)
        {
            draft.Note(
                $"CloudFront takes certificates from {StackCdn.CertificateRegion} only: {CertificateFile} makes one there, and until {StackCdn.CertificateParameter} names it the CDN answers to its own name. With Fairlead, the second plan after the first one was done does so."
            );
        }
        var template = draft.Template($"{graph.Site.App} in {graph.Site.Environment}");
        List<CodeFile> files =
        [
            new(TemplateFile, StackYaml.Text(template)),
            new(ConfigurationFile, Configuration(graph, template)),
        ];
        if (certificate is not null)
        {
            files.Add(new(CertificateFile, certificate));
        }
        files.Add(new("README.md", StackReadme.Text(graph, template, draft.Notes)));
        return new(files, draft.Notes);
    }

    private static string? Certificate(ResourceGraph graph)
    {
        var certificates = graph.All<Certificate>().Where(static one => one.IsForCdn).ToList();
        if (certificates.Count == 0 || graph.Place.Region == StackCdn.CertificateRegion)
        {
            return null;
        }
        var draft = new StackDraft(graph);
        foreach (var one in certificates)
        {
            StackTraffic.Add(draft, one);
        }
        draft.Tell(
            StackCdn.CertificateParameter,
            $"For the parameter {StackCdn.CertificateParameter} of {TemplateFile}",
            draft.Ref(certificates[0])
        );
        return StackYaml.Text(
            draft.Template(
                $"Certificate of the CDN of {graph.Site.App} in {graph.Site.Environment}, for {StackCdn.CertificateRegion}"
            )
        );
    }

    private static string Configuration(ResourceGraph graph, StackTemplate template)
    {
        var tags = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["app"] = graph.Site.App,
            ["environment"] = graph.Site.Environment,
            ["managed-by"] = "fairlead",
        };
        foreach (var (name, value) in graph.Tags)
        {
            tags[name] = value;
        }
        string[] data =
        [
            .. template
                .Resources.Where(static one =>
                    one.Kept is Kept.Whole or Kept.Copy && one.Type is not "AWS::Lambda::Version"
                )
                .Select(static one => $"LogicalResourceId/{one.Id}"),
        ];
        var document = Map(
            (
                "Parameters",
                Map([.. template.Parameters.Select(static one => (one.Name, (CodeValue)(one.Default ?? "")))])
            ),
            ("Tags", Map([.. tags.Select(static one => (one.Key, (CodeValue)one.Value))])),
            ("StackPolicy", Map(("Statement", List([Statement("Allow", "Update:*", ["*"]), .. Protected(data)]))))
        );
        return $"{JsonSerializer.Serialize(StackYaml.Plain(document), Indented)}\n";
    }

    private static IEnumerable<CodeValue> Protected(string[] data)
    {
        if (data.Length > 0)
        {
            yield return Map(
                ("Effect", "Deny"),
                ("Principal", "*"),
                ("Action", StackDraft.Names(["Update:Replace", "Update:Delete"])),
                ("Resource", StackDraft.Names(data))
            );
        }
    }

    private static CodeValue Statement(string effect, string action, string[] on) =>
        Map(("Effect", effect), ("Principal", "*"), ("Action", action), ("Resource", StackDraft.Names(on)));
}
