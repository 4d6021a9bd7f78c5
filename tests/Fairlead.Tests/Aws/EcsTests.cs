using System.Text.Json.Nodes;
using Fairlead.Engine.Aws;
using Fairlead.Engine.Aws.Ecs;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;

namespace Fairlead.Tests.Aws;

public sealed class EcsTests
{
    private static readonly AwsTasks Tasks = Ordered.Tasks.Tasks!;
    private static readonly AwsSpot Spot = Ordered.Spot(Ordered.Tasks);
    private static readonly AwsCharge Me = new("me", new(3));

    [Fact]
    public void A_task_is_one_container_of_the_image_with_its_lines_in_CloudWatch() =>
        Assert.Equal(
            """
            POST /
            X-Amz-Target: AmazonEC2ContainerServiceV20141113.RegisterTaskDefinition
            {"family":"shop-production-api","networkMode":"awsvpc","requiresCompatibilities":["FARGATE"],"cpu":"512","memory":"1024","runtimePlatform":{"cpuArchitecture":"X86_64","operatingSystemFamily":"LINUX"},"executionRoleArn":"arn:aws:iam::123456789012:role/ecs","taskRoleArn":"arn:aws:iam::123456789012:role/api","containerDefinitions":[{"name":"api","image":"r/api@sha256:0","essential":true,"portMappings":[{"containerPort":8080,"protocol":"tcp"}],"environment":[{"name":"COLOUR","value":"blue"},{"name":"N","value":"2"},{"name":"FAIRLEAD_APP","value":"shop"},{"name":"FAIRLEAD_ENVIRONMENT","value":"production"},{"name":"FAIRLEAD_SERVICE","value":"api"},{"name":"FAIRLEAD_RELEASE","value":"42"},{"name":"PORT","value":"8080"}],"stopTimeout":10,"logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"/ecs/shop-production-api","awslogs-region":"eu-central-1","awslogs-stream-prefix":"api@42"}}}],"tags":[{"key":"fairlead:app","value":"shop"},{"key":"fairlead:environment","value":"production"},{"key":"fairlead:service","value":"api"},{"key":"fairlead:owner","value":"me"},{"key":"fairlead:since","value":"42"},{"key":"fairlead:fence","value":"3"}]}
            """,
            Text(EcsCalls.Register(Ordered.Order(Ordered.Tasks), Tasks, ("r/api@sha256:0", "eu-central-1", Me)))
        );

    [Fact]
    public void A_command_a_user_and_a_check_inside_are_said_to_ECS()
    {
        var order = Ordered.Order(Ordered.Tasks);
        var container = EcsContainers.Of(
            order with
            {
                Service = order.Service with
                {
                    Port = 3000,
                    StopGrace = TimeSpan.FromMinutes(10),
                    Recipe = new() { Stack = "image", Run = ["serve", "--port={port}"] },
                    Health = new() { Command = ["/healthy"] },
                    Container = new() { User = "10001" },
                },
            },
            Tasks,
            "r/api@sha256:0",
            "eu-central-1"
        );
        Assert.Equal(
            """["serve","--port=3000"] 10001 120 {"command":["CMD","/healthy"],"interval":5,"timeout":5,"retries":3,"startPeriod":60}""",
            $"{container["command"]!.ToJsonString()} {container["user"]} {container["stopTimeout"]} {container["healthCheck"]!.ToJsonString()}"
        );
    }

    [Fact]
    public void An_image_that_was_made_here_starts_its_program_itself_and_is_told_where_to_listen()
    {
        var order = Ordered.Order(
            Ordered.Tasks with
            {
                Tasks = Ordered.Tasks.Tasks! with { Registry = "r.example.com" },
            }
        );
        var container = EcsContainers.Of(
            order with
            {
                Service = order.Service with
                {
                    Recipe = new() { Stack = "custom", Run = ["./start.sh"] },
                    Container = new(),
                },
                Env = new Dictionary<string, string> { ["HOST"] = "::" },
            },
            Tasks,
            "r/api@sha256:0",
            "eu-central-1"
        );
        Assert.Null(container["command"]);
        var env = container["environment"]!.AsArray().Select(static one => $"{one!["name"]}={one["value"]}").ToList();
        Assert.Contains("HOST=::", env);
        Assert.Contains("ASPNETCORE_URLS=http://0.0.0.0:8080", env);
    }

    [Fact]
    public void Each_part_is_an_ECS_service_that_gives_up_by_itself_what_does_not_run() =>
        Assert.Equal(
            """
            POST /
            X-Amz-Target: AmazonEC2ContainerServiceV20141113.CreateService
            {"cluster":"shop","serviceName":"shop-production-api-42","taskDefinition":"td:7","desiredCount":2,"launchType":"FARGATE","networkConfiguration":{"awsvpcConfiguration":{"subnets":["subnet-a","subnet-b"],"securityGroups":["sg-a"],"assignPublicIp":"DISABLED"}},"loadBalancers":[{"targetGroupArn":"tg:1","containerName":"api","containerPort":8080}],"healthCheckGracePeriodSeconds":60,"deploymentConfiguration":{"deploymentCircuitBreaker":{"enable":true,"rollback":false},"minimumHealthyPercent":100,"maximumPercent":200},"propagateTags":"SERVICE","tags":[{"key":"fairlead:app","value":"shop"},{"key":"fairlead:environment","value":"production"},{"key":"fairlead:service","value":"api"},{"key":"fairlead:owner","value":"me"},{"key":"fairlead:since","value":"42"},{"key":"fairlead:fence","value":"3"}]}
            """,
            Text(EcsCalls.Create(Ordered.Order(Ordered.Tasks), Tasks, ("td:7", "tg:1"), Me))
        );

