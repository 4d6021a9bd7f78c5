using Fairlead.Engine.Infrastructure.Applying;
using Fairlead.Engine.Infrastructure.Costs;
using Fairlead.Engine.Reporting;
using Fairlead.Model.Apps;

namespace Fairlead.Tests.Reporting;

/// <summary>Reckoning what infrastructure costs, beside what one reckons by hand.</summary>
public sealed class CostReportTests
{
    private static readonly Site Shop = new("shop", "production");

    // Ten of November's thirty days are left: 240 hours.
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("aws_ecs_service.api", "api")]
    [InlineData("aws_cloudwatch_log_group.api_log", "api")]
    [InlineData("aws_ecs_service.api-v2", "api-v2")]
    [InlineData("aws_lb_target_group.api_v2[\"blue\"]", "api-v2")]
    [InlineData("module.app.aws_ecs_service.web", "web")]
    [InlineData("aws_nat_gateway.main", "")]
    [InlineData("aws_instance.apiary", "")]
    public void A_part_of_the_bill_belongs_to_the_service_in_its_name(string address, string service) =>
        Assert.Equal(service, CostShares.ServiceOf(address, ["api", "api-v2", "web"]));

    [Fact]
    public void Parts_add_up_by_service() =>
        Assert.Equal(
            [("", 80.5m), ("api", 30m)],
            CostShares.ByService([Part("nat", 75m, ""), Part("api", 30m, "api"), Part("db", 5.5m, "")])
        );

    [Fact]
    public void A_month_ends_as_one_reckons_by_hand()
    {
        // 365 USD a month are 0.50 an hour: 200 so far, and 240 hours more.
        var one = Site(monthly: 365m, soFar: 200m);
        Assert.Equal(320m, Math.Round(CostReport.Forecast(one, Now)!.Value, 6));
        Assert.Null(CostReport.Forecast(one with { SoFar = null }, Now));
        // 365 USD for 2,000,000 requests; of a handful nobody can say it.
        Assert.Equal(182.5m, CostReport.PerMillion(365m, 2_000_000));
        Assert.Null(CostReport.PerMillion(365m, 999));
        Assert.Null(CostReport.PerMillion(365m, null));
    }

    [Fact]
    public void What_is_for_nothing_and_what_will_be_too_much_is_named_the_dearest_first() =>
        Assert.Equal(
            [
                "shop/production costs 65.00 USD a month more than its budget of 300.00 USD.",
                "worker of shop/production answered nobody for 7 days and costs 40.00 USD a month.",
                "blog/production was neither asked nor deployed for 30 days and costs 20.00 USD a month: fairlead infra plan --destroy",
                "news/production will have cost 105.00 USD when the month ends; its budget is 100.00 USD.",
            ],
            CostReport.Hints(
                new([
                    Site(365m, 200m) with
                    {
                        Budget = 300m,
                        Services =
                        [
                            new("", 200m, null, null),
                            new("api", 125m, 5_000, 900),
                            new("worker", 40m, 5_000, 0),
                            // Nobody counts its requests: that is not the same as none.
                            new("mail", 30m, null, null),
                        ],
                    },
                    new(new("blog", "production"), 20m, null, 10m, 0, [new("", 20m, 0, 0)]),
                    new(new("news", "production"), 73m, 100m, 81m, 3, [new("web", 73m, 10_000, 2_000)]),
                ]),
                Now
            )
        );

    [Fact]
    public void What_is_not_known_is_left_open()
    {
        var page = CostReport.Page("Cost", new([Site(10m, null) with { Deployments = 0 }]), Now);
        Assert.Equal("10.00 USD in a month for 1 environment.", page.Answer);
        Assert.Equal(
            ["shop", "production", "10.00 USD", "–", "–", "–", "", "–", "0", "–"],
            page.Sections[0].Table!.Rows[0]
        );
        Assert.Equal(
            ["shop", "production", "10.00", "", "", "", "", "", "0", "", "", ""],
            CostReport.Rows(new([Site(10m, null) with { Deployments = 0 }]), Now).Rows[0]
        );
        Assert.Equal("Nothing at a cloud is known to cost anything.", CostReport.Page("Cost", new([]), Now).Answer);
    }

    private static SiteCost Site(decimal monthly, decimal? soFar) => new(Shop, monthly, null, soFar, 2, []);

    private static PlannedCost Part(string name, decimal monthly, string service) =>
        new($"aws_thing.{name}", "hours", monthly) { Service = service };
}
