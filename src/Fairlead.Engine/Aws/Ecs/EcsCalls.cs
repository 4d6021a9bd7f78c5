using System.Text.Json.Nodes;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Aws.Ecs;

/// <summary>What ECS is asked (its JSON API of 2014-11-13), and CloudWatch Logs. Pure.</summary>
internal static class EcsCalls
{
    /// <summary>How many services or tasks ECS describes at once.</summary>
    public const int AtOnceMax = 10;

    private const string Api = "AmazonEC2ContainerServiceV20141113";
    private const int PageMax = 100;

    public static AwsCall ListServices(AwsTasks tasks, string? next) =>
        Ask("ListServices", Paged(new() { ["cluster"] = tasks.Cluster, ["maxResults"] = PageMax }, next));

    /// <param name="names">At most <see cref="AtOnceMax"/>.</param>
    public static AwsCall Services(AwsTasks tasks, IEnumerable<string> names) =>
        Ask(
            "DescribeServices",
            new()
            {
                ["cluster"] = tasks.Cluster,
                ["services"] = Texts(names),
                ["include"] = Texts(["TAGS"]),
            }
        );

    /// <param name="definition">A family for its latest revision, or an ARN.</param>
    public static AwsCall Definition(string definition) =>
        Ask("DescribeTaskDefinition", new() { ["taskDefinition"] = definition, ["include"] = Texts(["TAGS"]) });

    /// <summary>Those of the very family that are not deregistered, the latest first.</summary>
    public static AwsCall Definitions(AwsTasks tasks) =>
        Ask(
            "ListTaskDefinitions",
            new()
            {
                ["familyPrefix"] = tasks.Name,
                ["status"] = "ACTIVE",
                ["sort"] = "DESC",
                ["maxResults"] = PageMax,
            }
        );

    /// <param name="of">The image by its digest, the region where its lines go, and who asks.</param>
    public static AwsCall Register(InstanceOrder order, AwsTasks tasks, (string Image, string Region, AwsCharge By) of)
    {
        var body = new JsonObject
        {
            ["family"] = tasks.Name,
            ["networkMode"] = "awsvpc",
            ["requiresCompatibilities"] = Texts(["FARGATE"]),
            ["cpu"] = AwsRest.Text(tasks.Cpu),
            ["memory"] = AwsRest.Text(tasks.Memory),
            ["runtimePlatform"] = new JsonObject
            {
                ["cpuArchitecture"] = tasks.Architecture.ToUpperInvariant(),
                ["operatingSystemFamily"] = "LINUX",
            },
            ["executionRoleArn"] = tasks.ExecutionRole,
        };
        if (tasks.TaskRole is { } role)
        {
            body["taskRoleArn"] = role;
        }
        body["containerDefinitions"] = new JsonArray(EcsContainers.Of(order, tasks, of.Image, of.Region));
        body["tags"] = Tags(EcsMarks.OfPart(order, of.By));
        return Ask("RegisterTaskDefinition", body);
    }

    public static AwsCall Deregister(string definition) =>
        Ask("DeregisterTaskDefinition", new() { ["taskDefinition"] = definition });

    /// <param name="of">ARNs of its task definition and its target group.</param>
    public static AwsCall Create(
        InstanceOrder order,
        AwsTasks tasks,
        (string Definition, string Group) of,
        AwsCharge charge
    ) =>
        Ask(
            "CreateService",
            new()
            {
                ["cluster"] = tasks.Cluster,
                ["serviceName"] = EcsMarks.NameOf(tasks, order.Key.Part),
                ["taskDefinition"] = of.Definition,
                ["desiredCount"] = tasks.Count,
                ["launchType"] = "FARGATE",
                ["networkConfiguration"] = new JsonObject
                {
                    ["awsvpcConfiguration"] = new JsonObject
                    {
                        ["subnets"] = Texts(tasks.Subnets),
                        ["securityGroups"] = Texts(tasks.SecurityGroups),
                        ["assignPublicIp"] = tasks.IsPublic ? "ENABLED" : "DISABLED",
                    },
                },
                ["loadBalancers"] = new JsonArray(
                    new JsonObject
                    {
                        ["targetGroupArn"] = of.Group,
                        ["containerName"] = order.Key.Part.Service,
                        ["containerPort"] = EcsContainers.PortOf(order),
                    }
                ),
                ["healthCheckGracePeriodSeconds"] = (int)order.Service.Health.StartGrace.TotalSeconds,
                ["deploymentConfiguration"] = new JsonObject
                {
                    // Nothing to go back to: each part is a service of its own. Going back is the engine's matter.
                    ["deploymentCircuitBreaker"] = new JsonObject { ["enable"] = true, ["rollback"] = false },
                    ["minimumHealthyPercent"] = 100,
                    ["maximumPercent"] = 200,
                },
                ["propagateTags"] = "SERVICE",
                ["tags"] = Tags(EcsMarks.OfPart(order, charge)),
            }
        );

    /// <summary>ECS takes its tasks out of the target group, waits for its deregistration delay, and only then stops them.</summary>
    public static AwsCall Empty(AwsTasks tasks, string service) =>
        Ask(
            "UpdateService",
            new()
            {
                ["cluster"] = tasks.Cluster,
                ["service"] = service,
                ["desiredCount"] = 0,
            }
        );

    public static AwsCall Remove(AwsTasks tasks, string service) =>
        Ask("DeleteService", new() { ["cluster"] = tasks.Cluster, ["service"] = service });

    public static AwsCall Tag(string arn, IReadOnlyDictionary<string, string> tags) =>
        Ask("TagResource", new() { ["resourceArn"] = arn, ["tags"] = Tags(tags) });

    public static AwsCall StoppedTasks(AwsTasks tasks, string service) =>
        Ask(
            "ListTasks",
            new()
            {
                ["cluster"] = tasks.Cluster,
                ["serviceName"] = service,
                ["desiredStatus"] = "STOPPED",
                ["maxResults"] = AtOnceMax,
            }
        );

    /// <param name="arns">At most <see cref="AtOnceMax"/>.</param>
    public static AwsCall Tasks(AwsTasks tasks, IEnumerable<string> arns) =>
        Ask("DescribeTasks", new() { ["cluster"] = tasks.Cluster, ["tasks"] = Texts(arns) });

    public static AwsCall CreateLogGroup(AwsSpot spot, AwsTasks tasks, string owner) =>
        AwsRest.Target(
            "logs",
            "Logs_20140328",
            "CreateLogGroup",
            new() { ["logGroupName"] = tasks.LogGroup, ["tags"] = AwsMarks.Json(AwsMarks.OfService(spot, owner)) }
        );

    public static JsonArray Texts(IEnumerable<string> texts) =>
        new([.. texts.Select(static one => (JsonNode?)JsonValue.Create(one))]);

    private static JsonArray Tags(IReadOnlyDictionary<string, string> tags) =>
        new([.. tags.Select(static one => (JsonNode?)new JsonObject { ["key"] = one.Key, ["value"] = one.Value })]);

    private static JsonObject Paged(JsonObject body, string? next)
    {
        if (next is not null)
        {
            body["nextToken"] = next;
        }
        return body;
    }

    private static AwsCall Ask(string action, JsonObject body) => AwsRest.Target("ecs", Api, action, body);
}
