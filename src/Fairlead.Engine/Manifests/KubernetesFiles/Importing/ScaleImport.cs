using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Engine.Manifests.ComposeFiles.Importing;
using Fairlead.Engine.Manifests.ComposeFiles.Reading;
using Fairlead.Engine.Manifests.KubernetesFiles.Reading;

namespace Fairlead.Engine.Manifests.KubernetesFiles.Importing;

/// <summary>How many run, how they follow the load, and how they are replaced.</summary>
internal static class ScaleImport
{
    private const int Most = 100;

    public static void Apply(WorkloadDraft draft)
    {
        var spec = draft.Object.Spec;
        var replicas = Replicas(draft, spec.Find("replicas") as Piece.Word);
        if (draft.Cast.Scaler(draft.Object) is { } scaler)
        {
            draft.Cast.Used.Add(scaler);
            Follows(draft, scaler);
        }
        foreach (var budget in draft.Cast.Budgets(draft.Object))
        {
            draft.Cast.Used.Add(budget);
            Budget(draft, budget);
        }
        switch (draft.Object.Kind)
        {
            case "Rollout":
                Rollout(draft, ClusterObject.Group(spec, "strategy"));
                break;
            case "Pod":
                return;
            default:
                Replaced(draft, spec, replicas);
                break;
        }
        draft.Rest(
            spec,
            "",
            "replicas",
            "template",
            "strategy",
            "updateStrategy",
            "volumeClaimTemplates",
            TakesReady(draft) ? "minReadySeconds" : ""
        );
        if (draft.Container.ContainsKey("volumes") && draft.IsOpen)
        {
            draft.Keys.TryAdd("deploy", "recreate"); // Two at once would write to the same folder.
        }
    }

    private static bool TakesReady(WorkloadDraft draft) =>
        (draft.Keys["deploy"] as JsonObject)?.ContainsKey("hold") is true;

    private static int Replicas(WorkloadDraft draft, Piece.Word? said)
    {
        if (draft.Object.Kind == "DaemonSet")
        {
            draft.Changed(
                draft.Object.Place,
                "kind (DaemonSet)",
                "One replica runs, not one on each machine.",
                "Keep it as it is where each machine needs one; else say how many: replicas: 3"
            );
            return 1;
        }
        var number = ComposeValues.Whole(said?.Text ?? "1");
        var owns = ClusterObject.Rows(draft.Object.Spec, "volumeClaimTemplates").Any();
        switch (number)
        {
            case > 1 when owns:
                draft.Changed(
                    said!.Place, // It says more than one.
                    "replicas",
                    "One runs: each replica had a volume of its own, and the manifest's volumes are shared by all of a service.",
                    "Keep a cluster of a database as it is, or run it by an operator; its address is a variable of those that use it."
                );
                return 1;
            case 0:
                draft.NotTaken(
                    said!.Place, // It says none.
                    "replicas",
                    "A service of the manifest runs; with 'min: 0' it sleeps while nobody asks for it.",
                    "Leave the service out, or write: replicas: { min: 0, max: 1 }"
                );
                return 1;
            case > 1 and <= Most:
                draft.Keys["replicas"] = number;
                return number.Value;
            case 1:
                return 1;
            default:
                draft.NotTaken(
                    said?.Place ?? draft.Object.Place,
                    "replicas",
                    $"A number from 1 to {Most} runs.",
                    $"Write: replicas: {Most}"
                );
                return 1;
        }
    }

    private static void Follows(WorkloadDraft draft, ClusterObject scaler)
    {
        var spec = scaler.Spec;
        var min = ComposeValues.Whole(ClusterObject.Text(spec, "minReplicas") ?? "1") ?? 1;
        var max = ComposeValues.Whole(ClusterObject.Text(spec, "maxReplicas") ?? "") ?? min;
        var range = new JsonObject
        {
            ["min"] = Math.Clamp(min, 1, Most),
            ["max"] = Math.Clamp(max, Math.Clamp(min, 1, Most), Most),
        };
        if (ClusterObject.Text(spec, "targetCPUUtilizationPercentage") is { } old)
        {
            Percent(range, "cpu", old);
        }
        foreach (var metric in ClusterObject.Rows(spec, "metrics"))
        {
            var resource = ClusterObject.Group(metric, "resource");
            var name = ClusterObject.Text(resource, "name");
            var part =
                ClusterObject.Text(ClusterObject.Group(resource, "target"), "averageUtilization")
                ?? ClusterObject.Text(resource, "targetAverageUtilization");
            if (name is "cpu" or "memory" && part is not null)
            {
                Percent(range, name, part);
            }
            else
            {
                draft.NotTaken(
                    metric.Place,
                    $"metrics ({ClusterObject.Text(metric, "type")})",
                    "Replicas follow cpu and memory by percent, requests, concurrency or a queue.",
                    "Write for example: replicas: { min: 2, max: 10, requests: 50/s } (docs/guides/autoscaling.md)"
                );
            }
        }
        var down = ClusterObject.Group(ClusterObject.Group(spec, "behavior"), "scaleDown");
        var window = ClusterObject.Text(down, "stabilizationWindowSeconds");
        if (ComposeValues.Whole(window ?? "") is > 0 and <= 3600)
        {
            range["stabilization"] = Quantity.Seconds(window);
        }
        draft.Rest(down, "behavior.scaleDown", "stabilizationWindowSeconds");
        draft.Rest(ClusterObject.Group(spec, "behavior"), "behavior", "scaleDown");
        draft.Rest(
            spec,
            "",
            "scaleTargetRef",
            "minReplicas",
            "maxReplicas",
            "metrics",
            "behavior",
            "targetCPUUtilizationPercentage"
        );
        if (range.Any(static one => one.Key is "cpu" or "memory"))
        {
            draft.Keys["replicas"] = range;
        }
    }

