using System.Text;
using Fairlead.Engine.Infrastructure.Code.Aws;
using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Code.Pulumi;

/// <summary>A program of TypeScript for Pulumi, with a test that needs no cloud and no engine of Pulumi's.</summary>
public sealed class PulumiFormat : ICodeFormat
{
    /// <summary>The SDK that is made of the provider which code is written for.</summary>
    public const string SdkVersion = "6.83.4";

    private const string Compiler = """
        {
          "compilerOptions": {
            "strict": true,
            "noUnusedParameters": true,
            "target": "es2022",
            "module": "commonjs",
            "outDir": "bin",
            "skipLibCheck": true
          },
          "files": ["index.ts", "offline.test.ts"]
        }

        """;

    public string Name => "pulumi";

    public IReadOnlyList<CloudKind> Clouds { get; } = [CloudKind.Aws];

    public CodeFiles Write(ResourceGraph graph, CodeSettings settings)
    {
        var draft = AwsCode.Of(graph);
        List<CodeFile> files =
        [
            new CodeFile(".gitignore", "bin/\nnode_modules/\n"),
            new CodeFile($"Pulumi.{graph.Site.Environment}.yaml", Stack(draft)),
            new(
                "Pulumi.yaml",
                $"name: {graph.Site.App}\ndescription: What {graph.Site.App} needs of AWS\nruntime: nodejs\nmain: index.ts\n"
            ),
            new CodeFile("README.md", Readme(draft)),
            new CodeFile("index.ts", Program(draft)),
            new CodeFile("offline.test.ts", PulumiTest.Text(draft)),
            new CodeFile("package.json", Package(graph)),
            new CodeFile("tsconfig.json", Compiler),
        ];
        return new(files, draft.Notes);
    }

    private static string Program(AwsDraft draft)
    {
        var script = new TypeScript();
        var text = new StringBuilder(
            "import * as aws from \"@pulumi/aws\";\nimport * as pulumi from \"@pulumi/pulumi\";\n\nconst config = new pulumi.Config();\n"
        );
        text.Append(
            $"// Stands before the name of everything\nconst name = config.get(\"name\") ?? {TypeScript.Quoted(draft.Prefix)};\n"
        );
        foreach (var one in draft.Inputs)
        {
            var name = script.Setting(one.Name);
            text.Append(
                $"// {one.Description}\nconst {name} = config.get({TypeScript.Quoted(name)}) ?? {TypeScript.Quoted(one.Usual)};\n"
            );
        }
        if (AwsNames.NeedsCdnProvider(draft.Graph))
        {
            var name = script.Free(PulumiTypes.Camel(AwsNames.CdnProvider));
            text.Append(
                $"// CloudFront takes certificates from there only\nconst {name} = new aws.Provider(\"us-east-1\", {{\n  region: \"{AwsPages.CertificateRegion}\",\n  defaultTags: {{ tags: {TagsOf(draft)} }},\n}});\n"
            );
        }
        foreach (var piece in Ordered(draft.Pieces))
        {
            text.Append('\n').Append(script.Text(piece));
        }
        text.Append('\n');
        foreach (var one in draft.Outputs.OrderBy(static one => one.Name, StringComparer.Ordinal))
        {
            text.Append(
                $"// {one.Description}\nexport const {script.Free(PulumiTypes.Camel(one.Name))} = {script.Value(one.Value, 0)};\n"
            );
        }
        return text.ToString();
    }

    private static string TagsOf(AwsDraft draft) =>
        $"{{ {string.Join(", ", draft.Tags.Select(static one => $"{TypeScript.Quoted(one.Key)}: {TypeScript.Quoted(one.Value)}"))} }}";

    // A program, unlike a set of declarations, names what is there already.
    private static List<Piece> Ordered(IReadOnlyList<Piece> pieces)
    {
        var all = new Dictionary<(string, string, bool), Piece>();
        foreach (var piece in pieces)
        {
            all[(piece.Type, piece.Name, piece.IsData)] = piece;
        }
        var (ordered, seen) = (new List<Piece>(pieces.Count), new HashSet<Piece>(ReferenceEqualityComparer.Instance));
        foreach (var piece in pieces)
        {
            Add(piece);
        }
        return ordered;

        // As deep as the graph is: references never lead in a circle, or no tool could make it.
        void Add(Piece piece)
        {
            if (!seen.Add(piece))
            {
                return;
            }
            foreach (var one in piece.Lines.SelectMany(References))
            {
                if (all.TryGetValue((one.Type, one.Name, one.IsData), out var before))
                {
                    Add(before);
                }
            }
            ordered.Add(piece);
        }
    }

    private static IEnumerable<CodeValue.Of> References(PieceLine line) =>
        line switch
        {
            PieceLine.Set set => References(set.Value),
            PieceLine.Group group => group.Lines.SelectMany(References),
            _ => [],
        };

    private static IEnumerable<CodeValue.Of> References(CodeValue value) =>
        value switch
        {
            CodeValue.Of of => [of],
            CodeValue.Pick pick => [pick.From],
            CodeValue.Items items => items.Values.SelectMany(References),
            CodeValue.Fields fields => fields.Values.SelectMany(static one => References(one.Value)),
            CodeValue.Joined joined => joined.Parts.SelectMany(References),
            CodeValue.Json json => References(json.Value),
            CodeValue.Call call => call.Arguments.SelectMany(References),
            CodeValue.Choice choice => References(choice.Then).Concat(References(choice.Otherwise)),
            _ => [],
        };

    private static string Stack(AwsDraft draft)
    {
        var text = new StringBuilder(
            $"config:\n  aws:region: {draft.Graph.Place.Region}\n  aws:defaultTags:\n    tags:\n"
        );
        foreach (var (name, value) in draft.Tags)
        {
            text.Append($"      {TypeScript.Quoted(name)}: {TypeScript.Quoted(value)}\n");
        }
        return text.ToString();
    }

    private static string Package(ResourceGraph graph) =>
        $$"""
            {
              "name": "{{graph.Site.App}}-infrastructure",
              "private": true,
              "scripts": { "test": "tsc && node --test bin/" },
              "dependencies": { "@pulumi/aws": "{{SdkVersion}}", "@pulumi/pulumi": "^3.150.0" },
              "devDependencies": { "@types/node": "^20.0.0", "typescript": "^5.5.0" }
            }

            """;

    private static string Readme(AwsDraft draft)
    {
        var text = new StringBuilder(
            $"""
            # {draft.Prefix}

            What {draft.Graph.Site.App} needs of AWS in {draft.Graph.Site.Environment}, for Pulumi.

            ```sh
            npm install
            npm test                                    # needs no cloud, no keys, and no engine of Pulumi's
            pulumi up --stack {draft.Graph.Site.Environment}
            ```

            """
        );
        if (draft.Inputs.Count > 0)
        {
            text.Append("\n## Settings\n\n| Setting | What it is |\n|---|---|\n");
            foreach (var one in draft.Inputs)
            {
                text.Append($"| `{PulumiTypes.Camel(one.Name)}` | {one.Description} |\n");
            }
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
