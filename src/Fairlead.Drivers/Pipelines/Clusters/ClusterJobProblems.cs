using System.Globalization;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Pipelines.Clusters;

/// <summary>What can go wrong with jobs in a cluster, in words.</summary>
internal static class ClusterJobProblems
{
    private const string Code = "pipeline.cluster-job";
    private const int LettersMax = 500;

    public static Problem Gone() =>
        new(
            Code,
            What: "The Job of the task is gone.",
            Why: "Somebody removed it from the cluster while it ran.",
            Fix: "Run it again."
        );

    public static Problem Refused(string why) =>
        new(
            Code,
            What: "The cluster did not run the task.",
            Why: Short(why),
            Fix: "See what the cluster says of it: kubectl describe job --selector app.kubernetes.io/managed-by=fairlead"
        );

    /// <param name="seconds">How long there has been no pod.</param>
    public static Problem NoPod(double seconds) =>
        new(
            Code,
            What: "The cluster makes no pod for the task.",
            Why: string.Create(
                CultureInfo.InvariantCulture,
                $"For {seconds:0} seconds there has been none: a quota is used up, or a rule of the namespace refuses it."
            ),
            Fix: "See why, among the events: kubectl get events --field-selector reason=FailedCreate"
        );

    public static Problem NoMemory() =>
        new(
            Code,
            What: "The cluster ended the task for want of memory (OOMKilled).",
            Why: "It used more than the namespace's limit for a container, or its machine had.",
            Fix: "Raise the limit of the namespace (LimitRange), or let the task use less."
        );

    public static Problem CannotStart(string why) =>
        new(
            "pipeline.cannot-start",
            What: "The task's program could not be started in the cluster.",
            Why: Short(why),
            Fix: "Take an image that has it, or correct the command; what only a shell understands belongs into 'script'."
        );

    public static Problem NoSource(int code, string why) =>
        new(
            Code,
            What: string.Create(
                CultureInfo.InvariantCulture,
                $"The source could not be put into place for the task: 'cp' ended with {code}."
            ),
            Why: Short(why),
            Fix: "The image needs the program 'cp': take one with a shell and its tools."
        );

    public static Problem CannotRun(string why) =>
        new(
            Code,
            What: "The cluster cannot run the task.",
            Why: Short(why),
            Fix: "See that its machines may fetch from the registry: a login is given to the namespace's service account as imagePullSecrets; and that the image has the programs 'cp' and that of the task."
        );

    public static Problem Evicted(string why) =>
        new(
            Code,
            What: "The cluster ended the task.",
            Why: Short(why),
            Fix: "Run it again; 'retries' lets it be done again by itself."
        );

    private static string Short(string text)
    {
        var line = text.ReplaceLineEndings(" ").Trim();
        return line.Length <= LettersMax ? line : line[..LettersMax] + "…";
    }
}
