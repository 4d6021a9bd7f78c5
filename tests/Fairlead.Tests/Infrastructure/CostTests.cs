using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Engine.Infrastructure.Costs;
using Fairlead.Model.Problems;
using Fairlead.Model.Resources;

namespace Fairlead.Tests.Infrastructure;

/// <summary>Estimates beside the same reckoned by hand. A month has 730 hours.</summary>
public sealed class CostTests
{
    [Fact]
    public void A_small_stack_costs_what_it_costs_by_hand()
    {
        var plan = After(
            Thing(
                "aws_instance",
                """{"instance_type":"t3.medium","root_block_device":[{"volume_type":"gp3","volume_size":30}],"associate_public_ip_address":true}"""
            ),
            Thing("aws_nat_gateway", "{}"),
            Thing("aws_lb", """{"load_balancer_type":"application","internal":false,"subnets":["a","b"]}"""),
            Thing(
                "aws_db_instance",
                """{"engine":"postgres","instance_class":"db.t4g.micro","allocated_storage":20,"storage_type":"gp3","multi_az":true}"""
            ),
            Thing("aws_secretsmanager_secret", "{}"),
            Thing("aws_s3_bucket", "{}")
        );
        var cost = CostEstimator.Of(
            plan,
            PriceBook.Usual,
            [
                Used("aws_nat_gateway.*", "gigabytes", 100),
                Used("aws_lb.one", "capacity-units", 2),
                Used("aws_secretsmanager_secret.one", "requests", 20_000),
                Used("aws_s3_bucket.one", "gigabytes", 50),
                Used("aws_s3_bucket.one", "writes", 100_000),
            ]
        );

        Assert.Equal(
            [
                // 0.0416 × 730; 0.08 × 30; 0.005 × 730
                "aws_db_instance.one: db.t4g.micro, postgres = 23.360", // 0.016 × 730 × 2
                "aws_db_instance.one: storage, gp3 = 4.600", // 0.115 × 20 × 2
                "aws_instance.one: t3.medium = 30.3680",
                "aws_instance.one: disk, gp3 = 2.40",
                "aws_instance.one: public address = 3.650",
                "aws_lb.one: hours = 16.4250", // 0.0225 × 730
                "aws_lb.one: load = 11.680", // 0.008 × 2 × 730
                "aws_lb.one: public addresses = 7.300", // 0.005 × 2 × 730
                "aws_nat_gateway.one: hours = 32.850", // 0.045 × 730
                "aws_nat_gateway.one: traffic = 4.500", // 0.045 × 100
                "aws_s3_bucket.one: files = 1.150", // 0.023 × 50
                "aws_s3_bucket.one: writes = 0.500000", // 0.000005 × 100,000
                "aws_s3_bucket.one: reads = unknown",
                "aws_secretsmanager_secret.one: secret = 0.4",
                "aws_secretsmanager_secret.one: reads = 0.100000", // 0.000005 × 20,000
            ],
            cost.Lines.Select(Text)
        );
        // 23.36 + 4.6 + 30.368 + 2.4 + 3.65 + 16.425 + 11.68 + 7.3 + 32.85 + 4.5 + 1.15 + 0.5 + 0.4 + 0.1
        Assert.Equal((139.283m, 1), (cost.After.Monthly, cost.After.Unknown));
        Assert.Equal((0m, 0), (cost.Before.Monthly, cost.Before.Unknown));
        Assert.Equal("139.28 USD and 1 unknown", cost.After.ToString());
    }

    [Fact]
    public void Containers_without_machines_cost_by_core_and_gigabyte()
    {
        var service = Thing("aws_ecs_service", """{"desired_count":3,"launch_type":"FARGATE"}""") with
        {
            Refers = new Dictionary<string, IReadOnlyList<string>>
            {
                ["task_definition"] = ["aws_ecs_task_definition.one"],
            },
        };
        var cost = CostEstimator.Of(
            After(service, Thing("aws_ecs_task_definition", """{"cpu":"512","memory":"1024"}""")),
            PriceBook.Usual,
            []
        );

        // 0.04048 × 0.5 × 3 × 730 = 44.3256; 0.004445 × 1 × 3 × 730 = 9.73455
        Assert.Equal(54.06015m, cost.After.Monthly);
    }

