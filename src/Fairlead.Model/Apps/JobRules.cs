using System.Text.Json.Serialization;

namespace Fairlead.Model.Apps;

/// <summary>When a service that ends is run, and how long it may take.</summary>
public sealed record JobRules
{
    /// <summary>The longest that one attempt may take.</summary>
    public static readonly TimeSpan TimeoutMost = TimeSpan.FromHours(24);

    /// <summary>The most attempts after the first.</summary>
    public const int RetriesMost = 20;

    /// <summary>When it runs; null for once with each release, as a step of the rollout.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JobSchedule? Schedule { get; init; }

    /// <summary>How long one attempt may take until it is ended.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How often it is begun again after it failed, 0 to <see cref="RetriesMost"/>.</summary>
    public int Retries { get; init; }

    /// <summary>What the place where it runs needs of it: a schedule is kept by the server.</summary>
    [JsonIgnore]
    public JobRules AsRun => Schedule is null ? this : this with { Schedule = null };
}

/// <summary>Times at which a job is due.</summary>
/// <param name="Cron">Five fields, or a word such as <c>@daily</c>.</param>
/// <param name="Zone">The time zone that it is meant in, such as <c>Europe/Berlin</c>; <c>UTC</c> is one too.</param>
public sealed record JobSchedule(string Cron, string Zone)
{
    public MissedRun Missed { get; init; }

    /// <summary>How late a run may begin; null for any time with <see cref="MissedRun.RunOnce"/>, and for a minute with <see cref="MissedRun.Skip"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TimeSpan? StartingDeadline { get; init; }

    public Overlap Overlap { get; init; }

    public override string ToString() => $"{Cron} {Zone}";
}

/// <summary>What becomes of times that passed while nobody could run a job.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MissedRun>))]
public enum MissedRun
{
    /// <summary>It is run once for all of them, as soon as it can be.</summary>
    [JsonStringEnumMemberName("run-once")]
    RunOnce,

    /// <summary>It waits for its next time.</summary>
    [JsonStringEnumMemberName("skip")]
    Skip,
}

/// <summary>What becomes of a job that is due while the run before has not ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Overlap>))]
public enum Overlap
{
    /// <summary>It is not run this time.</summary>
    [JsonStringEnumMemberName("forbid")]
    Forbid,

    /// <summary>It is run after that one; no more than one waits.</summary>
    [JsonStringEnumMemberName("queue")]
    Queue,

    /// <summary>That one is ended, and it is run then.</summary>
    [JsonStringEnumMemberName("replace")]
    Replace,
}
