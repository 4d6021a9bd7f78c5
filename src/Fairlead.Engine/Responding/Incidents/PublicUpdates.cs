using Fairlead.Model.Incidents;
using Fairlead.Model.Monitoring;

namespace Fairlead.Engine.Responding.Incidents;

/// <summary>What the public is told of an incident, by itself and by people: never which query found it, nor what changed. Pure.</summary>
public static class PublicUpdates
{
    /// <summary>The incident with one more thing told to the public.</summary>
    public static Incident Told(this Incident incident, StatusStage stage, string text, DateTimeOffset at) =>
        incident.Site is null
            ? incident
            : incident with
            {
                Updates =
                [
                    .. incident.Updates,
                    new(TitleOf(incident), ImpactOf(incident), stage, text, at, ComponentsOf(incident)),
                ],
            };

    /// <summary>The same where its state is another than it was.</summary>
    public static Incident ToldOf(this Incident incident, IncidentState before, DateTimeOffset at) =>
        incident.State == before
            ? incident
            : incident.State switch
            {
                IncidentState.Mitigated => incident.Told(
                    StatusStage.Monitoring,
                    "It works again. We keep looking at it.",
                    at
                ),
                IncidentState.Resolved => incident.Told(StatusStage.Resolved, "It is over.", at),
                _ => incident.Told(StatusStage.Investigating, "It is not over yet. We are looking into it.", at),
            };

    private static string TitleOf(Incident incident) =>
        incident.Updates is [var first, ..] ? first.Title
        : incident.Services.Count > 0 ? $"Problems with {string.Join(", ", incident.Services)}"
        : $"Problems with {incident.Site!.App}";

    private static StatusImpact ImpactOf(Incident incident) =>
        incident.Severity switch
        {
            Severity.Critical => StatusImpact.Critical,
            Severity.Minor => StatusImpact.Minor,
            _ => StatusImpact.Major,
        };

    // A service's own monitor is called as the service.
    private static IReadOnlyList<string> ComponentsOf(Incident incident) =>
        [.. incident.Services.Select(service => $"{incident.Site}/{service}")];
}