    [Fact]
    public void Names_follow_from_the_part_and_its_place_and_fit_where_they_have_to()
    {
        AwsTasks[] all =
        [
            Tasks,
            Tasks with
            {
                Cluster = "other",
            },
            Tasks with
            {
                LoadBalancer = "other",
            },
            Tasks with
            {
                Name = "internal-a--b",
            },
        ];
        Assert.Equal(
            [
                "shop-production-api-42 shop-productio-HASH-42",
                "shop-production-api-42 shop-productio-HASH-42",
                "shop-production-api-42 shop-productio-HASH-42",
                "internal-a--b-42 a-b-HASH-42",
            ],
            all.Select(static one =>
                $"{EcsMarks.NameOf(one, new("api", 42))} {string.Join('-', EcsMarks.GroupNameOf(one, new("api", 42)).Split('-') is [.. var words, _, var part] ? [.. words, "HASH", part] : [])}"
            )
        );
        Assert.Equal(4, all.Select(static one => EcsMarks.GroupNameOf(one, new("api", 42))).Distinct().Count());
        Assert.Equal(32, EcsMarks.GroupNameOf(Tasks, new("api", int.MaxValue)).Length);
    }

    [Theory]
    [InlineData("HERE-42", "api@42")]
    [InlineData("HERE-42-7", null)]
    [InlineData("HERE", null)]
    [InlineData("shop-productio-000000-42", null)]
    [InlineData("", null)]
    public void A_target_group_is_known_by_its_name(string name, string? part)
    {
        var here = EcsMarks.GroupNameOf(Tasks, new("api", 1))[..^2];
        var arn =
            $"arn:aws:elasticloadbalancing:r:1:targetgroup/{name.Replace("HERE", here, StringComparison.Ordinal)}/73e2";
        Assert.Equal(part, EcsMarks.PartOfGroup(arn, Spot)?.ToString());
        Assert.Null(EcsMarks.PartOfGroup(name, Spot));
    }

    [Fact]
    public void The_word_by_which_a_part_is_reached_differs_from_part_to_part_and_from_Fairlead_to_Fairlead()
    {
        string[] words =
        [
            EcsMarks.WordOf(Ordered.Site, new("api", 41), "me"),
            EcsMarks.WordOf(Ordered.Site, new("api", 42), "me"),
            EcsMarks.WordOf(Ordered.Site, new("api", 42), "you"),
        ];
        Assert.Equal(words.Length, words.Distinct().Count());
        Assert.All(words, static one => Assert.Equal(16, one.Length));
    }

    [Fact]
    public void What_is_seen_are_services_with_the_tags_of_this_service_and_nobody_elses()
    {
        var described = Described(
            Service("shop-production-api-41", 41),
            Service("shop-production-api-42", 42, more: ""","status":"INACTIVE" """),
            Service("renamed-43", 43),
            Service("shop-production-api-44", 44, owner: "you")
        );
        Assert.Equal(["api@41"], EcsReading.Parts(described, Spot, "me").Select(static one => $"{one.Part}"));
        Assert.Equal(
            "Its tag fairlead:owner says you, another Fairlead; this one is me.",
            EcsReading.WhyNotOurs(described, Spot, "me")
        );
    }

    [Theory]
    [InlineData("2 2 0 IN_PROGRESS", "2/2", "Ready ")]
    [InlineData("2 2 0 IN_PROGRESS", "1/2", "Starting ECS has 2 of 2 tasks of shop-production-api-42. It is initial.")]
    [InlineData("2 2 0 IN_PROGRESS", "0/0", "Starting ECS has 2 of 2 tasks of shop-production-api-42.")]
    [InlineData("2 0 2 IN_PROGRESS", "0/0", "Starting ECS has 0 of 2 tasks of shop-production-api-42.")]
    [InlineData("2 2 0 COMPLETED", "0/0", "Ready ")]
    [InlineData("2 1 1 COMPLETED", "1/2", "Ready ")]
    [InlineData("2 2 0 COMPLETED", "0/2", "Down ECS has 2 of 2 tasks of shop-production-api-42. It is initial.")]
    [InlineData("2 0 2 COMPLETED", "0/0", "Down ECS has 0 of 2 tasks of shop-production-api-42.")]
    [InlineData("2 0 0 FAILED", "0/0", "Failed ECS has 0 of 2 tasks of shop-production-api-42. tasks failed to start.")]
    [InlineData("0 2 0 COMPLETED", "2/2", "Stopping ")]
    [InlineData("0 0 0 FAILED", "0/0", "Stopping ")]
    public void How_a_part_is_follows_from_its_tasks_and_what_the_load_balancer_finds(
        string counts,
        string health,
        string expected
    )
    {
        var (words, found) = (counts.Split(' '), health.Split('/').Select(int.Parse).ToList());
        var part = Assert.Single(
            EcsReading.Parts(
                Described(
                    Service(
                        "shop-production-api-42",
                        42,
                        more: $$""","desiredCount":{{words[0]}},"runningCount":{{words[1]}},"pendingCount":{{words[2]}},"deployments":[{"status":"ACTIVE","rolloutState":"FAILED"},{"status":"PRIMARY","rolloutState":"{{words[3]}}","rolloutStateReason":"tasks failed to start."}]"""
                    )
                ),
                Spot,
                "me"
            )
        );
        var why = found[0] == found[1] ? "" : "It is initial.";
        var seen = EcsReading.InstanceOf(Spot, part, (new("http://lb/"), new(found[1], found[0], why), []));
        Assert.Equal(expected, $"{seen.State} {seen.Problem?.Why}");
    }

