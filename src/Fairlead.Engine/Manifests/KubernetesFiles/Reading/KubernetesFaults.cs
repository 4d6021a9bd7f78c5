using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Manifests.KubernetesFiles.Reading;

/// <summary>Why files of objects cannot be read.</summary>
internal static class KubernetesFaults
{
    private const string Client = "Write it so; kubectl apply --dry-run=client says whether Kubernetes takes it.";

    public static Problem Chart(string folder) =>
        new(
            "kubernetes.chart",
            $"{Shown.Quoted(folder)} is a chart of Helm, whose files are templates.",
            "What they become is known only with the values that they are given.",
            $"Let Helm write them, then import the result: helm template NAME {Shown.Line(folder)} > all.yaml && fairlead import kubernetes all.yaml"
        );

    public static Problem TooLarge(string why) =>
        new("kubernetes.too-large", "The files are too large.", why, "Name the folder of one app alone.");

    public static Problem Outside(string path) =>
        new(
            "kubernetes.outside",
            $"{Shown.Quoted(path)} leads out of the folder.",
            "Nothing outside of it is read.",
            "Name the folder above both with --root, for example: fairlead import kubernetes deploy/overlays/production --root deploy"
        );

    public static Problem Nothing(string path) =>
        new(
            "kubernetes.nothing",
            $"There is nothing in {Shown.Quoted(path)} that could run.",
            "Looked for objects such as Deployment, StatefulSet, DaemonSet, ReplicaSet and Pod in files that end in .yaml, .yml or .json.",
            "Name the file or the folder that has them: fairlead import kubernetes PATH"
        );

    /// <summary>What the reader of YAML found, in the words of this import.</summary>
    public static Problem Said(Problem fault) =>
        fault.Code switch
        {
            "compose.syntax" => fault with { Code = "kubernetes.syntax" },
            "compose.twice" => fault with { Code = "kubernetes.twice" },
            "compose.alias" => fault with { Code = "kubernetes.alias" },
            "compose.missing" => fault with { Code = "kubernetes.missing" },
            "compose.unreadable" => fault with { Code = "kubernetes.unreadable" },
            "compose.too-large" => fault with { Code = "kubernetes.too-large" },
            "compose.more" => fault with { Code = "kubernetes.more" },
            "compose.tag" => fault with { Code = "kubernetes.bad-value", Why = "Objects are written without tags." },
            "compose.bad-value" => fault with { Code = "kubernetes.bad-value", Fix = Client },
            _ => fault,
        };
}
