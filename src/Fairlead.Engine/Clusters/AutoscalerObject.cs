using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Clusters;

/// <summary>
/// A service's rules in the words of a cluster's own autoscaler, which knows processors and memory. Pure. The same shape holds for
/// autoscaling/v2 and v2beta2: kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2.
/// </summary>
internal static class AutoscalerObject
{
    public const string Kind = "HorizontalPodAutoscaler";
    public const string Version = "autoscaling/v2";
    public const string OldVersion = "autoscaling/v2beta2";

    /// <summary>The first minor version that knows <see cref="Version"/>.</summary>
    public const int Since = 23;

    private const int AddedAtOnce = 4;
    private const int DownPeriod = 15;

    /// <param name="target">Which object has the replicas: its version, kind and name.</param>
    /// <returns>Null when the rules name nothing that an autoscaler knows.</returns>
    public static JsonObject? SpecOf(Service service, (string Version, string Kind, string Name) target)
    {
        if (service.Scale is not { } scale || scale is { Cpu: null, Memory: null })
        {
            return null;
        }
        var metrics = new JsonArray();
        if (scale.Cpu is { } cpu)
        {
            // A limit is a request as well. Without one, a part of one core is meant, as on a single machine.
            metrics.Add(
                Metric(
                    "cpu",
                    service.Limits.Cpu is null
                        ? new() { ["type"] = "AverageValue", ["averageValue"] = Milli(cpu) }
                        : Utilization(cpu)
                )
            );
        }
        if (scale.Memory is { } memory)
        {
            metrics.Add(Metric("memory", Utilization(memory)));
        }
        return new()
        {
            ["scaleTargetRef"] = new JsonObject
            {
                ["apiVersion"] = target.Version,
                ["kind"] = target.Kind,
                ["name"] = target.Name,
            },
            ["minReplicas"] = scale.Min,
            ["maxReplicas"] = scale.Max,
            ["metrics"] = metrics,
            ["behavior"] = new JsonObject
            {
                ["scaleDown"] = new JsonObject
                {
                    ["stabilizationWindowSeconds"] = (int)scale.Stabilization.TotalSeconds,
                    ["policies"] = new JsonArray(Policy("Percent", 100, DownPeriod)),
                },
                ["scaleUp"] = new JsonObject
                {
                    ["stabilizationWindowSeconds"] = 0,
                    ["selectPolicy"] = "Max",
                    ["policies"] = new JsonArray(
                        Policy("Percent", 100, PeriodOf(scale.Cooldown)),
                        Policy("Pods", AddedAtOnce, PeriodOf(scale.Cooldown))
                    ),
                },
            },
        };
    }

    private static int PeriodOf(TimeSpan cooldown) => Math.Max(1, (int)cooldown.TotalSeconds);

    private static JsonObject Policy(string type, int value, int seconds) =>
        new()
        {
            ["type"] = type,
            ["value"] = value,
            ["periodSeconds"] = seconds,
        };

    private static JsonObject Metric(string resource, JsonObject target) =>
        new()
        {
            ["type"] = "Resource",
            ["resource"] = new JsonObject { ["name"] = resource, ["target"] = target },
        };

    private static JsonObject Utilization(double part) =>
        new() { ["type"] = "Utilization", ["averageUtilization"] = Math.Max(1, (int)Math.Round(part * 100)) };

    private static string Milli(double cores) =>
        Math.Max(1, (int)Math.Round(cores * 1000)).ToString(CultureInfo.InvariantCulture) + "m";
}
