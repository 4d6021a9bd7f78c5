using System.Collections.Frozen;
using System.Globalization;
using Fairlead.Engine.Infrastructure.Policies;
using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Costs;

/// <summary>What resources of AWS are paid by. A new type has its line here, and prices in the book.</summary>
internal static class AwsCosts
{
    public static FrozenDictionary<string, Func<PricedThing, IEnumerable<CostPart>>> All { get; } =
        new Dictionary<string, Func<PricedThing, IEnumerable<CostPart>>>(StringComparer.Ordinal)
        {
            ["aws_instance"] = static one => Machine(one.Thing, 1),
            ["aws_autoscaling_group"] = Group,
            ["aws_ebs_volume"] = static one => [Disk(one.Text("type") ?? "gp2", one.Number("size"))],
            ["aws_eip"] = static _ => [CostPart.Hours("public address", "vpc/public-ipv4")],
            ["aws_nat_gateway"] = static _ =>
                [
                    CostPart.Hours("hours", "vpc/nat-gateway"),
                    CostPart.Used("traffic", "vpc/nat-gateway", "gigabyte", "gigabytes"),
                ],
            ["aws_lb"] = LoadBalancer,
            ["aws_alb"] = LoadBalancer,
            ["aws_vpc_endpoint"] = Endpoint,
            ["aws_ecs_service"] = Containers,
            ["aws_eks_cluster"] = static _ => [CostPart.Hours("cluster", "eks/cluster")],
            ["aws_lambda_function"] = Function,
            ["aws_db_instance"] = Database,
            ["aws_elasticache_replication_group"] = static one =>
                Cache(
                    one,
                    one.Number("num_cache_clusters")
                        ?? one.Number("num_node_groups") * ((one.Number("replicas_per_node_group") ?? 0) + 1)
                ),
            ["aws_elasticache_cluster"] = static one => Cache(one, one.Number("num_cache_nodes")),
            ["aws_s3_bucket"] = static _ =>
                [
                    CostPart.Used("files", "s3/standard", "gigabyte-month", "gigabytes"),
                    CostPart.Used("writes", "s3/put", "request", "writes"),
                    CostPart.Used("reads", "s3/get", "request", "reads"),
                ],
            ["aws_dynamodb_table"] = Table,
            ["aws_efs_file_system"] = static _ =>
                [CostPart.Used("files", "efs/standard", "gigabyte-month", "gigabytes")],
            ["aws_ecr_repository"] = static _ => [CostPart.Used("images", "ecr", "gigabyte-month", "gigabytes")],
            ["aws_sqs_queue"] = static one =>
                [
                    CostPart.Used(
                        "requests",
                        one.Values["fifo_queue"].Truth() is true ? "sqs/fifo" : "sqs/standard",
                        "request",
                        "requests"
                    ),
                ],
            ["aws_sns_topic"] = static _ => [CostPart.Used("messages", "sns", "request", "requests")],
            ["aws_secretsmanager_secret"] = static _ =>
                [
                    CostPart.Months("secret", "secretsmanager/secret"),
                    CostPart.Used("reads", "secretsmanager/secret", "request", "requests"),
                ],
            ["aws_kms_key"] = static _ =>
                [CostPart.Months("key", "kms/key"), CostPart.Used("uses", "kms/key", "request", "requests")],
            ["aws_cloudwatch_log_group"] = static _ =>
                [
                    CostPart.Used("lines taken", "cloudwatch/logs-taken", "gigabyte", "gigabytes"),
                    CostPart.Used("lines kept", "cloudwatch/logs-kept", "gigabyte-month", "gigabytes-kept"),
                ],
            ["aws_cloudwatch_metric_alarm"] = static _ => [CostPart.Months("alarm", "cloudwatch/alarm")],
            ["aws_cloudwatch_composite_alarm"] = static _ => [CostPart.Months("alarm", "cloudwatch/composite-alarm")],
            ["aws_cloudwatch_dashboard"] = static _ => [CostPart.Months("dashboard", "cloudwatch/dashboard")],
            ["aws_route53_zone"] = static _ =>
                [
                    CostPart.Months("zone", "route53/zone"),
                    CostPart.Used("queries", "route53/zone", "request", "requests"),
                ],
            ["aws_cloudfront_distribution"] = static _ =>
                [
                    CostPart.Used("traffic", "cloudfront/europe", "gigabyte", "gigabytes"),
                    CostPart.Used("requests", "cloudfront/europe/https", "request", "requests"),
                ],
            ["aws_wafv2_web_acl"] = static one =>
                [
                    CostPart.Months("firewall", "waf/acl"),
                    CostPart.Months("rules", "waf/rule") with
                    {
                        Quantity = one.Values["rule"].Groups().Count(),
                    },
                    CostPart.Used("requests", "waf/acl", "request", "requests"),
                ],
        }.ToFrozenDictionary(StringComparer.Ordinal);

