using Fairlead.Engine.Manifests.Detecting.Clues;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests.Detecting.Stacks;

/// <summary>How .NET projects are built and run.</summary>
internal static class Dotnet
{
    private static readonly Sources Sources = new(".cs", ".fs", ".vb");

    /// <summary>A project of one of the SDKs.</summary>
    public static Sign Sdk(params string[] sdks) =>
        Project(
            $"project with Sdk={string.Join(" or ", sdks)}",
            one => sdks.Contains(one.Sdk),
            one => (one.Sdk, $"has the SDK {one.Sdk}")
        );

    public static Sign Mobile { get; } =
        Project("project for phones", one => one.IsMobile, _ => ("<TargetFramework", "targets phones"), isAny: true);

    public static Sign AspNetLibrary { get; } =
        Project(
            "program that references ASP.NET Core",
            one => one is { IsExe: true, UsesAspNet: true },
            _ => ("Microsoft.AspNetCore.App", "references ASP.NET Core")
        );

    public static Sign Program { get; } =
        Project("project with OutputType Exe", one => one.IsExe, _ => ("<OutputType>", "is a program"));

    public static Answer Web(Sight sight)
    {
        var project = Chosen(
            sight,
            one => one.Sdk == "Microsoft.NET.Sdk.Web" || one is { IsExe: true, UsesAspNet: true }
        );
        var (kind, because) = Pages(sight) is { } page
            ? (Kind.Web, (IReadOnlyList<Evidence>)[page])
            : Audience.Of(sight, Sources);
        return Publish(sight, "aspnet", project) with { Kind = kind, Because = because, Listens = Sources };
    }

    public static Answer Worker(Sight sight) =>
        Publish(sight, "dotnet-worker", Chosen(sight, one => one.Sdk == "Microsoft.NET.Sdk.Worker")) with
        {
            Kind = Kind.Worker,
        };

    public static Answer Console(Sight sight)
    {
        var project = Chosen(sight, one => one.IsExe);
        var (kind, because) = Audience.OfProgram(sight, Sources, project.File);
        return Publish(sight, "dotnet", project) with { Kind = kind, Because = because, Listens = Sources };
    }

    /// <summary>Files for browsers, which run .NET themselves.</summary>
    public static Answer Blazor(Sight sight)
    {
        var project = Chosen(sight, one => one.Sdk == "Microsoft.NET.Sdk.BlazorWebAssembly");
        var answer = Publish(sight, "blazor", project);
        return answer with
        {
            Recipe = answer.Recipe with
            {
                Build =
                [
                    ["dotnet", "publish", project.File, "-c", "Release", "-o", "publish"],
                ],
                Output = "publish/wwwroot",
                Run = [],
            },
        };
    }

    public static Answer Maui(Sight sight)
    {
        var answer = Publish(sight, "maui", sight.Know(DotnetProjects.Read).All.First(one => one.IsMobile));
        return answer with { Kind = Kind.Mobile, Recipe = answer.Recipe with { Run = [] } };
    }

    private static Answer Publish(Sight sight, string stack, DotnetProject project)
    {
        var recipe = new Recipe
        {
            Stack = stack,
            Needs = ["dotnet"],
            Build =
            [
                ["dotnet", "publish", project.File, "-c", "Release", "-o", "{out}"],
            ],
            Run = ["dotnet", $"{project.Assembly}.dll"],
            Inputs = project.Inputs(sight),
        };
        return new(Kind.Web, recipe, []);
    }

    // Of several, the one named as its folder is, as tools make them.
    private static DotnetProject Chosen(Sight sight, Func<DotnetProject, bool> fits)
    {
        DotnetProject[] all = [.. Programs(sight).Where(fits)];
        return all.FirstOrDefault(one => Paths.Stem(one.File) == Paths.Name(sight.At)) ?? all[0];
    }

    private static Evidence? Pages(Sight sight) =>
        sight.Files.FirstOrDefault(file =>
            file.EndsWith(".cshtml", StringComparison.Ordinal) || file.EndsWith(".razor", StringComparison.Ordinal)
        )
            is { } page
            ? new(page, null, "is a page")
            : null;

    private static IEnumerable<DotnetProject> Programs(Sight sight) =>
        sight.Know(DotnetProjects.Read).All.Where(one => one is { IsTest: false, IsDesktop: false, IsMobile: false });

    private static Sign Project(
        string wanted,
        Func<DotnetProject, bool> fits,
        Func<DotnetProject, (string Words, string Says)> seen,
        bool isAny = false
    ) =>
        Signs.One(
            wanted,
            sight =>
                (isAny ? sight.Know(DotnetProjects.Read).All : Programs(sight)).FirstOrDefault(fits) is { } one
                    ? one.Seen(sight, seen(one).Words, seen(one).Says)
                    : null
        );
}
