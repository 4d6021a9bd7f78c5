using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Engine.Infrastructure.Code.Azure;
using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Code.Bicep;

/// <summary>
/// Bicep for Azure: a main file for a resource group, a module for each concern, a file of parameters, and rules of the linter that are
/// errors.
/// </summary>
public sealed class BicepFormat : ICodeFormat
{
    public const string MainFile = "main.bicep";
    public const string ParametersFile = "main.bicepparam";
    public const string ConfigurationFile = "bicepconfig.json";

    // Of the linter of 0.49, but those that depend on the day on which they are asked.
    private static readonly string[] Rules =
    [
        .. "adminusername-should-not-be-literal artifacts-parameters explicit-values-for-loc-params max-asserts max-outputs max-params".Split(
            ' '
        ),
        .. "max-resources max-variables no-conflicting-metadata no-deployments-resources no-hardcoded-env-urls".Split(
            ' '
        ),
        .. "no-hardcoded-location no-loc-expr-outside-params no-unnecessary-dependson no-unused-existing-resources".Split(
            ' '
        ),
        .. "no-unused-params no-unused-vars outputs-should-not-contain-secrets prefer-interpolation prefer-unquoted-property-names".Split(
            ' '
        ),
        .. "protect-commandtoexecute-secrets secure-params-in-nested-deploy secure-parameter-default secure-secrets-in-params".Split(
            ' '
        ),
        .. "simplify-interpolation simplify-json-null use-parent-property use-recent-module-versions use-resource-id-functions".Split(
            ' '
        ),
        .. "use-resource-symbol-reference use-safe-access use-secure-value-for-secure-inputs use-stable-resource-identifiers".Split(
            ' '
        ),
        "use-stable-vm-image",
        "what-if-short-circuiting",
    ];

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly BicepText Plain = new(BicepModules.Reference, static setting => setting);

    public string Name => "bicep";

    public IReadOnlyList<CloudKind> Clouds { get; } = [CloudKind.Azure];

    public CodeFiles Write(ResourceGraph graph, CodeSettings settings)
    {
        var draft = AzureCode.Of(graph);
        var modules = new BicepModules(draft);
        IReadOnlyList<BicepParameter> parameters = [.. Used(modules)];
        List<CodeFile> files =
        [
            new(MainFile, Main(modules, parameters)),
            new(ParametersFile, Parameters(parameters)),
            new(ConfigurationFile, Configuration()),
            new("README.md", BicepReadme.Text(draft, modules, parameters)),
            .. modules.All.Select(static one => new CodeFile(PathOf(one), one.Text())),
        ];
        return new([.. files.OrderBy(static one => one.Path, StringComparer.Ordinal)], draft.Notes);
    }

    private static string PathOf(BicepModule module) => $"modules/{module.Name}.bicep";

    private static IEnumerable<BicepParameter> Used(BicepModules modules)
    {
        var used = modules.All.SelectMany(static one => one.Settings).ToHashSet(StringComparer.Ordinal);
        if (modules.All.Any(static one => one.Name == AzureParts.Names))
        {
            used.Add(AzureNames.ZoneGroup);
        }
        return modules.Parameters.Where(one => used.Contains(one.Name)).Select(one => one with { Usual = Usual(one) });

        CodeValue? Usual(BicepParameter one) =>
            one.Name switch
            {
                "name" => modules.Draft.Prefix,
                "tags" => CodeValue.Map([
                    .. modules.Draft.AllTags.Select(static tag => (tag.Key, (CodeValue)tag.Value)),
                ]),
                _ => one.Usual,
            };
    }

    private static string Main(BicepModules modules, IReadOnlyList<BicepParameter> parameters)
    {
        var site = modules.Draft.Graph.Site;
        var text = new StringBuilder("targetScope = 'resourceGroup'\n\n");
        text.Append(
            $"metadata description = {BicepText.Quoted($"What {site.App} needs of Azure in {site.Environment}")}\n\n"
        );
        foreach (var one in parameters)
        {
            text.Append(BicepModules.Declared(one, one.Usual is { } usual ? Plain.Value(usual, 0) : null));
        }
        foreach (var one in modules.All)
        {
            List<(string, string)> lines = [];
            if (one.Name == AzureParts.Names)
            {
                lines.Add(("scope", $"resourceGroup({AzureNames.ZoneGroup})"));
            }
            List<(string, string)> told =
            [
                .. one.Settings.Select(static setting => (setting, setting)),
                .. one.Wires.Select(static wire => (wire.Name, $"{wire.From}.outputs.{wire.Name}")),
            ];
            if (told.Count > 0)
            {
                lines.Add(("params", BicepText.Fields(told, 1)));
            }
            if (one.After.Any())
            {
                lines.Add(("dependsOn", $"[\n{string.Concat(one.After.Select(static name => $"    {name}\n"))}  ]"));
            }
            text.Append($"module {one.Name} '{PathOf(one)}' = {BicepText.Fields(lines, 0)}\n\n");
        }
        foreach (var one in modules.Outputs.OrderBy(static one => one.Name, StringComparer.Ordinal))
        {
            text.Append(
                $"@description({BicepText.Quoted(one.Description)})\noutput {one.Name} string = {Plain.Value(one.Value, 0)}\n\n"
            );
        }
        return $"{text.ToString().TrimEnd('\n')}\n";
    }

    private static string Parameters(IReadOnlyList<BicepParameter> parameters)
    {
        var text = new StringBuilder($"using '{MainFile}'\n\n");
        // Where all of it is, is where the resource group is.
        foreach (var one in parameters.Where(static one => one.Name != "location"))
        {
            BicepText.Comment(text, one.Description);
            var value = one.Variable is { } variable
                ? $"readEnvironmentVariable({BicepText.Quoted(variable)}, '')"
                : Plain.Value(one.Usual ?? "", 0);
            text.Append($"param {one.Name} = {value}\n\n");
        }
        return $"{text.ToString().TrimEnd('\n')}\n";
    }

    private static string Configuration()
    {
        var rules = new JsonObject();
        foreach (var one in Rules)
        {
            rules[one] = new JsonObject { ["level"] = "error" };
        }
        var whole = new JsonObject
        {
            ["analyzers"] = new JsonObject
            {
                ["core"] = new JsonObject { ["enabled"] = true, ["rules"] = rules },
            },
        };
        return $"{whole.ToJsonString(Indented)}\n";
    }
}