    private static CostPart Disk(string type, decimal? gigabytes, decimal? count = 1) =>
        new($"disk, {type}", $"ebs/{type}", "gigabyte-month", gigabytes * count);

    private static IEnumerable<CostPart> Machine(PlannedThing machine, decimal? count)
    {
        var type = machine.Values["instance_type"].Text();
        yield return CostPart.Hours(type ?? "machine", $"ec2/{type ?? "unknown"}", count);
        // The size of a first disk that is not said is that of the image.
        var root = machine.Values.At("root_block_device.0");
        yield return Disk(root.At("volume_type").Text() ?? "gp2", PricedThing.Count(root.At("volume_size")), count);
        foreach (var (_, disk) in machine.Values["ebs_block_device"].Groups())
        {
            yield return Disk(disk["volume_type"].Text() ?? "gp2", PricedThing.Count(disk["volume_size"]), count);
        }
        if (machine.Values["associate_public_ip_address"].Truth() is true)
        {
            yield return CostPart.Hours("public address", "vpc/public-ipv4", count);
        }
    }

    private static IEnumerable<CostPart> Group(PricedThing one)
    {
        var count = one.Number("desired_capacity") ?? one.Number("min_size");
        if (one.Other("launch_template", "aws_launch_template") is not { } template)
        {
            return [CostPart.Hours("machines", "ec2/unknown", count)];
        }
        var type = template.Values["instance_type"].Text();
        return
        [
            CostPart.Hours(type ?? "machines", $"ec2/{type ?? "unknown"}", count),
            .. template
                .Values["block_device_mappings"]
                .Groups()
                .Select(static mapping => mapping.Group.At("ebs.0"))
                .Select(disk =>
                    Disk(disk.At("volume_type").Text() ?? "gp2", PricedThing.Count(disk.At("volume_size")), count)
                ),
        ];
    }

    private static IEnumerable<CostPart> LoadBalancer(PricedThing one)
    {
        var kind = one.Text("load_balancer_type") ?? "application";
        yield return CostPart.Hours("hours", $"elb/{kind}");
        yield return CostPart.Used("load", $"elb/{kind}", "capacity-unit-hour", "capacity-units") with
        {
            Quantity = PricedThing.HoursOfMonth,
        };
        if (one.Values["internal"].Truth() is not true)
        {
            // One address in each zone.
            var zones =
                one.Values["subnets"] is System.Text.Json.Nodes.JsonArray { Count: > 0 } subnets ? subnets.Count
                : one.Values["subnet_mapping"].Groups().Count() is > 0 and var mapped ? mapped
                : one.Thing.Refers.TryGetValue("subnets", out var names) && names.Count > 1 ? names.Count
                : (decimal?)null;
            yield return CostPart.Hours("public addresses", "vpc/public-ipv4", zones);
        }
    }

    private static IEnumerable<CostPart> Endpoint(PricedThing one)
    {
        if (one.Text("vpc_endpoint_type") is null or "Gateway")
        {
            return [];
        }
        return
        [
            CostPart.Hours(
                "hours",
                "vpc/endpoint",
                one.Values["subnet_ids"] is System.Text.Json.Nodes.JsonArray subnets ? subnets.Count : null
            ),
            CostPart.Used("traffic", "vpc/endpoint", "gigabyte", "gigabytes"),
        ];
    }

