namespace Fairlead.Model.Pipelines;

/// <summary>
/// The unit of work: a command, what it reads and what it makes. A task whose inputs are said is not done again when nothing of them,
/// its command, its variables and its tools changed.
/// </summary>
public sealed record JobTask
{
    /// <summary>Unique in its job: of letters, digits, <c>-</c> and <c>_</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What people call it; null for its name.</summary>
    public string? Title { get; init; }

    public required Act Act { get; init; }

    /// <summary>Globs of files, from the pipeline's folder; <c>!</c> before one takes away again. Null when they are not said: then it always runs.</summary>
    public IReadOnlyList<string>? Inputs { get; init; }

    /// <summary>Globs of files that it makes. Jobs that need this one find them.</summary>
    public IReadOnlyList<string> Outputs { get; init; } = [];

    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();

    /// <summary>Where it runs, from the pipeline's folder.</summary>
    public string Folder { get; init; } = ".";

    /// <summary>An expression; the task is skipped when it is not true. Null for: when all before it ended well.</summary>
    public string? If { get; init; }

    /// <summary>Null for what is left of the job's.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How often it is done again when it fails, 0 to 10.</summary>
    public int Retries { get; init; }

    /// <summary>Whether the job goes on when it fails.</summary>
    public bool MayFail { get; init; }

    /// <summary>Whether doing it twice could do harm, as with what publishes: an interrupted run does not do it again by itself.</summary>
    public bool IsOnce { get; init; }

    /// <summary>Globs of files with results of tests, in JUnit's form.</summary>
    public IReadOnlyList<string> Reports { get; init; } = [];

    /// <summary>Whether it is done by Fairlead itself, which a machine may not have.</summary>
    public bool NeedsFairlead =>
        Act switch
        {
            Act.Deploy or Act.Command(["fairlead", ..]) => true,
            Act.Script(_, var text) => text.Contains("fairlead check ", StringComparison.Ordinal),
            _ => false,
        };
}

/// <summary>What a task does.</summary>
public abstract record Act
{
    private Act() { }

    /// <summary>A program and its arguments; no shell reads them.</summary>
    public sealed record Command(IReadOnlyList<string> Words) : Act;

    /// <summary>A text for a shell.</summary>
    /// <param name="Shell">sh or bash, which end at the first command that fails; or another interpreter such as python3 or node.</param>
    public sealed record Script(string Shell, string Text) : Act;

    /// <summary>A release of the app in an environment, by Fairlead.</summary>
    public sealed record Deploy(string Environment) : Act;

    /// <summary>What only one CI system can do; kept for it, and not done elsewhere.</summary>
    /// <param name="System">github, gitlab, circleci, azure or jenkins.</param>
    /// <param name="Text">As its file says it.</param>
    public sealed record Foreign(string System, string Text) : Act;
}
