using Fairlead.Model.Resources;
using static Fairlead.Engine.Infrastructure.Code.Aws.AwsDraft;
using static Fairlead.Engine.Infrastructure.Code.CodeValue;

namespace Fairlead.Engine.Infrastructure.Code.Aws;

/// <summary>Containers on ECS with Fargate, and their images.</summary>
internal static class AwsContainers
{
    private const string Part = "containers";

    // Runs nothing: a service without an image of its own has no copies.
    private const string Placeholder = "public.ecr.aws/docker/library/busybox:1.37";
    private const int GraceSeconds = 60;

    public static void Add(AwsDraft draft, Registry registry)
    {
        var itself = draft.Add(
            Part,
            "aws_ecr_repository",
            registry,
            [
                Set("name", Join(AwsDraft.Name, $"/{registry.Name}")),
                Set("image_tag_mutability", "IMMUTABLE"),
                Set("force_delete", true),
                Group("image_scanning_configuration", Set("scan_on_push", true)),
                Each("encryption_configuration", Set("encryption_type", "AES256")),
            ]
        );
        draft.Add(
            Part,
            "aws_ecr_lifecycle_policy",
            (registry, "keeping"),
            [Set("repository", itself.At("name")), Set("policy", new Json(Keeping(registry.Keep)))]
        );
        draft.Tell($"{draft.Label(registry)}_uri", $"Where {registry.Name} are sent", itself.At("repository_url"));
    }

    /// <summary>Which images stay.</summary>
    public static CodeValue Keeping(int count) =>
        Map(
            (
                "rules",
                List(
                    Map(
                        ("rulePriority", 1),
                        ("description", "Keep the newest images"),
                        (
                            "selection",
                            Map(("tagStatus", "any"), ("countType", "imageCountMoreThan"), ("countNumber", count))
                        ),
                        ("action", Map(("type", "expire")))
                    )
                )
            )
        );

    public static void Add(AwsDraft draft, ContainerPool pool)
    {
        var names = draft.Add(
            Part,
            "aws_service_discovery_http_namespace",
            (pool, "names"),
            [Set("name", AwsDraft.Name)],
            "Services find each other by their names in it."
        );
        var itself = draft.Add(
            Part,
            "aws_ecs_cluster",
            pool,
            [
                Set("name", draft.Called(pool.Name, 255)),
                Each("setting", Set("name", "containerInsights"), Set("value", "enabled")),
                Group("service_connect_defaults", Set("namespace", names.At("arn"))),
            ]
        );
        draft.Tell($"{draft.Label(pool)}_cluster", "Cluster of the containers", itself.At("name"));
    }

    public static void Add(AwsDraft draft, ContainerService service)
    {
        var (units, memory) = AwsSizes.Program(service.Size);
        var (image, input) = Image(draft, service);
        var task = draft.Add(
            Part,
            "aws_ecs_task_definition",
            (service, "task"),
            [
                Set("family", draft.Called(service.Name, 255)),
                Set("requires_compatibilities", Texts(["FARGATE"])),
                Set("network_mode", "awsvpc"),
                Set("cpu", $"{units}"),
                Set("memory", $"{memory}"),
                Set("execution_role_arn", AwsAccess.Arn(draft, service.Starter)),
                Set("task_role_arn", AwsAccess.Arn(draft, service.Workload.Identity)),
                Set("container_definitions", new Json(List(Container(draft, service, image)))),
            ]
        );
        AddService(draft, service, task, input);
        if (service.Scaling.FollowsLoad)
        {
            AddScaling(draft, service);
        }
        draft.Tell(
            $"{draft.Label(service)}_service",
            $"Service {service.Name} in the cluster",
            draft.At("aws_ecs_service", service, "name")
        );
    }

    private static (CodeValue Image, string? Input) Image(AwsDraft draft, ContainerService service)
    {
        if (service.Image is { } ready)
        {
            return (ready, null);
        }
        var name = $"{draft.Label(service)}_image";
        draft.Input(new(name, $"Image of {service.Name} with its digest; while there is none, no copy of it runs", ""));
        draft.Note(
            $"{service.Name} has no copies until {name} names an image. Which image runs afterwards is left to deploys, and so is how many copies there are."
        );
        return (new Choice(name, new Setting(name), Placeholder), name);
    }

    private static Fields Container(AwsDraft draft, ContainerService service, CodeValue image)
    {
        var workload = service.Workload;
        List<(string, CodeValue)> lines = [("name", service.Name), ("image", image), ("essential", true)];
        if (service.Port is { } port)
        {
            lines.Add(
                (
                    "portMappings",
                    List(Map(("name", "http"), ("containerPort", port), ("protocol", "tcp"), ("appProtocol", "http")))
                )
            );
        }
        if (AwsWorkloads.Env(draft, workload).ToList() is { Count: > 0 } env)
        {
            lines.Add(
                ("environment", new Items([.. env.Select(static one => Map(("name", one.Name), ("value", one.Value)))]))
            );
        }
        if (AwsWorkloads.Secrets(draft, workload).ToList() is { Count: > 0 } secrets)
        {
            lines.Add(
                (
                    "secrets",
                    new Items([
                        .. secrets.Select(static one =>
                            Map(
                                ("name", one.Name),
                                // AWS keeps a user and a password in it, and the task gets only the one.
                                ("valueFrom", one.IsPassword ? Join(one.Arn, ":password::") : one.Arn)
                            )
                        ),
                    ])
                )
            );
        }
        lines.Add(("linuxParameters", Map(("initProcessEnabled", true))));
        lines.Add(
            (
                "logConfiguration",
                Map(
                    ("logDriver", "awslogs"),
                    (
                        "options",
                        Map(
                            ("awslogs-group", AwsAccess.Name(draft, workload.Log)),
                            ("awslogs-region", Region),
                            ("awslogs-stream-prefix", service.Name)
                        )
                    )
                )
            )
        );
        return new Fields(lines);
    }