    private static void Percent(JsonObject range, string name, string text)
    {
        if (ComposeValues.Whole(text) is >= 1 and <= 100 and var part)
        {
            range[name] = string.Create(CultureInfo.InvariantCulture, $"{part}%");
        }
    }

    private static void Budget(WorkloadDraft draft, ClusterObject budget)
    {
        if (ClusterObject.Text(budget.Spec, "maxUnavailable") is not "1")
        {
            draft.Changed(
                budget.Place,
                budget.Shown,
                "One pod at a time may be away when machines are emptied, of a service that has several.",
                "Have as many replicas as must be there, and one more."
            );
        }
    }

    private static void Replaced(WorkloadDraft draft, Piece.Group spec, int replicas)
    {
        var strategy = ClusterObject.Group(spec, "strategy") ?? ClusterObject.Group(spec, "updateStrategy");
        if (ClusterObject.Text(strategy, "type") is "Recreate" or "OnDelete")
        {
            draft.Keys["deploy"] = "recreate";
            return;
        }
        if (ClusterObject.Group(strategy, "rollingUpdate") is not { } rolling)
        {
            return;
        }
        var surge = Quantity.Part(ClusterObject.Text(rolling, "maxSurge") ?? "25%", replicas, roundsUp: true);
        var away = Quantity.Part(ClusterObject.Text(rolling, "maxUnavailable") ?? "25%", replicas, roundsUp: false);
        if (draft.Object.Kind is "Deployment" && surge is <= Most && away is <= Most && surge + away > 0)
        {
            var deploy = new JsonObject { ["strategy"] = "rolling", ["maxSurge"] = surge };
            if (away > 0)
            {
                deploy["maxUnavailable"] = away;
            }
            if (Quantity.Seconds(ClusterObject.Text(spec, "minReadySeconds")) is { } hold)
            {
                deploy["hold"] = hold;
            }
            draft.Keys["deploy"] = deploy;
        }
        draft.Rest(rolling, "strategy.rollingUpdate", "maxSurge", "maxUnavailable", "partition");
        if (ClusterObject.Text(rolling, "partition") is not (null or "0"))
        {
            draft.NotTaken(
                rolling.Place,
                "updateStrategy.rollingUpdate.partition",
                "A part of the replicas is no release here.",
                "Write for example: deploy: { strategy: canary, shares: [10%, 50%], hold: 5m }"
            );
        }
    }

    /// <summary>Of Argo Rollouts.</summary>
    private static void Rollout(WorkloadDraft draft, Piece.Group? strategy)
    {
        if (ClusterObject.Group(strategy, "blueGreen") is { } blueGreen)
        {
            draft.Keys["deploy"] = "blue-green";
            draft.Rest(
                blueGreen,
                "strategy.blueGreen",
                "activeService",
                "previewService",
                "autoPromotionSeconds",
                "scaleDownDelaySeconds",
                "autoPromotionEnabled"
            );
            return;
        }
        if (ClusterObject.Group(strategy, "canary") is not { } canary)
        {
            return;
        }
        var shares = new JsonArray();
        string? hold = null;
        foreach (var step in ClusterObject.Rows(canary, "steps"))
        {
            if (ComposeValues.Whole(ClusterObject.Text(step, "setWeight") ?? "") is >= 1 and < 100 and var weight)
            {
                shares.Add(string.Create(CultureInfo.InvariantCulture, $"{weight}%"));
            }
            else if (ClusterObject.Group(step, "pause") is { } pause)
            {
                hold ??=
                    ClusterObject.Text(pause, "duration") is { } text && ComposeValues.Time(text) is { } time
                        ? Quantity.Seconds(((int)time.TotalSeconds).ToString(CultureInfo.InvariantCulture))
                        : null;
            }
            else
            {
                draft.NotTaken(
                    step.Place,
                    "strategy.canary.steps",
                    "A canary is watched by gates in each of its shares.",
                    "Say them: deploy: { strategy: canary, gates: [error-rate < 1%] }"
                );
            }
        }
        if (shares.Count > 0)
        {
            var deploy = new JsonObject { ["strategy"] = "canary", ["shares"] = shares };
            if (hold is not null)
            {
                deploy["hold"] = hold;
            }
            draft.Keys["deploy"] = deploy;
        }
        draft.Rest(canary, "strategy.canary", "steps", "maxSurge", "maxUnavailable");
    }
}
