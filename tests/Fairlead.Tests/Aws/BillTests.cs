using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Engine.Aws.Billing;
using Fairlead.Engine.Reporting;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Tests.Fakes;

namespace Fairlead.Tests.Aws;

public sealed class BillTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static readonly Site Shop = new("shop", "production");

    private const string Answer = """
        {"ResultsByTime":[
          {"TimePeriod":{"Start":"2025-12-01","End":"2026-01-01"},"Total":{},"Estimated":false,"Groups":[
            {"Keys":["app$shop","environment$production"],"Metrics":{"UnblendedCost":{"Amount":"71.5","Unit":"USD"}}},
            {"Keys":["app$","environment$"],"Metrics":{"UnblendedCost":{"Amount":"900","Unit":"USD"}}},
            {"Keys":["app$shop","environment$../x"],"Metrics":{"UnblendedCost":{"Amount":"900","Unit":"USD"}}},
            {"Keys":["app$shop"],"Metrics":{}},
            {"Keys":["app$news","environment$production"],"Metrics":{"UnblendedCost":{"Amount":"12","Unit":"CNY"}}},
            {"Keys":["app$blog","environment$production"],"Metrics":{"UnblendedCost":{"Amount":"1e400","Unit":"USD"}}}]},
          {"TimePeriod":{"Start":"2026-01-01","End":"2026-01-21"},"Total":{},"Estimated":true,"Groups":[
            {"Keys":["app$shop","environment$production"],"Metrics":{"UnblendedCost":{"Amount":"0.0101516483","Unit":"USD"}}}]},
          {"TimePeriod":{"Start":"soon"},"Groups":[]}, 7]}
        """;

    [Fact]
    public void Costs_are_asked_for_by_the_tags_of_what_was_made_in_the_one_place_that_knows_them()
    {
        var call = BillCalls.Costs(BillCalls.Groups[0], (new(2025, 12, 1), new(2026, 1, 21)), null, "eu-central-1");

        Assert.Equal("us-east-1", call.Region);
        Assert.Equal(
            """
            POST /
            X-Amz-Target: AWSInsightsIndexService.GetCostAndUsage
            {"TimePeriod":{"Start":"2025-12-01","End":"2026-01-21"},"Granularity":"MONTHLY","Metrics":["UnblendedCost"],"GroupBy":[{"Type":"TAG","Key":"app"},{"Type":"TAG","Key":"environment"}],"Filter":{"Tags":{"Key":"managed-by","Values":["fairlead"],"MatchOptions":["EQUALS"]}}}
            """,
            Ordered.Text(call)
        );
        Assert.Equal(
            """
            POST /
            X-Amz-Target: AWSInsightsIndexService.GetCostAndUsage
            {"TimePeriod":{"Start":"2025-12-01","End":"2026-01-21"},"Granularity":"MONTHLY","Metrics":["UnblendedCost"],"GroupBy":[{"Type":"TAG","Key":"fairlead:app"},{"Type":"TAG","Key":"fairlead:environment"}],"Filter":{"And":[{"Not":{"Tags":{"Key":"managed-by","Values":["fairlead"],"MatchOptions":["EQUALS"]}}},{"Not":{"Tags":{"Key":"fairlead:app","MatchOptions":["ABSENT"]}}}]},"NextPageToken":"p2"}
            """,
            Ordered.Text(
                BillCalls.Costs(BillCalls.Groups[1], (new(2025, 12, 1), new(2026, 1, 21)), "p2", "eu-central-1")
            )
        );
        Assert.Equal(
            "cn-northwest-1",
            BillCalls.Costs(BillCalls.Groups[0], (default, default), null, "cn-north-1").Region
        );
    }

    [Fact]
    public void What_has_no_tag_no_amount_or_another_currency_is_unknown_and_not_nothing()
    {
        var answer = (JsonObject)JsonNode.Parse(Answer)!;

        Assert.Equal(
            [new BillLine(Shop, new(2025, 12, 1), 71.5m), new BillLine(Shop, new(2026, 1, 1), 0.0101516483m)],
            BillReading.Lines(answer)
        );
        Assert.Empty(BillReading.Lines([]));
        Assert.Equal(
            [new BillLine(Shop, new(2025, 12, 1), 143m)],
            BillReading.Sum([.. BillReading.Lines(answer).Take(1), .. BillReading.Lines(answer).Take(1)])
        );
    }

    [Fact]
    public async Task It_is_asked_twice_a_day_at_most_and_every_page_once()
    {
        var (clock, played) = (
            new ByHand(),
            new PlayedBill(
                Answer.Replace("}, 7]}", "}],\"NextPageToken\":\"p2\"}", StringComparison.Ordinal),
                Answer,
                """{"ResultsByTime":[]}"""
            )
        );
        var world = new World(clock, new Random(1));
        var store = new MemoryStore(world);
        using var desk = new BillDesk(played, (store, () => new(1)), world, isAsked: true);

        var bill = await desk.ReadAsync(Stop);
        Assert.Equal(3, played.Asked);
        Assert.Equal((new DateOnly(2026, 1, 21), 143m), (bill!.Until, bill.Lines[0].Dollars));

        clock.Now += BillDesk.Fresh - TimeSpan.FromMinutes(1);
        using var restarted = new BillDesk(played, (store, () => new(1)), world, isAsked: true);
        Assert.Equal(bill.Lines, (await restarted.ReadAsync(Stop))!.Lines);
        Assert.Equal(3, played.Asked);

        clock.Now += TimeSpan.FromMinutes(1);
        await desk.ReadAsync(Stop);
        Assert.Equal(5, played.Asked);
    }

    [Fact]
    public async Task A_refusal_is_said_keeps_what_was_known_and_is_not_repeated_at_once()
    {
        var clock = new ByHand();
        var played = new PlayedBill(Answer);
        var world = new World(clock, new Random(1));
        using var desk = new BillDesk(played, (new MemoryStore(world), () => new(1)), world, isAsked: true);
        await desk.ReadAsync(Stop);

        clock.Now += BillDesk.Fresh;
        played.Problem = new("aws.denied", "You may not.", "No.", "Ask.");
        var asked = played.Asked;
        Assert.Equal("You may not. No.", (await desk.ReadAsync(Stop))!.Trouble!.Text);
        Assert.Equal(2, (await desk.ReadAsync(Stop))!.Lines.Count);
        Assert.Equal(asked + 1, played.Asked);

        clock.Now += BillDesk.Pause;
        played.Problem = null;
        Assert.Null((await desk.ReadAsync(Stop))!.Trouble);
    }

    [Fact]
    public async Task Without_credentials_or_where_it_is_not_wanted_there_is_none()
    {
        var world = new World(new ByHand(), new Random(1));
        var played = new PlayedBill(Answer) { Problem = new("aws.no-credentials", "None.", "None.", "Set some.") };
        using var none = new BillDesk(played, (new MemoryStore(world), () => new(1)), world, isAsked: true);
        Assert.Null(await none.ReadAsync(Stop));

        using var off = new BillDesk(new PlayedBill(Answer), (new MemoryStore(world), () => new(1)), world, false);
        Assert.Null(await off.ReadAsync(Stop));
    }

    [Fact]
    public void The_bill_stands_beside_what_was_reckoned_and_what_is_not_known_is_open()
    {
        var bill = new BilledCosts(
            new(2026, 1, 1),
            new(2026, 1, 21),
            [new(Shop, new(71.5m, 65m), new(30m, 40m)), new(new("blog", "production"), new(null, 10m), new(0m, null))],
            []
        );
        var section = Assert.Single(BilledPart.Sections(bill));

        Assert.Equal(
            ["App", "Environment", "December 2025", "Reckoned", "Difference", "January 2026", "Reckoned", "Difference"],
            section.Table!.Columns.Select(static one => one.Name)
        );
        Assert.Equal(
            [
                "shop production 71.50 USD 65.00 USD +6.50 USD (+10 %) 30.00 USD 40.00 USD -10.00 USD (-25 %)",
                "blog production – 10.00 USD – 0.00 USD – –",
            ],
            section.Table.Rows.Select(static one => string.Join(' ', one))
        );
        Assert.Equal(" AWS billed 30.00 USD in January until 2026-01-20.", BilledPart.Clause(bill));
        Assert.Empty(BilledPart.Sections(null));
        Assert.Equal("", BilledPart.Clause(bill with { Sites = [] }));
    }

    private sealed class ByHand : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 21, 9, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }

    /// <summary>Gives one answer after another, and the last one again and again.</summary>
    private sealed class PlayedBill(params string[] answers) : IAws
    {
        public int Asked { get; private set; }

        public Problem? Problem { get; set; }

        public string Region => "eu-central-1";

        public Uri AddressOf(AwsCall call) => new("http://127.0.0.1");

        public Task<AwsAnswer> AskAsync(AwsCall call, CancellationToken stop)
        {
            Asked++;
            return Problem is { } problem
                ? throw new ProblemException(problem)
                : Task.FromResult(
                    new AwsAnswer(200, Encoding.UTF8.GetBytes(answers[Math.Min(Asked, answers.Length) - 1]))
                );
        }
    }
}
