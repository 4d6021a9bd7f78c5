using System.Text.RegularExpressions;
using Fairlead.Engine.Manifests.Detecting.Reading;
using Fairlead.Engine.Manifests.Detecting.Stacks;

namespace Fairlead.Engine.Manifests.Detecting;

/// <summary>Folders that the repository itself names as its parts.</summary>
internal static partial class Declared
{
    private const int Max = 200;
    private static readonly string[] ComposeFiles =
    [
        "compose.yaml",
        "compose.yml",
        "docker-compose.yaml",
        "docker-compose.yml",
    ];

    public static IReadOnlyList<Part> Parts(Sight root) =>
        [
            .. Compose(root)
                .Concat(
                    Of(
                        NodeWorkspace.Folders(root),
                        root.HasFile("pnpm-workspace.yaml") ? "pnpm-workspace.yaml" : NodePackage.FileName
                    )
                )
                .Concat(Of(GoWork(root), "go.work"))
                .Concat(Of(Rust.Members(root), "Cargo.toml"))
                .Concat(root.Top(".slnx", ".sln").SelectMany(file => Of(Solution(root, file), file)))
                .DistinctBy(part => part.Path)
                .Take(Max),
        ];

    // Services of which the file says how they are built; the others are images of databases and the like. A file that only
    // says "build this folder" tells nothing that the folder does not tell itself.
    private static List<Part> Compose(Sight root)
    {
        if (root.First(ComposeFiles) is not { } file)
        {
            return [];
        }
        List<Part> parts = [];
        foreach (var (name, service) in Yaml.Read(root, file)?["services"]?.Members ?? [])
        {
            var build = service["build"];
            if (
                (build?.Word ?? build?["context"]?.Word) is { } context
                && Paths.Join(".", context) is { } path
                && root.HasFolder(path)
            )
            {
                parts.Add(new(path, name, new(file, build!.Line, $"builds the service {name} from {context}")));
            }
        }
        return parts.All(part => part.Path == ".") ? [] : parts;
    }

    private static IEnumerable<Part> Of(IEnumerable<string> folders, string file) =>
        folders.Select(folder => new Part(folder, null, new(file, null, $"names {folder} as a part")));

    // use ./api     |     use (  ./api  ./worker  )
    private static IEnumerable<string> GoWork(Sight root) =>
        root.Lines("go.work")
            .Select(line =>
                line.Split("//")[0].Replace("use", "", StringComparison.Ordinal).Trim(' ', '\t', '(', ')', '"')
            )
            .Where(word => word.StartsWith("./", StringComparison.Ordinal))
            .Select(word => Paths.Join(".", word))
            .OfType<string>()
            .Where(root.HasFolder);

    private static IEnumerable<string> Solution(Sight root, string file) =>
        root.Lines(file)
            .Select(line => Project().Match(line))
            .Where(match => match.Success)
            .Select(match => Paths.Join(".", match.Groups["path"].Value.Replace('\\', '/')))
            .OfType<string>()
            .Select(Paths.Folder)
            .Where(folder => folder != "." && root.HasFolder(folder));

    // Project("{FAE0...}") = "Shop", "src\Shop\Shop.csproj", "{...}"    |    <Project Path="src/Shop/Shop.csproj" />
    [GeneratedRegex(
        @"""(?<path>[^""]+\.(cs|fs|vb)proj)""",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Project();
}

/// <summary>A folder that may be a service.</summary>
/// <param name="Name">What the repository calls it; null when only its folder has a name.</param>
internal sealed record Part(string Path, string? Name, Evidence? Because);
