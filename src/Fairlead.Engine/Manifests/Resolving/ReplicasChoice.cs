using Fairlead.Engine.Manifests.Reading;

namespace Fairlead.Engine.Manifests.Resolving;

/// <summary>How many replicas run, and whether none does while nobody asks.</summary>
internal static class ReplicasChoice
{
    private static readonly TimeSpan IdleUsual = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan IdleMin = TimeSpan.FromSeconds(1);

    /// <param name="node">Where <paramref name="entry"/> is said.</param>
    public static (int Replicas, TimeSpan? Idle) Of(Draft draft, ReplicasEntry? entry, Node node, Findings findings)
    {
        if (draft.IsStatic || entry is null)
        {
            return (1, null); // The edge serves files by itself.
        }
        var replicas = entry.Max ?? Math.Max(1, entry.Min ?? 1);
        if (entry.Min is not 0)
        {
            if (entry.Min is { } least && least != replicas)
            {
                findings.Add(node.At("min"), "replicas-range", NoRange(draft, replicas));
            }
            if (entry.Idle is not null)
            {
                findings.Add(node.At("idle"), "idle-unused", Unused(draft));
            }
            return (replicas, null);
        }
        if (draft.Routes.Count == 0)
        {
            findings.Add(node.At("min"), "never-woken", NeverWoken(draft));
        }
        if (entry.Idle < IdleMin)
        {
            findings.Add(node.At("idle"), "idle-short", TooShort(draft));
        }
        return (replicas, entry.Idle ?? IdleUsual);
    }

    private static (string What, string Why, string Fix) NoRange(Draft draft, int replicas) =>
        (
            $"The number of replicas of '{draft.Name}' is a range.",
            "Replicas follow the load only between none and all: min is 0, or the same as max.",
            $"Write: replicas: {replicas}"
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
            $"Write 'replicas: 1', or add to services.{draft.Name}: routes: /"
        );

    private static (string What, string Why, string Fix) TooShort(Draft draft) =>
        (
            $"'{draft.Name}' would sleep between two requests.",
            "Each first request after that waits for a start.",
            "Write at least 'idle: 1s'; minutes suit most services."
        );
}
