using Fairlead.Model.Resources;
using static Fairlead.Engine.Infrastructure.Code.Aws.AwsDraft;
using static Fairlead.Engine.Infrastructure.Code.CodeValue;

namespace Fairlead.Engine.Infrastructure.Code.Aws;

/// <summary>Machines in an autoscaling group.</summary>
internal static class AwsMachines
{
    /// <summary>Where AWS keeps which image of Amazon Linux is the newest.</summary>
    public const string System = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";

    private const string Part = "machines";
    private const int GraceSeconds = 300;

    public static void Add(AwsDraft draft, MachineGroup group)
    {
        var input = draft.Input(
            new("machine_image_parameter", "Where AWS keeps which image machines begin with", System)
        );
        var image = draft.Look(
            new("aws_ssm_parameter", "machine_image", [Set("name", input)]) { Part = Part },
            "insecure_value"
        );
        var workload = group.Workload;
        var template = draft.Add(
            Part,
            "aws_launch_template",
            (group, "template"),
            [
                Set("name_prefix", Join(draft.Called(group.Name, 100), "-")),
                Set("image_id", image),
                Set("instance_type", AwsSizes.Machine(group.Size)),
                Set("update_default_version", true),
                .. Some(
                    "vpc_security_group_ids",
                    workload.Firewall is { } firewall ? List(AwsNetwork.Id(draft, firewall)) : null
                ),
                Set("user_data", new Call("base64encode", [Start(draft, group)])),
                Group(
                    "iam_instance_profile",
                    Set("arn", draft.At("aws_iam_instance_profile", workload.Identity, "arn", "profile"))
                ),
                // Only the machine itself reads its keys: a program that is tricked into asking cannot.
                Group(
                    "metadata_options",
                    Set("http_endpoint", "enabled"),
                    Set("http_tokens", "required"),
                    Set("http_put_response_hop_limit", 1)
                ),
                Group("monitoring", Set("enabled", true)),
                Each(
                    "block_device_mappings",
                    Set("device_name", "/dev/xvda"),
                    Group(
                        "ebs",
                        Set("volume_type", "gp3"),
                        Set("volume_size", AwsSizes.Gigabytes(group.Disk)),
                        Set("encrypted", true),
                        Set("delete_on_termination", true)
                    )
                ),
            ]
        );
        AddGroup(draft, group, template);
        draft.Note(
            $"Machines of {group.Name} have the values of {group.Name} in /etc/fairlead/{group.Name}.env; what joins them to Fairlead as nodes is a token, which is no matter of code: docs/guides/remote.md"
        );
    }

    // Values stand in single quotes of the shell, so that they mean nothing to it.
    private static Joined Start(AwsDraft draft, MachineGroup group)
    {
        var path = $"/etc/fairlead/{group.Name}.env";
        List<CodeValue> parts =
        [
            $"#!/bin/sh\nset -eu\ninstall -d -m 0750 /etc/fairlead\n: > {path}\nchmod 0640 {path}\n",
        ];
        foreach (
            var (name, value) in AwsWorkloads
                .Env(draft, group.Workload)
                .Concat(AwsWorkloads.Places(draft, group.Workload, group.Name))
        )
        {
            parts.Add($"printf '%s\\n' '{name}=");
            if (value is Joined joined)
            {
                parts.AddRange(joined.Parts.Select(InQuotes));
            }
            else
            {
                parts.Add(InQuotes(value));
            }
            parts.Add($"' >> {path}\n");
        }
        return new Joined(parts);
    }

    private static CodeValue InQuotes(CodeValue value) =>
        value is Text text ? text.Value.Replace("'", @"'\''", StringComparison.Ordinal) : value;

    private static void AddGroup(AwsDraft draft, MachineGroup group, Piece template)
    {
        var balanced = AwsTraffic.To(draft, group.Name);
        var itself = draft.Add(
            Part,
            "aws_autoscaling_group",
            (group, "machines"),
            [
                Set("name", draft.Called(group.Name, 255)),
                Set("min_size", group.Scaling.Min),
                Set("max_size", group.Scaling.Max),
                Set("vpc_zone_identifier", AwsNetwork.Ids(draft, group.Workload.Subnets)),
                .. Some(
                    "target_group_arns",
                    balanced.Count == 0
                        ? null
                        : new Items([
                            .. balanced.Select(one => AwsTraffic.Group(draft, one.Balancer, one.Route, "arn")),
                        ])
                ),
                Set("health_check_type", balanced.Count == 0 ? "EC2" : "ELB"),
                Set("health_check_grace_period", GraceSeconds),
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
                Group("launch_template", Set("id", template.At("id")), Set("version", template.At("latest_version"))),
                // One more machine at a time, and those that there are stay until it is there.
                Group(
                    "instance_refresh",
                    Set("strategy", "Rolling"),
                    Group("preferences", Set("min_healthy_percentage", 100), Set("auto_rollback", true))
                ),
                Each(
                    "tag",
                    Set("key", "Name"),
                    Set("value", draft.Called(group.Name, 255)),
                    Set("propagate_at_launch", true)
                ),
            ]
        );
        AddScaling(draft, group, itself);
        draft.Tell($"{draft.Label(group)}_group", $"Machines of {group.Name}", itself.At("name"));
    }

    private static void AddScaling(AwsDraft draft, MachineGroup group, Piece itself)
    {
        if (group.Scaling is { FollowsLoad: true, CpuPercent: { } percent })
        {
            draft.Add(
                Part,
                "aws_autoscaling_policy",
                (group, "scaling_by_cpu"),
                [
                    Set("name", "cpu"),
                    Set("autoscaling_group_name", itself.At("name")),
                    Set("policy_type", "TargetTrackingScaling"),
                    Group(
                        "target_tracking_configuration",
                        Set("target_value", percent),
                        Group(
                            "predefined_metric_specification",
                            Set("predefined_metric_type", "ASGAverageCPUUtilization")
                        )
                    ),
                ]
            );
        }
    }
}
