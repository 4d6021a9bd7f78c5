using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Clusters;

/// <summary>What a pod is, in our words.</summary>
/// <param name="Pod">Its name.</param>
/// <param name="HasEnded">Its program ended before; what it wrote then is the reason of it.</param>
internal sealed record PodSight(
    string Pod,
    InstanceState State,
    Uri? Endpoint = null,
    Problem? Problem = null,
    int Restarts = 0,
    bool HasEnded = false
);

/// <summary>Reads what the cluster says of a pod. Pure.</summary>
internal static class PodReading
{
    // What does not come right by waiting, but by somebody who mends it.
    private static readonly Dictionary<string, Func<string, ClusterProblems.Hint>> Hopeless = new(
        StringComparer.Ordinal
    )
    {
        ["ErrImagePull"] = ClusterProblems.NoImage,
        ["ImagePullBackOff"] = ClusterProblems.NoImage,
        ["ErrImageNeverPull"] = ClusterProblems.NoImage,
        ["InvalidImageName"] = ClusterProblems.NoImage,
        ["ImageInspectError"] = ClusterProblems.NoImage,
        ["RegistryUnavailable"] = ClusterProblems.NoImage,
        ["CreateContainerConfigError"] = ClusterProblems.WrongSetting,
        ["CreateContainerError"] = ClusterProblems.CannotStart,
        ["RunContainerError"] = ClusterProblems.CannotStart,
        ["StartError"] = ClusterProblems.CannotStart,
    };

    /// <param name="service">What it runs.</param>
    public static PodSight Of(JsonObject pod, InstanceKey key, Service service, DateTimeOffset now)
    {
        var name = Marks.NameOf(pod);
        var status = pod["status"] as JsonObject ?? [];
        var container = (status["containerStatuses"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault() ?? [];
        var restarts = Marks.Number(container["restartCount"]);
        var seen = new PodSight(name, InstanceState.Starting, EndpointOf(status, service), Restarts: restarts);
        if (Marks.IsGoing(pod))
        {
            return seen with { State = InstanceState.Stopping };
        }
        var (ready, wasReady) = ReadinessOf(status);
        if (ready)
        {
            return seen with { State = InstanceState.Ready };
        }
        var ended = EndingOf(container);
        var isLate =
            Marks.Time(pod["metadata"]?["creationTimestamp"]) is { } born && now - born >= service.Health.StartGrace;
        if (wasReady)
        {
            return seen with
            {
                State = InstanceState.Down,
                HasEnded = ended is not null,
                Problem = ended is null
                    ? ClusterProblems.Unhealthy(key, UnreadyWhy(status))
                    : ClusterProblems.Crashed(key, ended),
            };
        }
        if (ended is not null)
        {
            return seen with
            {
                State = InstanceState.Failed,
                HasEnded = true,
                Problem = ClusterProblems.EndedAtStart(key, ended),
            };
        }
        if (WaitingWhy(status, container) is { } hint)
        {
            return seen with
            {
                State = isLate || hint.IsFinal ? InstanceState.Failed : InstanceState.Starting,
                Problem = ClusterProblems.CannotRun(key, hint),
            };
        }
        return seen;
    }

    private static Uri? EndpointOf(JsonObject status, Service service) =>
        service.Kind is not (Kind.Worker or Kind.Job)
        && IPAddress.TryParse(Marks.Text(status["podIP"]), out var address)
            ? new UriBuilder("http", address.ToString(), PodTemplate.PortOf(service)).Uri
            : null;

    // A pod that never was ready has been unready since it was first looked at; one that was, only since it fell.
    private static (bool Ready, bool WasReady) ReadinessOf(JsonObject status)
    {
        var ready = ConditionOf(status, "Ready");
        if (Marks.Text(ready?["status"]) is "True")
        {
            return (true, true);
        }
        var first = Marks.Time(ConditionOf(status, "Initialized")?["lastTransitionTime"]);
        var fell = Marks.Time(ready?["lastTransitionTime"]);
        return (false, first is not null && fell > first);
    }

    private static JsonObject? ConditionOf(JsonObject status, string type) =>
        (status["conditions"] as JsonArray)
            ?.OfType<JsonObject>()
            .FirstOrDefault(one => Marks.Text(one["type"]) == type);

    private static string UnreadyWhy(JsonObject status) =>
        Marks.Text(ConditionOf(status, "Ready")?["message"]) ?? "Its readiness probe is not answered.";

    /// <summary>How its program ended, now or the last time; null when it never did.</summary>
    private static string? EndingOf(JsonObject container)
    {
        var end = container["state"]?["terminated"] ?? container["lastState"]?["terminated"];
        if (end is null)
        {
            return null;
        }
        var code = Marks.Number(end["exitCode"]);
        return (Marks.Text(end["reason"]), code) switch
        {
            ("OOMKilled", _) => "The system ended it for want of memory (OOMKilled).",
            ("ContainerCannotRun" or "StartError" or "RunContainerError", _) =>
                $"It could not be started: {Short(Marks.Text(end["message"]))}",
            (_, > 128 and < 165) => string.Create(CultureInfo.InvariantCulture, $"Signal {code - 128} ended it."),
            _ => string.Create(CultureInfo.InvariantCulture, $"It ended with code {code}."),
        };
    }

    private static ClusterProblems.Hint? WaitingWhy(JsonObject status, JsonObject container)
    {
        var waiting = container["state"]?["waiting"];
        if (Marks.Text(waiting?["reason"]) is { } reason && Hopeless.TryGetValue(reason, out var hint))
        {
            return hint($"{reason}: {Short(Marks.Text(waiting?["message"]))}") with
            {
                IsFinal = reason is "ErrImageNeverPull" or "InvalidImageName" or "CreateContainerConfigError",
            };
        }
        var placed = ConditionOf(status, "PodScheduled");
        return Marks.Text(placed?["status"]) is "False" && Marks.Text(placed?["reason"]) is "Unschedulable"
            ? ClusterProblems.NoRoom(Short(Marks.Text(placed?["message"])))
            : null;
    }

    internal static string Short(string? text) =>
        text is null or "" ? "(it does not say more)"
        : text.Length <= ClusterProblems.LettersMax ? text
        : $"{text[..ClusterProblems.LettersMax]}…";
}
