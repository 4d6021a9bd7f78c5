using System.Text;
using Fairlead.Engine.Infrastructure.Costs;
using Fairlead.Engine.Infrastructure.Planning;
using Fairlead.Engine.Infrastructure.Policies;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Fuzzing;

/// <summary>Readers of what tools say of infrastructure.</summary>
internal static partial class OutsideReaders
{
    private const string PlanSeed = """
        {"format_version":"1.2","variables":{"r":{"value":"eu-west-1"}},"resource_changes":[{"address":"module.m[\"a\"].aws_security_group.g[0]","mode":"managed",
        "type":"aws_security_group","name":"g","change":{"actions":["delete","create"],"before":{"name":"a","n":1.5},"after":{"ingress":[{"from_port":22,
        "to_port":22,"protocol":"tcp","cidr_blocks":["0.0.0.0/0"]}],"tags_all":{"a":"b"}},"after_unknown":{"id":true},"after_sensitive":{"name":true},
        "replace_paths":[["name"],["ingress",0]]}},{"address":"aws_iam_policy.p","mode":"managed","type":"aws_iam_policy","change":{"actions":["create"],
        "after":{"policy":"{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{\"Bool\":{\"a\":true}}}]}"}}}],
        "configuration":{"provider_config":{"aws":{"expressions":{"region":{"references":["var.r"]}}}},"root_module":{"module_calls":{"m":{"expressions":
        {"x":{"references":["var.r"]}},"module":{"resources":[{"address":"aws_security_group.g","provider_config_key":"m:aws","expressions":{"name":
        {"references":["var.x","module.m.y"]},"vpc_id":{"constant_value":"v"}}}],"outputs":{"y":{"expression":{"references":["var.x"]}}}}}}}}}
        """;

    private static IEnumerable<OutsideReader> Infrastructure() => [.. Plans(), .. Code()];

    private static IEnumerable<OutsideReader> Plans()
    {
        yield return OutsideReader
            .OfText(
                "plan of Terraform",
                static text =>
                {
                    var plan = TerraformPlanReader.Read(Encoding.UTF8.GetBytes(text), "a");
                    var cost = CostEstimator.Of(plan, PriceBook.Usual, []);
                    _ = PolicyJudge.Judge(
                        plan,
                        new(
                            new()
                            {
                                IsProtected = true,
                                Regions = ["eu-central-1"],
                                Tags = ["team"],
                                Budget = 0,
                                Cost = cost,
                            },
                            new(2026, 1, 1)
                        )
                        {
                            Policies = new()
                            {
                                Rules =
                                [
                                    new()
                                    {
                                        Name = "a",
                                        Require = "after.tags.a == before.name",
                                        Why = "So.",
                                    },
                                ],
                            },
                        }
                    );
                },
                PlanSeed
            )
            .Refuses<ProblemException>();
        yield return OutsideReader
            .OfText(
                "state of Terraform",
                static text =>
                    CostEstimator.Of(TerraformStateReader.Read(Encoding.UTF8.GetBytes(text)), PriceBook.Usual, []),
                """{"version":4,"resources":[{"mode":"managed","type":"aws_instance","name":"a","module":"module.m","instances":[{"index_key":"k","attributes":{"id":"i","instance_type":"t3.small","arn":"a:b:c:d:e"},"sensitive_attributes":[[{"type":"get_attr","value":"id"}]]}]}]}"""
            )
            .Refuses<ProblemException>();
    }

    private static IEnumerable<OutsideReader> Code()
    {
        yield return OutsideReader
            .OfText(
                "book of prices",
                static text => PriceBook.Read(Encoding.UTF8.GetBytes(text)),
                """{"date":"2026-01-01","prices":[{"item":"kms/key","unit":"month","regions":{"*":1.5}}]}"""
            )
            .Refuses<ProblemException>();
        yield return OutsideReader.OfText(
            "code of Terraform",
            static text =>
                new HclPlaces(new Dictionary<string, string> { ["main.tf"] = text }, "").Find(
                    new Violation("aws_security_group.g", "ingress.1.cidr_blocks", "") { Hints = ["22", "0.0.0.0/0"] }
                ),
            "resource \"aws_security_group\" \"g\" {\n  name = \"${var.a[\"x\"]}-$${b}\" # c\n  ingress { from_port = 22 }\n  dynamic \"ingress\" {\n    for_each = [1, { a = (2) }]\n    content {\n      cidr_blocks = [\"0.0.0.0/0\"]\n    }\n  }\n  policy = <<-EOT\n    { \"a\": 1 }\n  EOT\n}\n/* module */ module \"m\" {\n  source = \"./m\"\n}\n"
        );
    }
}