    private static List<CostPart> Containers(PricedThing one)
    {
        // Containers on machines are paid by the machines.
        if (one.Text("launch_type") is "EC2" or "EXTERNAL")
        {
            return [];
        }
        var task = one.Other("task_definition", "aws_ecs_task_definition");
        var (cpu, memory) = (Size(task?.Values["cpu"].Text(), "vcpu"), Size(task?.Values["memory"].Text(), "gb"));
        var count = one.Number("desired_count");
        var processor = task?.Values.At("runtime_platform.0.cpu_architecture").Text() is "ARM64" ? "arm64" : "x86_64";
        List<CostPart> parts =
        [
            CostPart.Hours("processors", $"fargate/{processor}/cpu", count * cpu),
            new("memory", $"fargate/{processor}/memory", "gigabyte-hour", count * memory * PricedThing.HoursOfMonth),
        ];
        if (one.Values.At("network_configuration.0.assign_public_ip").Truth() is true)
        {
            parts.Add(CostPart.Hours("public addresses", "vpc/public-ipv4", count));
        }
        return parts;
    }

    // "256" is a quarter of a core, "512" half a gigabyte; "1 vCPU" and "2 GB" are the same in words.
    private static decimal? Size(string? text, string unit)
    {
        var words = text?.ToLowerInvariant().Split(' ') ?? [];
        var isWhole = words is [_, var said] && said == unit;
        return
            (isWhole || words.Length == 1)
            && decimal.TryParse(words[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var size)
            && size is >= 0 and <= PricedThing.CountMax
            ? isWhole
                ? size
                : size / 1024
            : null;
    }

    private static IEnumerable<CostPart> Function(PricedThing one)
    {
        var processor = one.Text("architectures.0") ?? "x86_64";
        return
        [
            CostPart.Used("calls", "lambda", "request", "requests"),
            CostPart.Used("time", $"lambda/{processor}", "gigabyte-second", "seconds") with
            {
                Quantity = (one.Number("memory_size") ?? 128) / 1024,
            },
        ];
    }

    private static IEnumerable<CostPart> Database(PricedThing one)
    {
        var engine = one.Text("engine") ?? one.Other("replicate_source_db", "aws_db_instance")?.Values["engine"].Text();
        var type = one.Text("instance_class");
        // The second one in another zone is paid like the first.
        var count = one.Values["multi_az"].Truth() is true ? 2m : 1m;
        var storage = one.Text("storage_type") ?? "gp2";
        return
        [
            CostPart.Hours($"{type}, {engine}", $"rds/{engine}/{type}", count),
            new(
                $"storage, {storage}",
                $"rds/storage/{storage}",
                "gigabyte-month",
                one.Number("allocated_storage") * count
            ),
        ];
    }

    private static IEnumerable<CostPart> Cache(PricedThing one, decimal? nodes) =>
        [CostPart.Hours(one.Text("node_type") ?? "nodes", $"elasticache/{one.Text("node_type") ?? "unknown"}", nodes)];

    private static IEnumerable<CostPart> Table(PricedThing one) =>
        one.Text("billing_mode") is "PAY_PER_REQUEST"
            ?
            [
                CostPart.Used("writes", "dynamodb/on-demand/write", "request", "writes"),
                CostPart.Used("reads", "dynamodb/on-demand/read", "request", "reads"),
                CostPart.Used("items", "dynamodb/storage", "gigabyte-month", "gigabytes"),
            ]
            :
            [
                CostPart.Hours("writes", "dynamodb/provisioned/write", one.Number("write_capacity")),
                CostPart.Hours("reads", "dynamodb/provisioned/read", one.Number("read_capacity")),
                CostPart.Used("items", "dynamodb/storage", "gigabyte-month", "gigabytes"),
            ];
}
