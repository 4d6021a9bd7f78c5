using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests.Resolving;

/// <summary>Whether a service runs in a container, and how.</summary>
internal static class ContainerChoice
{
    // Below these are secrets and the kernel's own views in every container.
    private static readonly string[] TakenInImages = ["/dev", "/proc", "/run/secrets", "/sys", "/tmp"];

    // Where the program, its secrets and the kernel's own views are: a volume there would hide them.
    private static readonly string[] Taken =
    [
        "/app",
        "/bin",
        "/dev",
        "/etc",
        "/lib",
        "/proc",
        "/run",
        "/sbin",
        "/sys",
        "/tmp",
        "/usr",
    ];

    /// <summary>Null for a process of the machine, and for files.</summary>
    /// <param name="cluster">Where it runs, with the target Kubernetes.</param>
    public static ContainerSettings? Of(Draft draft, TargetKind target, ClusterPlace? cluster, Findings findings)
    {
        // At AWS, a function may be an image, and tasks are; whatever else is in such an environment is a process of this machine.
        var isProcess =
            target is TargetKind.Local
            || (target is TargetKind.Aws && !(draft.IsAtAws && (draft.Image is not null || draft.IsBuiltForTasks)));
        if (isProcess || draft.IsStatic)
        {
            CheckImage(draft, target, findings);
            return null;
        }
        foreach (var (name, folder) in draft.Entry.Container?.Volumes ?? new Dictionary<string, string>())
        {
            // A ready image has its program where it likes, and its data too: /usr/share/elasticsearch/data.
            var below = draft.Image is null ? Taken : TakenInImages;
            if (
                Taken.Contains(folder)
                || Array.Exists(
                    below,
                    taken => folder == taken || folder.StartsWith($"{taken}/", StringComparison.Ordinal)
                )
            )
            {
                findings.Add(
                    draft.Node.At("container", "volumes", name),
                    "volume-place",
                    (
                        $"The volume '{name}' of '{draft.Name}' cannot be at {folder}.",
                        "The program, its secrets or the system are there.",
                        $"Put it elsewhere, for example: volumes: {{ {name}: /data/{name} }}"
                    )
                );
            }
        }
        return (draft.Entry.Container ?? new()).Settings with { Cluster = cluster };
    }

    private static void CheckImage(Draft draft, TargetKind target, Findings findings)
    {
        if (draft.Image is { } image && target is TargetKind.Local or TargetKind.Aws)
        {
            findings.Add(
                draft.Node.At("container", "image"),
                "image-target",
                (
                    $"The service '{draft.Name}' is the image {image}, which cannot run here.",
                    "The environment's target runs programs of this machine, not containers.",
                    "Write in the environment: target: docker, or: target: kubernetes"
                )
            );
        }
    }
}
