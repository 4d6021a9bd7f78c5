using System.Text.Json;
using Fairlead.Model.Security.Scanning;

namespace Fairlead.Drivers.Scanners.LockFiles;

/// <summary>Composer's <c>composer.lock</c>.</summary>
internal sealed class ComposerLock() : LockReader(Ecosystem.Packagist, "composer.lock")
{
    // { "packages": [ { "name": "twig/twig", "version": "v3.4.0", "license": ["BSD-3-Clause"], "require": {...} } ], "packages-dev": [] }
    protected override void Read(string text, Found found)
    {
        using var document = Json(text);
        if (Group(document.RootElement, "packages") is not { } packages)
        {
            throw new FormatException("It has no 'packages'.");
        }
        Add(packages, isDevelopment: false, found);
        Add(Group(document.RootElement, "packages-dev"), isDevelopment: true, found);
    }

    private static void Add(JsonElement? packages, bool isDevelopment, Found found)
    {
        foreach (var package in Items(packages))
        {
            var (name, version) = (Word(package, "name") ?? "", Word(package, "version") ?? "");
            if (version.StartsWith("dev-", StringComparison.Ordinal))
            {
                found.MissIn($"'{name}' is at a branch ({version}), which has no version to look up.");
            }
            found.Add(
                new(Ecosystem.Packagist, name.ToLowerInvariant(), version)
                {
                    IsDevelopment = isDevelopment,
                    Licences =
                    [
                        .. Items(Group(package, "license"))
                            .Where(static one => one.ValueKind == JsonValueKind.String)
                            .Select(static one => one.GetString()!),
                    ],
                    Needs = [.. Members(Group(package, "require")).Select(static one => one.Name)],
                }
            );
        }
    }
}
