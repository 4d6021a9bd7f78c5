using Fairlead.Engine.Responding.Monitors;
using Fairlead.Model.Monitoring;

namespace Fairlead.Engine.Operations;

/// <summary>Makes a page's view of what is known. Pure.</summary>
internal static class StatusSummary
{
    private const string Operational = "operational";
    private const string Down = "down";
    private const string Worked = "maintenance";
    private const string Unknown = "unknown";

    public static StatusPageView Of(
        StatusPage page,
        IReadOnlyDictionary<string, MonitorSight> sights,
        (IReadOnlyList<StatusUpdate> Updates, IReadOnlyList<Maintenance> Planned) told,
        DateTimeOffset now
    )
    {
        var labels = page
            .Groups.SelectMany(one => one.Components)
            .DistinctBy(one => one.Monitor)
            .ToDictionary(one => one.Monitor, one => one.Label, StringComparer.Ordinal);
        List<StatusGroupView> groups =
        [
            .. page.Groups.Select(group => new StatusGroupView(
                group.Title,
                [.. group.Components.Select(one => ComponentOf(one.Label, sights.GetValueOrDefault(one.Monitor), now))]
            )),
        ];
        List<PublicIncident> incidents =
        [
            .. told
                .Updates.Where(one => one.Components.Count == 0 || one.Components.Any(labels.ContainsKey))
                .GroupBy(one => one.Title, StringComparer.Ordinal)
                .Select(all => IncidentOf([.. all.OrderByDescending(one => one.At)], labels))
                .OrderBy(one => one.State is StatusStage.Resolved)
                .ThenByDescending(one => one.Updates[0].At),
        ];
        return new(
            page.Name,
            page.Title,
            page.About,
            StateOf([.. groups.SelectMany(one => one.Components)], incidents),
            groups,
            incidents,
            [.. told.Planned.Select(one => PlannedOf(one, labels, now)).OfType<PlannedView>()]
        )
        {
            TakesSubscribers = page.Receiver is not null,
        };
    }

    private static ComponentView ComponentOf(string label, MonitorSight? sight, DateTimeOffset now)
    {
        var book = sight?.BookAt(now);
        var state = sight?.Shown switch
        {
            MonitorState.Up or MonitorState.Pending => Operational,
            MonitorState.Down => Down,
            MonitorState.Maintenance => Worked,
            _ => Unknown,
        };
        return new(
            label,
            state,
            book is null ? null : MonitorViews.Percent(book.Last(UptimeBook.DaysMax)),
            DaysOf(book, now)
        );
    }

    private static List<StatusDay> DaysOf(UptimeBook? book, DateTimeOffset now)
    {
        var known = (book?.Days ?? []).ToDictionary(
            one => DateOnly.FromDateTime(one.From.UtcDateTime),
            one => one.Tally
        );
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        return
        [
            .. Enumerable
                .Range(1 - UptimeBook.DaysMax, UptimeBook.DaysMax)
                .Select(today.AddDays)
                .Select(day =>
                    known.TryGetValue(day, out var tally)
                        ? new StatusDay(day, tally.Down / 1000, (tally.Up + tally.Down) / 1000)
                        : new StatusDay(day, 0, 0)
                ),
        ];
    }

    private static PublicIncident IncidentOf(StatusUpdate[] updates, Dictionary<string, string> labels) =>
        new(
            updates[0].Title,
            updates[0].Impact,
            updates[0].State,
            [
                .. updates
                    .SelectMany(one => one.Components)
                    .Distinct()
                    .Where(labels.ContainsKey)
                    .Select(one => labels[one]),
            ],
            [.. updates.Select(one => new IncidentUpdateView(one.At, one.State, one.Text))]
        );

    private static PlannedView? PlannedOf(Maintenance one, Dictionary<string, string> labels, DateTimeOffset now)
    {
        List<string> concerned = [.. labels.Where(label => one.Concerns(label.Key)).Select(label => label.Value)];
        return concerned.Count == 0 ? null : new(one.Id, one.Text, one.From, one.To, one.IsOn(now), concerned);
    }

    // What is told by people weighs as much as what was seen.
    private static string StateOf(List<ComponentView> all, List<PublicIncident> incidents)
    {
        var worst = incidents
            .Where(one => one.State is not StatusStage.Resolved)
            .Select(one => one.Impact)
            .DefaultIfEmpty(StatusImpact.None)
            .Max();
        return all.Count > 0 && all.All(one => one.State is Down) || worst is StatusImpact.Critical ? Down
            : all.Any(one => one.State is Down) || worst is not StatusImpact.None ? "degraded"
            : all.Any(one => one.State is Worked) ? Worked
            : all.Count > 0 && all.All(one => one.State is Unknown) ? Unknown
            : Operational;
    }
}
