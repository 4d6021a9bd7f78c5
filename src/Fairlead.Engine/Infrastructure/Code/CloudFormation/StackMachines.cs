using Fairlead.Engine.Infrastructure.Code.Aws;
using Fairlead.Model.Resources;
using static Fairlead.Engine.Infrastructure.Code.CloudFormation.StackDraft;
using static Fairlead.Engine.Infrastructure.Code.CodeValue;

namespace Fairlead.Engine.Infrastructure.Code.CloudFormation;

/// <summary>Machines in an autoscaling group.</summary>
internal static class StackMachines
{
    private const int GraceSeconds = 300;

    public static void Add(StackDraft draft, MachineGroup group)
    {
        var system = draft.Parameter(
            "MachineImage",
            "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>",
            "Where AWS keeps which image machines begin with",
            AwsMachines.System
        );
        var template = draft.Id(group, "Template");
        var workload = group.Workload;
        draft.Add(
            template,
            "AWS::EC2::LaunchTemplate",
            (
                "LaunchTemplateData",
                Map([
                    ("ImageId", system),
                    ("InstanceType", AwsSizes.Machine(group.Size)),
                    ("IamInstanceProfile", Map(("Arn", draft.At(workload.Identity, "Arn", "Profile")))),
                    .. Some(
                        "SecurityGroupIds",
                        workload.Firewall is { } firewall ? List(draft.At(firewall, "GroupId")) : null
                    ),
                    // Only the machine itself reads its keys: a program that is tricked into asking cannot.
                    ("MetadataOptions", Map(("HttpTokens", "required"), ("HttpPutResponseHopLimit", 1))),
                    ("Monitoring", Map(("Enabled", true))),
                    ("BlockDeviceMappings", List(Disk(group))),
                    ("UserData", Map(("Fn::Base64", Start(draft, group)))),
                ])
            )
        );
        AddGroup(draft, group, template);
        draft.Note(
            $"Machines of {group.Name} have the values of {group.Name} in /etc/fairlead/{group.Name}.env; what joins them to Fairlead as nodes is a token, which is no matter of code: docs/guides/remote.md"
        );
    }

    private static CodeValue Disk(MachineGroup group) =>
        Map(
            ("DeviceName", "/dev/xvda"),
            (
                "Ebs",
                Map(
                    ("VolumeType", "gp3"),
                    ("VolumeSize", AwsSizes.Gigabytes(group.Disk)),
                    ("Encrypted", true),
                    ("DeleteOnTermination", true)
                )
            )
        );

    // Values stand in single quotes of the shell, so that they mean nothing to it.
    private static CodeValue Start(StackDraft draft, MachineGroup group)
    {
        var path = $"/etc/fairlead/{group.Name}.env";
        List<CodeValue> parts =
        [
            "#!/bin/sh\nset -eu\ninstall -d -m 0750 /etc/fairlead\n: > ",
            path,
            "\nchmod 0640 ",
            path,
            "\n",
        ];
        foreach (
            var (name, value) in StackWorkloads
                .Env(draft, group.Workload)
                .Concat(StackWorkloads.Places(draft, group.Workload, group.Name))
        )
        {
            parts.Add($"printf '%s\\n' '{name}=");
            parts.Add(value is Text text ? text.Value.Replace("'", @"'\''", StringComparison.Ordinal) : value);
            parts.Add($"' >> {path}\n");
        }
        return parts.TrueForAll(static one => one is Text)
            ? string.Concat(parts.Select(static one => ((Text)one).Value))
            : new Joined(parts);
    }

    private static void AddGroup(StackDraft draft, MachineGroup group, string template)
    {
        var balanced = draft
            .Graph.All<LoadBalancer>()
            .SelectMany(one => one.Routes.Where(route => route.Service == group.Name).Select(route => (one, route)))
            .ToList();
        draft.Add(
            new(
                draft.Id(group, "Machines"),
                "AWS::AutoScaling::AutoScalingGroup",
                new([
                    ("MinSize", $"{group.Scaling.Min}"),
                    ("MaxSize", $"{group.Scaling.Max}"),
                    ("VPCZoneIdentifier", List([.. group.Workload.Subnets.Select(one => draft.Ref(one, "Subnet"))])),
                    (
                        "LaunchTemplate",
                        Map(("LaunchTemplateId", Ref(template)), ("Version", At(template, "LatestVersionNumber")))
                    ),
                    .. Some(
                        "TargetGroupARNs",
                        balanced.Count == 0
                            ? null
                            : List([.. balanced.Select(one => Ref(StackTraffic.Group(draft, one.route)))])
                    ),
                    ("HealthCheckType", balanced.Count == 0 ? "EC2" : "ELB"),
                    ("HealthCheckGracePeriod", GraceSeconds),
                    (
                        "Tags",
                        List(
                            Map(
                                ("Key", "Name"),
                                ("Value", Join(StackName, $"-{group.Name}")),
                                ("PropagateAtLaunch", true)
                            )
                        )
                    ),
                ])
            )
            {
                After = [.. balanced.SelectMany(one => StackTraffic.Leading(draft, one.one, one.route)).Distinct()],
                // One more machine at a time, and those that there are stay until it is there.
                UpdatePolicy = Map(
                    (
                        "AutoScalingRollingUpdate",
                        Map(
                            ("MinInstancesInService", Math.Max(0, Math.Min(group.Scaling.Min, group.Scaling.Max - 1))),
                            ("MaxBatchSize", 1)
                        )
                    )
                ),
            }
        );
        AddScaling(draft, group);
        draft.Tell(draft.Id(group, "GroupName"), $"Machines of {group.Name}", draft.Ref(group, "Machines"));
    }

    private static void AddScaling(StackDraft draft, MachineGroup group)
    {
        if (group.Scaling is { FollowsLoad: true, CpuPercent: { } percent })
        {
            draft.Add(
                draft.Id(group, "ScalingByCpu"),
                "AWS::AutoScaling::ScalingPolicy",
                ("AutoScalingGroupName", draft.Ref(group, "Machines")),
                ("PolicyType", "TargetTrackingScaling"),
                (
                    "TargetTrackingConfiguration",
                    Map(
                        ("TargetValue", percent),
                        ("PredefinedMetricSpecification", Map(("PredefinedMetricType", "ASGAverageCPUUtilization")))
                    )
                )
            );
        }
    }
}
