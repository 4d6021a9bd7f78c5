using Fairlead.Model.Incidents;

namespace Fairlead.Engine.Responding.Incidents;

/// <summary>How people are kept up to date on incidents, and reminded of what they promised.</summary>
public sealed record IncidentSettings
{
    public static IncidentSettings Usual { get; } = new();

    /// <summary>How long after an update the next one is due, by how grave it is.</summary>
    public IReadOnlyDictionary<Severity, TimeSpan> UpdateEvery { get; init; } =
        new Dictionary<Severity, TimeSpan>
        {
            [Severity.Critical] = TimeSpan.FromMinutes(30),
            [Severity.Major] = TimeSpan.FromHours(1),
            [Severity.Minor] = TimeSpan.FromHours(4),
        };

    /// <summary>By name, the usual ones among them.</summary>
    public IReadOnlyDictionary<string, UpdateTemplate> Templates { get; init; } = UpdateTemplate.Usual;

    /// <summary>By whose clock days begin.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>The minute of the day from which on people are reminded of follow-ups.</summary>
    public int RemindMinute { get; init; } = 9 * 60;

    /// <summary>
    /// When the next update of an incident is due: what was promised last, else as long after the last one, or after it was noticed, as its
    /// gravity says. Null once it is over.
    /// </summary>
    public DateTimeOffset? UpdateDueAt(Incident incident)
    {
        if (!incident.IsOpen)
        {
            return null;
        }
        var last = incident.Updates is [.., var told] ? told.At : incident.DetectedAt;
        return incident.NextUpdateAt is { } promised && promised > last
            ? promised
            : last + UpdateEvery[incident.Severity];
    }
}
