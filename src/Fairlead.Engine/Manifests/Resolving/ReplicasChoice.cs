using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests.Resolving;

/// <summary>How many replicas run.</summary>
/// <param name="Count">The least of them where they follow the load.</param>
/// <param name="Idle">After how long without a request none runs; null for never.</param>
/// <param name="Scale">By what they follow the load; null where they do not.</param>
internal sealed record Replicas(int Count, TimeSpan? Idle, ScaleRules? Scale = null)
{
    public int Max => Scale?.Max ?? Count;
}

/// <summary>How many replicas run, and whether none does while nobody asks.</summary>
internal static class ReplicasChoice
{
    private static readonly TimeSpan IdleUsual = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan IdleMin = TimeSpan.FromSeconds(1);

    /// <param name="node">Where <paramref name="entry"/> is said.</param>
    public static Replicas Of(Draft draft, ReplicasEntry? entry, Node node, Findings findings)
    {
        if (draft.IsStatic || entry is null)
        {
            return new(1, null); // The edge serves files by itself.
        }
        CheckIdle(draft, entry, node, findings);
        TimeSpan? idle = entry.Min is 0 ? entry.Idle ?? IdleUsual : null;
        if (ScaleChoice.Follows(entry))
        {
            return ScaleChoice.Of(draft, entry, node, findings) is { } rules
                ? new(rules.Min, idle, rules)
                : new(1, idle);
        }
        if (entry is not { Stabilization: null, Cooldown: null })
        {
            findings.Add(node, "scale-unused", NothingFollows(draft));
        }
        var replicas = entry.Max ?? Math.Max(1, entry.Min ?? 1);
        if (entry.Min is { } least and not 0 && least != replicas)
        {
            findings.Add(node.At("min"), "replicas-range", NoReason(draft, entry, replicas));
        }
        return new(replicas, idle);
    }

    private static void CheckIdle(Draft draft, ReplicasEntry entry, Node node, Findings findings)
    {
        if (entry.Min is not 0)
        {
            if (entry.Idle is not null)
            {
                findings.Add(node.At("idle"), "idle-unused", Unused(draft));
            }
            return;
        }
        if (draft.Routes.Count == 0)
        {
            findings.Add(node.At("min"), "never-woken", NeverWoken(draft));
        }
        if (entry.Idle < IdleMin)
        {
            findings.Add(node.At("idle"), "idle-short", TooShort(draft));
        }
    }

    private static (string What, string Why, string Fix) NothingFollows(Draft draft) =>
        (
            $"The number of replicas of '{draft.Name}' follows nothing, so it never changes.",
            "'stabilization' and 'cooldown' say how quickly replicas follow cpu, memory, requests, concurrency or a queue.",
            "Add for example 'cpu: 70%', or remove them."
        );

    private static (string What, string Why, string Fix) NoReason(Draft draft, ReplicasEntry entry, int replicas) =>
        (
            $"Nothing says what the number of replicas of '{draft.Name}' follows.",
            "In a range it follows cpu, memory, requests, concurrency or a queue; min is the same as max where it follows nothing.",
            entry.Min < replicas
                ? $"Write for example: replicas: {{ min: {entry.Min}, max: {replicas}, cpu: 70% }}"
                : $"Write: replicas: {entry.Min}"
        );

    private static (string What, string Why, string Fix) Unused(Draft draft) =>
        (
            $"'{draft.Name}' says when it is idle, and always runs.",
            "Only a service with 'min: 0' stops when nobody asks for it.",
            "Add 'min: 0', or remove 'idle'."
        );

    private static (string What, string Why, string Fix) NeverWoken(Draft draft) =>
        (
            $"Nobody could wake '{draft.Name}'.",
            "The first request wakes a service, and one without routes gets none.",
            $"Write at least one replica, or add to services.{draft.Name}: routes: /"
        );

    private static (string What, string Why, string Fix) TooShort(Draft draft) =>
        (
            $"'{draft.Name}' would sleep between two requests.",
            "Each first request after that waits for a start.",
            "Write at least 'idle: 1s'; minutes suit most services."
        );
}
