using System.Security.Cryptography;
using System.Text;
using Fairlead.Engine.Pipelines.Files;
using Fairlead.Model.Pipelines;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Pipelines.Running;

/// <summary>A pipeline of a folder, with what it runs with.</summary>
/// <param name="Source">Digest of its text and the commit.</param>
public sealed record LoadedPipeline(Pipeline Pipeline, Graph Graph, PipelinePorts Ports, string Source)
{
    /// <param name="file">From the folder; null for the usual one.</param>
    /// <param name="jobs">Only these and what they need; empty for all that do not begin by hand.</param>
    /// <exception cref="ProblemException">There is none, it has findings, or a job is not known.</exception>
    public static LoadedPipeline Of(IFileTree tree, PipelinePorts ports, string? file, IReadOnlyList<string> jobs)
    {
        var name = file ?? PipelineFile.Name;
        var text =
            tree.ReadBytes(name) is { } bytes && TryText(bytes) is { } read
                ? read
                : throw new ProblemException(Missing(tree, name));
        var pipeline = PipelineReader.Read(text, name);
        var source = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{ports.Head.Commit}\n{text}")));
        return new(pipeline, Graph.Of(pipeline, jobs), ports, source);
    }

    /// <summary>Which of its jobs a change touches; null when that was not asked.</summary>
    /// <param name="since">Asks for it too, and says since when.</param>
    /// <exception cref="ProblemException">Nobody can say what changed.</exception>
    public async Task<Affected?> AffectedAsync(bool isAsked, string? since, string? file, CancellationToken stop) =>
        isAsked || since is not null
            ? new(Graph, await Ports.Changes.SinceAsync(since, stop), Ports.Workspace, PipelineFile.PathOf(file))
            : null;

    private static string? TryText(byte[] bytes)
    {
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static Problem Missing(IFileTree tree, string name) =>
        new(
            "pipeline.missing",
            What: $"{tree.Root} has no {name} that could be read.",
            Why: tree.FileExists(name) ? "It is not text in UTF-8, or too large." : "It says which jobs there are.",
            Fix: "Write one, for example: jobs: { build: { run: make, inputs: [src/**], outputs: [out/**] } }"
        )
        {
            Trouble = Trouble.WrongUse,
        };
}
