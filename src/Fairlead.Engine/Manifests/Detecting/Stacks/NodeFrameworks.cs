using System.Text.RegularExpressions;
using Fairlead.Engine.Manifests.Detecting.Reading;

namespace Fairlead.Engine.Manifests.Detecting.Stacks;

/// <summary>Frameworks of Node whose answer depends on how they are set up.</summary>
internal static partial class NodeFrameworks
{
    private static readonly string[] ConfigEndings = [".js", ".mjs", ".cjs", ".ts", ".mts"];

    /// <summary>The file name with each ending that a configuration can have.</summary>
    public static string[] Config(string stem) => [.. ConfigEndings.Select(ending => stem + ending)];

    public static Answer Next(Sight sight)
    {
        if (Setting(sight, "next.config", "output", "export") is { } export)
        {
            var site = NodeRecipes.Site(sight, "next", ["next", "build"], "out");
            return site with { Because = [export, .. site.Because] };
        }
        var package = sight.Know(NodePackage.Read);
        if (Setting(sight, "next.config", "output", "standalone") is { } alone && package.Workspace is null)
        {
            return Standalone(sight, alone);
        }
        var answer = NodeRecipes.Process(
            sight,
            "next",
            package.Workspace is null && package.Tool.Name != "yarn"
                ? ["node", "node_modules/next/dist/bin/next", "start", "--port", "{port}"]
                : ["npx", "--no-install", "next", "start", "--port", "{port}"]
        );
        return answer with { HealthPath = Clues.FileRoutes.Health(sight) };
    }

    public static Answer Nuxt(Sight sight)
    {
        var generates =
            sight.Know(NodePackage.Read).Script("build")?.Contains("generate", StringComparison.Ordinal) == true;
        return generates
            ? NodeRecipes.Site(sight, "nuxt", ["nuxt", "generate"], ".output/public")
            : Bundle(sight, "nuxt", ["nuxt", "build"], (".output", ["node", "server/index.mjs"]));
    }

    public static Answer Astro(Sight sight)
    {
        var isServer = sight.Know(NodePackage.Read).Has("@astrojs/node");
        return isServer
            ? NodeRecipes.Process(sight, "astro", ["node", "dist/server/entry.mjs"])
            : NodeRecipes.Site(sight, "astro", ["astro", "build"], "dist");
    }

    public static Answer SvelteKit(Sight sight) =>
        sight.Know(NodePackage.Read).Has("@sveltejs/adapter-node")
            ? NodeRecipes.Process(sight, "sveltekit", ["node", "build/index.js"]) with
            {
                HealthPath = Clues.FileRoutes.Health(sight),
            }
            : NodeRecipes.Site(sight, "sveltekit", ["vite", "build"], "build");

    public static Answer Vite(Sight sight)
    {
        var (output, because) = ("dist", (Evidence?)null);
        foreach (var file in Config("vite.config"))
        {
            if (sight.Find(file, line => OutDir().IsMatch(line), "says where the build goes") is { } seen)
            {
                var said = OutDir().Match(sight.Lines(file)[seen.Line!.Value - 1]).Groups["folder"].Value;
                (output, because) = Paths.Join(sight.At, said) is null ? (output, null) : (said, seen);
            }
        }
        var answer = NodeRecipes.Site(sight, "vite", ["vite", "build"], output);
        return because is null ? answer : answer with { Because = [because, .. answer.Because] };
    }

    public static Answer Angular(Sight sight)
    {
        var (name, project) = Json.Read(sight, "angular.json").At("projects").Members() is [var first, ..]
            ? first
            : ("app", null);
        var build = project.At("architect", "build");
        var options = build.At("options");
        var output = options.At("outputPath").Word() ?? options.At("outputPath", "base").Word() ?? $"dist/{name}";
        // The builder "application" (Angular 17 on) parts what browsers and servers get.
        var isParted = build.At("builder").Word()?.EndsWith(":application", StringComparison.Ordinal) == true;
        return isParted && options.At("ssr") is { ValueKind: not System.Text.Json.JsonValueKind.False }
            ? NodeRecipes.Process(sight, "angular", ["node", $"{output}/server/server.mjs"])
            : NodeRecipes.Site(sight, "angular", ["ng", "build"], isParted ? $"{output}/browser" : output);
    }

    public static Answer VitePress(Sight sight)
    {
        var folder = sight.HasFolder("docs/.vitepress") ? "docs/" : "";
        var script = sight.Know(NodePackage.Read).Script("build") is null ? "docs:build" : "build";
        var answer = NodeRecipes.Site(
            sight,
            "vitepress",
            ["vitepress", "build", .. folder.Length > 0 ? ["docs"] : Array.Empty<string>()],
            $"{folder}.vitepress/dist"
        );
        return script == "build"
            ? answer
            : answer with
            {
                Because = [NodePackage.Line(sight, script, "builds it"), .. answer.Because],
            };
    }

    // What Next leaves out of it, since a CDN might serve that.
    private static Answer Standalone(Sight sight, Evidence because)
    {
        const string output = ".next/standalone";
        var answer = Bundle(sight, "next", ["next", "build"], (output, ["node", "server.js"]));
        IEnumerable<IReadOnlyList<string>> copies =
        [
            ["cp", "-r", ".next/static", $"{output}/.next/static"],
            .. sight.HasFolder("public")
                ? (IReadOnlyList<string>[])
                    [
                        ["cp", "-r", "public", $"{output}/public"],
                    ]
                : [],
        ];
        return answer with
        {
            Recipe = answer.Recipe with { Build = [.. answer.Recipe.Build, .. copies] },
            Because = [because, .. answer.Because],
            HealthPath = Clues.FileRoutes.Health(sight),
        };
    }

    // The build's output holds all that it needs to run.
    private static Answer Bundle(
        Sight sight,
        string stack,
        IReadOnlyList<string> tool,
        (string Output, IReadOnlyList<string> Run) made
    )
    {
        var site = NodeRecipes.Site(sight, stack, tool, made.Output);
        return site with
        {
            Recipe = site.Recipe with { Run = made.Run },
            HealthPath = Clues.FileRoutes.Health(sight),
            Listens = NodeRecipes.Sources,
        };
    }

    private static Evidence? Setting(Sight sight, string stem, string key, string value) =>
        Config(stem)
            .Select(file =>
                sight.Find(
                    file,
                    line =>
                        !Text.IsComment(line)
                        && line.Contains(key + ":", StringComparison.Ordinal)
                        && (
                            line.Contains($"'{value}'", StringComparison.Ordinal)
                            || line.Contains($"\"{value}\"", StringComparison.Ordinal)
                        ),
                    $"sets {key} to {value}"
                )
            )
            .FirstOrDefault(seen => seen is not null);

    [GeneratedRegex(
        @"outDir\s*:\s*['""](?<folder>[\w./-]+)['""]",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex OutDir();
}
