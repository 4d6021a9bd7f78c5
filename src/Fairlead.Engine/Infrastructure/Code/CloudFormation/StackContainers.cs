using Fairlead.Engine.Infrastructure.Code.Aws;
using Fairlead.Model.Resources;
using static Fairlead.Engine.Infrastructure.Code.CloudFormation.StackDraft;
using static Fairlead.Engine.Infrastructure.Code.CodeValue;

namespace Fairlead.Engine.Infrastructure.Code.CloudFormation;

/// <summary>Containers on ECS with Fargate, and their images.</summary>
internal static class StackContainers
{
    // Runs nothing: a service without an image of its own has no copies.
    private const string Placeholder = "public.ecr.aws/docker/library/busybox:1.37";
    private const int GraceSeconds = 60;

    public static void Add(StackDraft draft, Registry registry)
    {
        draft.Add(
            draft.Id(registry),
            "AWS::ECR::Repository",
            ("RepositoryName", Join(StackName, $"/{registry.Name}")),
            ("ImageTagMutability", "IMMUTABLE"),
            ("ImageScanningConfiguration", Map(("ScanOnPush", true))),
            ("EncryptionConfiguration", Map(("EncryptionType", "AES256"))),
            ("EmptyOnDelete", true),
            ("LifecyclePolicy", Map(("LifecyclePolicyText", new Json(AwsContainers.Keeping(registry.Keep)))))
        );
        draft.Tell(draft.Id(registry, "Uri"), $"Where {registry.Name} are sent", draft.At(registry, "RepositoryUri"));
    }

    public static void Add(StackDraft draft, ContainerPool pool)
    {
        var names = draft.Id(pool, "Names");
        draft.Add(
            new(names, "AWS::ServiceDiscovery::HttpNamespace", new([("Name", StackName)]))
            {
                Why = "Services find each other by their names in it.",
            }
        );
        draft.Add(
            draft.Id(pool),
            "AWS::ECS::Cluster",
            ("ClusterSettings", List(Map(("Name", "containerInsights"), ("Value", "enabled")))),
            ("ServiceConnectDefaults", Map(("Namespace", At(names, "Arn"))))
        );
        draft.Tell(draft.Id(pool, "Name"), "Cluster of the containers", draft.Ref(pool));
    }

    public static void Add(StackDraft draft, ContainerService service)
    {
        var (units, memory) = AwsSizes.Program(service.Size);
        var (image, condition) = Image(draft, service);
        var task = draft.Id(service, "TaskDefinition");
        draft.Add(
            task,
            "AWS::ECS::TaskDefinition",
            ("Family", Join(StackName, $"-{service.Name}")),
            ("RequiresCompatibilities", List("FARGATE")),
            ("NetworkMode", "awsvpc"),
            ("Cpu", $"{units}"),
            ("Memory", $"{memory}"),
            ("ExecutionRoleArn", draft.At(service.Starter, "Arn")),
            ("TaskRoleArn", draft.At(service.Workload.Identity, "Arn")),
            ("ContainerDefinitions", List(Container(draft, service, image)))
        );
        AddService(draft, service, (task, condition));
        if (service.Scaling.FollowsLoad)
        {
            AddScaling(draft, service);
        }
        draft.Tell(
            draft.Id(service, "ServiceName"),
            $"Service {service.Name} in the cluster",
            draft.At(service, "Name", "Service")
        );
    }

    private static (CodeValue Image, string? Condition) Image(StackDraft draft, ContainerService service)
    {
        if (service.Image is { } ready)
        {
            return (ready, null);
        }
        var name = draft.Id(service, "Image");
        draft.Parameter(
            name,
            "String",
            $"Image of {service.Name} with its digest; while there is none, no copy of it runs",
            ""
        );
        draft.Note(
            $"{service.Name} has no copies until {name} names an image. Fairlead deploys others afterwards; an update of the stack that changes the service brings back the one that {name} names."
        );
        var condition = draft.Said(name);
        return (If(condition, new Setting(name), Placeholder), condition);
    }

    private static CodeValue Container(StackDraft draft, ContainerService service, CodeValue image)
    {
        var workload = service.Workload;
        var env = StackWorkloads.Env(draft, workload).Select(Variable).ToList();
        var secrets = StackWorkloads
            .Secrets(draft, workload)
            .Select(static one =>
                Map(
                    ("Name", one.Name),
                    // AWS keeps a user and a password in it, and the task gets only the one.
                    ("ValueFrom", one.IsPassword ? Join(one.Arn, ":password::") : one.Arn)
                )
            )
            .ToList();
        return Map([
            ("Name", service.Name),
            ("Image", image),
            ("Essential", true),
            .. Some(
                "PortMappings",
                service.Port is not { } port
                    ? null
                    : List(Map(("Name", "http"), ("ContainerPort", port), ("Protocol", "tcp"), ("AppProtocol", "http")))
            ),
            .. Some("Environment", env.Count == 0 ? null : new Items(env)),
            .. Some("Secrets", secrets.Count == 0 ? null : new Items(secrets)),
            ("LinuxParameters", Map(("InitProcessEnabled", true))),
            (
                "LogConfiguration",
                Map(
                    ("LogDriver", "awslogs"),
                    (
                        "Options",
                        Map(
                            ("awslogs-group", draft.Ref(workload.Log)),
                            ("awslogs-region", Region),
                            ("awslogs-stream-prefix", service.Name)
                        )
                    )
                )
            ),
        ]);
    }

