using System.ComponentModel;
using System.Globalization;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Pipelines.Files;
using Fairlead.Engine.Pipelines.Vendors;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Writes the pipeline as the file of a CI system, and says what that system cannot do.</summary>
public static class ExportPipeline
{
    public sealed record Input
    {
        [Description("The CI system: azure, circleci, github, gitlab or jenkins.")]
        [Positional]
        public required string System { get; init; }

        [Description("Folder with the fairlead.pipeline.yaml.")]
        [Folder]
        public required string Folder { get; init; }

        [Description("native writes each job as one of that system; thin writes one job that calls Fairlead.")]
        public ExportMode Mode { get; init; } = ExportMode.Native;

        [Description("Write it to this new file instead of showing it.")]
        public string? To { get; init; }

        [Description("Write nothing, and fail when the file in the repository is not what would be written.")]
        public bool Check { get; init; }
    }

    /// <param name="File">Where it was written, or what was checked; null when it was shown.</param>
    /// <param name="Text">Null when it was written or checked.</param>
    /// <param name="Notes">What that system cannot do, and what must be set there.</param>
    public sealed record Output(string? File, string? Text, IReadOnlyList<TranslationNote> Notes);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "ci.export",
            "Write the pipeline as the file of a CI system, and say what that cannot do.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead ci export github --mode thin --check"],
            Needs = Need.Anybody,
            Runs = Runs.Here,
        };

    private static Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var vendor =
            AllVendors.Find(input.System) ?? throw new ProblemException(ImportPipeline.UnknownSystem(input.System));
        var tree = engine.OpenFolder(input.Folder);
        var text =
            tree.ReadText(PipelineFile.Name)
            ?? throw new ProblemException(ImportPipeline.Missing(PipelineFile.Name, tree.Root));
        var pipeline = PipelineReader.Read(text);
        var written = vendor.Write(pipeline, input.Mode);
        if (input.Check)
        {
            var path = input.To is { } to
                ? Path.GetRelativePath(tree.Root, Path.GetFullPath(to))
                : string.Format(CultureInfo.InvariantCulture, vendor.Path, pipeline.Name);
            return tree.ReadText(path) == written.Text
                ? Task.FromResult(new Output(path, null, written.Notes))
                : throw new ProblemException(Stale(tree, path, input));
        }
        if (input.To is not { } file)
        {
            return Task.FromResult(new Output(null, written.Text, written.Notes));
        }
        engine.WriteNewFile(file, written.Text);
        return Task.FromResult(new Output(file, null, written.Notes));
    }

    private static Problem Stale(IFileTree tree, string path, Input input) =>
        new(
            "pipeline.stale",
            tree.FileExists(path) ? $"{path} is not what {PipelineFile.Name} says now." : $"There is no {path}.",
            $"It is written from {PipelineFile.Name}, which has changed since, or it was changed by hand.",
            $"Write it again: rm -f {path} && fairlead ci export {input.System} --mode {input.Mode.ToString().ToLowerInvariant()} --to {path}"
        )
        {
            Where = path,
            Trouble = Trouble.Conflict,
        };
}