    [Fact]
    public void Why_tasks_stopped_is_said_in_the_words_of_ECS_and_of_their_containers()
    {
        var reasons = EcsReading.Reasons(
            Json(
                """
                {"tasks":[
                  {"stoppedReason":"Essential container in task exited","containers":[{"name":"api","exitCode":137,"reason":"OutOfMemoryError: Container killed due to memory usage"}]},
                  {"stoppedReason":"Essential container in task exited","containers":[{"name":"api","exitCode":1}]},
                  {"stoppedReason":"","containers":[{"reason":null},7]},
                  7
                ]}
                """
            )
        );
        Assert.Equal(
            [
                "Essential container in task exited",
                "Its program ended with code 137: OutOfMemoryError: Container killed due to memory usage",
                "Its program ended with code 1",
            ],
            reasons
        );
        var part = Assert.Single(
            EcsReading.Parts(
                Described(
                    Service(
                        "shop-production-api-42",
                        42,
                        more: ""","desiredCount":1,"deployments":[{"status":"PRIMARY","rolloutState":"IN_PROGRESS","failedTasks":2}],"events":[{"message":"(service shop-production-api-42) was unable to place a task"}]"""
                    )
                ),
                Spot,
                "me"
            )
        );
        Assert.True(part.IsInTrouble);
        Assert.Equal(
            "ECS has 0 of 1 tasks of shop-production-api-42. CannotPullContainerError: no such tag. (service shop-production-api-42) was unable to place a task.",
            EcsReading
                .InstanceOf(Spot, part, (null, TargetHealth.Unknown, ["CannotPullContainerError: no such tag"]))
                .Problem!.Why
        );
    }

    [Fact]
    public void Ended_tasks_are_asked_for_by_the_ECS_service_of_the_part() =>
        Assert.Equal(
            [
                """{"cluster":"shop","serviceName":"shop-production-api-42","desiredStatus":"STOPPED","maxResults":10}""",
                """{"cluster":"shop","tasks":["t1"]}""",
                """{"cluster":"shop","service":"shop-production-api-42","desiredCount":0}""",
            ],
            new[]
            {
                EcsCalls.StoppedTasks(Tasks, "shop-production-api-42"),
                EcsCalls.Tasks(Tasks, ["t1"]),
                EcsCalls.Empty(Tasks, "shop-production-api-42"),
            }.Select(static one => Text(one).Split('\n')[^1])
        );

    [Fact]
    public void An_earlier_server_is_refused_by_the_fence_in_the_tags()
    {
        IReadOnlyList<EcsPart> parts =
        [
            .. EcsReading.Parts(
                Described(
                    Service("shop-production-api-41", 41, fence: 2),
                    Service("shop-production-api-42", 42, fence: 5)
                ),
                Spot,
                "me"
            ),
        ];
        Assert.Equal(new Fence(5), Assert.Throws<FencedException>(() => EcsDesk.Check(parts, Me)).Highest);
        EcsDesk.Check(parts, new("me", new(5)));
    }

    private static JsonObject Described(params string[] services) =>
        Json($$"""{"services":[{{string.Join(',', services)}}]}""");

    private static string Service(string name, int since, string owner = "me", int fence = 3, string more = "") =>
        $$"""{"serviceName":"{{name}}","serviceArn":"arn:{{name}}","taskDefinition":"td:{{since}}","loadBalancers":[{"targetGroupArn":"tg:{{since}}"}],"tags":[{"key":"fairlead:app","value":"shop"},{"key":"fairlead:environment","value":"production"},{"key":"fairlead:service","value":"api"},{"key":"fairlead:owner","value":"{{owner}}"},{"key":"fairlead:since","value":"{{since}}"},{"key":"fairlead:fence","value":"{{fence}}"}]{{(more.Contains("\"status\":\"INACTIVE\"", StringComparison.Ordinal) ? "" : ""","status":"ACTIVE" """)}}{{more}}}""";

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();

    private static string Text(AwsCall call) => Ordered.Text(call);
}
