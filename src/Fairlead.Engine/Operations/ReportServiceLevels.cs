using System.ComponentModel;
using System.Globalization;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Reporting;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>How goals were kept over a month.</summary>
public static class ReportServiceLevels
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(400);

    public sealed record Input
    {
        [Description("Only this app.")]
        [Positional]
        [Names("app")]
        public string? App { get; init; }

        [Description("Only this environment.")]
        public string? Environment { get; init; }

        [Description("Only this team's apps.")]
        public string? Team { get; init; }

        [Description("Of this month, such as 2026-11; of this month until now when left out.")]
        public string? Month { get; init; }

        [Description("From this day on, in the place of a month.")]
        public string? From { get; init; }

        [Description("Up to this day, which is not included; until now when left out.")]
        public string? Until { get; init; }

        [Description("Show what each number was reckoned from.")]
        public bool Explain { get; init; }

        [Description("Print a page in the place of a table.")]
        public ReportFormat? Format { get; init; }
    }

    /// <param name="Objective">availability or latency.</param>
    /// <param name="Target">Part of the requests that must be good.</param>
    /// <param name="Achieved">Part that was; null where there were none or nothing is known, which is not the same as 1.</param>
    /// <param name="IsKept">Null where nothing is known.</param>
    /// <param name="BudgetUsed">1 for all of the budget.</param>
    /// <param name="BudgetMinutes">The budget as time.</param>
    /// <param name="PlannedMinutes">Announced work, which is left out.</param>
    /// <param name="Known">Part of the time of which there are numbers.</param>
    /// <param name="How">How it was reckoned; empty unless it was asked for.</param>
    public sealed record Row(
        string App,
        string Environment,
        string Service,
        string Objective,
        double Target,
        double? Achieved,
        bool? IsKept,
        long Requests,
        long BadRequests,
        double? BudgetUsed,
        double BudgetMinutes,
        double PlannedMinutes,
        long PlannedRequests,
        double Known,
        string How,
        IReadOnlyList<Breach> Breaches
    );

    /// <param name="BudgetUsed">By this stretch alone.</param>
    public sealed record Breach(
        DateTimeOffset From,
        DateTimeOffset Until,
        long Requests,
        long BadRequests,
        double BudgetUsed,
        IReadOnlyList<string> Incidents
    );

    /// <param name="Page">The report as it was asked for; null for a table.</param>
    public sealed record Output(
        DateTimeOffset From,
        DateTimeOffset Until,
        string Answer,
        IReadOnlyList<Row> Goals,
        IReadOnlyList<string> Notes,
        string? Page
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "report.sla",
            "Show how goals were kept over a month: what was achieved, budget used, breaches and what was left out.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead report sla --month 2026-11",
                "fairlead report sla shop --env production --month 2026-11 --format html > shop-2026-11.html",
            ],
            Needs = Need.Of(Permission.Watch),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var (from, until) = PeriodOf(input, engine.World.Now);
        var scope = await ReportScopes.OfAsync(
            engine.Server,
            (input.App, input.Environment, input.Team),
            (from, until),
            stop
        );
        var (levels, notes) = await ServiceLevelDesk.ReadAsync(engine.Server, scope, stop);
        var page = ServiceLevelPage.Of(TitleOf(scope), levels, notes, input.Explain);
        return new(
            from,
            until,
            page.Answer,
            [.. levels.Select((one, place) => RowOf(one, input.Explain ? HowOf(page, levels.Count, place) : ""))],
            notes,
            input.Format switch
            {
                ReportFormat.Markdown => ReportPage.Markdown(page),
                ReportFormat.Html => ReportPage.Html(page),
                ReportFormat.Csv => ReportPage.Csv(ServiceLevelPage.Rows(levels)),
                _ => null,
            }
        );
    }

    internal static string TitleOf(ReportScope scope) =>
        $"Service levels of {scope.Said}, {scope.From:yyyy-MM-dd} to {scope.Until:yyyy-MM-dd}";

    // The last sections of a report that explains are those of its goals.
    private static string HowOf(ReportDocument page, int goals, int place) =>
        page.Sections[page.Sections.Count - goals + place].Text ?? "";

    private static Row RowOf(ServiceLevel one, string how) =>
        new(
            one.Goal.Site.App,
            one.Goal.Site.Environment,
            one.Goal.Service,
            one.Goal.Objective,
            one.Goal.Target,
            // Down, never up: what was missed must not read as kept.
            one.Achieved
                is { } achieved
                ? Math.Floor(Math.Round(achieved * 1e6, 3)) / 1e6
                : null,
            one.IsKept,
            (long)Math.Round(one.All),
            (long)Math.Round(one.Bad),
            Rounded(one.BudgetUsed),
            Math.Round(one.Budget.TotalMinutes, 2),
            Math.Round(one.Planned.TotalMinutes, 2),
            (long)Math.Round(one.Counts.PlannedRequests),
            Math.Round(one.KnownPart, 4),
            how,
            [
                .. one.Breaches.Select(static each => new Breach(
                    each.From,
                    each.Until,
                    (long)Math.Round(each.All),
                    (long)Math.Round(each.Bad),
                    Math.Round(each.BudgetPart, 6),
                    each.Incidents
                )),
            ]
        );

    private static double? Rounded(double? value) => value is { } known ? Math.Round(known, 6) : null;

    private static (DateTimeOffset From, DateTimeOffset Until) PeriodOf(Input input, DateTimeOffset now)
    {
        if (input.Month is { } month)
        {
            if (
                input.From is not null
                || input.Until is not null
                || !DateOnly.TryParseExact(
                    $"{month}-01",
                    "yyyy-MM-dd",
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.None,
                    out var first
                )
                || first.Year is < 2000 or > 9000
                || ReportScopes.Day(first) >= now
            )
            {
                throw new ProblemException(
                    Wrong(
                        $"--month '{month}' cannot be reported on.",
                        "It takes a month that has begun, such as 2026-11, and goes without --from and --until."
                    )
                );
            }
            var end = ReportScopes.Day(first.AddMonths(1));
            return (ReportScopes.Day(first), end < now ? end : now);
        }
        var (from, until) = ReportScopes.Period(
            input.From,
            input.Until,
            (now, static end => new(end.UtcDateTime.Year, end.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero), "sla")
        );
        until = until < now ? until : now;
        return from < until && until - from <= Longest
            ? (from, until)
            : throw new ProblemException(
                Wrong(
                    "That time cannot be reported on.",
                    $"It has to begin in the past and last at most {Longest.TotalDays:0} days, which is how long numbers are kept."
                )
            );
    }

    private static Problem Wrong(string what, string why) =>
        new("report.no-time", what, why, Fix: "Write for example: fairlead report sla --month 2026-11")
        {
            Trouble = Trouble.WrongUse,
        };
}
