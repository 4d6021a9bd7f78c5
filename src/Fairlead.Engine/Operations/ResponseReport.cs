using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Guarding.Detecting;
using Fairlead.Engine.Infrastructure.Applying;
using Fairlead.Engine.Reporting;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations;

/// <summary>What belongs to a report of delivery beside its numbers: how each service and team responded, security, and costs where they are known.</summary>
internal static class ResponseReport
{
    private const int LinesMax = 50;

    public static async Task<IReadOnlyList<ReportSection>> OfAsync(
        ServerSide server,
        ReportScope scope,
        IReadOnlyList<IncidentSpan> incidents,
        CancellationToken stop
    )
    {
        var within = DeliveryReport.Within(incidents, scope.From, scope.Until);
        var teams = (await AccessBook.PolicyAsync(server.Store, stop)).Teams;
        var sections = new List<ReportSection>();
        if (within.Count > 0)
        {
            sections.Add(DeliveryReport.Response("By service", "Service", within, ServicesOf));
            sections.Add(
                DeliveryReport.Response(
                    "By team",
                    "Team",
                    within,
                    one =>
                        [
                            .. teams
                                .Where(team => team.Apps.Contains(one.Site.App))
                                .Select(static team => team.Name)
                                .DefaultIfEmpty("no team"),
                        ]
                )
            );
        }
        if (await SecurityAsync(server, scope, within, stop) is { } security)
        {
            sections.Add(security);
        }
        if (await CostsAsync(server, scope, stop) is { } costs)
        {
            sections.Add(costs);
        }
        return sections;
    }

    private static IReadOnlyList<string> ServicesOf(IncidentSpan one) =>
        one.Services.Count == 0 ? [$"{one.Site}"] : [.. one.Services.Select(service => $"{one.Site} {service}")];

    // Findings are of the whole platform, and for those who may see all of it.
    private static async Task<ReportSection?> SecurityAsync(
        ServerSide server,
        ReportScope scope,
        IReadOnlyList<IncidentSpan> incidents,
        CancellationToken stop
    )
    {
        var lines = incidents
            .Where(static one => one.IsSecurity)
            .Select(static one => $"incident {one.Number} of {one.Site} (#{one.Lines[0]} to #{one.Lines[^1]})")
            .ToList();
        if (server.Reach.IsAll && scope is { Apps: null, Environment: null })
        {
            lines.AddRange(
                (await server.Store.ListAsync(FindingBook.Collection, "", stop))
                    .Select(Records.Read<Finding>)
                    .Where(one => scope.From <= one.First && one.First < scope.Until)
                    .GroupBy(static one => (one.Gravity, one.Kind))
                    .OrderByDescending(static group => group.Key.Gravity)
                    .ThenByDescending(static group => group.Count())
                    .Select(static group =>
                        $"{group.Count()} findings of {group.Key.Kind} ({group.Key.Gravity.ToString().ToLowerInvariant()}), {group.Count(static one => one.ClosedAt is null)} open"
                    )
            );
        }
        return lines.Count == 0
            ? null
            : new("Security")
            {
                Text = "Incidents that somebody or an alert called so, and findings that were seen first in this time.",
                Lines = [.. lines.Take(LinesMax)],
            };
    }

    private static async Task<ReportSection?> CostsAsync(ServerSide server, ReportScope scope, CancellationToken stop)
    {
        var known = (await server.Store.ListAsync(RunRecord.Collection, "", stop))
            .Select(Records.Read<RunRecord>)
            .Where(one => scope.Has(one.Site) && one is { Outcome: RunOutcome.Done, Cost.Length: > 0 })
            .OrderBy(static one => $"{one.Site}", StringComparer.Ordinal)
            .Select(static one => $"{one.Site}: {one.Cost} (made {one.Began:yyyy-MM-dd} by {one.Tool})")
            .Take(LinesMax)
            .ToList();
        return known.Count == 0
            ? null
            : new("Costs")
            {
                Text =
                    "What infrastructure costs by what was made last of each app and was priced; what else an app costs nobody here knows.",
                Lines = known,
            };
    }
}
