using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fairlead.Engine.Manifests;
using Fairlead.Engine.Manifests.Forms;

namespace Fairlead.Engine.Pipelines.Files;

/// <summary>A task among several of a job.</summary>
[Description("A task among several of a job.")]
public record TaskEntry
{
    [Description("What it is called; task-1, task-2 and so on when left out.")]
    [Shaped(Shape.Word), Elsewhere("id")]
    public string? Name { get; init; }

    [Description("What people call it.")]
    [Elsewhere("displayName", "label")]
    public string? Title { get; init; }

    [Description("A program and its arguments; no shell reads them.")]
    [Filled, Elsewhere("command", "cmd", "exec")]
    public CommandLine? Run { get; init; }

    [Description("A text for a shell, which ends at the first command that fails.")]
    [Elsewhere("bash", "sh", "shellScript")]
    public string? Script { get; init; }

    [Description("What reads the script: sh, bash, or another interpreter such as python3; sh when left out.")]
    [Shaped(Shape.Program)]
    public string? Shell { get; init; }

    [Description("Makes a release live in this environment, by Fairlead.")]
    [Shaped(Shape.Name)]
    public string? Deploy { get; init; }

    [Description("What only one CI system can do, as its own file says it: kept for that one, and not done elsewhere.")]
    public ForeignEntry? Foreign { get; init; }

    [Description(
        "Files that it reads. When nothing of them, the command, variables and tools changed, it is not done again; without them it always is."
    )]
    [Shaped(Shape.Glob), Elsewhere("sources", "deps", "dependencies")]
    public IReadOnlyList<string>? Inputs { get; init; }

    [Description("Files that it makes. Jobs that need this one find them.")]
    [Shaped(Shape.Glob), Elsewhere("artifacts", "generates", "products")]
    public IReadOnlyList<string>? Outputs { get; init; }

    [Description("Variables.")]
    [Elsewhere("environment", "variables")]
    public IReadOnlyDictionary<string, string>? Env { get; init; }

    [Description("Where it runs; the pipeline's folder when left out.")]
    [Shaped(Shape.Folder), Elsewhere("dir", "cwd", "working-directory", "workingDirectory")]
    public string? Folder { get; init; }

    [Description("It is skipped when this is not true, such as branch == 'main'.")]
    [Elsewhere("when", "condition", "rules")]
    public string? If { get; init; }

    [Description("When it is stopped, with all that it began; what is left of the job's time when left out.")]
    [Elsewhere("timeout-minutes", "timeoutInMinutes")]
    public TimeSpan? Timeout { get; init; }

    [Description("How often it is done again when it fails; 0 when left out.")]
    [Range(0, 10), Elsewhere("retry", "retryCount")]
    public int? Retries { get; init; }

    [Description("True lets the job go on when it fails.")]
    [Elsewhere("continue-on-error", "allow_failure", "continueOnError")]
    public bool? MayFail { get; init; }

    [Description("True when doing it twice could do harm, as with what publishes: an interrupted run asks first.")]
    public bool? Once { get; init; }

    [Description("Files with results of tests: of JUnit, TRX, TAP, go test -json or cargo test.")]
    [Shaped(Shape.Glob), Elsewhere("junit")]
    public IReadOnlyList<string>? Reports { get; init; }
}

/// <summary>What only one CI system can do.</summary>
[Description("What only one CI system can do.")]
public sealed record ForeignEntry
{
    [Description("github, gitlab, circleci, azure or jenkins.")]
    [Shaped(Shape.Name)]
    public required string System { get; init; }

    [Description("As its own file says it.")]
    public required string Text { get; init; }
}
