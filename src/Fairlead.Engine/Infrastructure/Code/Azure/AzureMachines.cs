using System.Globalization;
using System.Xml;
using Fairlead.Engine.Infrastructure.Code.Bicep;
using Fairlead.Model.Resources;
using static Fairlead.Engine.Infrastructure.Code.Azure.AzureDraft;
using static Fairlead.Engine.Infrastructure.Code.CodeValue;

namespace Fairlead.Engine.Infrastructure.Code.Azure;

/// <summary>Machines in a scale set, on each of which Fairlead's node runs.</summary>
internal static class AzureMachines
{
    private const string Part = AzureParts.Compute;
    private const string Key = "machineKey";
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    public static void Add(AzureDraft draft, MachineGroup group)
    {
        var door = AzureDoors.Add(draft, group);
        var health = Health(group);
        var set = draft.Add(
            Part,
            AzureTypes.Machines,
            group,
            [
                .. Head(draft.Called(group.Name, 64)),
                ("sku", Map(("name", AzureSizes.Machine(group.Size)), ("capacity", group.Scaling.Min))),
                .. Some("zones", draft.Zones.Count == 0 ? null : new Items(draft.Zones)),
                (
                    "identity",
                    Map(
                        ("type", "UserAssigned"),
                        ("userAssignedIdentities", new Call(BicepText.Keys, [draft.At(group.Workload.Identity, "id")]))
                    )
                ),
                (
                    "properties",
                    Map([
                        ("orchestrationMode", "Flexible"),
                        ("platformFaultDomainCount", 1),
                        ("singlePlacementGroup", false),
                        ("upgradePolicy", Upgrades(health is not null)),
                        .. Some(
                            "automaticRepairsPolicy",
                            health is null ? null : Map(("enabled", true), ("gracePeriod", XmlConvert.ToString(Grace)))
                        ),
                        ("virtualMachineProfile", Profile(draft, group, (door, health))),
                    ])
                ),
            ]
        );
        AddScaling(draft, group, set);
        draft.Note(
            $"Machines of {group.Name} have the values of {group.Name} in /etc/fairlead/{group.Name}.env; what joins them to Fairlead as nodes is a token, which is no matter of code: docs/guides/remote.md"
        );
        draft.Tell($"{set.Symbol}Name", $"Machines of {group.Name}", set.At("name"));
    }

    // Whether a machine is well can only be asked where something listens.
    private static CodeValue? Health(MachineGroup group) =>
        group.Port is not { } port
            ? null
            : Map(
                ("name", "health"),
                (
                    "properties",
                    Map(
                        ("publisher", "Microsoft.ManagedServices"),
                        ("type", "ApplicationHealthLinux"),
                        ("typeHandlerVersion", "2.0"),
                        ("autoUpgradeMinorVersion", true),
                        ("enableAutomaticUpgrade", true),
                        (
                            "settings",
                            group.Workload.Health is { } path
                                ? Map(("protocol", "http"), ("port", port), ("requestPath", path))
                                : Map(("protocol", "tcp"), ("port", port))
                        )
                    )
                )
            );

    private static CodeValue Upgrades(bool isRolling) =>
        isRolling
            ? Map(
                ("mode", "Rolling"),
                (
                    "rollingUpgradePolicy",
                    Map(
                        ("maxSurge", true),
                        ("maxBatchInstancePercent", 20),
                        ("maxUnhealthyInstancePercent", 20),
                        ("maxUnhealthyUpgradedInstancePercent", 20),
                        ("pauseTimeBetweenBatches", "PT30S"),
                        ("rollbackFailedInstancesOnPolicyBreach", true)
                    )
                )
            )
            : Map(("mode", "Manual"));

    private static CodeValue Profile(AzureDraft draft, MachineGroup group, (CodeValue? Door, CodeValue? Health) with) =>
        Map([
            (
                "securityProfile",
                Map(
                    ("securityType", "TrustedLaunch"),
                    ("uefiSettings", Map(("secureBootEnabled", true), ("vTpmEnabled", true)))
                )
            ),
            ("osProfile", System(draft, group)),
            (
                "storageProfile",
                Map(
                    (
                        "imageReference",
                        Map(
                            ("publisher", "Canonical"),
                            ("offer", "ubuntu-24_04-lts"),
                            ("sku", "server"),
                            ("version", "latest")
                        )
                    ),
                    (
                        "osDisk",
                        Map(
                            ("createOption", "FromImage"),
                            // The image's own disk has 30 GB.
                            ("diskSizeGB", Math.Max(30, AzureSizes.Gigabytes(group.Disk))),
                            ("managedDisk", Map(("storageAccountType", "Premium_LRS")))
                        )
                    )
                )
            ),
            ("networkProfile", Network(draft, with.Door)),
            ("diagnosticsProfile", Map(("bootDiagnostics", Map(("enabled", true))))),
            .. Some("extensionProfile", with.Health is null ? null : Map(("extensions", List(with.Health)))),
        ]);

