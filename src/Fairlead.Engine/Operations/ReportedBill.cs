using Fairlead.Engine.Aws.Billing;
using Fairlead.Engine.Infrastructure.Costs;
using Fairlead.Engine.Reporting;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Puts the bill of AWS beside what was reckoned for the same days. Whatever is wrong with it, the report is none the worse.</summary>
internal static class ReportedBill
{
    private const double HoursOfMonth = 730;

    /// <param name="made">Sites that have something at a cloud.</param>
    /// <returns>Null where there is no bill.</returns>
    public static async Task<BilledCosts?> OfAsync(
        ServerSide server,
        ReportScope scope,
        IReadOnlyList<Site> made,
        CancellationToken stop
    )
    {
        if (server.Bill is not { } desk || await desk.ReadAsync(stop) is not { } bill)
        {
            return null;
        }
        // Also of sites of which nothing was made here, such as those that only have functions.
        List<Site> sites =
        [
            .. made.Concat(bill.Lines.Select(static one => one.Site).Where(server.Reach.Has).Where(scope.Has))
                .Distinct()
                .OrderBy(static one => $"{one}", StringComparer.Ordinal),
        ];
        if (sites.Count == 0)
        {
            // Somebody who only has functions is told why nothing is told of them.
            return bill.Trouble is null ? null : new(default, bill.Until, [], Notes(bill));
        }
        var (month, last) = Months(bill.Until);
        var (before, so) = (
            await ReckonedAsync(server, (last, month), stop),
            await ReckonedAsync(server, (month, bill.Until), stop)
        );
        return new(
            month,
            bill.Until,
            bill.Lines.Count == 0
                ? []
                :
                [
                    .. sites.Select(site => new BilledSite(
                        site,
                        new(Billed(bill, site, last), Of(before, site)),
                        new(Billed(bill, site, month), Of(so, site))
                    )),
                ],
            Notes(bill)
        );
    }

    // On the first day of a month the month before is the one of which there are days.
    private static (DateOnly Month, DateOnly Last) Months(DateOnly until)
    {
        var day = until.AddDays(-1);
        var month = new DateOnly(day.Year, day.Month, 1);
        return (month, month.AddMonths(-1));
    }

    private static decimal? Billed(Bill bill, Site site, DateOnly month) =>
        bill.Lines.FirstOrDefault(one => one.Site == site && one.Month == month)?.Dollars;

    private static decimal? Of(IReadOnlyDictionary<string, double> all, Site site) =>
        all.TryGetValue($"{site}/", out var value) ? (decimal)value : null;

    private static async Task<IReadOnlyDictionary<string, double>> ReckonedAsync(
        ServerSide server,
        (DateOnly From, DateOnly Until) days,
        CancellationToken stop
    )
    {
        var hours = (days.Until.DayNumber - days.From.DayNumber) * 24;
        var at = new DateTimeOffset(days.Until.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        try
        {
            return await ReportCost.AskAsync(
                server.Metrics,
                FormattableString.Invariant(
                    $"sum_over_time(sum by (app, environment) ({CostWatch.Metric})[{hours}h:1h]) / {HoursOfMonth}"
                ),
                (at, null),
                stop
            );
        }
        catch (ProblemException)
        {
            // Without numbers of its own, the bill stands alone.
            return new Dictionary<string, double>();
        }
    }

    private static IReadOnlyList<string> Notes(Bill bill) =>
        bill.Trouble is { } trouble
            ?
            [
                $"{(bill.Lines.Count == 0 ? "Not known" : $"As of {bill.At:yyyy-MM-dd}")}: {trouble.Text.TrimEnd('.')}.{Fix(trouble.Code)}",
            ]
        : bill.Lines.Count == 0
            ?
            [
                "Not known: AWS names no costs by Fairlead's tags. Activate app, environment, managed-by, fairlead:app and fairlead:environment as cost allocation tags; it takes a day.",
            ]
        : [];

    private static string Fix(string code) =>
        code switch
        {
            "aws.denied" => " The server's role needs ce:GetCostAndUsage; FAIRLEAD_AWS_BILL=off asks no more.",
            "aws.refused" =>
                " Cost Explorer may not be enabled yet: it is in the billing console, once for each account.",
            _ => "",
        };
}
