using System.Xml.Linq;
using Fairlead.Engine.Manifests.Detecting.Reading;

namespace Fairlead.Engine.Manifests.Detecting.Stacks;

/// <summary>The .NET projects of a folder.</summary>
internal sealed record DotnetProjects(IReadOnlyList<DotnetProject> All)
{
    private const int Max = 20;

    public static DotnetProjects Read(Sight sight) =>
        new([
            .. sight
                .Top(".csproj", ".fsproj", ".vbproj")
                .Take(Max)
                .Select(file => (file, root: Xml.Read(sight, file)))
                .Where(one => one.root is not null)
                .Select(one => new DotnetProject(one.file, one.root!)),
        ]);
}

/// <summary>A .NET project file.</summary>
internal sealed record DotnetProject(string File, XElement Root)
{
    /// <summary>The SDK without its version: <c>Microsoft.NET.Sdk.Web</c>.</summary>
    public string Sdk =>
        ((string?)Root.Attribute("Sdk") ?? (string?)Root.All("Sdk").FirstOrDefault()?.Attribute("Name") ?? "").Split(
            '/'
        )[0];

    public string Assembly => Root.Literal("AssemblyName") ?? Paths.Stem(File);

    public bool IsExe => Root.Literal("OutputType")?.ToUpperInvariant() is "EXE" or "WINEXE";

    public bool IsTest =>
        Root.Literal("IsTestProject")?.ToUpperInvariant() is "TRUE"
        || References("PackageReference")
            .Any(name =>
                name.StartsWith("xunit", StringComparison.OrdinalIgnoreCase)
                || name is "Microsoft.NET.Test.Sdk" or "TUnit" or "NUnit"
            );

    public bool IsDesktop =>
        Is("UseWPF") || Is("UseWindowsForms") || Root.Literal("OutputType")?.ToUpperInvariant() is "WINEXE";

    public bool IsMobile =>
        Is("UseMaui")
        || Targets.Contains("-android", StringComparison.Ordinal)
        || Targets.Contains("-ios", StringComparison.Ordinal);

    public bool UsesAspNet => References("FrameworkReference").Contains("Microsoft.AspNetCore.App");

    private string Targets => Root.Literal("TargetFrameworks") ?? Root.Literal("TargetFramework") ?? "";

    public IEnumerable<string> References(string kind) =>
        Root.All(kind).Select(element => (string?)element.Attribute("Include")).OfType<string>();

    public Evidence Seen(Sight sight, string words, string says) =>
        sight.Find(File, words, says) ?? new(File, null, says);

    /// <summary>
    /// Folders of the projects that it references, whatever their depth, and build settings that lie between it and the
    /// repository's root: what a copy of its own folder alone would lack.
    /// </summary>
    public IReadOnlyList<string> Inputs(Sight sight)
    {
        const int foldersMax = 100;
        List<string> inputs = [];
        HashSet<string> seen = [];
        Queue<(string Folder, XElement Project)> ahead = new([(".", Root)]);
        while (seen.Count < foldersMax && ahead.TryDequeue(out var one))
        {
            foreach (
                var reference in new DotnetProject(File, one.Project)
                    .References("ProjectReference")
                    .Where(Xml.IsLiteral)
            )
            {
                var path = one.Folder + "/" + reference.Replace('\\', '/');
                if (Paths.Join(sight.At, path) is not { } full || !seen.Add(full))
                {
                    continue;
                }
                var folder = Paths.Relative(sight.At, Paths.Folder(full));
                if (folder.StartsWith("..", StringComparison.Ordinal) && !inputs.Contains(folder))
                {
                    inputs.Add(folder);
                }
                if (Xml.Read(sight, Paths.Relative(sight.At, full)) is { } next)
                {
                    ahead.Enqueue((folder, next));
                }
            }
        }
        return [.. inputs, .. Settings(sight)];
    }

    // Those at the root itself are a part of every build already.
    private static IEnumerable<string> Settings(Sight sight)
    {
        for (var above = Paths.Folder(sight.At); above != "."; above = Paths.Folder(above))
        {
            var folder = Paths.Relative(sight.At, above);
            foreach (
                var name in (string[])
                    [
                        "Directory.Build.props",
                        "Directory.Build.targets",
                        "Directory.Packages.props",
                        "nuget.config",
                        "NuGet.config",
                        "global.json",
                    ]
            )
            {
                if (sight.HasFile($"{folder}/{name}"))
                {
                    yield return $"{folder}/{name}";
                }
            }
        }
    }

    private bool Is(string property) => Root.Literal(property)?.ToUpperInvariant() is "TRUE";
}
