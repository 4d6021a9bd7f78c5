using System.Text.Json.Nodes;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Pipelines.Clusters;

/// <summary>What a cluster says of a job.</summary>
internal abstract record JobSight
{
    private JobSight() { }

    /// <param name="Pod">Null when there is none yet.</param>
    /// <param name="Waits">Why it does not run, such as <c>0/3 nodes are available: insufficient cpu</c>; null when it does, or begins.</param>
    public sealed record Going(string? Pod, string? Waits) : JobSight;

    public sealed record Ended(string Pod, int ExitCode) : JobSight;

    /// <summary>Its time was over.</summary>
    public sealed record Late : JobSight;

    /// <summary>It will never run, or was ended by somebody.</summary>
    public sealed record Broken(Problem Problem) : JobSight;

    // What does not come right by waiting. The cluster tries images again for a while, which a job's time is too dear for.
    private static readonly HashSet<string> Hopeless = new(StringComparer.Ordinal)
    {
        "ErrImagePull",
        "ImagePullBackOff",
        "ErrImageNeverPull",
        "InvalidImageName",
        "ImageInspectError",
        "RegistryUnavailable",
        "CreateContainerError",
        "RunContainerError",
    };

    /// <param name="job">Null when it is gone.</param>
    /// <param name="pods">Those that it made.</param>
    public static JobSight Of(JsonObject? job, IReadOnlyList<JsonObject> pods)
    {
        if (job is null)
        {
            return new Broken(ClusterJobProblems.Gone());
        }
        if (ConditionOf(job, "Failed") is { } failed && Text(failed["reason"]) is "DeadlineExceeded")
        {
            return new Late();
        }
        if (pods is not [var pod, ..])
        {
            return ConditionOf(job, "Failed") is { } broken
                ? new Broken(ClusterJobProblems.Refused(Text(broken["message"]) ?? "It does not say why."))
                : new Going(null, null);
        }
        return OfPod(pod, Text(pod["metadata"]?["name"]) ?? "");
    }

    private static JobSight OfPod(JsonObject pod, string name)
    {
        var status = pod["status"] as JsonObject ?? [];
        var source = StateOf(status, "initContainerStatuses", JobObjects.Source);
        var task = StateOf(status, "containerStatuses", JobObjects.Task);
        if (Number(task?["terminated"]?["exitCode"]) is { } code)
        {
            return Text(task?["terminated"]?["reason"]) switch
            {
                "OOMKilled" => new Broken(ClusterJobProblems.NoMemory()),
                "ContainerCannotRun" or "StartError" => new Broken(
                    ClusterJobProblems.CannotStart(Text(task?["terminated"]?["message"]) ?? "It does not say why.")
                ),
                _ => new Ended(name, code),
            };
        }
        if (Number(source?["terminated"]?["exitCode"]) is { } copied && copied != 0)
        {
            return new Broken(
                ClusterJobProblems.NoSource(copied, Text(source?["terminated"]?["message"]) ?? "It says nothing.")
            );
        }
        if ((Waiting(source) ?? Waiting(task)) is { } why)
        {
            return new Broken(ClusterJobProblems.CannotRun(why));
        }
        return Text(status["phase"]) is "Failed"
            ? new Broken(
                ClusterJobProblems.Evicted(
                    $"{Text(status["reason"])}: {Text(status["message"]) ?? "it does not say more"}"
                )
            )
            : new Going(name, Unplaced(status));
    }

    private static string? Waiting(JsonObject? state) =>
        state?["waiting"] is JsonObject waiting && Text(waiting["reason"]) is { } reason && Hopeless.Contains(reason)
            ? $"{reason}: {Text(waiting["message"]) ?? "it does not say more"}"
            : null;

    private static string? Unplaced(JsonObject status) =>
        (status["conditions"] as JsonArray)
            ?.OfType<JsonObject>()
            .FirstOrDefault(static one => Text(one["type"]) is "PodScheduled" && Text(one["status"]) is "False")
            is { } placed
            ? Text(placed["message"])
            : null;

    private static JsonObject? StateOf(JsonObject status, string list, string container) =>
        (status[list] as JsonArray)
            ?.OfType<JsonObject>()
            .FirstOrDefault(one => Text(one["name"]) == container)
            ?["state"] as JsonObject;

    private static JsonObject? ConditionOf(JsonObject job, string type) =>
        (job["status"]?["conditions"] as JsonArray)
            ?.OfType<JsonObject>()
            .FirstOrDefault(one => Text(one["type"]) == type && Text(one["status"]) is "True");

    private static string? Text(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static int? Number(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<int>(out var number) ? number : null;
}
