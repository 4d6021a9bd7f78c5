using System.Text.Json.Serialization;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Responding.Monitors;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Operations;

/// <summary>What a status page shows at a moment. Nothing in it names hosts, addresses or reasons: it is for everybody.</summary>
/// <param name="State">operational, degraded, down, maintenance or unknown, of everything together.</param>
/// <param name="Incidents">Newest first, open ones before those that are over; of the last 14 days.</param>
/// <param name="Maintenance">That goes on or comes within 30 days, soonest first.</param>
public sealed record StatusPageView(
    string Name,
    string Title,
    string? About,
    string State,
    IReadOnlyList<StatusGroupView> Groups,
    IReadOnlyList<PublicIncident> Incidents,
    IReadOnlyList<PlannedView> Maintenance
)
{
    /// <summary>Whether people can be told by mail what it says.</summary>
    [JsonIgnore]
    public bool TakesSubscribers { get; init; }
}

/// <inheritdoc cref="StatusGroup"/>
public sealed record StatusGroupView(string Title, IReadOnlyList<ComponentView> Components);

/// <summary>A component and its last 90 days.</summary>
/// <param name="State">operational, down, maintenance or unknown.</param>
/// <param name="Uptime">Such as <c>99.95%</c>; null where nothing is known.</param>
/// <param name="Days">Oldest first, always 90; today is the last.</param>
public sealed record ComponentView(string Label, string State, string? Uptime, IReadOnlyList<StatusDay> Days);

/// <summary>A day of a component.</summary>
/// <param name="DownSeconds">How long it was down.</param>
/// <param name="KnownSeconds">How long it was known to be up or down; 0 where nothing is known of the day.</param>
public sealed record StatusDay(DateOnly Date, long DownSeconds, long KnownSeconds);

/// <summary>An incident as the public sees it.</summary>
/// <param name="State">Of its last update.</param>
/// <param name="Updates">Newest first.</param>
public sealed record PublicIncident(
    string Title,
    StatusImpact Impact,
    StatusStage State,
    IReadOnlyList<string> Components,
    IReadOnlyList<IncidentUpdateView> Updates
);

/// <summary>What was told of an incident at a moment.</summary>
public sealed record IncidentUpdateView(DateTimeOffset At, StatusStage State, string Text);

/// <summary>Announced work as the public sees it.</summary>
public sealed record PlannedView(
    string Id,
    string Text,
    DateTimeOffset From,
    DateTimeOffset To,
    bool GoesOn,
    IReadOnlyList<string> Components
);

/// <summary>Puts status pages together, from what is in memory and a few small documents: never from a history of looks.</summary>
public sealed class StatusDesk(IStore store, MonitorDesk monitors, IStatusUpdates updates, World world)
{
    private static readonly TimeSpan IncidentsFor = TimeSpan.FromDays(14);
    private static readonly TimeSpan PlannedFor = TimeSpan.FromDays(30);

    /// <summary>The page as it is now; null when there is none of this name.</summary>
    public async Task<StatusPageView?> ViewAsync(string name, CancellationToken stop)
    {
        if (await store.ReadAsync(StatusPage.Collection, name, stop) is not { } document)
        {
            return null;
        }
        var now = world.Now;
        var planned = (await store.ListAsync(Maintenance.Collection, "", stop))
            .Select(Records.Read<Maintenance>)
            .Where(one => one.To > now && one.From - now < PlannedFor)
            .OrderBy(one => one.From)
            .ToList();
        var told = await updates.UpdatesAsync(now - IncidentsFor, stop);
        return StatusSummary.Of(Records.Read<StatusPage>(document), monitors.Sights, (told, planned), now);
    }
}
