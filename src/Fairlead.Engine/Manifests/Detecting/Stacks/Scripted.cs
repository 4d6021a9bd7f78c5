using Fairlead.Engine.Manifests.Detecting.Clues;
using Fairlead.Engine.Manifests.Detecting.Reading;

namespace Fairlead.Engine.Manifests.Detecting.Stacks;

/// <summary>Deno and Bun, which run source as it is.</summary>
internal static class Scripted
{
    private const int DenoPort = 8000;
    private static readonly string[] Mains =
    [
        "main.ts",
        "server.ts",
        "index.ts",
        "mod.ts",
        "src/main.ts",
        "src/index.ts",
        "src/server.ts",
        "main.js",
        "index.js",
        "main.tsx",
        "index.tsx",
    ];
    private static readonly string[] DenoFiles = ["deno.json", "deno.jsonc"];
    private static readonly Sources Sources = new(".ts", ".tsx", ".js");

    public static Sign DenoStart { get; } =
        Signs.One(
            "start task or file that serves",
            sight =>
                Task(sight) is not null
                    ? DenoFiles
                        .Select(file => sight.Find(file, "\"start\"", "has a start task"))
                        .FirstOrDefault(seen => seen is not null)
                : Main(sight, "Deno.serve") is { } file ? sight.Find(file, "Deno.serve", "serves")
                : null
        );

    public static Sign BunServe { get; } =
        Signs.One(
            "file with Bun.serve",
            sight => Main(sight, "Bun.serve") is { } file ? sight.Find(file, "Bun.serve", "serves") : null
        );

    public static Answer Deno(Sight sight)
    {
        IReadOnlyList<string> run = Task(sight) is not null
            ? ["deno", "task", "start"]
            : ["deno", "run", "--allow-net", "--allow-env", "--allow-read", Main(sight, "Deno.serve")!];
        var (kind, because) = Audience.Of(sight, Sources);
        var says = PortClue.Find(sight, Sources);
        // Deno.serve listens on 8000 unless the program says otherwise; PORT means nothing to it.
        var isDefault =
            says is null
            && SourceText
                .Lines(sight, Sources)
                .All(line =>
                    !line.Text.Contains("PORT", StringComparison.Ordinal)
                    && !line.Text.Contains("port", StringComparison.Ordinal)
                );
        return new(
            kind,
            new()
            {
                Stack = "deno",
                Needs = ["deno"],
                Output = ".",
                Run = run,
            },
            because,
            Sources
        )
        {
            Port = isDefault ? DenoPort : null,
        };
    }

    public static Answer Bun(Sight sight)
    {
        var package = sight.Know(NodePackage.Read);
        var answer = NodeRecipes.Process(
            sight,
            "bun",
            package.Script("start") is null ? ["bun", "run", Main(sight, "Bun.serve")!] : ["bun", "run", "start"]
        );
        var (kind, because) = Audience.Of(sight, Sources);
        return answer with
        {
            Kind = kind,
            Because = [.. answer.Because, .. because],
            Recipe = answer.Recipe with { Needs = ["bun"] },
        };
    }

    private static string? Task(Sight sight) =>
        DenoFiles
            .Select(file => Json.Read(sight, file).At("tasks", "start").Word())
            .FirstOrDefault(task => task is not null);

    private static string? Main(Sight sight, string call) =>
        Mains.FirstOrDefault(file =>
            sight.Find(file, line => !Text.IsComment(line) && line.Contains(call, StringComparison.Ordinal), "")
                is not null
        );
}
