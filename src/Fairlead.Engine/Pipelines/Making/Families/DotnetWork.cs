using System.Text.RegularExpressions;
using Fairlead.Engine.Manifests.Detecting.Reading;
using Fairlead.Engine.Manifests.Detecting.Stacks;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Making.Families;

/// <summary>Projects of .NET: restored as their lock says, built, tested.</summary>
internal static partial class DotnetWork
{
    public static Work Of(Part part)
    {
        part = part with { Made = ["**/bin", "**/obj", "**/TestResults", "publish"] };
        var sight = part.Sight;
        var projects = sight.Know(DotnetProjects.Read).All;
        var isLocked = sight.HasFile("packages.lock.json");
        // A folder with one solution or project is taken by its name alone.
        var many = sight.Top(".sln", ".slnx").ToList();
        string[] target =
            many.Count == 1 ? [many[0]]
            : projects.Count > 1
                ?
                [
                    projects
                        .FirstOrDefault(static one => one.IsExe || one.Sdk.EndsWith(".Web", StringComparison.Ordinal))
                        ?.File
                        ?? projects[0].File,
                ]
            : [];
        List<JobTask> checks =
        [
            part.Do("restore", ["dotnet", "restore", .. target, .. isLocked ? ["--locked-mode"] : (string[])[]]),
        ];
        if (sight.HasFile(".editorconfig") && (many.Count == 1 || projects.Count == 1))
        {
            checks.Add(part.Check("format", ["dotnet", "format", .. target, "--verify-no-changes", "--no-restore"]));
        }
        if (
            projects.Any(static one => one.IsTest)
            || (many.Count == 1 && sight.Files.Any(static file => TestProject().IsMatch(file)))
        )
        {
            checks.Add(part.Check("test", ["dotnet", "test", .. target, "-c", "Release", "--no-restore"]));
        }
        return new(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["dotnet"] = Version(part, projects) },
            checks
        )
        {
            Made = part.Made,
            Caches = [new(["~/.nuget/packages"], [part.In(isLocked ? "packages.lock.json" : "**/*.csproj")])],
            // NU1903 and NU1904: packages with weaknesses of high and critical severity, also those that others bring.
            Audit =
            [
                part.Do(
                    "audit",
                    [
                        "dotnet",
                        "restore",
                        .. target,
                        "--force",
                        "-p:NuGetAuditMode=all",
                        "-p:WarningsAsErrors=NU1903%3BNU1904",
                    ]
                ),
            ],
        };
    }

    private static string Version(Part part, IReadOnlyList<DotnetProject> projects)
    {
        var said =
            Json.Read(part.Sight, "global.json").At("sdk", "version").Word()
            ?? projects
                .Select(static one => one.Root.Literal("TargetFramework"))
                .FirstOrDefault(static one => one is not null)
            ?? "";
        return Number().Match(said).Value;
    }

    [GeneratedRegex(@"[0-9]+", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Number();

    [GeneratedRegex(
        @"[./]Tests?(\.[A-Za-z]+)*\.(cs|fs|vb)proj$|[A-Za-z]Tests?\.(cs|fs|vb)proj$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex TestProject();
}
