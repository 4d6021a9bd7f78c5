using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Aws.Billing;

/// <summary>Reads what Cost Explorer says. Pure; what cannot be read, or is in another currency, is passed over and stays unknown.</summary>
internal static class BillReading
{
    private const decimal DollarsMax = 1_000_000_000;

    public static IReadOnlyList<BillLine> Lines(JsonObject answer) =>
        [
            .. from month in AwsMarks.Objects(answer["ResultsByTime"])
            let start = AwsMarks.Text((month["TimePeriod"] as JsonObject)?["Start"])
            where start is not null
            let day = DateOnly.TryParseExact(
                start,
                "yyyy-MM-dd",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var read
            )
                ? read
                : default(DateOnly?)
            where day is not null
            from one in AwsMarks.Objects(month["Groups"])
            let site = SiteOf(one["Keys"] as JsonArray)
            let cost = (one["Metrics"] as JsonObject)?[BillCalls.Metric] as JsonObject
            let dollars = DollarsOf(cost)
            where site is not null && dollars is not null
            select new BillLine(site, new(day.Value.Year, day.Value.Month, 1), dollars.Value),
        ];

    /// <summary>Null after the last page.</summary>
    public static string? NextPage(JsonObject answer) =>
        AwsMarks.Text(answer["NextPageToken"]) is { Length: > 0 } page ? page : null;

    /// <summary>The same site and month once.</summary>
    public static IReadOnlyList<BillLine> Sum(IEnumerable<BillLine> lines) =>
        [
            .. lines
                .GroupBy(static one => (one.Site, one.Month))
                .OrderBy(static one => $"{one.Key.Site}", StringComparer.Ordinal)
                .ThenBy(static one => one.Key.Month)
                .Select(static one => new BillLine(one.Key.Site, one.Key.Month, one.Sum(static line => line.Dollars))),
        ];

    // "app$shop", "environment$production"; nothing after the sign for what has no such tag.
    private static Site? SiteOf(JsonArray? keys) =>
        keys is [var first, var second] && Value(first) is { } app && Value(second) is { } environment
            ? new(app, environment)
            : null;

    private static string? Value(JsonNode? key) =>
        AwsMarks.Text(key) is { } text
        && text.IndexOf('$', StringComparison.Ordinal) is >= 0 and var at
        && text[(at + 1)..] is var value
        && Site.IsName(value)
            ? value
            : null;

    private static decimal? DollarsOf(JsonObject? cost) =>
        AwsMarks.Text(cost?["Unit"]) is "USD"
        && decimal.TryParse(
            AwsMarks.Text(cost?["Amount"]),
            NumberStyles.Float,
            CultureInfo.InvariantCulture,
            out var amount
        )
        && Math.Abs(amount) < DollarsMax
            ? amount
            : null;
}
