using System.Text.Json;
using Fairlead.Engine.Manifests.Detecting.Reading;

namespace Fairlead.Engine.Manifests.Detecting.Stacks;

/// <summary>What package.json and the files around it say.</summary>
internal sealed record NodePackage(IReadOnlyDictionary<string, Evidence> Named) : Dependencies(Named)
{
    public const string FileName = "package.json";

    public JsonElement? Json { get; private init; }

    public required NodeWorkspace? Workspace { get; init; }

    public required NodeTool Tool { get; init; }

    public string? Name => Json.At("name").Word();

    public static NodePackage Read(Sight sight)
    {
        var json = Reading.Json.Read(sight, FileName);
        Dictionary<string, Evidence> named = [];
        foreach (var group in (string[])["dependencies", "devDependencies", "optionalDependencies"])
        {
            foreach (var (name, _) in json.At(group).Members())
            {
                named.TryAdd(name, Line(sight, name, $"depends on {name}"));
            }
        }
        var workspace = NodeWorkspace.Above(sight);
        return new(named)
        {
            Json = json,
            Workspace = workspace,
            Tool = NodeTool.Of(sight, json.At("packageManager").Word(), workspace?.Root ?? "."),
        };
    }

    public string? Script(string name) => Json.At("scripts", name).Word();

    /// <summary>Its own dependencies, on other members of its workspace and on the world.</summary>
    public bool NeedsInstall => Named.Count > 0;

    public static Evidence Line(Sight sight, string key, string says) =>
        sight.Find(FileName, line => line.TrimStart().StartsWith($"\"{key}\"", StringComparison.Ordinal), says)
        ?? sight.Find(FileName, $"\"{key}\"", says)
        ?? new(FileName, null, says);
}
