using System.Globalization;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Reporting;
using Fairlead.Model.Alerting;
using Fairlead.Model.Apps;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Operations;

/// <summary>Reads how goals were kept: goals of releases, requests as the edge counted them, announced work, and incidents of the journal.</summary>
internal static class ServiceLevelDesk
{
    /// <summary>Releases whose goals are compared at most, for each site.</summary>
    private const int ReleasesMax = 200;

    /// <summary>All goals of a scope, and a line for each site that has none, or another than it had.</summary>
    public static async Task<(IReadOnlyList<ServiceLevel> Levels, IReadOnlyList<string> Notes)> ReadAsync(
        ServerSide server,
        ReportScope scope,
        CancellationToken stop
    )
    {
        var incidents = DeliveryEvents.Incidents(await ReportScopes.JournalAsync(server.Store, scope, stop));
        var works = (await server.Store.ListAsync(Maintenance.Collection, "", stop))
            .Select(Records.Read<Maintenance>)
            .ToList();
        var counting = new ServiceCounting(server.Metrics.Store);
        var period = new TimeSlice(scope.From.ToUnixTimeMilliseconds(), scope.Until.ToUnixTimeMilliseconds());
        var levels = new List<ServiceLevel>();
        var notes = new List<string>();
        foreach (
            var site in (await Sites.AllAsync(server, stop))
                .Select(static one => one.Site)
                .Where(scope.Has)
                .OrderBy(static one => $"{one}", StringComparer.Ordinal)
        )
        {
            var (goal, note) = await GoalAsync(server, site, scope, stop);
            if (note is not null)
            {
                notes.Add(note);
            }
            foreach (var objective in goal is null ? [] : ServiceCounting.Of(goal))
            {
                foreach (var service in await counting.ServicesAsync(objective, site, period, stop))
                {
                    var planned = ServiceLevels.Planned(works, (site, service), (scope.From, scope.Until));
                    var counts = await counting.CountsAsync(objective, (site, service), (period, planned), stop);
                    levels.Add(
                        ServiceLevels.Of(
                            objective.Goal(site, service),
                            (scope.From, scope.Until),
                            planned,
                            counts,
                            incidents
                        )
                    );
                }
            }
        }
        return (levels, notes);
    }

    /// <summary>The goal at the end of the period, and what is to be said of it.</summary>
    private static async Task<(Slo? Goal, string? Note)> GoalAsync(
        ServerSide server,
        Site site,
        ReportScope scope,
        CancellationToken stop
    )
    {
        var lives = (await Sites.DeploymentsAsync(server, site, stop))
            .Where(one => one.Phase is DeploymentPhase.Promoted && one.EndedAt < scope.Until)
            .OrderBy(static one => one.EndedAt)
            .ToList();
        var before = lives.FindLastIndex(one => one.EndedAt <= scope.From);
        Slo? goal = null;
        var changes = new List<string>();
        var isFirst = true;
        foreach (var live in lives.Skip(Math.Max(0, before)).TakeLast(ReleasesMax))
        {
            var document = await server.Store.ReadAsync(Records.Releases, Memory.ReleaseKey(site, live.Release), stop);
            var next = document is null ? null : Records.Read<Release>(document).Watch?.Slo;
            // Freezing is no part of what users are promised.
            if (!isFirst && Promise(next) != Promise(goal))
            {
                changes.Add(
                    $"{site} promised {Promise(goal)} until release {live.Release} went live at {live.EndedAt:yyyy-MM-dd HH:mm}Z; it is judged by what it promised last."
                );
            }
            (goal, isFirst) = (next, false);
        }
        return goal is { Availability: null, Fast: null } or null
            ? (null, $"{site} had no goal then.")
            : (goal, changes.Count > 0 ? string.Join(' ', changes) : null);
    }

    private static string Promise(Slo? slo) =>
        string.Join(
            " and ",
            new[]
            {
                slo?.Availability is { } availability ? ServiceCounting.Percent(availability) : null,
                slo?.Fast is { } fast
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $"{ServiceCounting.Percent(fast)} within {slo.Within.TotalMilliseconds:0.#} ms"
                    )
                    : null,
            }.OfType<string>()
        )
            is { Length: > 0 } said
            ? said
            : "nothing";
}
