using System.Text.Json.Nodes;

namespace Fairlead.Scenarios.Aws;

/// <summary>The same deployments, as tasks of ECS behind a load balancer.</summary>
public sealed class EcsScenarios
{
    // Keeps where Fairlead says that the version to be judged is.
    private const string Check = """
        import os
        open("asked.txt", "w").write(os.environ["FAIRLEAD_URL"])
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_service_is_deployed_tried_with_a_share_taken_back_when_it_does_not_run_and_rolled_back()
    {
        await using var ground = await EcsGround.StartAsync();
        await using var platform = await Voyages.Platform.StartAsync(ground.Moto.Env);
        var folder = App(
            platform,
            ground,
            "{ strategy: canary, shares: [10%], hold: 2s, gates: [{ command: python3 check.py }] }"
        );

        await SucceedsAsync(platform.DeployAsync(folder));
        Assert.Equal("1=100", await ground.SharesAsync());
        Assert.Equal("services 1; groups 1; doors 1; definitions 1", await ground.ThingsAsync());

        // Its tasks never run: it is taken back with its time, and nothing of it stays.
        var broken = await platform.DeployAsync(folder, "api.env.FAULT=crash");
        Assert.True(broken.Code == 8, broken.ToString());
        Assert.Contains("ECS has 0 of 2 tasks of orders-production-api-2", broken.Messages, StringComparison.Ordinal);
        Assert.Equal("1=100", await ground.SharesAsync());
        await MotoUnderTest.UntilAsync(
            async () => await ground.ThingsAsync() == "services 1; groups 1; doors 1; definitions 1",
            "nothing of the second is left"
        );

        var canary = platform.DeployAsync(folder, "api.env.N=3");
        await MotoUnderTest.UntilAsync(
            async () => await ground.SharesAsync() == "1=90 3=10",
            "a tenth goes to the third"
        );
        await SucceedsAsync(canary);
        Assert.Equal("3=100", await ground.SharesAsync());
        var asked = await File.ReadAllTextAsync(Path.Combine(folder, "asked.txt"), Stop);
        Assert.Contains($"3:{asked.Split('=')[^1]}", await ground.DoorsAsync());

        await SucceedsAsync(platform.RunAsync("rollback", "orders"));
        Assert.Equal("1=100", await ground.SharesAsync());
    }

    [Fact]
    public async Task A_server_that_is_killed_in_the_midst_makes_nothing_twice_and_what_is_removed_by_hand_is_put_back()
    {
        await using var ground = await EcsGround.StartAsync();
        await using var platform = await Voyages.Platform.StartAsync(ground.Moto.Env);
        var folder = App(platform, ground, "{ strategy: blue-green }");
        await SucceedsAsync(platform.DeployAsync(folder));

        var deploying = platform.DeployAsync(folder, "api.env.N=2");
        for (var kills = 0; kills < 3; kills++)
        {
            platform.Kill("server");
            await Task.Delay(TimeSpan.FromSeconds(1), Stop);
        }
        await deploying;
        await MotoUnderTest.UntilAsync(async () => await ground.SharesAsync() == "2=100", "the second answers");
        Assert.Equal("services 1,2; groups 1,2; doors 1,2; definitions 2", await ground.ThingsAsync());
        Assert.Equal(
            "fairlead:app=orders fairlead:environment=production fairlead:service=api fairlead:since=2",
            Tags((await ground.ServicesAsync()).Single(static one => Name(one) == "orders-production-api-2"))
        );

        // By hand, while it answers.
        await ground.AskAsync(
            "UpdateService",
            new()
            {
                ["cluster"] = EcsGround.Cluster,
                ["service"] = "orders-production-api-2",
                ["desiredCount"] = 0,
            }
        );
        await MotoUnderTest.UntilAsync(
            async () =>
                (await ground.ServicesAsync()).Any(static one =>
                    Name(one) == "orders-production-api-2" && one["runningCount"]!.GetValue<int>() == 2
                ),
            "its tasks run again",
            90
        );
        Assert.Equal("2=100", await ground.SharesAsync());
    }

    [Fact]
    public async Task What_the_load_balancer_counts_breaks_a_gate()
    {
        await using var ground = await EcsGround.StartAsync();
        await using var platform = await Voyages.Platform.StartAsync(ground.Moto.Env);
        var folder = App(
            platform,
            ground,
            "{ strategy: canary, shares: [20%], hold: 3m, judge: off, gates: [error-rate < 1%] }"
        );
        await SucceedsAsync(platform.DeployAsync(folder));

        var failing = platform.DeployAsync(folder, "api.env.N=2");
        await MotoUnderTest.UntilAsync(
            async () => await ground.SharesAsync() == "1=80 2=20",
            "a fifth goes to the second"
        );
        await ground.CountAsync("2", "RequestCount", 200);
        await ground.CountAsync("2", "HTTPCode_Target_5XX_Count", 110);
        await ground.CountAsync("2", "TargetConnectionErrorCount", 10);
        var answer = await failing;

        Assert.True(answer.Code == 6, answer.ToString());
        Assert.Contains("120 of 200 requests failed", answer.Messages, StringComparison.Ordinal);
        Assert.Equal("1=100", await ground.SharesAsync());
    }

    [Fact]
    public async Task What_was_replaced_is_removed_whole_when_nobody_may_want_it_back()
    {
        await using var ground = await EcsGround.StartAsync();
        await using var platform = await Voyages.Platform.StartAsync(ground.Moto.Env);
        var folder = App(platform, ground, "{ strategy: rolling }", keep: "0s");

        await SucceedsAsync(platform.DeployAsync(folder));
        await SucceedsAsync(platform.DeployAsync(folder, "api.env.N=2"));

        Assert.Equal("2=100", await ground.SharesAsync());
        await MotoUnderTest.UntilAsync(
            async () => await ground.ThingsAsync() == "services 2; groups 2; doors 2; definitions 1",
            "the first is gone"
        );
    }

    [Fact]
    public async Task What_AWS_refuses_is_said_in_its_words_and_leaves_nothing_and_somebody_elses_is_left_alone()
    {
        await using var ground = await EcsGround.StartAsync();
        await using var platform = await Voyages.Platform.StartAsync(ground.Moto.Env);
        var folder = App(platform, ground, "{ strategy: blue-green }", subnet: "subnet-00000000");

        var refused = await platform.DeployAsync(folder);
        Assert.True(refused.Code != 0, refused.ToString());
        Assert.Contains("subnet-00000000", refused.Messages, StringComparison.Ordinal);
        await MotoUnderTest.UntilAsync(
            async () => await ground.ThingsAsync() == "services ; groups ; doors ; definitions 0",
            "nothing of it is left"
        );

        await ground.AskAsync(
            "CreateService",
            new()
            {
                ["cluster"] = EcsGround.Cluster,
                ["serviceName"] = "orders-production-api-7",
                ["desiredCount"] = 1,
            }
        );
        App(platform, ground, "{ strategy: blue-green }");
        var stranger = await platform.DeployAsync(folder);
        Assert.True(stranger.Code != 0, stranger.ToString());
        Assert.Contains("does not belong to this app", stranger.Messages, StringComparison.Ordinal);
        Assert.Equal("services 7; groups ; doors ; definitions 0", await ground.ThingsAsync());
    }

    [Fact]
    public async Task What_is_built_of_a_folder_is_sent_as_an_image_and_run_by_its_digest()
    {
        await using var ground = await EcsGround.StartAsync();
        await using var platform = await Voyages.Platform.StartAsync(ground.Moto.Env);
        var folder = App(platform, ground, "{ strategy: blue-green }");
        var manifest = Path.Combine(folder, "fairlead.yaml");
        var text = await File.ReadAllTextAsync(manifest, Stop);
        await File.WriteAllTextAsync(
            manifest,
            text.Replace(
                    $"container: {{ image: \"{ground.Image}\" }}",
                    "run: python3 -m http.server",
                    StringComparison.Ordinal
                )
                .Replace("ecs:", $"ecs:\n        registry: \"{ground.Registry.Host}\"", StringComparison.Ordinal),
            Stop
        );

        await SucceedsAsync(platform.DeployAsync(folder));

        Assert.Equal("1=100", await ground.SharesAsync());
        var definition = await ground.AskAsync(
            "DescribeTaskDefinition",
            new() { ["taskDefinition"] = "orders-production-api" }
        );
        var container = definition["taskDefinition"]!["containerDefinitions"]![0]!;
        var (name, digest) = container["image"]!.GetValue<string>().Split('@') switch
        {
            [var said, var by] => (said, by),
            var other => throw new InvalidOperationException(string.Join('@', other)),
        };
        Assert.StartsWith($"{ground.Registry.Host}/orders/api:", name, StringComparison.Ordinal);
        Assert.Contains(digest, ground.Registry.Manifests.Keys);
        Assert.Contains(name.Split(':')[^1], ground.Registry.Manifests.Keys);
        // Its image says what is started.
        Assert.Null(container["command"]);
    }

    private static string App(
        Voyages.Platform platform,
        EcsGround ground,
        string deploy,
        string keep = "10m",
        string? subnet = null
    )
    {
        var folder = platform.App(
            "orders",
            $$"""
            app: orders
            services:
              api:
                kind: api
                container: { image: "{{ground.Image}}" }
                replicas: 2
                keep: {{keep}}
                drain: 1s
                health: { http: /healthz, startGrace: 8s }
                aws:
                  ecs:
                    cluster: {{EcsGround.Cluster}}
                    subnets: [{{subnet ?? ground.Subnet}}]
                    securityGroups: [{{ground.SecurityGroup}}]
                    executionRole: arn:aws:iam::123456789012:role/ecs
                    loadBalancer: shop
                deploy: {{deploy}}
            environments:
              production: { target: aws, hosts: [shop.example.com], tls: off }
            """
        );
        File.WriteAllText(Path.Combine(folder, "check.py"), Check);
        return folder;
    }

    private static string Name(JsonObject service) => service["serviceName"]!.GetValue<string>();

    // Whose Fairlead it is, and its fence, are not the same twice.
    private static string Tags(JsonObject service) =>
        string.Join(
            ' ',
            service["tags"]!
                .AsArray()
                .Select(static one => $"{one!["key"]}={one["value"]}")
                .Where(static one =>
                    !one.StartsWith("fairlead:owner=", StringComparison.Ordinal)
                    && !one.StartsWith("fairlead:fence=", StringComparison.Ordinal)
                )
                .Order(StringComparer.Ordinal)
        );

    private static async Task SucceedsAsync(Task<Voyages.Platform.Answer> answer)
    {
        var said = await answer;
        Assert.True(said.Code == 0, said.ToString());
    }
}
