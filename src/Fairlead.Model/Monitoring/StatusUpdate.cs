using System.Text.Json.Serialization;

namespace Fairlead.Model.Monitoring;

/// <summary>What people are told of something that is wrong, as a status page shows it.</summary>
/// <param name="Title">Of the whole incident; updates with the same title belong together.</param>
/// <param name="Components">Keys of monitors that it concerns; none for everything on the page.</param>
public sealed record StatusUpdate(
    string Title,
    StatusImpact Impact,
    StatusStage State,
    string Text,
    DateTimeOffset At,
    IReadOnlyList<string> Components
);

/// <summary>How much visitors notice.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StatusImpact>))]
public enum StatusImpact
{
    [JsonStringEnumMemberName("none")]
    None,

    [JsonStringEnumMemberName("minor")]
    Minor,

    [JsonStringEnumMemberName("major")]
    Major,

    [JsonStringEnumMemberName("critical")]
    Critical,
}

/// <summary>How far those who mend it are.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StatusStage>))]
public enum StatusStage
{
    [JsonStringEnumMemberName("investigating")]
    Investigating,

    [JsonStringEnumMemberName("identified")]
    Identified,

    [JsonStringEnumMemberName("monitoring")]
    Monitoring,

    [JsonStringEnumMemberName("resolved")]
    Resolved,
}
