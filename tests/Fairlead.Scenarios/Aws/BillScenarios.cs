using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Fairlead.Scenarios.Aws;

/// <summary>What AWS billed, in the report on costs.</summary>
public sealed class BillScenarios
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_AWS_billed_stands_in_the_report_and_is_asked_once()
    {
        await using var moto = await MotoUnderTest.StartAsync();
        var yesterday = DateTime.UtcNow.AddDays(-1);
        var month = new DateOnly(yesterday.Year, yesterday.Month, 1);
        await PlayAsync(
            moto,
            Costs(month.AddMonths(-1), "app", ("orders", "81.25"), ("news", "3")),
            // Of what deployments make, apart from what infrastructure is made.
            Costs(month, "fairlead:app", ("orders", "20.5"))
        );
        await using var platform = await Voyages.Platform.StartAsync(moto.Env);

        var report = await platform.RunAsync("report", "cost", "--format", "markdown");
        Assert.True(report.Code == 0, report.ToString());
        Assert.Contains(
            "Nothing at a cloud was priced here. AWS billed 20.50 USD in",
            report.Output,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "| news | production | 3.00 USD | – | – | – | – | – |",
            report.Output.Replace("  ", " ", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
        // What comes now would be told if it were asked again.
        await PlayAsync(moto, Costs(month, "app", ("orders", "1000")));
        var again = await platform.AskAsync("report", "cost");
        var orders = again["billed"]!["sites"]!.AsArray().Single(static one => $"{one!["app"]}" == "orders");
        Assert.Equal(81.25m, orders!["lastMonth"]!.GetValue<decimal>());
        Assert.Equal(20.5m, orders["thisMonth"]!.GetValue<decimal>());
        Assert.Null(orders["thisMonthReckoned"]);
    }

    private static async Task PlayAsync(MotoUnderTest moto, params JsonNode[] results)
    {
        using var http = new HttpClient();
        // moto reads no body that comes in pieces.
        using var body = new StringContent(
            new JsonObject { ["results"] = new JsonArray(results) }.ToJsonString(),
            Encoding.UTF8,
            "application/json"
        );
        var url = new Uri($"{moto.Env["AWS_ENDPOINT_URL"]}/moto-api/static/ce/cost-and-usage-results");
        using var answer = await http.PostAsync(url, body, Stop);
        answer.EnsureSuccessStatusCode();
    }

    private static JsonObject Costs(DateOnly month, string tag, params (string App, string Dollars)[] apps) =>
        new()
        {
            ["ResultsByTime"] = new JsonArray(
                new JsonObject
                {
                    ["TimePeriod"] = new JsonObject
                    {
                        ["Start"] = month.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                    },
                    ["Groups"] = new JsonArray([
                        .. apps.Select(one => new JsonObject
                        {
                            ["Keys"] = new JsonArray($"{tag}${one.App}", $"environment$production"),
                            ["Metrics"] = new JsonObject
                            {
                                ["UnblendedCost"] = new JsonObject { ["Amount"] = one.Dollars, ["Unit"] = "USD" },
                            },
                        }),
                    ]),
                }
            ),
        };
}