    private static void AddService(AwsDraft draft, ContainerService service, Piece task, string? input)
    {
        var balanced = AwsTraffic.To(draft, service.Name);
        CodeValue count = service.Scaling.Min;
        draft.Add(
            Part,
            "aws_ecs_service",
            service,
            [
                Set("name", service.Name),
                Set("cluster", draft.At("aws_ecs_cluster", service.Pool, "arn")),
                Set("task_definition", task.At("arn")),
                Set("launch_type", "FARGATE"),
                Set("desired_count", input is null ? count : new Choice(input, count, 0)),
                Set("deployment_minimum_healthy_percent", 100),
                Set("deployment_maximum_percent", 200),
                .. Some("health_check_grace_period_seconds", balanced.Count == 0 ? null : GraceSeconds),
                Set("enable_ecs_managed_tags", true),
                Set("propagate_tags", "SERVICE"),
                .. Some(
                    "depends_on",
                    balanced.Count == 0
                        ? null
                        : new Items([
                            .. balanced
                                .SelectMany(one => AwsTraffic.Leading(draft, one.Balancer, one.Route))
                                .Distinct(),
                        ])
                ),
                Group("deployment_circuit_breaker", Set("enable", true), Set("rollback", true)),
                Placed(draft, service.Workload),
                .. balanced.Select(one =>
                    Each(
                        "load_balancer",
                        Set("target_group_arn", AwsTraffic.Group(draft, one.Balancer, one.Route, "arn")),
                        Set("container_name", service.Name),
                        Set("container_port", one.Route.Port)
                    )
                ),
                Found(draft, service),
                // Deploys and the load say them.
                Ignoring("task_definition", "desired_count"),
            ]
        );
    }

    private static PieceLine Placed(AwsDraft draft, Workload workload) =>
        Group(
            "network_configuration",
            [
                Set("subnets", AwsNetwork.Ids(draft, workload.Subnets)),
                .. Some(
                    "security_groups",
                    workload.Firewall is { } firewall ? List(AwsNetwork.Id(draft, firewall)) : null
                ),
                Set("assign_public_ip", false),
            ]
        );

    // Others reach it by its name on port 80, whatever it listens on.
    private static PieceLine Found(AwsDraft draft, ContainerService service)
    {
        List<PieceLine> lines =
        [
            Set("enabled", true),
            Set("namespace", draft.At("aws_service_discovery_http_namespace", service.Pool, "arn", "names")),
        ];
        if (service.Port is not null)
        {
            lines.Add(
                Each(
                    "service",
                    Set("port_name", "http"),
                    Set("discovery_name", service.Name),
                    Each("client_alias", Set("dns_name", service.Name), Set("port", 80))
                )
            );
        }
        return Group("service_connect_configuration", lines);
    }

    private static void AddScaling(AwsDraft draft, ContainerService service)
    {
        var target = draft.Add(
            Part,
            "aws_appautoscaling_target",
            (service, "scaling"),
            [
                Set("service_namespace", "ecs"),
                Set("scalable_dimension", "ecs:service:DesiredCount"),
                Set(
                    "resource_id",
                    Join(
                        "service/",
                        draft.At("aws_ecs_cluster", service.Pool, "name"),
                        "/",
                        draft.At("aws_ecs_service", service, "name")
                    )
                ),
                Set("min_capacity", service.Scaling.Min),
                Set("max_capacity", service.Scaling.Max),
            ]
        );
        AddPolicy(draft, service, target, ("cpu", "ECSServiceAverageCPUUtilization", service.Scaling.CpuPercent));
        AddPolicy(
            draft,
            service,
            target,
            ("memory", "ECSServiceAverageMemoryUtilization", service.Scaling.MemoryPercent)
        );
    }

    private static void AddPolicy(
        AwsDraft draft,
        ContainerService service,
        Piece target,
        (string Word, string Metric, int? Percent) by
    )
    {
        if (by.Percent is not { } percent)
        {
            return;
        }
        draft.Add(
            Part,
            "aws_appautoscaling_policy",
            (service, $"scaling_by_{by.Word}"),
            [
                Set("name", by.Word),
                Set("policy_type", "TargetTrackingScaling"),
                Set("service_namespace", target.At("service_namespace")),
                Set("scalable_dimension", target.At("scalable_dimension")),
                Set("resource_id", target.At("resource_id")),
                Group(
                    "target_tracking_scaling_policy_configuration",
                    Set("target_value", percent),
                    Set("scale_out_cooldown", 60),
                    Set("scale_in_cooldown", 300),
                    Group("predefined_metric_specification", Set("predefined_metric_type", by.Metric))
                ),
            ]
        );
    }
}
