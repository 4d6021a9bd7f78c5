namespace Fairlead.Drivers.Builds;

/// <summary>
/// Folders and files that tools make again by themselves. They are never a part of the source, and they stay in a build's
/// workspace, so that the next build is quick. Names that an app could well use for its own code count only beside the file
/// that proves whose they are.
/// </summary>
internal static class Caches
{
    private static readonly HashSet<string> Anywhere = new(StringComparer.Ordinal)
    {
        ".git",
        ".hg",
        ".svn",
        ".DS_Store",
        "node_modules",
        ".venv",
        "__pycache__",
        ".pytest_cache",
        ".mypy_cache",
        ".ruff_cache",
        ".tox",
        ".gradle",
        ".turbo",
        ".parcel-cache",
        ".vs",
    };

    // What the build of an app that runs from its source folder installs there for the run.
    private static readonly HashSet<string> Dependencies = new(StringComparer.Ordinal) { "node_modules", ".venv" };

    /// <param name="folder">Path of the folder it is in, with <c>/</c>.</param>
    /// <param name="siblings">Everything in that folder.</param>
    public static bool Has(string folder, string name, IReadOnlyList<string> siblings) =>
        Anywhere.Contains(name)
        || name.EndsWith(".pyc", StringComparison.Ordinal)
        || name switch
        {
            "bin" or "obj" => siblings.Any(IsProject),
            "artifacts" => siblings.Any(one => IsProject(one) || IsSolution(one)),
            "target" => siblings.Any(one => one is "Cargo.toml" or "pom.xml"),
            "build" => siblings.Any(one => one is "build.gradle" or "build.gradle.kts"),
            "cache" => folder.EndsWith(".next", StringComparison.Ordinal)
                || folder.EndsWith(".angular", StringComparison.Ordinal),
            _ => false,
        };

    /// <summary>Whether an app that runs from its source folder needs it, though it is not source.</summary>
    public static bool IsDependency(string name) => Dependencies.Contains(name);

    private static bool IsProject(string name) => Path.GetExtension(name) is ".csproj" or ".fsproj" or ".vbproj";

    private static bool IsSolution(string name) =>
        Path.GetExtension(name) is ".sln" or ".slnx" || name == "Directory.Build.props";
}