    [Fact]
    public void A_change_costs_its_difference()
    {
        var before = Values(
            """{"instance_type":"t3.small","root_block_device":[{"volume_type":"gp3","volume_size":20}]}"""
        );
        var after = Values(
            """{"instance_type":"t3.large","root_block_device":[{"volume_type":"gp3","volume_size":20}]}"""
        );
        var plan = new ProvisionPlan(
            "a",
            [
                new("aws_instance.one", "aws_instance", PlannedAction.Update) { Before = before, After = after },
                new("aws_kms_key.gone", "aws_kms_key", PlannedAction.Delete) { Before = Values("{}") },
            ]
        )
        {
            Result = [new("aws_instance.one", "aws_instance", after) { Region = "us-east-1" }],
        };
        var cost = CostEstimator.Of(plan, PriceBook.Usual, []);

        // Before: 0.0208 × 730 + 0.08 × 20 + 1 = 17.784; after: 0.0832 × 730 + 0.08 × 20 = 62.336
        Assert.Equal((17.784m, 62.336m, 44.552m), (cost.Before.Monthly, cost.After.Monthly, cost.Difference));
    }

    [Fact]
    public void What_is_not_known_is_never_nothing()
    {
        var cost = CostEstimator.Of(
            After(
                Thing("aws_msk_cluster", "{}"),
                Thing("google_sql_database_instance", "{}"),
                Thing("aws_instance", """{"instance_type":"z9.mega"}"""),
                Thing("aws_security_group", "{}")
            ),
            PriceBook.Usual,
            []
        );

        Assert.Equal(
            [
                "aws_instance.one: z9.mega = unknown",
                "aws_instance.one: disk, gp2 = unknown",
                "aws_msk_cluster.one: all of it = unknown",
                "google_sql_database_instance.one: all of it = unknown",
            ],
            cost.Lines.Select(Text)
        );
        Assert.All(cost.Lines, static one => Assert.NotNull(one.Unknown));
        Assert.Equal((0m, 4), (cost.After.Monthly, cost.After.Unknown));
    }

    [Theory]
    [InlineData("aws_ecs_service", """{"desired_count":79228162514264337593543950335}""")]
    [InlineData("aws_ebs_volume", """{"type":"gp3","size":1e28}""")]
    [InlineData("aws_ebs_volume", """{"type":"gp3","size":-5}""")]
    [InlineData("aws_autoscaling_group", """{"min_size":"(known after apply)"}""")]
    public void An_amount_that_nobody_has_is_unknown(string type, string values) =>
        Assert.Equal(0m, CostEstimator.Of(After(Thing(type, values)), PriceBook.Usual, []).After.Monthly);

    [Fact]
    public void A_book_of_ones_own_goes_before_the_one_that_is_built_in()
    {
        var own = PriceBook.Read(
            Encoding.UTF8.GetBytes(
                """{"date":"2026-10-01","prices":[{"item":"kms/key","unit":"month","regions":{"us-east-1":0.25}}]}"""
            )
        );
        var cost = CostEstimator.Of(After(Thing("aws_kms_key", "{}")), PriceBook.Usual.With(own), []);

        Assert.Equal((0.25m, "2025-01-01; your own: 2026-10-01"), (cost.After.Monthly, cost.Prices));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"prices":[]}""")]
    [InlineData("""{"date":"a","prices":[{"item":"a","unit":"hour"}]}""")]
    [InlineData("""{"date":"a","prices":[{"item":"a","unit":"hour","regions":{"*":-1}}]}""")]
    public void A_book_that_says_no_prices_is_refused(string json) =>
        Assert.Equal(
            "infra.prices",
            Assert.Throws<ProblemException>(() => PriceBook.Read(Encoding.UTF8.GetBytes(json))).Problem.Code
        );

    [Fact]
    public void What_is_there_is_priced_by_its_state()
    {
        var cost = CostEstimator.Of(
            [
                new("aws_eks_cluster.one", "aws_eks_cluster", "one")
                {
                    Values = Values("""{"arn":"arn:aws:eks:eu-west-1:1:cluster/one"}"""),
                },
            ],
            PriceBook.Usual,
            []
        );

        // 0.10 × 730
        Assert.Equal((73m, 73m), (cost.Before.Monthly, cost.After.Monthly));
    }

    private static ProvisionPlan After(params PlannedThing[] things) =>
        new(
            "a",
            [
                .. things.Select(static one => new PlannedChange(one.Address, one.Type, PlannedAction.Create)
                {
                    After = one.Values,
                }),
            ]
        )
        {
            Result = things,
        };

    private static PlannedThing Thing(string type, string values) =>
        new($"{type}.one", type, Values(values)) { Region = "us-east-1" };

    private static JsonObject Values(string json) => (JsonObject)JsonNode.Parse(json)!;

    private static UsageEntry Used(string where, string of, double monthly) =>
        new()
        {
            Where = where,
            Of = of,
            Monthly = monthly,
        };

    private static string Text(CostLine line) =>
        string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{line.Address}: {line.Part} = {(object?)line.After ?? "unknown"}"
        );
}