    private static CodeValue Variable((string Name, CodeValue Value) one) =>
        Map(("Name", one.Name), ("Value", one.Value));

    private static void AddService(StackDraft draft, ContainerService service, (string Task, string? Condition) made)
    {
        var balanced = draft
            .Graph.All<LoadBalancer>()
            .SelectMany(one => one.Routes.Where(route => route.Service == service.Name).Select(route => (one, route)))
            .ToList();
        // Autoscaling says how many there are; a number here would be put back at each update.
        CodeValue? count = service.Scaling.FollowsLoad ? null : service.Scaling.Min;
        if (made.Condition is { } condition)
        {
            count = If(condition, count ?? Nothing, 0);
        }
        draft.Add(
            new(
                draft.Id(service, "Service"),
                "AWS::ECS::Service",
                new([
                    ("Cluster", draft.Ref(service.Pool)),
                    ("TaskDefinition", Ref(made.Task)),
                    ("LaunchType", "FARGATE"),
                    .. Some("DesiredCount", count),
                    ("DeploymentConfiguration", Deployments),
                    ("NetworkConfiguration", Placed(draft, service.Workload)),
                    .. Some(
                        "LoadBalancers",
                        balanced.Count == 0
                            ? null
                            : List([
                                .. balanced.Select(one =>
                                    Map(
                                        ("ContainerName", service.Name),
                                        ("ContainerPort", one.route.Port),
                                        ("TargetGroupArn", Ref(StackTraffic.Group(draft, one.route)))
                                    )
                                ),
                            ])
                    ),
                    .. Some("HealthCheckGracePeriodSeconds", balanced.Count == 0 ? null : GraceSeconds),
                    ("ServiceConnectConfiguration", Found(draft, service)),
                    ("EnableECSManagedTags", true),
                    ("PropagateTags", "SERVICE"),
                ])
            )
            {
                // A target group must hang on a listener before a service may join it.
                After = [.. balanced.SelectMany(one => StackTraffic.Leading(draft, one.one, one.route)).Distinct()],
            }
        );
    }

    private static CodeValue Deployments { get; } =
        Map(
            ("MinimumHealthyPercent", 100),
            ("MaximumPercent", 200),
            ("DeploymentCircuitBreaker", Map(("Enable", true), ("Rollback", true)))
        );

    private static CodeValue Placed(StackDraft draft, Workload workload) =>
        Map(
            (
                "AwsvpcConfiguration",
                Map([
                    ("AssignPublicIp", "DISABLED"),
                    ("Subnets", List([.. workload.Subnets.Select(one => draft.Ref(one, "Subnet"))])),
                    .. Some(
                        "SecurityGroups",
                        workload.Firewall is { } firewall ? List(draft.At(firewall, "GroupId")) : null
                    ),
                ])
            )
        );

    // Others reach it by its name on port 80, whatever it listens on.
    private static CodeValue Found(StackDraft draft, ContainerService service) =>
        Map([
            ("Enabled", true),
            ("Namespace", At(draft.Id(service.Pool, "Names"), "Arn")),
            .. Some(
                "Services",
                service.Port is null
                    ? null
                    : List(
                        Map(
                            ("PortName", "http"),
                            ("DiscoveryName", service.Name),
                            ("ClientAliases", List(Map(("DnsName", service.Name), ("Port", 80))))
                        )
                    )
            ),
        ]);

    private static void AddScaling(StackDraft draft, ContainerService service)
    {
        var target = draft.Id(service, "Scaling");
        draft.Add(
            target,
            "AWS::ApplicationAutoScaling::ScalableTarget",
            ("ServiceNamespace", "ecs"),
            ("ScalableDimension", "ecs:service:DesiredCount"),
            ("ResourceId", Join("service/", draft.Ref(service.Pool), "/", draft.At(service, "Name", "Service"))),
            ("MinCapacity", service.Scaling.Min),
            ("MaxCapacity", service.Scaling.Max)
        );
        AddPolicy(draft, service, ("Cpu", "ECSServiceAverageCPUUtilization"), service.Scaling.CpuPercent);
        AddPolicy(draft, service, ("Memory", "ECSServiceAverageMemoryUtilization"), service.Scaling.MemoryPercent);
    }

    private static void AddPolicy(
        StackDraft draft,
        ContainerService service,
        (string Word, string Metric) by,
        int? percent
    )
    {
        if (percent is not { } value)
        {
            return;
        }
        draft.Add(
            draft.Id(service, $"ScalingBy{by.Word}"),
            "AWS::ApplicationAutoScaling::ScalingPolicy",
            ("PolicyName", by.Word.ToLowerInvariant()),
            ("PolicyType", "TargetTrackingScaling"),
            ("ScalingTargetId", Ref(draft.Id(service, "Scaling"))),
            (
                "TargetTrackingScalingPolicyConfiguration",
                Map(
                    ("TargetValue", value),
                    ("PredefinedMetricSpecification", Map(("PredefinedMetricType", by.Metric))),
                    ("ScaleOutCooldown", 60),
                    ("ScaleInCooldown", 300)
                )
            )
        );
    }
}
