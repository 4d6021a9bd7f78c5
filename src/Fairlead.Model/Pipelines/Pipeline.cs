namespace Fairlead.Model.Pipelines;

/// <summary>What is done with each commit: jobs that need each other. The same runs on a laptop and in every CI system.</summary>
public sealed record Pipeline
{
    public required string Name { get; init; }

    /// <summary>When it begins by itself.</summary>
    public Triggers On { get; init; } = new();

    /// <summary>Variables of all jobs.</summary>
    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();

    /// <summary>In the order of the file; each name once, and no circle of needs.</summary>
    public required IReadOnlyList<Job> Jobs { get; init; }

    /// <summary>Runs of one group never go at the same time; null when any may.</summary>
    public Concurrency? Concurrency { get; init; }

    /// <summary>Tests whose failures do not fail a task, in the order of the file.</summary>
    public IReadOnlyList<Quarantined> Quarantine { get; init; } = [];
}

/// <summary>What begins a pipeline.</summary>
public sealed record Triggers
{
    /// <summary>Commits on these branches, with <c>*</c> and <c>**</c>; empty for none.</summary>
    public IReadOnlyList<string> Push { get; init; } = [];

    /// <summary>Changes proposed for these branches; empty for none.</summary>
    public IReadOnlyList<string> Change { get; init; } = [];

    /// <summary>Tags; empty for none.</summary>
    public IReadOnlyList<string> Tag { get; init; } = [];

    /// <summary>Times as cron has them, in UTC: minute, hour, day, month, weekday.</summary>
    public IReadOnlyList<string> Schedule { get; init; } = [];

    /// <summary>Whether somebody may begin it by hand.</summary>
    public bool Manual { get; init; }
}

/// <summary>Which runs never go at the same time.</summary>
/// <param name="Group">May hold expressions.</param>
/// <param name="CancelsOlder">A newer run ends one that is going on.</param>
public sealed record Concurrency(string Group, bool CancelsOlder);
