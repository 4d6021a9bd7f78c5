namespace Fairlead.Engine.Manifests.Detecting;

/// <summary>Where people keep the parts of an app that nothing declares.</summary>
internal static class Customary
{
    private const int Max = 100;

    private static readonly string[] Shelves = ["apps", "services"];
    private static readonly string[] MixedShelves = ["packages", "src"];

    private static readonly HashSet<string> PartWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "admin",
        "api",
        "app",
        "backend",
        "bot",
        "client",
        "consumer",
        "dashboard",
        "frontend",
        "gateway",
        "mobile",
        "portal",
        "scheduler",
        "server",
        "service",
        "site",
        "storefront",
        "ui",
        "web",
        "webapp",
        "website",
        "worker",
        "www",
    };

    private static readonly HashSet<string> Elsewhere = new(StringComparer.OrdinalIgnoreCase)
    {
        "benchmark",
        "benchmarks",
        "ci",
        "demo",
        "demos",
        "deploy",
        "doc",
        "docs",
        "e2e",
        "example",
        "examples",
        "fixtures",
        "hack",
        "infra",
        "playground",
        "sample",
        "samples",
        "scripts",
        "spec",
        "templates",
        "test",
        "tests",
        "tools",
    };

    // So little tells them that a folder of any name could be one by accident.
    private static readonly HashSet<string> WeakStacks = new(StringComparer.Ordinal)
    {
        "dockerfile",
        "dotnet",
        "mkdocs",
        "node",
        "onnx",
        "php",
        "python",
        "static",
    };

    /// <summary>So little tells it that a part below is more likely what is to be deployed.</summary>
    public static bool IsWeak(Detected detected) => detected.Stack is "static" or "dockerfile" or "onnx";

    public static IReadOnlyList<Part> Parts(Sight root) =>
        [
            .. Children(root, "")
                .Concat(Shelves.Concat(MixedShelves).SelectMany(shelf => Children(root, shelf + "/")))
                .Select(folder => new Part(folder, null, null))
                .Take(Max),
        ];

    /// <summary>Whether a folder that nothing declares counts as a service, being what it is.</summary>
    public static bool Counts(string path, Detected detected)
    {
        var shelf = Paths.Folder(path);
        return Shelves.Contains(shelf)
            || IsNamedAsPart(path) && !(MixedShelves.Contains(shelf) && detected.Stack == "static")
            || !WeakStacks.Contains(detected.Stack);
    }

    /// <summary>Whether a folder's name alone makes it a part, as <c>frontend</c> and <c>shop-api</c> do.</summary>
    public static bool IsNamedAsPart(string path) => Paths.Name(path).Split('-', '_', '.').Any(PartWords.Contains);

    private static IEnumerable<string> Children(Sight root, string shelf) =>
        root.Folders.Where(folder =>
            folder.StartsWith(shelf, StringComparison.Ordinal)
            && !folder[shelf.Length..].Contains('/', StringComparison.Ordinal)
            && folder.Length > shelf.Length
            && !Elsewhere.Contains(Paths.Name(folder))
        );
}
