using System.ComponentModel;
using System.Text.Json;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Watching.Errors.SourceMaps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Operations;

/// <summary>Keeps a build's source maps, so that errors in minified scripts show the places in their sources.</summary>
public static class KeepSourceMaps
{
    private const int MapsMax = 2_000;
    private const int DepthMax = 20;
    private const string Ending = ".map";

    public sealed record Input
    {
        [Description("Folder with what was built; every file whose name ends in .map is taken.")]
        [Positional]
        [Folder(Sent.Whole)]
        public required string Folder { get; init; }

        [Description("App name, as in the manifest.")]
        [Names("app")]
        public string? App { get; init; }

        [Description("Environment.")]
        public string? Environment { get; init; }

        [Description("The release that was built; all releases when left out, which is good where names hold hashes.")]
        [Names("release")]
        public int? Release { get; init; }
    }

    /// <param name="Kept">Files that are explained from now on.</param>
    public sealed record Output(string App, int? Release, IReadOnlyList<string> Kept);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "error.sourcemaps",
            "Keep a build's source maps, so that errors in minified scripts show their sources.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead error sourcemaps ./dist --app shop --release 43"],
            Needs = Need.Of(Permission.Develop),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var server = engine.Server;
        var site = (await Sites.FindAsync(server, input.App, input.Environment, stop)).Site;
        if (input.Release is { } number)
        {
            await Sites.ReleaseAsync(server, site, number, stop);
        }
        var tree = engine.OpenFolder(input.Folder);
        var paths = Maps(tree, "", DepthMax).Take(MapsMax).ToList();
        if (paths.Count == 0)
        {
            throw new ProblemException(None(input.Folder));
        }
        List<(string Path, byte[] Bytes)> good = [];
        var findings = new List<Problem>();
        foreach (var path in paths)
        {
            var bytes = tree.ReadBytes(path);
            var why = "it is larger than 32 MiB, or cannot be read";
            if (bytes is not null && SourceMap.TryParse(bytes, out why) is not null)
            {
                good.Add((path, bytes));
                continue;
            }
            findings.Add(Bad(path, why!));
        }
        if (findings.Count > 0)
        {
            throw new ProblemException(findings);
        }
        foreach (var (path, bytes) in good)
        {
            var name = path[..^Ending.Length];
            var map = new SourceMapFile(site, input.Release ?? 0, name, DebugIdOf(bytes), engine.World.Now, bytes);
            await server.Errors.KeepMapAsync(map, stop);
        }
        server.Unminifier.Forget();
        return new(site.ToString(), input.Release, [.. good.Select(one => one.Path[..^Ending.Length])]);
    }

    private static IEnumerable<string> Maps(IFileTree tree, string folder, int depth)
    {
        foreach (var name in tree.List(folder))
        {
            var path = folder + name;
            if (name.EndsWith('/'))
            {
                if (depth > 0 && name != "node_modules/")
                {
                    foreach (var inner in Maps(tree, path, depth - 1))
                    {
                        yield return inner;
                    }
                }
            }
            else if (
                name.EndsWith(Ending, StringComparison.Ordinal) && !name.EndsWith(".css.map", StringComparison.Ordinal)
            )
            {
                yield return path;
            }
        }
    }

    // Sentry's tools write debug_id, the standard's proposal debugId.
    private static string? DebugIdOf(byte[] bytes)
    {
        using var json = JsonDocument.Parse(bytes);
        foreach (var name in (string[])["debug_id", "debugId"])
        {
            if (json.RootElement.TryGetProperty(name, out var id) && id.ValueKind is JsonValueKind.String)
            {
                return id.GetString();
            }
        }
        return null;
    }

    private static Problem None(string folder) =>
        new(
            "error.no-source-maps",
            What: $"There are no source maps in {folder}.",
            Why: $"No file in it, {DepthMax} folders deep, has a name that ends in {Ending}.",
            Fix: "Let the build write source maps, and name the folder that it writes to."
        )
        {
            Trouble = Trouble.NotFound,
        };

    private static Problem Bad(string path, string why) =>
        new(
            "error.bad-source-map",
            What: $"{path} is no source map.",
            Why: $"{char.ToUpperInvariant(why[0])}{why[1..]}.",
            Fix: "Build it again; nothing was kept."
        )
        {
            Where = path,
            Trouble = Trouble.WrongUse,
        };
}
