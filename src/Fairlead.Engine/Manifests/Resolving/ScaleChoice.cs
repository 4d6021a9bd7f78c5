using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Apps;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Manifests.Resolving;

/// <summary>What the number of replicas follows.</summary>
internal static class ScaleChoice
{
    // What an autoscaler of Kubernetes takes, so that the same words are right everywhere.
    private static readonly TimeSpan StabilizationMax = TimeSpan.FromHours(1);
    private static readonly TimeSpan CooldownMax = TimeSpan.FromMinutes(30);
    private const int QueueLettersMax = 2_000;

    public static bool Follows(ReplicasEntry entry) =>
        entry is not { Cpu: null, Memory: null, Requests: null, Concurrency: null, Queue: null };

    /// <returns>Null when it cannot be followed, with the reason among the findings.</returns>
    public static ScaleRules? Of(Draft draft, ReplicasEntry entry, Node node, Findings findings)
    {
        var least = Math.Max(1, entry.Min ?? 1);
        if (entry.Max is not { } most || most <= least)
        {
            findings.Add(entry.Max is null ? node : node.At("max"), "scale-range", NoRoom(draft, entry, least));
            return null;
        }
        CheckMeasures(draft, entry, node, findings);
        CheckTimes(draft, entry, node, findings);
        return new()
        {
            Min = least,
            Max = most,
            Cpu = entry.Cpu?.Part,
            Memory = entry.Memory?.Part,
            Requests = entry.Requests is { } rate ? rate.Count / rate.Window.TotalSeconds : null,
            Concurrency = entry.Concurrency,
            Queue = entry.Queue is { } queue ? QueueOf(queue, node.At("queue"), findings) : null,
            Stabilization = entry.Stabilization ?? TimeSpan.FromMinutes(5),
            Cooldown = entry.Cooldown ?? TimeSpan.FromSeconds(15),
        };
    }

    /// <summary>What a service on a cluster, with these variables and secrets, cannot follow.</summary>
    public static void CheckPlace(Service service, Node node, Findings findings)
    {
        if (service.Scale is not { } scale)
        {
            return;
        }
        if (service.Container?.Cluster is not null && scale is not { Cpu: null, Memory: null } && !scale.IsOfResources)
        {
            findings.Add(node, "scale-mixed", Mixed(service));
        }
        if (
            scale.Queue is { } queue
            && !service.Env.ContainsKey(queue.Url)
            && service.Secrets?.Any(use => use.Variable == queue.Url) is not true
        )
        {
            findings.Add(node.At("queue", "url"), "scale-queue-url", NoAddress(service, queue));
        }
    }

    private static void CheckMeasures(Draft draft, ReplicasEntry entry, Node node, Findings findings)
    {
        if (entry.Memory is not null && draft.Entry.Limits?.Memory is null)
        {
            findings.Add(node.At("memory"), "scale-memory", NoLimit(draft));
        }
        if (draft.Routes.Count == 0 && entry is not { Requests: null, Concurrency: null })
        {
            var key = entry.Requests is null ? "concurrency" : "requests";
            findings.Add(node.At(key), "scale-requests", NoRequests(draft, key));
        }
    }

    private static void CheckTimes(Draft draft, ReplicasEntry entry, Node node, Findings findings)
    {
        if (entry.Stabilization > StabilizationMax)
        {
            findings.Add(node.At("stabilization"), "scale-times", TooLong(draft, "stabilization", StabilizationMax));
        }
        if (entry.Cooldown > CooldownMax)
        {
            findings.Add(node.At("cooldown"), "scale-times", TooLong(draft, "cooldown", CooldownMax));
        }
    }

    private static QueueRule? QueueOf(QueueEntry entry, Node node, Findings findings)
    {
        (QueueKind Kind, string? Name)[] all =
        [
            (QueueKind.List, entry.List),
            (QueueKind.Stream, entry.Stream),
            (QueueKind.Queue, entry.Queue),
            (QueueKind.Query, entry.Query),
        ];
        var said = all.Where(one => one.Name is not null).ToList();
        if (
            said is not [{ Name: { Length: > 0 and <= QueueLettersMax } name, Kind: var kind }]
            || entry.Group is not null != kind is QueueKind.Stream
        )
        {
            findings.Add(node, "scale-queue", WhichQueue());
            return null;
        }
        // Without these two its other findings say enough.
        return entry.Url is null || entry.Length <= 0
            ? null
            : new(entry.Url, kind, name, entry.Length) { Group = entry.Group };
    }

    private static (string What, string Why, string Fix) NoRoom(Draft draft, ReplicasEntry entry, int least) =>
        (
            $"The number of replicas of '{draft.Name}' follows its load and cannot change.",
            entry.Max is { } most
                ? $"It has at least {least} and at most {most}."
                : "Nothing says how many there are at most.",
            $"Write for example: max: {Math.Min(100, least * 4)}"
        );

    private static (string What, string Why, string Fix) NoLimit(Draft draft) =>
        (
            $"Nothing says what a part of the memory of '{draft.Name}' is.",
            "It is a part of what one replica may use at most.",
            $"Add to services.{draft.Name}: limits: {{ memory: 256MiB }}"
        );

    private static (string What, string Why, string Fix) NoRequests(Draft draft, string key) =>
        (
            $"'{draft.Name}' gets no requests that '{key}' could follow.",
            "They are counted at the edge, and a service without routes gets none from there.",
            $"Write cpu or a queue instead, or add to services.{draft.Name}: routes: /"
        );

    private static (string What, string Why, string Fix) TooLong(Draft draft, string key, TimeSpan most) =>
        (
            $"The {key} of '{draft.Name}' is too long.",
            $"It is at most {most.Text}, as in Kubernetes.",
            $"Write for example: {key}: {most.Text}"
        );

    private static (string What, string Why, string Fix) WhichQueue() =>
        (
            "It is not clear which queue is meant.",
            "A queue has exactly one of list, stream with group, queue and query.",
            "Write for example: queue: { url: REDIS_URL, list: jobs, length: 20 }"
        );

    private static (string What, string Why, string Fix) NoAddress(Service service, QueueRule queue) =>
        (
            $"'{service.Name}' has no variable {queue.Url}.",
            "The queue is asked at the address that the service itself is given, in 'env' or 'secrets'.",
            $"Add to services.{service.Name}: secrets: [{queue.Url}]"
        );

    private static (string What, string Why, string Fix) Mixed(Service service) =>
        (
            $"Two would decide how many replicas '{service.Name}' has.",
            "On a cluster its own autoscaler follows cpu and memory; requests, concurrency and queues are followed by Fairlead.",
            "Keep cpu and memory, or the others."
        );
}
