using System.Globalization;

namespace Fairlead.Engine.Reporting;

/// <summary>How goals were kept, as a report. Pure.</summary>
public static class ServiceLevelPage
{
    private const int BreachesMax = 100;
    private const int BriefMax = 5;

    /// <param name="notes">What is to be said of sites, a line each.</param>
    /// <param name="explains">With what each number was reckoned from.</param>
    public static ReportDocument Of(
        string title,
        IReadOnlyList<ServiceLevel> levels,
        IReadOnlyList<string> notes,
        bool explains
    ) =>
        new(
            title,
            Answer(levels),
            [
                new("") { Table = Goals(levels) },
                .. levels.Any(static one => one.Breaches.Count > 0)
                    ? [new ReportSection("Breaches") { Text = BreachText, Table = Breaches(levels) }]
                    : Array.Empty<ReportSection>(),
                .. levels.Where(static one => one.Planned > TimeSpan.Zero).ToList() is { Count: > 0 } left
                    ? [new ReportSection("Left out") { Text = PlannedText, Lines = [.. left.Select(PlannedLine)] }]
                    : Array.Empty<ReportSection>(),
                .. notes.Count > 0 ? [new ReportSection("Notes") { Lines = notes }] : Array.Empty<ReportSection>(),
                .. explains
                    ? levels.Select(static one => new ReportSection(Name(one))
                    {
                        Text = Explanation(one),
                        Lines = [.. one.Breaches.Select(BreachLine)],
                    })
                    : [],
            ]
        )
        {
            Brief =
            [
                .. levels
                    .Where(static one => one.IsKept != true)
                    .OrderByDescending(static one => one.BudgetUsed ?? 0)
                    .Take(BriefMax)
                    .Select(static one =>
                        one.Achieved is { } achieved
                            ? $"Missed: {Name(one)}: {Percent(achieved)} of {one.Goal.Said}"
                            : $"Not known: {Name(one)}"
                    ),
            ],
        };

    /// <summary>A goal in each row, for programs: parts from 0 to 1, times in minutes; what is not known is empty.</summary>
    public static ReportTable Rows(IReadOnlyList<ServiceLevel> levels) =>
        new(
            [
                new("app"),
                new("environment"),
                new("service"),
                new("objective"),
                new("target", IsNumber: true),
                new("achieved", IsNumber: true),
                new("kept"),
                new("requests", IsNumber: true),
                new("bad", IsNumber: true),
                new("budget_used", IsNumber: true),
                new("budget_minutes", IsNumber: true),
                new("budget_minutes_used", IsNumber: true),
                new("breaches", IsNumber: true),
                new("planned_minutes", IsNumber: true),
                new("planned_requests", IsNumber: true),
                new("known", IsNumber: true),
            ],
            [
                .. levels.Select(static one =>
                    (IReadOnlyList<string>)
                        [
                            one.Goal.Site.App,
                            one.Goal.Site.Environment,
                            one.Goal.Service,
                            one.Goal.Objective,
                            Plain(one.Goal.Target),
                            Plain(one.Achieved),
                            one.IsKept is { } kept ? (kept ? "yes" : "no") : "",
                            Plain(Math.Round(one.All)),
                            Plain(Math.Round(one.Bad)),
                            Plain(one.BudgetUsed),
                            Plain(one.Budget.TotalMinutes),
                            Plain(one.BudgetUsed * one.Budget.TotalMinutes),
                            Plain(one.Breaches.Count),
                            Plain(one.Planned.TotalMinutes),
                            Plain(Math.Round(one.Counts.PlannedRequests)),
                            Plain(one.KnownPart),
                        ]
                ),
            ]
        );

    /// <summary>What it comes to.</summary>
    public static string Answer(IReadOnlyList<ServiceLevel> levels)
    {
        if (levels.Count == 0)
        {
            return "Nothing was promised: no app had a goal.";
        }
        var missed = levels.Count(static one => one.IsKept == false);
        var unknown = levels.Count(static one => one.IsKept is null);
        var kept = levels.Count - missed - unknown;
        return $"{kept} of {levels.Count} {(levels.Count == 1 ? "goal was" : "goals were")} kept"
            + $"{(missed > 0 ? $", {missed} missed" : "")}{(unknown > 0 ? $"; of {unknown} nothing is known" : "")}.";
    }

    private const string BreachText =
        "Stretches of five minutes and more in which more went wrong than the goal allows, with at least ten bad requests.";

    private const string PlannedText =
        "Work counts as planned from when it was announced. Its requests are in no number above.";

