using System.Globalization;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Reporting;

/// <summary>What a site costs at a cloud, with what it did for that.</summary>
/// <param name="Monthly">US dollars by list prices, as they were reckoned when it was made.</param>
/// <param name="Budget">US dollars that it may cost in a month; null where its manifest names none.</param>
/// <param name="SoFar">US dollars since the month began, by the hours in which it was there; null where nothing kept count.</param>
/// <param name="Deployments">Those that went live in the last 30 days.</param>
/// <param name="Services">What each has to itself, and what they share under an empty name.</param>
public sealed record SiteCost(
    Site Site,
    decimal Monthly,
    decimal? Budget,
    decimal? SoFar,
    int Deployments,
    IReadOnlyList<ServiceCost> Services
)
{
    /// <summary>In the last 30 days; null where none of its services' requests are counted here.</summary>
    public double? Requests =>
        Services.Any(static one => one.Requests is not null) ? Services.Sum(static one => one.Requests ?? 0) : null;
}

/// <summary>All that a report on costs is made of.</summary>
/// <param name="Bill">Null where nobody asked for it.</param>
/// <param name="Sizes">Services that were measured for long enough.</param>
public sealed record ReportedCosts(
    IReadOnlyList<SiteCost> Sites,
    BilledCosts? Bill = null,
    IReadOnlyList<SizeAdvice>? Sizes = null
)
{
    /// <summary>What could not be read.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <param name="Service">Empty for what several share.</param>
/// <param name="Requests">In the last 30 days; null where they are not counted here.</param>
/// <param name="LastWeek">Of those, in the last 7 days.</param>
public sealed record ServiceCost(string Service, decimal Monthly, double? Requests, double? LastWeek);

/// <summary>What infrastructure costs, what it will, and what of it seems to be for nothing. Pure.</summary>
public static class CostReport
{
    /// <summary>As AWS and the usual bill count.</summary>
    private const decimal HoursOfMonth = 730;

    // Below it a sum is noise.
    private const decimal WorthSaying = 1;

    /// <summary>US dollars when the month ends, if nothing changes; null where nothing kept count of it so far.</summary>
    public static decimal? Forecast(SiteCost one, DateTimeOffset now)
    {
        var end = new DateTimeOffset(now.UtcDateTime.Year, now.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(
            1
        );
        return one.SoFar + one.Monthly * (decimal)(end - now).TotalHours / HoursOfMonth;
    }

    /// <summary>US dollars for a million requests; null where they are not counted, or too few to say.</summary>
    public static decimal? PerMillion(decimal monthly, double? requests) =>
        requests is >= 1_000 and var known ? monthly / (decimal)known * 1_000_000 : null;

    /// <summary>What could be spared, and what will be too much; the dearest first.</summary>
    public static IReadOnlyList<string> Hints(ReportedCosts costs, DateTimeOffset now) =>
        [
            .. costs
                .Sites.SelectMany(one => Hints(one, now))
                .Concat((costs.Sizes ?? []).SelectMany(RightSizing.Hints))
                .OrderByDescending(static one => one.Amount)
                .Select(static one => one.Text),
        ];

    /// <param name="title">Of the whole.</param>
    public static ReportDocument Page(string title, ReportedCosts costs, DateTimeOffset now)
    {
        var sites = costs.Sites;
        return new(
            title,
            Answer(costs),
            [
                .. sites.Count == 0
                    ? Array.Empty<ReportSection>()
                    : [new ReportSection("") { Table = Sites(sites, now) }],
                .. BilledPart.Sections(costs.Bill),
                .. Hints(costs, now) is { Count: > 0 } hints
                    ? [new ReportSection("To look at") { Lines = hints }]
                    : Array.Empty<ReportSection>(),
                .. sites.Count == 0
                    ? Array.Empty<ReportSection>()
                    : [new ReportSection("By service") { Table = Services(sites) }],
                .. RightSizing.Sections(costs.Sizes ?? []),
                new("How it is reckoned")
                {
                    Lines =
                    [
                        "List prices, as they were reckoned when the last plan was made; what nothing could price is in no sum.",
                        "So far: the hours of this month in which it was there. Forecast: the rest of the month at what it costs now.",
                        "Requests and deployments are those of the last 30 days; what several services share is divided among none.",
                        .. costs.Notes,
                    ],
                },
            ]
        );
    }

    /// <summary>A line for programs: US dollars; what is not known is empty.</summary>
    public static ReportTable Rows(ReportedCosts costs, DateTimeOffset now) =>
        new(
            [
                new("app"),
                new("environment"),
                new("monthly", IsNumber: true),
                new("budget", IsNumber: true),
                new("so_far", IsNumber: true),
                new("forecast", IsNumber: true),
                new("requests", IsNumber: true),
                new("per_million_requests", IsNumber: true),
                new("deployments", IsNumber: true),
                new("per_deployment", IsNumber: true),
                new("billed_last_month", IsNumber: true),
                new("billed_this_month", IsNumber: true),
            ],
            [
                .. costs.Sites.Select(one =>
                    (IReadOnlyList<string>)
                        [
                            .. Row(one, now, Exact),
                            Exact(BilledOf(costs, one)?.LastMonth.Billed),
                            Exact(BilledOf(costs, one)?.ThisMonth.Billed),
                        ]
                ),
            ]
        );

    private static BilledSite? BilledOf(ReportedCosts costs, SiteCost one) =>
        costs.Bill?.Sites.FirstOrDefault(bill => bill.Site == one.Site);

    private static string Exact(decimal? amount) => amount is { } known ? Plain(known) : "";

    private static string Answer(ReportedCosts costs)
    {
        var (sites, billed) = (costs.Sites, BilledPart.Clause(costs.Bill));
        var over = sites.Count(static one => one.Monthly > one.Budget);
        return sites.Count == 0
            ? billed.Length == 0
                ? "Nothing at a cloud is known to cost anything."
                : $"Nothing at a cloud was priced here.{billed}"
            : $"{Money(sites.Sum(static one => one.Monthly))} in a month for {sites.Count} {(sites.Count == 1 ? "environment" : "environments")}"
                + (over == 0 ? "." : $", {over} of them over budget.")
                + billed;
    }

    private static ReportTable Sites(IReadOnlyList<SiteCost> sites, DateTimeOffset now) =>
        new(
            [
                new("App"),
                new("Environment"),
                new("In a month", IsNumber: true),
                new("Budget", IsNumber: true),
                new("So far", IsNumber: true),
                new("Forecast", IsNumber: true),
                new("Requests", IsNumber: true),
                new("A million requests", IsNumber: true),
                new("Deployments", IsNumber: true),
                new("A deployment", IsNumber: true),
            ],
            [.. sites.Select(one => Row(one, now, static amount => amount is { } known ? Money(known) : "–"))]
        );

    private static ReportTable Services(IReadOnlyList<SiteCost> sites) =>
        new(
            [
                new("App"),
                new("Environment"),
                new("Service"),
                new("In a month", IsNumber: true),
                new("Requests", IsNumber: true),
                new("A million requests", IsNumber: true),
            ],
            [
                .. sites.SelectMany(static site =>
                    site.Services.OrderByDescending(static one => one.Monthly)
                        .Select(one =>
                            (IReadOnlyList<string>)
                                [
                                    site.Site.App,
                                    site.Site.Environment,
                                    one.Service.Length == 0 ? "(shared)" : one.Service,
                                    Money(one.Monthly),
                                    Count(one.Requests) is { Length: > 0 } count ? count : "–",
                                    PerMillion(one.Monthly, one.Requests) is { } each ? Money(each) : "–",
                                ]
                        )
                ),
            ]
        );

    private static IReadOnlyList<string> Row(SiteCost one, DateTimeOffset now, Func<decimal?, string> money) =>
        [
            one.Site.App,
            one.Site.Environment,
            money(one.Monthly),
            money(one.Budget),
            money(one.SoFar),
            money(Forecast(one, now)),
            Count(one.Requests),
            money(PerMillion(one.Monthly, one.Requests)),
            one.Deployments.ToString(CultureInfo.InvariantCulture),
            money(one.Deployments > 0 ? one.Monthly / one.Deployments : null),
        ];

    private static IEnumerable<(decimal Amount, string Text)> Hints(SiteCost one, DateTimeOffset now)
    {
        if (one.Budget is { } budget)
        {
            if (one.Monthly > budget)
            {
                yield return (
                    one.Monthly - budget,
                    $"{one.Site} costs {Money(one.Monthly - budget)} a month more than its budget of {Money(budget)}."
                );
            }
            else if (Forecast(one, now) is { } forecast && forecast > budget)
            {
                yield return (
                    forecast - budget,
                    $"{one.Site} will have cost {Money(forecast)} when the month ends; its budget is {Money(budget)}."
                );
            }
        }
        foreach (
            var service in one.Services.Where(static each =>
                each is { LastWeek: 0, Monthly: >= WorthSaying, Service.Length: > 0 }
            )
        )
        {
            yield return (
                service.Monthly,
                $"{service.Service} of {one.Site} answered nobody for 7 days and costs {Money(service.Monthly)} a month."
            );
        }
        if (one.Deployments == 0 && one.Requests == 0 && one.Monthly >= WorthSaying)
        {
            yield return (
                one.Monthly,
                $"{one.Site} was neither asked nor deployed for 30 days and costs {Money(one.Monthly)} a month: fairlead infra plan --destroy"
            );
        }
    }

    private static string Count(double? requests) =>
        requests is { } known ? Math.Round(known).ToString("0", CultureInfo.InvariantCulture) : "";

    private static string Money(decimal amount) => string.Create(CultureInfo.InvariantCulture, $"{amount:#,0.00} USD");

    private static string Plain(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);
}
