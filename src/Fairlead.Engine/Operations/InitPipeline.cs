using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Pipelines.Files;
using Fairlead.Engine.Pipelines.Making;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Recognises what a folder is and writes the pipeline to begin with.</summary>
public static class InitPipeline
{
    public sealed record Input
    {
        [Description("Folder to look at, which gets the fairlead.pipeline.yaml.")]
        [Positional]
        [Folder]
        public required string Folder { get; init; }

        [Description("Show the pipeline and write nothing.")]
        public bool Explain { get; init; }
    }

    /// <param name="Written">The file that was written; null when nothing was.</param>
    /// <param name="Notes">What to know of it, and what to say more.</param>
    public sealed record Output(string? Written, string Pipeline, IReadOnlyList<string> Notes);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "ci.init",
            "Recognise a folder and write the fairlead.pipeline.yaml to begin with.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead ci init", "fairlead ci init --explain"],
            Needs = Need.Anybody,
            Runs = Runs.Here,
        };

    private static Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var tree = engine.OpenFolder(input.Folder);
        var (pipeline, notes) = PipelineMaker.Of(tree);
        if (pipeline is null)
        {
            throw new ProblemException(Nothing(tree.Root));
        }
        var text = PipelineWriter.Write(pipeline);
        // What is written must be what is read.
        _ = PipelineReader.Read(text);
        if (input.Explain)
        {
            return Task.FromResult(new Output(null, text, notes));
        }
        if (tree.FileExists(PipelineFile.Name))
        {
            throw new ProblemException(ImportPipeline.IsThere(tree.Root, "fairlead ci init --explain"));
        }
        var path = Path.Combine(tree.Root, PipelineFile.Name);
        engine.WriteNewFile(path, text);
        return Task.FromResult(new Output(path, text, notes));
    }

    private static Problem Nothing(string root) =>
        new(
            "pipeline.nothing-recognised",
            $"Nothing in {root} tells what it is.",
            "No file of a known stack is there, such as package.json, go.mod or a project of .NET.",
            "See what was looked for: fairlead init --explain. Or begin with: jobs: { build: { script: make } }"
        )
        {
            Trouble = Trouble.NotFound,
        };
}
