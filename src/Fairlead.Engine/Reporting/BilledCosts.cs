using System.Globalization;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Reporting;

/// <summary>What AWS really wants, beside what was reckoned for the same days.</summary>
/// <param name="Month">The first day of the month that is not over.</param>
/// <param name="Until">The first day of which nothing is in it.</param>
/// <param name="Notes">What cannot be known, and why.</param>
public sealed record BilledCosts(
    DateOnly Month,
    DateOnly Until,
    IReadOnlyList<BilledSite> Sites,
    IReadOnlyList<string> Notes
);

/// <param name="LastMonth">Of all of it.</param>
/// <param name="ThisMonth">Of its full days.</param>
public sealed record BilledSite(Site Site, BilledAmount LastMonth, BilledAmount ThisMonth);

/// <param name="Billed">US dollars; null where AWS does not say.</param>
/// <param name="Reckoned">By list prices and the hours in which it was there; null where nothing kept count.</param>
public readonly record struct BilledAmount(decimal? Billed, decimal? Reckoned)
{
    /// <summary>By how much the bill is more; null where one of them is not known.</summary>
    public decimal? Difference => Billed - Reckoned;
}

/// <summary>The part of the report on costs that is about the bill. Pure.</summary>
public static class BilledPart
{
    /// <summary>Nothing where there is neither a bill nor a word about it.</summary>
    public static IReadOnlyList<ReportSection> Sections(BilledCosts? bill) =>
        bill is null or { Sites.Count: 0, Notes.Count: 0 }
            ? []
            :
            [
                new("Billed by AWS")
                {
                    Table = bill.Sites.Count == 0 ? null : Table(bill),
                    Lines =
                    [
                        .. bill.Notes,
                        .. bill.Sites.Count == 0
                            ? Array.Empty<string>()
                            :
                            [
                                $"Until {Day(bill.Until.AddDays(-1))}, in UTC, before credits and taxes; AWS corrects the last days later. Reckoned: list prices for the same days.",
                            ],
                    ],
                },
            ];

    /// <summary>What it comes to, as a clause; empty where nothing is known.</summary>
    public static string Clause(BilledCosts? bill) =>
        bill?.Sites.Select(static one => one.ThisMonth.Billed).OfType<decimal>().ToList() is { Count: > 0 } known
            ? $" AWS billed {Money(known.Sum())} in {bill.Month.ToString("MMMM", CultureInfo.InvariantCulture)} until {Day(bill.Until.AddDays(-1))}."
            : "";

    private static ReportTable Table(BilledCosts bill)
    {
        var (last, now) = (Name(bill.Month.AddMonths(-1)), Name(bill.Month));
        return new(
            [
                new("App"),
                new("Environment"),
                new(last, IsNumber: true),
                new("Reckoned", IsNumber: true),
                new("Difference", IsNumber: true),
                new(now, IsNumber: true),
                new("Reckoned", IsNumber: true),
                new("Difference", IsNumber: true),
            ],
            [
                .. bill.Sites.Select(static one =>
                    (IReadOnlyList<string>)
                        [one.Site.App, one.Site.Environment, .. Cells(one.LastMonth), .. Cells(one.ThisMonth)]
                ),
            ]
        );
    }

    private static IEnumerable<string> Cells(BilledAmount one) =>
        [
            Open(one.Billed),
            Open(one.Reckoned),
            one.Difference is { } more
                ? $"{(more > 0 ? "+" : "")}{Money(more)}{(one.Reckoned > 0 ? string.Create(CultureInfo.InvariantCulture, $" ({more / one.Reckoned.Value * 100:+0;-0;0} %)") : "")}"
                : "–",
        ];

    private static string Open(decimal? amount) => amount is { } known ? Money(known) : "–";

    private static string Name(DateOnly month) => month.ToString("MMMM yyyy", CultureInfo.InvariantCulture);

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Money(decimal amount) => string.Create(CultureInfo.InvariantCulture, $"{amount:#,0.00} USD");
}
