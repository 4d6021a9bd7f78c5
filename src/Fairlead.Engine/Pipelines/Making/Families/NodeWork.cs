using System.Text.RegularExpressions;
using Fairlead.Engine.Manifests.Detecting;
using Fairlead.Engine.Manifests.Detecting.Reading;
using Fairlead.Engine.Manifests.Detecting.Stacks;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Making.Families;

/// <summary>Packages of Node: what their scripts say, by the package manager whose lock is there.</summary>
internal static partial class NodeWork
{
    public static Work Of(Part part)
    {
        part = part with { Made = ["**/node_modules", "coverage", .. Built(part)] };
        var package = part.Sight.Know(NodePackage.Read);
        var (tool, root) = (package.Tool, package.Workspace?.Root ?? ".");
        var tools = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var need in tool.Needs.Where(static one => one is not ("npm" or "yarn")))
        {
            tools[need] = need == "node" ? Version(part.Sight, package) : Manager(package, need);
        }
        var installs = package.NeedsInstall || package.Workspace is not null;
        List<JobTask> checks = installs ? [Install(part, package, root)] : [];
        checks.AddRange(
            new (string Name, string[] Scripts, string Program, string[] Words)[]
            {
                ("lint", ["lint", "lint:check"], "eslint", ["eslint", "."]),
                ("types", ["typecheck", "type-check", "check-types", "types:check"], "", []),
                ("test", ["test:ci", "test:unit", "test"], "vitest", ["vitest", "run"]),
            }.SelectMany(one => Check(part, package, one))
        );
        return new(tools, checks)
        {
            Made = part.Made,
            Caches =
                tool.Lock is { } file && Folder(tool) is { } folder && Paths.Join(part.Path, file) is { } key
                    ? [new([folder], [key])]
                    : [],
            Audit = installs && Audit(tool) is { } words ? [part.Do("audit", words)] : [],
            Installs = words =>
                words.SequenceEqual(tool.Install(withTools: true, root))
                || words.SequenceEqual(tool.Install(withTools: false, root)),
        };
    }

    /// <summary>What its framework writes beside the source.</summary>
    private static IEnumerable<string> Built(Part part) =>
        part.Detected.Stack switch
        {
            "next" => [".next"],
            "nuxt" => [".nuxt", ".output"],
            "sveltekit" => [".svelte-kit", "build"],
            "expo" => [".expo"],
            _ when part.Detected.Recipe.Output is { } output && !output.StartsWith('.') => [output],
            _ => ["dist"],
        };

    /// <summary>Only npm without a workspace puts all that it installs into one folder whose bytes can be kept.</summary>
    private static JobTask Install(Part part, NodePackage package, string root)
    {
        var task = part.Do("install", package.Tool.Install(withTools: true, root));
        return package is { Workspace: null, Tool: { Name: "npm", Lock: { } file } }
            ? task with
            {
                Inputs = [part.In(NodePackage.FileName), part.In(file)],
                Outputs = [part.In("node_modules/**")],
            }
            : task;
    }

    private static IEnumerable<JobTask> Check(
        Part part,
        NodePackage package,
        (string Name, string[] Scripts, string Program, string[] Words) one
    )
    {
        var script = Array.Find(one.Scripts, name => package.Script(name) is { } text && !NoTests().IsMatch(text));
        if (script is not null)
        {
            yield return part.Check(one.Name, package.Tool.Script(script)) with
            {
                // Watching never ends.
                Env =
                    one.Name == "test"
                        ? new Dictionary<string, string> { ["CI"] = "true" }
                        : new Dictionary<string, string>(),
            };
        }
        else if (one.Program.Length > 0 && package.Has(one.Program))
        {
            yield return part.Check(one.Name, package.Tool.Exec(one.Words));
        }
        else if (one.Name == "types" && package.Has("typescript") && part.Sight.HasFile("tsconfig.json"))
        {
            yield return part.Check("types", package.Tool.Exec(["tsc", "--noEmit"]));
        }
    }

    private static string[]? Audit(NodeTool tool) =>
        tool.Name switch
        {
            "npm" when tool.Lock is not null => ["npm", "audit", "--omit=dev", "--audit-level=high"],
            "pnpm" => ["pnpm", "audit", "--prod", "--audit-level", "high"],
            "yarn" when tool.IsModernYarn => ["yarn", "npm", "audit", "--severity", "high"],
            _ => null,
        };

    private static string? Folder(NodeTool tool) =>
        tool.Name switch
        {
            "npm" => "~/.npm",
            "pnpm" => "~/.local/share/pnpm/store",
            "yarn" when !tool.IsModernYarn => "~/.cache/yarn",
            "bun" => "~/.bun/install/cache",
            _ => null,
        };

    private static string Version(Sight sight, NodePackage package)
    {
        foreach (var file in (string[])[".nvmrc", ".node-version"])
        {
            if (sight.HasFile(file) && Number().Match(sight.Text(file)) is { Success: true } said)
            {
                return said.Value;
            }
        }
        // ">=20" would be taken for 20 alone, and is: the lowest that its authors say it runs with.
        return Number().Match(package.Json.At("engines", "node").Word() ?? "").Value.Split('.')[0];
    }

    private static string Manager(NodePackage package, string name) =>
        package.Json.At("packageManager").Word() is { } said && said.StartsWith($"{name}@", StringComparison.Ordinal)
            ? Number().Match(said).Value
            : "";

    [GeneratedRegex(@"[0-9]+(\.[0-9]+)*", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Number();

    // What npm writes into a new package.
    [GeneratedRegex("no test specified", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex NoTests();
}
