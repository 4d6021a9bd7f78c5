using System.ComponentModel;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Fairlead.Model.Releases;

/// <summary>How a new part is compared with the one before while both take traffic.</summary>
public sealed record JudgeRules
{
    /// <summary>Which arithmetic rules.</summary>
    public JudgeKind Kind { get; init; } = JudgeKind.Sequential;

    /// <summary>Of so many rollouts of a harmless release one may be taken back, however often the judge looks; above 0, at most 0.5.</summary>
    public double FalseAlarms { get; init; } = 0.01;

    /// <summary>The smallest rise of the share of failed requests that matters, in percentage points; above 0.</summary>
    public double Errors { get; init; } = 0.5;

    /// <summary>The smallest rise of p50, p95 or p99 that matters, in percent; above 0.</summary>
    public double Latency { get; init; } = 10;

    /// <summary>How long a part that just began to take traffic is not judged by its latency, and by its errors only when they are gross.</summary>
    public TimeSpan WarmUp { get; init; } = 10.Seconds;

    public override string ToString() =>
        Kind == JudgeKind.Kayenta
            ? "judge by kayenta's rule"
            : string.Create(CultureInfo.InvariantCulture, $"judge errors +{Errors} points, latency +{Latency}%");
}

/// <summary>Which arithmetic rules whether a new part does harm.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<JudgeKind>))]
public enum JudgeKind
{
    /// <summary>Tests that stay valid however often one looks.</summary>
    [JsonStringEnumMemberName("sequential")]
    [Description("Tests that stay valid however often one looks.")]
    Sequential,

    /// <summary>Mann-Whitney over minutes, as Kayenta does it.</summary>
    [JsonStringEnumMemberName("kayenta")]
    Kayenta,

    /// <summary>Nobody compares; limits under <c>gates</c> still hold.</summary>
    [JsonStringEnumMemberName("off")]
    Off,
}
