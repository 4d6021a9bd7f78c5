using System.ComponentModel;
using Fairlead.Engine.Manifests.Forms;

namespace Fairlead.Engine.Pipelines.Files;

/// <summary><c>fairlead.pipeline.yaml</c> as it is written: what is done with each commit.</summary>
[Description("What is done with each commit. The same runs here and in every CI system.")]
public sealed record PipelineFile
{
    /// <summary>What the file is called, in the top folder of a repository.</summary>
    public const string Name = "fairlead.pipeline.yaml";

    /// <summary>The path from the folder, as files found there have it.</summary>
    /// <param name="file">As it was asked for; null for the usual one.</param>
    public static string PathOf(string? file) =>
        file is null ? Name
        : file.StartsWith("./", StringComparison.Ordinal) ? file[2..]
        : file;

    [Description("The pipeline's name; ci when left out.")]
    [Shaped(Shape.Word), Elsewhere("name", "pipeline")]
    public string? Pipeline { get; init; }

    [Description("What begins it by itself, where a CI system runs it; every push and proposed change when left out.")]
    [Elsewhere("trigger", "triggers", "workflow")]
    public TriggersEntry? On { get; init; }

    [Description("Variables of all its jobs.")]
    [Elsewhere("variables", "environment")]
    public IReadOnlyDictionary<string, string>? Env { get; init; }

    [Description("Runs of one group do not go at the same time.")]
    public ConcurrencyEntry? Concurrency { get; init; }

    [Description("Tests that fail now and then and stop nothing until a day, since somebody is mending them.")]
    [Elsewhere("flaky", "knownFailures")]
    public IReadOnlyList<QuarantineEntry>? Quarantine { get; init; }

    [Description("What it consists of, by name.")]
    [Named(Shape.Word), Elsewhere("tasks", "stages")]
    public required IReadOnlyDictionary<string, JobEntry> Jobs { get; init; }
}

/// <summary>What begins a pipeline.</summary>
[Description("What begins a pipeline.")]
public sealed record TriggersEntry
{
    [Description("Branches of which each commit begins it; '*' stands for a part of a name, '**' for all.")]
    [Elsewhere("branches")]
    public IReadOnlyList<string>? Push { get; init; }

    [Description("Branches for which a proposed change begins it.")]
    [Elsewhere("pull_request", "pullRequest", "pr", "merge_request")]
    public IReadOnlyList<string>? Change { get; init; }

    [Description("Tags that begin it.")]
    [Elsewhere("tags")]
    public IReadOnlyList<string>? Tag { get; init; }

    [Description("Times as cron has them, in UTC, such as '0 4 * * 1'.")]
    [Elsewhere("cron", "schedules")]
    public IReadOnlyList<string>? Schedule { get; init; }

    [Description("True lets people begin it by hand.")]
    [Elsewhere("workflow_dispatch")]
    public bool? Manual { get; init; }
}

/// <summary>Which runs exclude each other.</summary>
[Description("Which runs exclude each other.")]
public sealed record ConcurrencyEntry
{
    [Description("Runs with the same text do not go at the same time, such as 'deploy-${{ branch }}'.")]
    [Alone]
    public required string Group { get; init; }

    [Description("True lets a newer run end an older one; false when left out: it waits.")]
    [Elsewhere("cancel-in-progress", "cancelInProgress")]
    public bool? CancelOlder { get; init; }
}
