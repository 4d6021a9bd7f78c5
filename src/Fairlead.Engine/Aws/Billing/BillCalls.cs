using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Aws.Billing;

/// <summary>What Cost Explorer is asked (its API of 2017-10-25). Pure. Each request costs 0.01 USD.</summary>
internal static class BillCalls
{
    /// <summary>As the console shows it, when nothing else is chosen.</summary>
    public const string Metric = "UnblendedCost";

    /// <summary>On everything that <c>fairlead infra</c> makes.</summary>
    private const string ManagedBy = "managed-by";

    /// <summary>The tags by which costs are told apart: of what infrastructure is made, and of what deployments make. Nothing is in both.</summary>
    public static IReadOnlyList<(string App, string Environment, JsonObject Filter)> Groups =>
        [
            ("app", "environment", Made()),
            (
                AwsMarks.App,
                AwsMarks.Environment,
                new()
                {
                    ["And"] = new JsonArray(
                        new JsonObject { ["Not"] = Made() },
                        new JsonObject { ["Not"] = Tag(AwsMarks.App, value: null) }
                    ),
                }
            ),
        ];

    /// <param name="group">One of <see cref="Groups"/>.</param>
    /// <param name="days">From the first, until before the last.</param>
    /// <param name="page">Of the page before; null for the first.</param>
    /// <param name="region">The server's own: those of China have a Cost Explorer of their own.</param>
    public static AwsCall Costs(
        (string App, string Environment, JsonObject Filter) group,
        (DateOnly From, DateOnly Until) days,
        string? page,
        string region
    )
    {
        var body = new JsonObject
        {
            ["TimePeriod"] = new JsonObject { ["Start"] = Day(days.From), ["End"] = Day(days.Until) },
            ["Granularity"] = "MONTHLY",
            ["Metrics"] = new JsonArray(Metric),
            ["GroupBy"] = new JsonArray(By(group.App), By(group.Environment)),
            ["Filter"] = group.Filter.DeepClone(),
        };
        if (page is not null)
        {
            body["NextPageToken"] = page;
        }
        return AwsRest.Target("ce", "AWSInsightsIndexService", "GetCostAndUsage", body) with
        {
            Region = region.StartsWith("cn-", StringComparison.Ordinal) ? "cn-northwest-1" : "us-east-1",
        };
    }

    private static JsonObject Made() => Tag(ManagedBy, "fairlead");

    // Without a value: what has not this tag.
    private static JsonObject Tag(string key, string? value) =>
        new()
        {
            ["Tags"] = value is null
                ? new JsonObject { ["Key"] = key, ["MatchOptions"] = new JsonArray("ABSENT") }
                : new JsonObject
                {
                    ["Key"] = key,
                    ["Values"] = new JsonArray(value),
                    ["MatchOptions"] = new JsonArray("EQUALS"),
                },
        };

    private static JsonObject By(string tag) => new() { ["Type"] = "TAG", ["Key"] = tag };

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
