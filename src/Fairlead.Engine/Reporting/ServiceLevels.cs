using Fairlead.Model.Apps;
using Fairlead.Model.Monitoring;

namespace Fairlead.Engine.Reporting;

/// <summary>A goal that is reported on.</summary>
/// <param name="Service">Empty where no service sent any number.</param>
/// <param name="Objective">availability or latency.</param>
/// <param name="Target">Part of the requests that must be good, such as 0.999.</param>
/// <param name="Said">As the manifest says it, such as <c>99.9 %</c> or <c>95 % within 300 ms</c>.</param>
public sealed record ServiceGoal(Site Site, string Service, string Objective, double Target, string Said);

/// <summary>Requests of five minutes.</summary>
/// <param name="At">When they began.</param>
public sealed record RequestTally(DateTimeOffset At, double All, double Bad);

/// <summary>What was counted for a goal.</summary>
/// <param name="Tallies">In their order, without what is empty.</param>
/// <param name="Known">How much of the time there are numbers of.</param>
/// <param name="PlannedRequests">Requests during announced work, which count nowhere.</param>
public sealed record ServiceCounts(
    IReadOnlyList<RequestTally> Tallies,
    TimeSpan Known,
    double PlannedRequests,
    double PlannedBad
);

/// <summary>A stretch in which more went wrong than the goal allows.</summary>
/// <param name="BudgetPart">How much of the whole period's budget it took: 1 for all of it.</param>
/// <param name="Incidents">Numbers of incidents of that time, with the journal's lines.</param>
public sealed record ServiceBreach(
    DateTimeOffset From,
    DateTimeOffset Until,
    double All,
    double Bad,
    double BudgetPart,
    IReadOnlyList<string> Incidents
);

/// <summary>How a goal was kept.</summary>
/// <param name="Counted">The period without announced work.</param>
/// <param name="Planned">Announced work in it.</param>
public sealed record ServiceLevel(
    ServiceGoal Goal,
    double All,
    double Bad,
    TimeSpan Counted,
    TimeSpan Planned,
    ServiceCounts Counts,
    IReadOnlyList<ServiceBreach> Breaches
)
{
    /// <summary>Part of the requests that were good; null where there were none, which is not the same as all.</summary>
    public double? Achieved => All > 0 ? 1 - Bad / All : null;

    /// <summary>Requests that might have gone bad.</summary>
    public double Allowed => All * (1 - Goal.Target);

    /// <summary>Part of the budget that is used: 1 for all, more when the goal is missed. Null where nothing is known.</summary>
    public double? BudgetUsed => All > 0 ? Bad / Allowed : null;

    /// <summary>The budget as time: how long everything might have failed.</summary>
    public TimeSpan Budget => Counted * (1 - Goal.Target);

    public bool? IsKept => Achieved is { } achieved ? achieved >= Goal.Target : null;

    /// <summary>Part of the counted time of which there are numbers.</summary>
    public double KnownPart => Counted > TimeSpan.Zero ? Math.Min(1, Counts.Known / Counted) : 0;
}

/// <summary>Reckons how goals were kept. Pure.</summary>
public static class ServiceLevels
{
    /// <summary>Fewer bad requests are no breach: one of three is bad luck.</summary>
    public const int BreachMin = 10;

    private static readonly TimeSpan StepTime = TimeSpan.FromMilliseconds(RiseBook.Step);

    /// <summary>Bad stretches this far apart are one.</summary>
    private static readonly TimeSpan ApartMax = StepTime * 2;

    /// <param name="planned">Announced work that covers the goal's service, apart from each other and within the period.</param>
    /// <param name="incidents">Of the site.</param>
    public static ServiceLevel Of(
        ServiceGoal goal,
        (DateTimeOffset From, DateTimeOffset Until) period,
        IReadOnlyList<TimeSlice> planned,
        ServiceCounts counts,
        IReadOnlyList<IncidentSpan> incidents
    )
    {
        var work = TimeSpan.FromMilliseconds(planned.Sum(static one => one.To - one.From));
        var (all, bad) = (counts.Tallies.Sum(static one => one.All), counts.Tallies.Sum(static one => one.Bad));
        return new(
            goal,
            all,
            bad,
            period.Until - period.From - work,
            work,
            counts,
            [
                .. Stretches(goal, counts.Tallies)
                    .Where(static one => one.Bad >= BreachMin)
                    .Select(one => one with { Until = one.Until < period.Until ? one.Until : period.Until })
                    .Select(one => one with { BudgetPart = one.Bad / (all * (1 - goal.Target)) })
                    .Select(one => one with { Incidents = IncidentsOf(one, goal.Site, incidents) }),
            ]
        );
    }

    /// <summary>Announced work that covers a service, as spans apart from each other: nobody announces what was already.</summary>
    public static IReadOnlyList<TimeSlice> Planned(
        IReadOnlyList<Maintenance> all,
        (Site Site, string Service) what,
        (DateTimeOffset From, DateTimeOffset Until) period
    )
    {
        var (site, service) = what;
        var monitor = service.Length == 0 ? "" : $"{site}/{service}";
        var spans = new List<TimeSlice>();
        foreach (
            var (from, to) in all.Where(one => one.Covers(site.App, site.Environment, service, monitor))
                .Select(one => (From: Later(one.CountsFrom, period.From), To: Earlier(one.To, period.Until)))
                .Where(static one => one.From < one.To)
                .OrderBy(static one => one.From)
                .Select(static one => (one.From.ToUnixTimeMilliseconds(), one.To.ToUnixTimeMilliseconds()))
        )
        {
            if (spans is [.., var last] && from <= last.To)
            {
                spans[^1] = last with { To = Math.Max(last.To, to) };
            }
            else
            {
                spans.Add(new(from, to));
            }
        }
        return spans;
    }

    private static List<ServiceBreach> Stretches(ServiceGoal goal, IReadOnlyList<RequestTally> tallies)
    {
        var found = new List<ServiceBreach>();
        foreach (var one in tallies.Where(one => one.Bad > 0 && one.Bad > one.All * (1 - goal.Target)))
        {
            if (found is [.., var last] && one.At - last.Until < ApartMax)
            {
                found[^1] = last with { Until = one.At + StepTime, All = last.All + one.All, Bad = last.Bad + one.Bad };
            }
            else
            {
                found.Add(new(one.At, one.At + StepTime, one.All, one.Bad, 0, []));
            }
        }
        return found;
    }

    private static IReadOnlyList<string> IncidentsOf(
        ServiceBreach breach,
        Site site,
        IReadOnlyList<IncidentSpan> incidents
    ) =>
        [
            .. incidents
                .Where(one => one.Site == site)
                .Where(one => one.StartedAt < breach.Until && (one.RestoredAt ?? DateTimeOffset.MaxValue) > breach.From)
                .Select(static one => $"incident {one.Number} (#{one.Lines[0]} to #{one.Lines[^1]})"),
        ];

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
