using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Engine.Pipelines.Files;
using Fairlead.Engine.Pipelines.Vendors;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Turns the file of a CI system into a pipeline, and says of each part what became of it.</summary>
public static class ImportPipeline
{
    public sealed record Input
    {
        [Description(
            "The file, such as .github/workflows/ci.yml, .gitlab-ci.yml, azure-pipelines.yml, .circleci/config.yml or Jenkinsfile."
        )]
        [Positional]
        public required string File { get; init; }

        [Description("The CI system: azure, circleci, github, gitlab or jenkins, when the file's path does not tell.")]
        public string? System { get; init; }

        [Description("Folder that gets the fairlead.pipeline.yaml.")]
        [Folder]
        public required string Folder { get; init; }

        [Description("Show the pipeline and write nothing.")]
        public bool Explain { get; init; }
    }

    /// <param name="Written">The file that was written; null when nothing was.</param>
    /// <param name="Mapped">Parts that mean the same.</param>
    /// <param name="Approximated">Parts that nearly do.</param>
    /// <param name="LeftOut">Parts that did not come along.</param>
    /// <param name="Notes">All of them, in the order of the file.</param>
    public sealed record Output(
        string? Written,
        int Mapped,
        int Approximated,
        int LeftOut,
        string Pipeline,
        IReadOnlyList<TranslationNote> Notes
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "ci.import",
            "Turn the file of a CI system into a fairlead.pipeline.yaml, and say what became of each part.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead ci import .github/workflows/ci.yml"],
            Needs = Need.Anybody,
            Runs = Runs.Here,
        };

    private static Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var path = Path.GetFullPath(input.File);
        var home = engine.OpenFolder(Path.GetDirectoryName(path) ?? "/");
        var text =
            home.ReadText(Path.GetFileName(path))
            ?? throw new ProblemException(Missing(Path.GetFileName(path), home.Root));
        var vendor = input.System is { } said
            ? AllVendors.Find(said) ?? throw new ProblemException(UnknownSystem(said))
            : AllVendors.Of(path) ?? throw new ProblemException(Untold(input.File));
        var imported = vendor.Read(text, input.File, new RepositoryFiles(engine, home.Root).Other);
        var pipeline = PipelineWriter.Write(imported.Pipeline);
        // What is written must be what is read.
        _ = PipelineReader.Read(pipeline);
        string? written = null;
        if (!input.Explain)
        {
            var target = Path.Combine(Path.GetFullPath(input.Folder), PipelineFile.Name);
            if (engine.OpenFolder(input.Folder).FileExists(PipelineFile.Name))
            {
                throw new ProblemException(IsThere(input.Folder, "fairlead ci import FILE --explain"));
            }
            engine.WriteNewFile(target, pipeline);
            written = target;
        }
        int Count(Fate fate) => imported.Notes.Count(one => one.Fate == fate);
        return Task.FromResult(
            new Output(
                written,
                Count(Fate.Mapped),
                Count(Fate.Approximated),
                Count(Fate.LeftOut),
                pipeline,
                imported.Notes
            )
        );
    }

    internal static Problem UnknownSystem(string name) =>
        new(
            "pipeline.unknown-system",
            $"{Shown.Quoted(name)} is no CI system that is known here.",
            $"Known are {string.Join(", ", AllVendors.All.Select(static one => one.Name))}.",
            "Write one of these."
        )
        {
            Trouble = Trouble.WrongUse,
        };

    internal static Problem Missing(string file, string folder) =>
        new(
            "pipeline.missing",
            $"There is no file {Shown.Quoted(file)} in {folder}.",
            "It is missing, larger than 1 MiB, or not text in UTF-8.",
            "Name the file, or the folder that holds it."
        )
        {
            Trouble = Trouble.NotFound,
        };

    private static Problem Untold(string file) =>
        new(
            "pipeline.unknown-system",
            $"It is not clear which CI system reads {Shown.Quoted(file)}.",
            "Its path is neither in .github/workflows nor in .circleci, and neither .gitlab-ci.yml nor azure-pipelines.yml nor Jenkinsfile.",
            $"Say it: fairlead ci import {file} --system github"
        )
        {
            Trouble = Trouble.WrongUse,
        };

    internal static Problem IsThere(string folder, string show) =>
        new(
            "pipeline.exists",
            $"{folder} has a {PipelineFile.Name} already.",
            "It may hold what someone wrote by hand, so it is left alone.",
            $"See what would be written: {show}"
        )
        {
            Trouble = Trouble.Conflict,
        };
}

/// <summary>Files of the repository that a file of a CI system includes.</summary>
internal sealed class RepositoryFiles
{
    private const int DepthMax = 50;

    private readonly IFileTree tree;
    private readonly string folder;

    /// <param name="home">The folder of the file that includes them.</param>
    public RepositoryFiles(EngineContext engine, string home)
    {
        tree = engine.OpenFolder(home);
        var root = home;
        for (var depth = 0; depth < DepthMax && Path.GetDirectoryName(root) is { } above; depth++)
        {
            var here = engine.OpenFolder(root);
            // A work tree of git has a file of that name.
            if (here.FolderExists(".git") || here.FileExists(".git"))
            {
                tree = here;
                break;
            }
            root = above;
        }
        folder = Path.GetRelativePath(tree.Root, home);
    }

    /// <summary>A file by its path from the folder, or from the repository's with / before it; null when it is not within it.</summary>
    public string? Other(string path)
    {
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }
        // What would lead out of the repository ends at its folder.
        var whole = Path.GetFullPath(path.StartsWith('/') ? path : $"/{folder}/{path}");
        return tree.ReadText(Path.GetRelativePath("/", whole));
    }
}
