using Fairlead.Engine.Manifests.Detecting.Clues;
using Fairlead.Engine.Manifests.Detecting.Reading;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests.Detecting.Stacks;

/// <summary>What Cargo.toml says.</summary>
internal sealed record CargoPackage(IReadOnlyDictionary<string, Evidence> Named, Toml Toml) : Dependencies(Named)
{
    private const string FileName = "Cargo.toml";

    /// <summary>The program's name; null for a library.</summary>
    public string? Program { get; private init; }

    public static CargoPackage Read(Sight sight)
    {
        var toml = Toml.Read(sight, FileName);
        Dictionary<string, Evidence> named = [];
        foreach (var entry in toml.Entries)
        {
            // axum = "0.8"   |   [dependencies.axum]   |   axum.workspace = true
            var name =
                entry is { Table: "dependencies", Key.Length: > 0 } ? entry.Key.Split('.')[0]
                : entry.Table.StartsWith("dependencies.", StringComparison.Ordinal)
                    ? entry.Table["dependencies.".Length..]
                : null;
            if (name is not null)
            {
                named.TryAdd(name, new(FileName, entry.Line, $"depends on {name}"));
            }
        }
        return new(named, toml)
        {
            Program =
                toml.Word("package", "default-run")
                ?? toml.Word("bin", "name")
                ?? (sight.HasFile("src/main.rs") ? toml.Word("package", "name") : null)
                ?? sight
                    .Files.Where(file =>
                        file.StartsWith("src/bin/", StringComparison.Ordinal)
                        && file.EndsWith(".rs", StringComparison.Ordinal)
                    )
                    .Select(Paths.Stem)
                    .FirstOrDefault(),
        };
    }
}

/// <summary>How Rust programs are built and run.</summary>
internal static class Rust
{
    private static readonly Sources Sources = new(".rs");
    private static readonly string[] Assets = ["templates", "static", "public", "assets", "migrations", "config"];

    public static Sign Program { get; } =
        Signs.One(
            "program in Cargo.toml",
            sight =>
                sight.Know(CargoPackage.Read) is { Program: { } name } cargo && cargo.Toml.First("package") is { } head
                    ? new("Cargo.toml", head.Line, $"makes the program {name}")
                    : null
        );

    public static Answer Of(Sight sight, string stack)
    {
        var name = sight.Know(CargoPackage.Read).Program!;
        var hasAssets = Assets.Any(sight.HasFolder);
        var recipe = new Recipe
        {
            Stack = stack,
            Needs = ["cargo"],
            // "install" puts the program, and only that, where it is told; it builds in release mode.
            Build =
            [
                [
                    "cargo",
                    "install",
                    "--path",
                    ".",
                    .. sight.HasFile("Cargo.lock") ? ["--locked"] : Array.Empty<string>(),
                    "--bin",
                    name,
                    "--root",
                    hasAssets ? ".run" : "{out}",
                ],
            ],
            Output = hasAssets ? "." : null,
            Run = [hasAssets ? $".run/bin/{name}" : $"bin/{name}"],
            Inputs = Inputs(sight),
        };
        var (kind, because) =
            stack == "rust" ? Audience.OfProgram(sight, Sources, "Cargo.toml") : Audience.Of(sight, Sources);
        return new(kind, recipe, because, Sources);
    }

    // Cargo refuses a workspace of which a member is missing, so all of them go along.
    private static IReadOnlyList<string> Inputs(Sight sight)
    {
        var paths = sight.Know(CargoPackage.Read).Toml.Entries.Select(PathOf).OfType<string>().Where(sight.HasFolder);
        List<string> members = [];
        for (var above = sight.At; above != "."; )
        {
            above = Paths.Folder(above);
            var root = sight.Other(Paths.Relative(sight.At, above))!;
            var all = Members(root);
            if (all.Contains(Paths.Relative(above, sight.At)))
            {
                members.AddRange(all.Select(member => Paths.Relative(sight.At, Paths.Join(above, member)!)));
            }
        }
        return [.. paths.Concat(members).Where(path => path != ".").Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Folders of the packages that a Cargo workspace declares.</summary>
    public static IReadOnlyList<string> Members(Sight root) =>
        Globs.Folders(
            root,
            [.. Toml.Read(root, "Cargo.toml").List("workspace", "members").Select(one => one.Word)],
            folder => root.HasFile($"{folder}/Cargo.toml"),
            max: 200
        );

    // shared = { path = "../shared" }
    private static string? PathOf(Toml.Entry entry)
    {
        var at = entry.Value.IndexOf("path", StringComparison.Ordinal);
        var path = at < 0 ? null : entry.Value[at..].Split('"').ElementAtOrDefault(1);
        return
            path?.StartsWith("../", StringComparison.Ordinal) == true
            && entry.Table.Contains("dependencies", StringComparison.Ordinal)
            ? path
            : null;
    }
}