    private static ReportTable Goals(IReadOnlyList<ServiceLevel> levels) =>
        new(
            [
                new("Where"),
                new("Goal"),
                new("Achieved", IsNumber: true),
                new("Kept"),
                new("Budget used", IsNumber: true),
                new("Bad requests", IsNumber: true),
                new("Breaches", IsNumber: true),
                new("Left out", IsNumber: true),
                new("Known", IsNumber: true),
            ],
            [
                .. levels.Select(static one =>
                    (IReadOnlyList<string>)
                        [
                            Where(one),
                            $"{one.Goal.Objective} {one.Goal.Said}",
                            one.Achieved is { } achieved ? Percent(achieved)
                            : one.Counts.Known > TimeSpan.Zero ? "no requests"
                            : "no data",
                            one.IsKept is { } kept ? (kept ? "yes" : "NO") : "unknown",
                            one.BudgetUsed is { } used
                                ? $"{Percent(used)} ({Span(used * one.Budget)} of {Span(one.Budget)})"
                                : "unknown",
                            $"{Count(one.Bad)} of {Count(one.All)}",
                            Plain(one.Breaches.Count),
                            one.Planned > TimeSpan.Zero ? Span(one.Planned) : "nothing",
                            Percent(Math.Round(one.KnownPart, 4)),
                        ]
                ),
            ]
        );

    private static ReportTable Breaches(IReadOnlyList<ServiceLevel> levels) =>
        new(
            [
                new("Where"),
                new("From (UTC)"),
                new("Lasted", IsNumber: true),
                new("Bad requests", IsNumber: true),
                new("Budget", IsNumber: true),
                new("Incidents"),
            ],
            [
                .. levels
                    .SelectMany(static one => one.Breaches.Select(breach => (one, breach)))
                    .OrderByDescending(static pair => pair.breach.BudgetPart)
                    .Take(BreachesMax)
                    .Select(static pair =>
                        (IReadOnlyList<string>)
                            [
                                $"{Where(pair.one)}, {pair.one.Goal.Objective}",
                                Moment(pair.breach.From),
                                Span(pair.breach.Until - pair.breach.From),
                                $"{Count(pair.breach.Bad)} of {Count(pair.breach.All)}",
                                Percent(pair.breach.BudgetPart),
                                pair.breach.Incidents.Count == 0 ? "none" : string.Join(", ", pair.breach.Incidents),
                            ]
                    ),
            ]
        );

    private static string PlannedLine(ServiceLevel one) =>
        $"{Name(one)}: {Span(one.Planned)} of announced work, with {Count(one.Counts.PlannedRequests)} requests of which {Count(one.Counts.PlannedBad)} were bad";

    private static string Explanation(ServiceLevel one) =>
        one.Achieved is { } achieved
            ? $"{Count(one.All)} requests ended in {Span(one.Counted)}, as the edge counted them, {Count(one.Bad)} of them bad: {Percent(achieved)} were good. "
                + $"The goal allows {Plain(Math.Round(one.Allowed, 1))} bad ones: {Percent(one.BudgetUsed ?? 0)} of that is used. Numbers are known for {Percent(Math.Round(one.KnownPart, 4))} of the time; what is not known counts neither as good nor as bad."
        : one.Counts.Known > TimeSpan.Zero
            ? $"Nobody asked for anything in the {Span(one.Counts.Known)} of which there are numbers. That is not the same as 100 %."
        : "There are no numbers of this time. That is not the same as 100 %.";

    private static string BreachLine(ServiceBreach one) =>
        $"{Moment(one.From)} to {Moment(one.Until)}: {Count(one.Bad)} of {Count(one.All)} requests were bad, {Percent(one.BudgetPart)} of the budget; {(one.Incidents.Count == 0 ? "no incident" : string.Join(", ", one.Incidents))}";

    private static string Name(ServiceLevel one) => $"{Where(one)}, {one.Goal.Objective}";

    private static string Where(ServiceLevel one) =>
        one.Goal.Service.Length > 0 ? $"{one.Goal.Site} {one.Goal.Service}" : $"{one.Goal.Site}";

    private static string Count(double value) => Math.Round(value).ToString("#,0", CultureInfo.InvariantCulture);

    // Down, never up: what was missed must not read as kept.
    private static string Percent(double part) =>
        $"{(Math.Floor(Math.Round(part * 100_000, 3)) / 1000).ToString(CultureInfo.InvariantCulture)} %";

    private static string Plain(double? value) =>
        value is { } known ? Math.Round(known, 6).ToString(CultureInfo.InvariantCulture) : "";

    private static string Moment(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string Span(TimeSpan span) =>
        span < TimeSpan.FromHours(2) ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes:0.#} min")
        : span < TimeSpan.FromDays(2) ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours:0.#} h")
        : string.Create(CultureInfo.InvariantCulture, $"{span.TotalDays:0.#} days");
}
