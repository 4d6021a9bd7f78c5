using Fairlead.Engine.Manifests.Detecting.Clues;
using Fairlead.Engine.Manifests.Detecting.Reading;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests.Detecting.Stacks;

/// <summary>How Go modules are built and run.</summary>
internal static class Go
{
    private const int ProgramsMax = 20;
    private static readonly Sources Sources = new(".go");

    // What Go programs read from the folder they are started in.
    private static readonly string[] Assets =
    [
        "templates",
        "static",
        "public",
        "assets",
        "views",
        "web",
        "migrations",
        "config",
        "configs",
        "locales",
        "html",
    ];

    /// <summary>A package main in the module's folder or in <c>cmd</c>.</summary>
    public static Sign Main { get; } =
        Signs.One(
            "package main, here or in cmd/",
            sight => Programs(sight) is [var first, ..] ? sight.Find(first.File, IsMain, "begins the program") : null
        );

    public static Answer Program(Sight sight) => Of(sight, Programs(sight)[0]);

    /// <summary>The module's programs, the one that is most likely its server first.</summary>
    public static IReadOnlyList<GoProgram> Programs(Sight sight)
    {
        var module =
            sight.Lines("go.mod").FirstOrDefault(line => line.StartsWith("module ", StringComparison.Ordinal)) ?? "";
        var own = Paths.Name(module.Trim());
        return
        [
            .. sight
                .Files.Where(IsCandidate)
                .Where(file => sight.Lines(file).Any(IsMain))
                .GroupBy(Paths.Folder, StringComparer.Ordinal)
                .Select(group => new GoProgram(group.Key, group.First(), group.Key == "." ? "" : Paths.Name(group.Key)))
                .OrderBy(one =>
                    one.Name.Length == 0 ? 0
                    : one.Name == own ? 1
                    : one.Name is "server" or "api" or "web" ? 2
                    : 3
                )
                .Take(ProgramsMax),
        ];
    }

    public static Answer Of(Sight sight, GoProgram program)
    {
        var hasAssets = Assets.Any(sight.HasFolder);
        var package = program.Folder == "." ? "." : $"./{program.Folder}";
        var recipe = new Recipe
        {
            Stack = "go",
            Needs = ["go"],
            Build =
            [
                ["go", "build", "-o", hasAssets ? ".run/app" : "{out}/app", package],
            ],
            Output = hasAssets ? "." : null,
            Run = [hasAssets ? ".run/app" : "./app"],
            Inputs = Replaced(sight),
        };
        var scope = program.Folder == "." ? sight : sight.Other(program.Folder) ?? sight;
        var (kind, because) = Audience.OfProgram(scope, Sources, program.File);
        if (kind == Kind.Job && program.Folder != ".")
        {
            (kind, because) = Audience.OfProgram(sight, Sources, program.File);
        }
        return new(kind, recipe, because, Sources);
    }

    private static bool IsMain(string line) =>
        line.Trim() == "func main() {" || line.StartsWith("func main()", StringComparison.Ordinal);

    private static bool IsCandidate(string file) =>
        file.EndsWith(".go", StringComparison.Ordinal)
        && !file.EndsWith("_test.go", StringComparison.Ordinal)
        && (!file.Contains('/', StringComparison.Ordinal) || file.StartsWith("cmd/", StringComparison.Ordinal));

    // replace example.com/shared => ../shared
    private static IReadOnlyList<string> Replaced(Sight sight) =>
        [
            .. sight
                .Lines("go.mod")
                .Where(line => !Text.IsComment(line) && line.Contains("=> ../", StringComparison.Ordinal))
                .Select(line => line.Split("=> ")[1].Trim().Split(' ')[0])
                .Where(path => sight.HasFolder(path))
                .Distinct(StringComparer.Ordinal),
        ];
}

/// <param name="Folder">Of the package main.</param>
/// <param name="Name">Empty when it is the module's own folder.</param>
internal sealed record GoProgram(string Folder, string File, string Name);
