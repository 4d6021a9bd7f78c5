using Fairlead.Engine.Manifests.Detecting.Clues;
using Fairlead.Engine.Manifests.Detecting.Reading;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests.Detecting.Stacks;

/// <summary>How packages of Node are built and run.</summary>
/// <remarks>
/// The artifact of a workspace's server is the whole workspace, since package managers put what members share at its root;
/// its inputs are all members, since a lock file is refused when one is missing.
/// </remarks>
internal static class NodeRecipes
{
    public static Sources Sources { get; } = new(".js", ".mjs", ".cjs", ".ts", ".mts");

    /// <summary>A server that a start script or a file starts.</summary>
    public static Answer Server(Sight sight, string stack)
    {
        var (kind, because) = Audience.Of(sight, Sources);
        var answer = Process(sight, stack, Start(sight));
        return answer with { Kind = kind, Because = [.. because, .. answer.Because] };
    }

    /// <summary>A program of which nothing is known but how it is started.</summary>
    public static Answer Program(Sight sight)
    {
        var (kind, because) = Audience.OfProgram(sight, Sources, NodePackage.FileName);
        var answer = Process(sight, "node", Start(sight));
        return answer with { Kind = kind, Because = [.. because, .. answer.Because] };
    }

    public static Answer Nest(Sight sight)
    {
        var words = NodeStart.ScriptWords(sight.Know(NodePackage.Read), "start:prod");
        var answer = Process(sight, "nest", NodeStart.IsPlain(words) ? words! : ["node", "dist/main.js"]);
        return answer with { Kind = Kind.Api };
    }

    /// <summary>Any process whose command is known; it is built first when there is a build script.</summary>
    public static Answer Process(Sight sight, string stack, IReadOnlyList<string> run)
    {
        var package = sight.Know(NodePackage.Read);
        var withTools = package.Script("build") is not null || !NodeStart.IsPlain(run);
        // Only the newer Yarn finds the packages that it keeps in archives.
        var words = package.Tool.IsModernYarn && CommandText.Program(run) == "node" ? ["yarn", .. run] : run;
        var recipe = new Recipe
        {
            Stack = stack,
            Needs = package.Tool.Needs,
            Build = [.. Install(package, withTools), .. Build(sight, package)],
            Output = package.Workspace?.Root ?? ".",
            Run = package.Workspace is { } workspace ? InWorkspace(words, workspace.Place) : words,
            Inputs = Inputs(package),
        };
        return new(Kind.Web, recipe, Lock(package), Sources);
    }

    /// <summary>Files made by a build.</summary>
    /// <param name="tool">What builds it when there is no build script.</param>
    public static Answer Site(Sight sight, string stack, IReadOnlyList<string> tool, string output)
    {
        var package = sight.Know(NodePackage.Read);
        var recipe = new Recipe
        {
            Stack = stack,
            Needs = package.Tool.Needs,
            Build =
            [
                .. Install(package, withTools: true),
                .. package.Script("build") is null
                    ?
                    [
                        ["npx", "--no-install", .. tool],
                    ]
                    : Build(sight, package),
            ],
            Output = output,
            Inputs = Inputs(package),
        };
        return new(Kind.Web, recipe, Lock(package));
    }

    private static IReadOnlyList<string> Start(Sight sight)
    {
        var package = sight.Know(NodePackage.Read);
        var words = NodeStart.ScriptWords(package);
        return NodeStart.IsPlain(words) ? words!
            : NodeStart.HasScript(package) ? package.Tool.Script("start")
            : ["node", NodeStart.File(sight)!];
    }

    private static IEnumerable<IReadOnlyList<string>> Install(NodePackage package, bool withTools) =>
        package.NeedsInstall || package.Workspace is not null
            ? [package.Tool.Install(withTools, package.Workspace?.Root ?? ".")]
            : [];

    private static IEnumerable<IReadOnlyList<string>> Build(Sight sight, NodePackage package)
    {
        if (package.Workspace is { } workspace)
        {
            foreach (var member in workspace.Needed(sight))
            {
                var json = sight.Other($"{workspace.Root}/{member.Place}") is { } other
                    ? Json.Read(other, NodePackage.FileName)
                    : null;
                if (json.At("scripts", "build").Word() is not null)
                {
                    yield return package.Tool.Script("build", member, workspace.Root);
                }
            }
        }
        if (package.Script("build") is not null)
        {
            yield return package.Tool.Script("build");
        }
    }

    // Programs look for their own files in the folder they are started in, which is not the artifact's.
    private static IReadOnlyList<string> InWorkspace(IReadOnlyList<string> words, string place) =>
        ["env", $"--chdir={place}", .. words[0] == "env" ? words.Skip(1) : words];

    private static IReadOnlyList<string> Inputs(NodePackage package) =>
        package.Workspace is { } workspace
            ?
            [
                .. workspace
                    .Members.Values.Where(place => place != workspace.Place)
                    .Select(place => $"{workspace.Root}/{place}"),
            ]
            : [];

    private static IReadOnlyList<Evidence> Lock(NodePackage package) =>
        package.Tool.Lock is { } file ? [new(file, null, $"is {package.Tool.Name}'s lock file")] : [];
}
