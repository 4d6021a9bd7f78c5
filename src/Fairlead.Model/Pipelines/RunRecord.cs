using System.Text.Json.Serialization;

namespace Fairlead.Model.Pipelines;

/// <summary>How a task came to its end.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TaskOutcome>))]
public enum TaskOutcome
{
    /// <summary>It ran, and ended well.</summary>
    [JsonStringEnumMemberName("ran")]
    Ran,

    /// <summary>It ran and failed, by nothing but tests that are in quarantine: others go on as if it had ended well.</summary>
    [JsonStringEnumMemberName("quarantined")]
    Quarantined,

    /// <summary>What it makes was there, and is what it would make.</summary>
    [JsonStringEnumMemberName("up-to-date")]
    UpToDate,

    /// <summary>What it makes was taken from the cache.</summary>
    [JsonStringEnumMemberName("restored")]
    Restored,

    /// <summary>It had ended well before the run was interrupted.</summary>
    [JsonStringEnumMemberName("done-before")]
    DoneBefore,

    [JsonStringEnumMemberName("failed")]
    Failed,

    [JsonStringEnumMemberName("timed-out")]
    TimedOut,

    /// <summary>Its condition did not hold, or what it needs failed.</summary>
    [JsonStringEnumMemberName("skipped")]
    Skipped,

    /// <summary>It was stopped, or never begun, since the run ended before.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,
}

/// <summary>What became of one task in a run.</summary>
/// <param name="Job">With its values of a matrix: <c>test (node: 22)</c>.</param>
/// <param name="Began">Since the run began.</param>
/// <param name="Why">In a few words, what decided it.</param>
public sealed record TaskResult(string Job, string Task, TaskOutcome Outcome, TimeSpan Began, TimeSpan Took, string Why)
{
    public int? ExitCode { get; init; }

    /// <summary>How often it ran.</summary>
    public int Attempts { get; init; }

    /// <summary>It failed and ended well with the same key: proof that chance decides.</summary>
    public bool IsFlaky { get; init; }

    /// <summary>Digest of its key; null when its inputs are not said.</summary>
    public string? Key { get; init; }

    [JsonIgnore]
    public bool IsGood =>
        Outcome
            is TaskOutcome.Ran
                or TaskOutcome.Quarantined
                or TaskOutcome.UpToDate
                or TaskOutcome.Restored
                or TaskOutcome.DoneBefore;
}

/// <summary>A run of a pipeline.</summary>
/// <param name="Source">Digest of the pipeline's text and the commit it ran on: only the same one is gone on with.</param>
public sealed record RunRecord(string Id, string Pipeline, DateTimeOffset Began, string Branch, string Source)
{
    public IReadOnlyList<TaskResult> Results { get; init; } = [];

    /// <summary>Jobs that had to end before, by the job that waited for them; of jobs that waited for none nothing is said.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Needs { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Tasks that began and of whose end nothing is known, as <c>job/task</c>.</summary>
    public IReadOnlyList<string> Open { get; init; } = [];

    /// <summary>Null while it goes on, or when it was interrupted.</summary>
    public TimeSpan? Took { get; init; }
}
