using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Fairlead.Model.Releases;

/// <summary>How a new part is compared with the one before while both take traffic.</summary>
public sealed record JudgeRules
{
    [Description(
        "Which arithmetic rules: sequential stays valid however often it looks, kayenta is Mann-Whitney over minutes, off compares nothing."
    )]
    public JudgeKind Kind { get; init; } = JudgeKind.Sequential;

    [Description("Of the rollouts of harmless releases, so many may be taken back; at most 50%.")]
    public Percent FalseAlarms { get; init; } = new(1);

    [Description("The smallest rise of failed requests that matters, in points: +0.5 is from 1% to 1.5%.")]
    public Points Errors { get; init; } = new(0.5);

    [Description("The smallest rise of p50, p95 or p99 that matters.")]
    public Percent Latency { get; init; } = new(10);

    [Description(
        "How long a release that begins to take traffic is not judged by latency, and by errors only when more than 1 in 20 fail."
    )]
    public TimeSpan WarmUp { get; init; } = 10.Seconds;

    public override string ToString() =>
        Kind switch
        {
            JudgeKind.Sequential => $"judge errors {Errors}, latency +{Latency}",
            JudgeKind.Kayenta => "judge as kayenta does",
            _ => "judge off",
        };
}

/// <summary>Which arithmetic rules whether a new part does harm.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<JudgeKind>))]
public enum JudgeKind
{
    /// <summary>Tests that stay valid however often one looks.</summary>
    [JsonStringEnumMemberName("sequential")]
    Sequential,

    /// <summary>Mann-Whitney over minutes, as Kayenta does it.</summary>
    [JsonStringEnumMemberName("kayenta")]
    Kayenta,

    /// <summary>Nobody compares; limits under <c>gates</c> still hold.</summary>
    [JsonStringEnumMemberName("off")]
    Off,
}
