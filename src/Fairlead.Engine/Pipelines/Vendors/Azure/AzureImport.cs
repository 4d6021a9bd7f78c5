using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Pipelines.Vendors.Azure;

/// <summary>
/// Reads Azure's <c>azure-pipelines.yml</c> as a pipeline, with the templates beside it. What means the same is mapped; what
/// nearly does is said; what only Azure can do is kept for it, word for word, and done nowhere else.
/// </summary>
public static class AzureImport
{
    private const int NodesMax = 100_000;

    private static readonly string[] Known =
    [
        "trigger",
        "pr",
        "schedules",
        "variables",
        "parameters",
        "stages",
        "jobs",
        "steps",
        "pool",
        "resources",
        "name",
        "appendCommitMessageToRunName",
        "container",
        "services",
        "strategy",
        "workspace",
        "continueOnError",
        "extends",
    ];

    /// <param name="file">How it is called, for messages.</param>
    /// <param name="other">Another file of the repository, by its path from this one; null when it is not there.</param>
    /// <exception cref="ProblemException">It cannot be read, or has no jobs.</exception>
    public static ImportedPipeline Run(string text, string file, Func<string, string?> other)
    {
        var findings = new Findings(file);
        var read = YamlReader.ReadForeign(text, findings, NodesMax);
        findings.ThrowIfAny();
        if (read is not Node.Mapping { Entries.Count: > 0 } written)
        {
            throw new ProblemException(NoPipeline(file));
        }
        var notes = new TranslationNotes(file);
        var root = new AzureTemplates(other, file, notes).Whole(written);
        var name = Foreign.Named(Path.GetFileNameWithoutExtension(file));
        var variables = AzureVariables.Read(root.Find("variables"), around: null, notes);
        var whole = new AzureWhole(root, variables);
        var jobs = new AzureOrder(root, notes).Jobs;
        if (jobs.Count == 0)
        {
            throw new ProblemException(NoPipeline(file));
        }
        var artifacts = new AzureArtifacts(jobs);
        SayOthers(root, notes);
        return new(
            new()
            {
                Name = name,
                On = new AzureTriggers(notes).Read(root),
                Env = variables.Own,
                Jobs = [.. jobs.Select(job => new AzureJobImport(whole, artifacts, notes).Read(job))],
            },
            notes.All
        );
    }

    private static void SayOthers(Node.Mapping root, TranslationNotes notes)
    {
        if (root.Find("name") is { } name)
        {
            notes.LeftOut(name, "How its runs are called", "Runs have numbers here.");
        }
        foreach (var entry in Foreign.Entries(root.Find("resources")).Where(static one => one.Key is not "containers"))
        {
            notes.LeftOut(
                entry.Value,
                $"'{Shown.Line(entry.Key)}' of the resources",
                entry.Key switch
                {
                    "repositories" => "Only the pipeline's own source is there; templates of others are not read.",
                    "pipelines" => "Pipelines do not begin each other here.",
                    _ => "There is no counterpart.",
                }
            );
        }
        foreach (var entry in root.Entries.Where(static one => !Known.Contains(one.Key, StringComparer.Ordinal)))
        {
            notes.LeftOut(
                entry.Value,
                $"'{Shown.Line(entry.Key)}' of the pipeline",
                entry.Key == "lockBehavior"
                    ? "Say it for the whole pipeline: concurrency: { group: ..., cancelOlder: true }."
                    : "It did not come along: there is no counterpart."
            );
        }
    }

    private static Problem NoPipeline(string file) =>
        new(
            "pipeline.no-workflow",
            $"{file} is no pipeline of Azure.",
            "It has neither stages nor jobs nor steps, or those of a template that is not beside it.",
            "Name an azure-pipelines.yml, or say what it is: --system github"
        )
        {
            Where = file,
            Trouble = Trouble.WrongUse,
        };
}

/// <summary>What a whole pipeline says of each of its jobs.</summary>
internal sealed record AzureWhole(Node.Mapping Root, AzureVariables Variables)
{
    /// <summary>What a name of a container stands for: the resource, or null for an image.</summary>
    public Node.Mapping? Container(string name) =>
        Foreign
            .Items(Foreign.Find(Root.Find("resources"), "containers"))
            .OfType<Node.Mapping>()
            .FirstOrDefault(one =>
                string.Equals(Foreign.Text(one.Find("container")), name, StringComparison.OrdinalIgnoreCase)
            );
}
