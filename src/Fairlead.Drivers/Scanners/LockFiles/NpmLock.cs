using System.Text.Json;
using Fairlead.Model.Security.Scanning;

namespace Fairlead.Drivers.Scanners.LockFiles;

/// <summary>npm's <c>package-lock.json</c>, versions 1 to 3, and the same under the name <c>npm-shrinkwrap.json</c>.</summary>
internal sealed class NpmLock() : LockReader(Ecosystem.Npm, "package-lock.json", "npm-shrinkwrap.json")
{
    private const string Modules = "node_modules/";

    protected override void Read(string text, Found found)
    {
        using var document = Json(text);
        var root = document.RootElement;
        if (Group(root, "packages") is { } packages)
        {
            ReadPackages(packages, found);
        }
        else if (Group(root, "dependencies") is { } dependencies)
        {
            ReadNested(dependencies, found);
        }
        else if (!root.TryGetProperty("lockfileVersion", out _))
        {
            found.MissIn("it has neither 'packages' nor 'dependencies'.");
        }
    }

    // { "node_modules/a/node_modules/b": { "version": "1.0.0", "dev": true, "dependencies": { "c": "^1" } } }
    private static void ReadPackages(JsonElement packages, Found found)
    {
        var versions = Members(packages)
            .Where(one => NameOf(one) is not null && Word(one.Value, "version") is not null)
            .GroupBy(static one => one.Name, StringComparer.Ordinal)
            .ToDictionary(
                static one => one.Key,
                static one => (NameOf(one.Last())!, Word(one.Last().Value, "version")!)
            );
        foreach (var package in Members(packages))
        {
            if (NameOf(package) is not { } name || IsTrue(package.Value, "link"))
            {
                continue;
            }
            if (Word(package.Value, "version") is not { } version)
            {
                // A folder of the repository itself has none.
                continue;
            }
            found.Add(
                new(Ecosystem.Npm, name, version)
                {
                    IsDevelopment = IsTrue(package.Value, "dev") || IsTrue(package.Value, "devOptional"),
                    Integrity = Word(package.Value, "integrity"),
                    Licences = Word(package.Value, "license") is { } licence ? [licence] : [],
                    Needs =
                    [
                        .. Members(Group(package.Value, "dependencies"))
                            .Concat(Members(Group(package.Value, "optionalDependencies")))
                            .Select(need => Nearest(package.Name, need.Name, versions))
                            .OfType<string>(),
                    ],
                }
            );
        }
    }

    // As Node looks for it: in the package's own folder, then in every one above.
    private static string? Nearest(string from, string name, Dictionary<string, (string Name, string Version)> versions)
    {
        const int DepthMax = 32;
        for (var (folder, depth) = (from, 0); depth < DepthMax; depth++)
        {
            if (versions.TryGetValue(folder.Length == 0 ? Modules + name : $"{folder}/{Modules}{name}", out var found))
            {
                return $"{found.Name}@{found.Version}";
            }
            if (folder.Length == 0)
            {
                return null;
            }
            var above = folder.LastIndexOf("/" + Modules, StringComparison.Ordinal);
            folder = above < 0 ? "" : folder[..above];
        }
        return null;
    }

    private static string? NameOf(JsonProperty package)
    {
        var at = package.Name.LastIndexOf(Modules, StringComparison.Ordinal);
        return at < 0 ? null : Word(package.Value, "name") ?? package.Name[(at + Modules.Length)..];
    }

    // { "a": { "version": "1.0.0", "requires": { "b": "^1" }, "dependencies": { "b": { ... } } } }
    private static void ReadNested(JsonElement dependencies, Found found)
    {
        foreach (var package in Members(dependencies))
        {
            var version = Word(package.Value, "version") ?? "";
            if (version.StartsWith("npm:", StringComparison.Ordinal) && version.LastIndexOf('@') is > 4 and var at)
            {
                found.Add(new(Ecosystem.Npm, version[4..at], version[(at + 1)..]));
            }
            else if (version.Contains(':', StringComparison.Ordinal))
            {
                found.MissIn($"'{package.Name}' comes from {version.Split(':')[0]}, which has no version to look up.");
            }
            else
            {
                found.Add(
                    new(Ecosystem.Npm, package.Name, version)
                    {
                        IsDevelopment = IsTrue(package.Value, "dev"),
                        Integrity = Word(package.Value, "integrity"),
                        Needs = [.. Members(Group(package.Value, "requires")).Select(static need => need.Name)],
                    }
                );
            }
            if (Group(package.Value, "dependencies") is { } below)
            {
                ReadNested(below, found);
            }
        }
    }
}
