using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Manifests;
using Fairlead.Engine.Manifests.KubernetesFiles.Importing;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Turns objects of Kubernetes into a manifest, and says all that did not come along. Needs no cluster.</summary>
public static class ImportKubernetes
{
    public sealed record Input
    {
        [Description(
            "File of objects, or a folder with such files: all below it, or those that its kustomization.yaml names."
        )]
        [Positional]
        public string Path { get; init; } = ".";

        [Description(
            "Folder that becomes the app's, where the kustomization names what is beside it; the folder itself when left out."
        )]
        public string? Root { get; init; }

        [Description("The app's name; as the objects say, else their namespace, else the folder's, when left out.")]
        public string? Name { get; init; }

        [Description("Write the manifest into this folder; where it was read when left out.")]
        public string? To { get; init; }

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
            "import.kubernetes",
            "Turn objects of Kubernetes into a fairlead.yaml, and say all that does not come along.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead import kubernetes k8s --to .",
                "fairlead import kubernetes deploy/overlays/production --root deploy --explain",
                "helm template shop ./chart > all.yaml && fairlead import kubernetes all.yaml --name shop",
            ],
            Needs = Need.Anybody,
            Runs = Runs.Here,
        };

    private static Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        if (input.Name is { } name && !Site.IsName(name))
        {
            throw new ProblemException(WrongInput($"'{name}' is no app's name.", "--name shop"));
        }
        var path = Path.GetFullPath(input.Path);
        var isFolder = engine.OpenFolder(path).FolderExists(".");
        var home = isFolder ? path : Path.GetDirectoryName(path) ?? "/";
        var root = Path.GetFullPath(input.Root ?? home);
        var below = Path.GetRelativePath(root, path);
        if (below == ".." || below.StartsWith("../", StringComparison.Ordinal))
        {
            throw new ProblemException(
                WrongInput($"{path} is not below {root}.", "--root, with a folder above the files")
            );
        }
        var answer = KubernetesImport.Run(engine.OpenFolder(root), below, input.Name);
        const string note =
            "Objects that are in the cluster stay as they are: see what would be made with 'fairlead plan'.";
        if (input.Explain)
        {
            return Task.FromResult(new Output(null, answer.Services, answer.Manifest, answer.Findings, note));
        }
        var to = engine.OpenFolder(Path.GetFullPath(input.To ?? root));
        if (to.FileExists(ManifestFile.Name))
        {
            throw new ProblemException(IsThere(to.Root));
        }
        var file = Path.Combine(to.Root, ManifestFile.Name);
        engine.WriteNewFile(file, answer.Manifest);
        return Task.FromResult(new Output(file, answer.Services, answer.Manifest, answer.Findings, note));
    }

    private static Problem WrongInput(string what, string example) =>
        new("kubernetes.wrong-input", what, "The import cannot begin with it.", $"Write for example: {example}")
        {
            Trouble = Trouble.WrongUse,
        };

    private static Problem IsThere(string root) =>
        new(
            "kubernetes.manifest-exists",
            $"{root} has a {ManifestFile.Name} already.",
            "It may hold what someone wrote by hand, so it is left alone.",
            "See what would be written: fairlead import kubernetes PATH --explain"
        )
        {
            Trouble = Trouble.Conflict,
        };
}
