using Fairlead.Model.Apps;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Clusters;

/// <summary>What can go wrong with replicas in a cluster, in words.</summary>
internal static class ClusterProblems
{
    public const int LettersMax = 500;

    /// <summary>Why a pod does not run, and what to do.</summary>
    public sealed record Hint(string Why, string Fix)
    {
        /// <summary>It does not come right by itself.</summary>
        public bool IsFinal { get; init; }
    }

    public static Hint NoImage(string why) =>
        new(
            why,
            "See that the image is there and that the cluster's machines may fetch it: a login is given to the namespace's service account as imagePullSecrets."
        );

    public static Hint WrongSetting(string why) =>
        new(
            why,
            "Correct what it names: a missing Secret or key, or a user that the image says by name only (container: { user: \"10001\" })."
        );

    public static Hint CannotStart(string why) =>
        new(
            why,
            "Correct 'run' or 'container' of the service: the program is not in the image, or not to be run by its user."
        );

    public static Hint NoRoom(string why) =>
        new(
            $"No machine takes it: {why}",
            "Ask for less (limits), remove what is not needed, or add machines to the cluster."
        );

    public static Problem CannotRun(InstanceKey key, Hint hint) =>
        new("cluster.pod-waits", What: $"{Name(key)} cannot run in the cluster.", hint.Why, hint.Fix);

    public static Problem EndedAtStart(InstanceKey key, string why) =>
        new(
            "cluster.ended-at-start",
            What: $"{Name(key)} ended before it was ready.",
            Why: why,
            Fix: $"See what it wrote, mend it and deploy again: {LogsCommand(key)}"
        );

    public static Problem Crashed(InstanceKey key, string why) =>
        new(
            "cluster.crashed",
            What: $"{Name(key)} crashed.",
            Why: $"{why} The cluster starts it again.",
            Fix: $"See what it wrote: {LogsCommand(key)}"
        );

    public static Problem Unhealthy(InstanceKey key, string why) =>
        new(
            "cluster.unhealthy",
            What: $"{Name(key)} runs but is not healthy.",
            Why: why,
            Fix: $"See what it wrote: {LogsCommand(key)}"
        );

    /// <param name="why">Of the cluster: a quota, a webhook, a rule of the namespace.</param>
    public static Problem NoPods(InstanceKey key, string why) =>
        new(
            "cluster.no-pods",
            What: $"The cluster makes no pod for {Name(key)}.",
            Why: PodReading.Short(why),
            Fix: why.Contains("quota", StringComparison.OrdinalIgnoreCase)
                    ? "Ask for less (limits), or have the namespace's quota raised: kubectl describe resourcequota"
                : why.Contains("PodSecurity", StringComparison.Ordinal)
                    ? "The namespace allows less than the service asks for: leave out 'capabilities' and users below 1, or allow it another level."
                : "Ask whoever set that rule, or correct the service: kubectl describe replicaset"
        );

    public static Problem NotOurs(string name, string space) =>
        new(
            "cluster.not-ours",
            What: $"{name} in the namespace {space} was not made by Fairlead.",
            Why: $"It has no label {Marks.ManagedBy}={Marks.Manager}, and what belongs to others is not changed.",
            Fix: "Remove or rename it, or say another namespace in fairlead.yaml: cluster: { namespace: NAME }"
        )
        {
            Trouble = Trouble.Conflict,
        };

    public static Problem OtherFairlead(string space) =>
        new(
            "cluster.other-fairlead",
            What: $"Another Fairlead is in charge of the namespace {space}.",
            Why: "Two that do not know of each other would undo each other's work.",
            Fix: $"Say another namespace in fairlead.yaml; or, when the other one is gone for good: kubectl delete configmap {Charges.ObjectName} --namespace {space}"
        )
        {
            Trouble = Trouble.Conflict,
        };

    public static Problem Overtaken(string name) =>
        new(
            "cluster.overtaken",
            What: $"{name} was changed by somebody else at the same moment.",
            Why: "Its version is another one than the one that was looked at.",
            Fix: "Nothing: it is looked at again and tried again."
        )
        {
            Trouble = Trouble.Conflict,
        };

    public static Problem OrderTooLarge(InstanceKey key, int letters) =>
        new(
            "cluster.order-too-large",
            What: $"{Name(key)} cannot be described in a cluster.",
            Why: $"Its variables and settings are {letters} letters long, and an object takes 256 KiB.",
            Fix: "Take long values from files or secrets instead of 'env'."
        )
        {
            Trouble = Trouble.WrongUse,
        };

    public static Problem NoRegistry(Service service) =>
        new(
            "cluster.no-registry",
            What: $"The cluster could not fetch {service.Name}.",
            Why: "It is built here, and nothing says to which registry its image is sent.",
            Fix: "Say it in the environment: cluster: { registry: ghcr.io/acme }"
        )
        {
            Trouble = Trouble.WrongUse,
        };

    public static Problem NoArtifact(Service service, string artifact) =>
        new(
            "cluster.no-artifact",
            What: $"There is nothing to run of {service.Name}.",
            Why: $"Its artifact {artifact[..Math.Min(12, artifact.Length)]} is not here.",
            Fix: "Deploy again, which builds it anew."
        );

    public static Problem Strange(Site site, string why) =>
        new(
            "cluster.strange-answer",
            What: $"What the cluster says of {site} cannot be understood.",
            Why: PodReading.Short(why),
            Fix: "See that the kubeconfig names the API server itself, not something before it: kubectl version"
        );

    public static Problem Unreadable(InstanceKey key) =>
        new(
            "cluster.unreadable",
            What: $"{Name(key)} is in the cluster, but what was ordered cannot be read.",
            Why: $"Somebody changed the annotation {Marks.Order} of its Deployment, or a newer Fairlead wrote it.",
            Fix: "Nothing: it is placed anew where it is wanted, and removed where it is not."
        );

    public static string Name(InstanceKey key) => $"{key.Part}#{key.Slot} of {key.Site}";

    private static string LogsCommand(InstanceKey key) =>
        $"fairlead logs {key.Site.App} --env {key.Site.Environment} --service {key.Part.Service}";
}
