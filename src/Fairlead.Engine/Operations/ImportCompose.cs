using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Manifests;
using Fairlead.Engine.Manifests.ComposeFiles.Importing;
using Fairlead.Engine.Manifests.ComposeFiles.Reading;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Turns Compose files into a manifest, and says all that did not come along.</summary>
public static class ImportCompose
{
    public sealed record Input
    {
        [Description("Compose file, or a folder with one under its usual name (then its override file counts too).")]
        [Positional]
        public string File { get; init; } = ".";

        [Description("More Compose files beside it, each laid over those before.")]
        public IReadOnlyList<string> Over { get; init; } = [];

        [Description(
            "Folder that becomes the app's, where paths lead to above the file; the file's own when left out."
        )]
        public string? Root { get; init; }

        [Description("The app's name; as the file says, else the folder's, when left out.")]
        public string? Name { get; init; }

        [Description("Profiles whose services are taken too; * for all.")]
        public IReadOnlyList<string> Profile { get; init; } = [];

        [Description("File of variables for ${NAME}, beside the Compose file; .env when left out.")]
        public string? EnvFile { get; init; }

        [Description("Variables for ${NAME}, such as TAG=1.4; they go before those of the file.")]
        public IReadOnlyList<string> Variable { get; init; } = [];

        [Description("Show the manifest and write nothing.")]
        public bool Explain { get; init; }
    }

    /// <param name="Written">The file that was written; null when nothing was.</param>
    /// <param name="Findings">What did not come along as it is, each with its place.</param>
    public sealed record Output(
        string? Written,
        int Services,
        string Manifest,
        IReadOnlyList<Problem> Findings,
        string Note
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "compose.import",
            "Turn Compose files into a fairlead.yaml, and say all that does not come along.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead compose import",
                "fairlead compose import docker/compose.yaml --root . --over compose.prod.yaml",
                "fairlead compose import --profile debug --variable TAG=1.4 --explain",
            ],
            Needs = Need.Anybody,
            Runs = Runs.Here,
        };

    private static Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var (tree, files) = Files(input, engine);
        if (input.Name is { } name && !Site.IsName(name))
        {
            throw new ProblemException(WrongInput($"'{name}' is no app's name.", "--name shop"));
        }
        var home = ComposeFolder.Parent(files[0]);
        var answer = ComposeImport.Run(
            tree,
            new([.. files, .. input.Over.Select(over => Inside(home, over))])
            {
                Name = input.Name,
                EnvironmentFile = input.EnvFile is { } environment ? Inside(home, environment) : null,
                Variables = Variables(input.Variable),
                Profiles = input.Profile,
            }
        );
        var note =
            answer.Services == 0
                ? "No service came along, so nothing was written: what each needs is among the findings."
                : "See what it makes of the app: fairlead plan";
        if (input.Explain || answer.Services == 0)
        {
            return Task.FromResult(new Output(null, answer.Services, answer.Manifest, answer.Findings, note));
        }
        if (tree.FileExists(ManifestFile.Name))
        {
            throw new ProblemException(IsThere(tree.Root));
        }
        var path = Path.Combine(tree.Root, ManifestFile.Name);
        engine.WriteNewFile(path, answer.Manifest);
        return Task.FromResult(new Output(path, answer.Services, answer.Manifest, answer.Findings, note));
    }

    /// <summary>The app's folder, and the files that are read first, as seen from it.</summary>
    private static (IFileTree Tree, IReadOnlyList<string> Files) Files(Input input, EngineContext engine)
    {
        var path = Path.GetFullPath(input.File);
        var folder = engine.OpenFolder(path);
        var isFolder = folder.FolderExists(".");
        var home = isFolder ? path : Path.GetDirectoryName(path) ?? "/";
        var root = Path.GetFullPath(input.Root ?? home);
        var below = Path.GetRelativePath(root, home);
        if (below == ".." || below.StartsWith("../", StringComparison.Ordinal))
        {
            throw new ProblemException(
                WrongInput($"{path} is not below {root}.", "--root, with a folder above the file")
            );
        }
        var files = isFolder ? ComposeImport.Customary(folder) : [Path.GetFileName(path)];
        return files.Count == 0
            ? throw new ProblemException(NoFile(path))
            : (engine.OpenFolder(root), [.. files.Select(file => below == "." ? file : $"{below}/{file}")]);
    }

    private static string Inside(string home, string path) =>
        ComposeFolder.Inside(home, path) ?? throw new ProblemException(Faults.Outside(path));

    private static Dictionary<string, string> Variables(IReadOnlyList<string> said)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var one in said)
        {
            if (one.Split('=', 2) is not [var name, var value] || !EnvironmentFile.IsName(name))
            {
                throw new ProblemException(WrongInput("A variable cannot be read.", "--variable TAG=1.4"));
            }
            variables[name] = value;
        }
        return variables;
    }

    private static Problem NoFile(string folder) =>
        new(
            "compose.missing",
            $"There is no Compose file in {folder}.",
            "Looked for compose.yaml, compose.yml, docker-compose.yml and docker-compose.yaml.",
            "Name it: fairlead compose import FILE"
        )
        {
            Trouble = Trouble.NotFound,
        };

    private static Problem WrongInput(string what, string example) =>
        new("compose.wrong-input", what, "The import cannot begin with it.", $"Write for example: {example}")
        {
            Trouble = Trouble.WrongUse,
        };

    private static Problem IsThere(string root) =>
        new(
            "compose.manifest-exists",
            $"{root} has a {ManifestFile.Name} already.",
            "It may hold what someone wrote by hand, so it is left alone.",
            "See what would be written: fairlead compose import FILE --explain"
        )
        {
            Trouble = Trouble.Conflict,
        };
}
