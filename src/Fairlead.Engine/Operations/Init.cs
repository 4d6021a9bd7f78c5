using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Manifests;
using Fairlead.Engine.Manifests.Detecting;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Recognises what a folder is and writes the smallest manifest that works.</summary>
public static class Init
{
    public sealed record Input
    {
        [Description("Folder to look at.")]
        [Positional]
        [Folder]
        public required string Folder { get; init; }

        [Description("Say what was recognised, by which evidence, and what came close; write nothing.")]
        public bool Explain { get; init; }
    }

    /// <param name="Written">The file that was written; null when nothing was.</param>
    /// <param name="Manifest">Its text.</param>
    public sealed record Output(string? Written, string Manifest, IReadOnlyList<string> Explanation);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "init",
            "Recognise a folder and write its fairlead.yaml.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead init", "fairlead init --explain"],
            Needs = Need.Anybody,
            Runs = Runs.Here,
        };

    private static Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var tree = engine.OpenFolder(input.Folder);
        if (!tree.FolderExists("."))
        {
            throw new ProblemException(NoFolder(tree.Root));
        }
        var text = ManifestWriter.Text(Detection.DetectApp(tree));
        if (input.Explain)
        {
            return Task.FromResult(new Output(null, text, Detection.Explain(tree)));
        }
        if (tree.FileExists(ManifestFile.Name))
        {
            throw new ProblemException(IsThere(tree.Root));
        }
        var path = Path.Combine(tree.Root, ManifestFile.Name);
        engine.WriteNewFile(path, text);
        return Task.FromResult(new Output(path, text, []));
    }

    private static Problem NoFolder(string root) =>
        new(
            "init.no-folder",
            $"There is no folder {root}.",
            "Nothing is there.",
            "Name the folder of an app: fairlead init FOLDER"
        )
        {
            Trouble = Trouble.NotFound,
        };

    private static Problem IsThere(string root) =>
        new(
            "init.manifest-exists",
            What: $"{root} has a {ManifestFile.Name} already.",
            Why: "It may hold what someone wrote by hand, so it is left alone.",
            Fix: $"See what would be written: fairlead init {root} --explain"
        )
        {
            Trouble = Trouble.Conflict,
        };
}