    private static CodeValue System(AzureDraft draft, MachineGroup group)
    {
        var key = draft.Parameter(
            new(
                Key,
                "string",
                "Public key of SSH, which machines want to have; nobody reaches them from outside with it",
                null
            )
            {
                Variable = "MACHINE_KEY",
            }
        );
        var user = draft.Parameter(
            new("machineUser", "string", "User of machines to whom that key belongs", "azureuser")
        );
        return Map(
            ("computerNamePrefix", Short(group.Name, 9)),
            ("adminUsername", user),
            ("customData", new Call("base64", [Start(draft, group)])),
            (
                "linuxConfiguration",
                Map(
                    ("disablePasswordAuthentication", true),
                    (
                        "ssh",
                        Map(
                            (
                                "publicKeys",
                                List(Map(("path", Join("/home/", user, "/.ssh/authorized_keys")), ("keyData", key)))
                            )
                        )
                    )
                )
            )
        );
    }

    // Values stand in single quotes of the shell, so that they mean nothing to it.
    private static Joined Start(AzureDraft draft, MachineGroup group)
    {
        var path = $"/etc/fairlead/{group.Name}.env";
        List<CodeValue> parts =
        [
            $"#!/bin/sh\nset -eu\ninstall -d -m 0750 /etc/fairlead\n: > {path}\nchmod 0640 {path}\n",
        ];
        foreach (var (name, value) in AzureWorkloads.Env(draft, group.Workload).Concat(Places(draft, group)))
        {
            parts.Add($"printf '%s\\n' '{name}=");
            parts.Add(value is Text text ? text.Value.Replace("'", @"'\''", StringComparison.Ordinal) : value);
            parts.Add($"' >> {path}\n");
        }
        return new Joined(parts);
    }

    // What fetches secrets itself is told where they are.
    private static IEnumerable<(string Name, CodeValue Value)> Places(AzureDraft draft, MachineGroup group)
    {
        foreach (var (name, secret) in AzureWorkloads.Secrets(group.Workload))
        {
            draft.Note(
                $"{group.Name} is told in {name}_URL where {name} is, and fetches it itself: nothing can hand it in without its being readable."
            );
            yield return ($"{name}_URL", AzureVault.Address(draft, secret));
        }
    }

    private static CodeValue Network(AzureDraft draft, CodeValue? door) =>
        Map(
            ("networkApiVersion", "2022-11-01"),
            (
                "networkInterfaceConfigurations",
                List(
                    Map(
                        ("name", "primary"),
                        (
                            "properties",
                            Map(
                                ("primary", true),
                                (
                                    "ipConfigurations",
                                    List(
                                        Map(
                                            ("name", "primary"),
                                            (
                                                "properties",
                                                Map([
                                                    ("primary", true),
                                                    ("subnet", ById(AzureNetwork.Subnet(draft, AzureSubnets.Machines))),
                                                    .. Some(
                                                        "loadBalancerBackendAddressPools",
                                                        door is null ? null : List(ById(door))
                                                    ),
                                                ])
                                            )
                                        )
                                    )
                                )
                            )
                        )
                    )
                )
            )
        );

    private static void AddScaling(AzureDraft draft, MachineGroup group, BicepResource set)
    {
        if (group.Scaling is not { FollowsLoad: true, CpuPercent: { } percent })
        {
            return;
        }
        draft.Note(
            $"Applying the code again puts {group.Name} back to {Text(group.Scaling.Min)} machines, from where its load brings it up again: Bicep cannot leave a number to others."
        );
        draft.Add(
            Part,
            AzureTypes.Autoscale,
            (group, "scaling"),
            [
                .. Head(draft.Called($"{group.Name}-scaling", 260)),
                (
                    "properties",
                    Map(
                        ("enabled", true),
                        ("targetResourceUri", set.At("id")),
                        (
                            "profiles",
                            List(
                                Map(
                                    ("name", "by-load"),
                                    (
                                        "capacity",
                                        Map(
                                            ("minimum", Text(group.Scaling.Min)),
                                            ("maximum", Text(group.Scaling.Max)),
                                            ("default", Text(group.Scaling.Min))
                                        )
                                    ),
                                    (
                                        "rules",
                                        List(
                                            Rule(set, ("GreaterThan", percent), ("Increase", "PT5M")),
                                            // Well below, so that one machine less does not call for it again.
                                            Rule(set, ("LessThan", percent / 2), ("Decrease", "PT10M"))
                                        )
                                    )
                                )
                            )
                        )
                    )
                ),
            ]
        );
    }

    private static CodeValue Rule(
        BicepResource set,
        (string Is, int Percent) when,
        (string Direction, string Pause) then
    ) =>
        Map(
            (
                "metricTrigger",
                Map(
                    ("metricName", "Percentage CPU"),
                    ("metricResourceUri", set.At("id")),
                    ("operator", when.Is),
                    ("threshold", when.Percent),
                    ("statistic", "Average"),
                    ("timeAggregation", "Average"),
                    ("timeGrain", "PT1M"),
                    ("timeWindow", "PT5M")
                )
            ),
            (
                "scaleAction",
                Map(("direction", then.Direction), ("type", "ChangeCount"), ("value", "1"), ("cooldown", then.Pause))
            )
        );

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
