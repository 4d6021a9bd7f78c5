using Fairlead.Model.Security.Scanning;

namespace Fairlead.Drivers.Scanners.LockFiles;

/// <summary>NuGet's <c>packages.lock.json</c>: a list of packages for each framework.</summary>
internal sealed class NuGetLock() : LockReader(Ecosystem.NuGet, "packages.lock.json")
{
    // { "dependencies": { "net10.0": { "Dapper": { "type": "Direct", "resolved": "2.1.0", "dependencies": { ... } } } } }
    protected override void Read(string text, Found found)
    {
        using var document = Json(text);
        if (Group(document.RootElement, "dependencies") is not { } frameworks)
        {
            throw new FormatException("It has no 'dependencies'.");
        }
        foreach (var package in Members(frameworks).SelectMany(static one => Members(one.Value)))
        {
            if (Word(package.Value, "type") == "Project")
            {
                continue;
            }
            found.Add(
                new(Ecosystem.NuGet, package.Name, Word(package.Value, "resolved") ?? "")
                {
                    Integrity = Word(package.Value, "contentHash"),
                    Needs = [.. Members(Group(package.Value, "dependencies")).Select(static need => need.Name)],
                }
            );
        }
    }
}

/// <summary>NuGet's <c>project.assets.json</c>, which a restore leaves in <c>obj</c>.</summary>
internal sealed class NuGetAssets() : LockReader(Ecosystem.NuGet, "project.assets.json")
{
    // { "targets": { "net10.0": { "Dapper/2.1.0": { "type": "package", "dependencies": { "X": "1.0" } } } },
    //   "libraries": { "Dapper/2.1.0": { "sha512": "...", "type": "package" } } }
    protected override void Read(string text, Found found)
    {
        using var document = Json(text);
        if (Group(document.RootElement, "libraries") is not { } libraries)
        {
            throw new FormatException("It has no 'libraries'.");
        }
        var needs = Members(Group(document.RootElement, "targets"))
            .SelectMany(static one => Members(one.Value))
            .ToLookup(static one => one.Name, static one => Members(Group(one.Value, "dependencies")).ToList());
        foreach (var library in Members(libraries).Where(static one => Word(one.Value, "type") == "package"))
        {
            var slash = library.Name.IndexOf('/', StringComparison.Ordinal);
            found.Add(
                new(Ecosystem.NuGet, library.Name[..Math.Max(slash, 0)], library.Name[(slash + 1)..])
                {
                    Integrity = Word(library.Value, "sha512"),
                    Needs = [.. needs[library.Name].SelectMany(static one => one).Select(static one => one.Name)],
                }
            );
        }
    }
}
