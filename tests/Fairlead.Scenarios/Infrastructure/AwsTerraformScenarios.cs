using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Scenarios.Aws;

namespace Fairlead.Scenarios.Infrastructure;

/// <summary>The code that is written for AWS, judged by the real Terraform, and made by it at moto, which plays AWS on loopback.</summary>
public sealed class AwsTerraformScenarios
{
    private const string Storefront = """
        app: storefront
        services:
          api: { kind: api, run: python3 app.py, health: /healthz, routes: /api, replicas: 2 }
          web: { kind: web, build: ./build.sh, output: dist, web: { spa: true } }
          worker: { kind: worker, run: python3 app.py }
        environments: { production: { hosts: [shop.example.com] } }
        infrastructure: { cloud: aws, zone: example.com, protected: false, queues: { orders: { senders: [api] } } }
        """;

    // moto keeps fewer of their attributes than it is told.
    private static readonly string[] NeverTheSame = ["aws_cloudfront_distribution", "aws_ecs_service", "aws_sqs_queue"];

    [Theory]
    [InlineData("storefront")]
    [InlineData("everything")]
    [InlineData("functions")]
    [InlineData("closed")]
    public async Task Terraform_finds_nothing_and_the_test_that_comes_with_the_code_passes(string app)
    {
        using var terraform = TerraformUnderTest.Open();
        var folder = terraform.Copy(
            Path.Combine(Path.GetDirectoryName(Here())!, "../../Fairlead.Tests/Infrastructure/Terraform/Golden", app)
        );

        Assert.Equal((0, ""), await terraform.RunAsync(folder, "fmt", "-check", "-recursive", "-no-color"));
        var init = await terraform.RunAsync(folder, "init", "-backend=false", "-no-color");
        Assert.True(init.Code == 0, init.Said);
        var (code, said) = await terraform.RunAsync(folder, "validate", "-no-color");
        Assert.Equal((0, "Success! The configuration is valid."), (code, said.Trim()));
        var test = await terraform.RunAsync(folder, "test", "-no-color");
        Assert.True(test.Code == 0, test.Said);
        Assert.Contains(", 0 failed.", test.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_storefront_is_planned_made_watched_and_removed()
    {
        using var terraform = TerraformUnderTest.Open();
        await using var moto = await MotoUnderTest.StartAsync(
            Path.Combine(Path.GetDirectoryName(Here())!, "aws_server.py")
        );
        moto.Env["TF_CLI_CONFIG_FILE"] = terraform.Settings;
        await using var platform = await Voyages.Platform.StartAsync(moto.Env);
        await MakeZoneAsync(moto);
        await BlockedAsync(platform);
        var folder = platform.App("storefront", Storefront);

        // Planned: everything is new, and nothing was made yet.
        var plan = await JsonAsync(platform, "infra", "plan", folder);
        Assert.True(Changes(plan).Count > 40, plan.ToString());
        Assert.All(Changes(plan), static one => Assert.StartsWith("create ", one, StringComparison.Ordinal));
        Assert.DoesNotContain("storefront-production", await QueuesAsync(moto), StringComparison.Ordinal);

        // Made: exactly that plan, and once.
        var refused = await platform.RunAsync("infra", "apply", "storefront", "--yes", "--plan", "0123456789ab");
        Assert.Contains("infra.no-plan", refused.Messages, StringComparison.Ordinal);
        await JsonAsync(platform, "infra", "apply", "storefront", "--yes", "--plan", Id(plan));
        Assert.Contains("storefront-production-orders", await QueuesAsync(moto), StringComparison.Ordinal);

        await PricedAsync(platform);

        // Nothing is left to do, but for what moto does not keep.
        var again = await JsonAsync(platform, "infra", "plan", folder);
        Assert.DoesNotContain(Changes(again), static one => !NeverTheSame.Any(one.Contains));

        // Somebody changes something by hand.
        await moto.TargetAsync(
            "logs",
            "Logs_20140328",
            "PutRetentionPolicy",
            new() { ["logGroupName"] = "/fairlead/storefront-production/api-log", ["retentionInDays"] = 1 }
        );
        var drift = await JsonAsync(platform, "infra", "drift", folder);
        Assert.Contains("change aws_cloudwatch_log_group.api_log", Changes(drift));
        var looked = (await JsonAsync(platform, "infra", "status", "storefront"))["drift"]!["changes"]!.AsArray();
        Assert.Contains(looked, static one => (string?)one!["what"] == "aws_cloudwatch_log_group.api_log");

        // Removed: only whoever names it may.
        var end = await JsonAsync(platform, "infra", "plan", folder, "--destroy");
        var unnamed = await platform.RunAsync("infra", "apply", "storefront", "--yes", "--plan", Id(end));
        Assert.Contains("infra.not-named", unnamed.Messages, StringComparison.Ordinal);
        await JsonAsync(
            platform,
            "infra",
            "apply",
            "storefront",
            "--yes",
            "--plan",
            Id(end),
            "--confirm",
            "storefront/production"
        );
        Assert.DoesNotContain("storefront-production", await QueuesAsync(moto), StringComparison.Ordinal);
        var left = await platform.RunAsync("infra", "list", folder, "--json");
        Assert.Empty(JsonNode.Parse(left.Output)!["data"]!.AsArray());
    }

    // There already, as of more than one app.
    private static Task MakeZoneAsync(MotoUnderTest moto) =>
        moto.AskAsync(
            new("route53", "CreateHostedZone", "POST", "/2013-04-01/hostedzone")
            {
                Body = Encoding.UTF8.GetBytes(
                    "<CreateHostedZoneRequest xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"><Name>example.com</Name><CallerReference>1</CallerReference></CreateHostedZoneRequest>"
                ),
                ContentType = "application/xml",
            }
        );

    // What it costs.
    private static async Task PricedAsync(Voyages.Platform platform)
    {
        var cost = (await JsonAsync(platform, "report", "cost", "storefront"))["environments"]![0]!;
        Assert.True((decimal)cost["monthly"]! > 20, cost.ToString());
        // Its containers have no image yet, so that none of them runs: all that is paid for so far is shared.
        Assert.Equal("", (string?)Assert.Single(cost["services"]!.AsArray())!["service"]);
    }

    // Without a zone there is no TLS, which no policy lets pass.
    private static async Task BlockedAsync(Voyages.Platform platform)
    {
        var plain = platform.App("storefront", Storefront.Replace("zone: example.com,", "", StringComparison.Ordinal));
        var open = await platform.RunAsync("infra", "plan", plain, "--json");
        var id = Id(JsonNode.Parse(open.Output)!["data"]!.AsObject());
        var blocked = await platform.RunAsync("infra", "apply", "storefront", "--yes", "--plan", id);
        Assert.NotEqual(0, open.Code);
        Assert.Contains("infra.blocked", blocked.Messages, StringComparison.Ordinal);
        Assert.Contains("listener-plain", blocked.Messages, StringComparison.Ordinal);
    }

    internal static async Task<JsonObject> JsonAsync(Voyages.Platform platform, params string[] words)
    {
        var answer = await platform.RunAsync([.. words, "--json"]);
        Assert.True(answer.Code == 0, answer.ToString());
        return JsonNode.Parse(answer.Output)!["data"]!.AsObject();
    }

    private static string Id(JsonObject plan) => $"{plan["plan"]}";

    private static List<string> Changes(JsonObject plan) =>
        [.. plan["changes"]!.AsArray().Select(static one => $"{one!["do"]} {one["what"]}")];

    private static async Task<string> QueuesAsync(MotoUnderTest moto) =>
        (await moto.TargetAsync("sqs", "AmazonSQS", "ListQueues", [])).ToJsonString();

    private static string Here([CallerFilePath] string path = "") => path;
}
