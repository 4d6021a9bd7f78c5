namespace Fairlead.Engine.Manifests.KubernetesFiles.Importing;

/// <summary>Fields of objects that have no word of their own in the manifest.</summary>
internal static class OtherFields
{
    private const string Machines = "Fairlead spreads replicas over machines, and chooses no machine by name or label.";
    private const string Nothing = "Nothing is to be done.";

    /// <summary>What Fairlead does as the file says it, or does anyway: nothing is lost.</summary>
    public static IReadOnlySet<string> Kept { get; } =
        new HashSet<string>(StringComparer.Ordinal)
        {
            "apiVersion",
            "automountServiceAccountToken",
            "creationTimestamp",
            "enableServiceLinks",
            "imagePullPolicy",
            "kind",
            "labels",
            "name",
            "namespace",
            "podManagementPolicy",
            "progressDeadlineSeconds",
            "restartPolicy",
            "revisionHistoryLimit",
            "selector",
            "serviceName",
            "shareProcessNamespace",
            "status",
            "terminationMessagePath",
            "terminationMessagePolicy",
            "topologySpreadConstraints",
        };

    private static readonly Dictionary<string, (string Why, string Fix)> Words = new(StringComparer.Ordinal)
    {
        ["affinity"] = (Machines, "Nothing where it only spreads pods; else keep this workload as it is."),
        ["annotations"] = (
            "Nobody reads annotations here.",
            "What controllers take from them, such as injected sidecars, is to be asked of them otherwise."
        ),
        ["dnsConfig"] = ("Names are looked up as the cluster does it.", Nothing),
        ["dnsPolicy"] = ("Names are looked up as the cluster does it.", Nothing),
        ["failureThreshold"] = (
            "Fairlead takes traffic from a replica at its first bad answer, and gives it back at the next good one.",
            "Nothing is to be done; make 'every' longer where looks cost much."
        ),
        ["fsGroup"] = (
            "Volumes belong to the group of 'user'.",
            "Say both as numbers: container: { user: \"1000:2000\" }"
        ),
        ["hostAliases"] = ("Names are looked up as the cluster does it.", "Put the names into DNS."),
        ["hostIPC"] = ("Pods are apart from the machine and each other.", "Keep this workload as it is."),
        ["hostNetwork"] = ("Pods are apart from the machine and each other.", "Keep this workload as it is."),
        ["hostPID"] = ("Pods are apart from the machine and each other.", "Keep this workload as it is."),
        ["imagePullSecrets"] = (
            "How a registry is logged in to is the server's, not the app's.",
            "Log in where Fairlead runs, and let the namespace's ServiceAccount have it: docs/guides/images.md"
        ),
        ["lifecycle"] = (
            "Fairlead leads traffic away, pauses, and tells the program to end by SIGTERM; no command runs in between.",
            "Let the program end by itself on SIGTERM; give it time with stopGrace and drain."
        ),
        ["minReadySeconds"] = (
            "How long a new version is watched is said by its strategy.",
            "Write for example: deploy: { strategy: rolling, hold: 30s }"
        ),
        ["nodeName"] = (Machines, "Keep this workload as it is."),
        ["nodeSelector"] = (
            Machines,
            "Keep this workload as it is where it needs certain machines, such as those with a GPU."
        ),
        ["priorityClassName"] = ("All pods of an app are equal.", "Give the others limits that leave enough."),
        ["privileged"] = ("Nothing of Fairlead has a machine's own rights.", "Keep this workload as it is."),
        ["runtimeClassName"] = (Machines, "Keep this workload as it is."),
        ["securityContext"] = ("Rights are said by user, writable and capabilities.", "See docs/guides/containers.md."),
        ["serviceAccount"] = (
            "Pods have an account of their own without a token, and no right in the cluster.",
            "Keep this workload as it is where it asks the cluster's API."
        ),
        ["serviceAccountName"] = (
            "Pods have an account of their own without a token, and no right in the cluster.",
            "Keep this workload as it is where it asks the cluster's API."
        ),
        ["sessionAffinity"] = (
            "The edge keeps users where they are by a cookie.",
            "Write: traffic: { sticky: cookie } (docs/guides/traffic.md)"
        ),
        ["stdin"] = ("Services read nothing from a terminal.", Nothing),
        ["successThreshold"] = (
            "Fairlead takes traffic from a replica at its first bad answer, and gives it back at the next good one.",
            Nothing
        ),
        ["tolerations"] = (Machines, "Keep this workload as it is where it needs certain machines."),
        ["tty"] = ("Services read nothing from a terminal.", Nothing),
        ["workingDir"] = (
            "A ready image starts in the folder that it says itself.",
            "Let its commands and paths begin at /."
        ),
    };

    private static readonly Dictionary<string, (string Why, string Fix)> Kinds = new(StringComparer.Ordinal)
    {
        ["CronJob"] = (
            "The manifest has no work that is done at certain times.",
            "Keep it: kubectl apply -f FILE, as before. Its image and settings are not touched by deployments."
        ),
        ["Job"] = (
            "The manifest has no work that is done once.",
            "Run it before a deployment, for example in CI: kubectl apply -f FILE && kubectl wait --for=condition=complete job/NAME"
        ),
        ["NetworkPolicy"] = (
            "Fairlead writes one for each part, of what 'uses' and 'network' say.",
            "Say whom services may talk to: network: { calls: [billing], hosts: [api.stripe.com] } (docs/guides/network-policy.md)"
        ),
        ["PodDisruptionBudget"] = (
            "No workload here has its labels.",
            "Nothing is to be done: each service has its own."
        ),
        ["Role"] = (
            "Pods of Fairlead have no token of the cluster.",
            "Keep what asks the cluster's API as it is, with these."
        ),
        ["RoleBinding"] = (
            "Pods of Fairlead have no token of the cluster.",
            "Keep what asks the cluster's API as it is, with these."
        ),
        ["ClusterRole"] = (
            "Pods of Fairlead have no token of the cluster.",
            "Keep what asks the cluster's API as it is, with these."
        ),
        ["ClusterRoleBinding"] = (
            "Pods of Fairlead have no token of the cluster.",
            "Keep what asks the cluster's API as it is, with these."
        ),
        ["PersistentVolume"] = (
            "Disks are the cluster's, not the app's.",
            "Leave it in the cluster; claims of Fairlead take what fits."
        ),
        ["StorageClass"] = (
            "Disks are the cluster's, not the app's.",
            "Leave it in the cluster; claims of Fairlead take what fits."
        ),
        ["PersistentVolumeClaim"] = (
            "Nothing that came along mounts it.",
            "It stays in the cluster with all that is in it."
        ),
        ["ConfigMap"] = (
            "Nothing that came along takes variables from it.",
            "Files belong into the image; variables into env."
        ),
        ["Secret"] = ("Nothing that came along takes it by its name.", "Set what is needed: fairlead secret set NAME"),
        ["Service"] = (
            "It leads to nothing that came along.",
            "Outside of the app it is reached by its address: network: { hosts: [...] }"
        ),
        ["Ingress"] = ("It leads to nothing that came along.", "Say hosts of an environment, and routes of a service."),
        ["HTTPRoute"] = (
            "It leads to nothing that came along.",
            "Say hosts of an environment, and routes of a service."
        ),
        ["Gateway"] = (
            "The edge takes requests from outside.",
            "Where the cluster's own gateway is to be told too: cluster: { routes: gateway, gateway: NAME }"
        ),
        ["GatewayClass"] = (
            "The edge takes requests from outside.",
            "Where the cluster's own gateway is to be told too: cluster: { routes: gateway, gateway: NAME }"
        ),
        ["IngressClass"] = (
            "The edge takes requests from outside.",
            "Where the cluster's own gateway is to be told too: cluster: { routes: gateway, gateway: NAME }"
        ),
        ["HorizontalPodAutoscaler"] = (
            "It scales nothing that came along.",
            "Write: replicas: { min: 2, max: 10, cpu: 70% }"
        ),
        ["Certificate"] = ("The edge gets certificates itself.", "Write in the environment: tls: auto"),
        ["Issuer"] = ("The edge gets certificates itself.", "Write in the environment: tls: auto"),
        ["ClusterIssuer"] = ("The edge gets certificates itself.", "Write in the environment: tls: auto"),
        ["ServiceMonitor"] = ("Each service says where it shows metrics.", "Write: metrics: /metrics"),
        ["PodMonitor"] = ("Each service says where it shows metrics.", "Write: metrics: /metrics"),
    };

    public static (string Why, string Fix) Of(string key) =>
        Words.TryGetValue(key, out var words)
            ? words
            : (
                "The manifest has no word for it.",
                "Nothing where the usual will do; else keep this workload as it is."
            );

    /// <summary>Why an object of a kind did not come along; null for what Fairlead makes itself.</summary>
    public static (string Why, string Fix)? OfKind(string kind) =>
        kind is "Namespace" or "ServiceAccount" ? null
        : Kinds.TryGetValue(kind, out var words) ? words
        : ("The manifest has no word for this kind.", "Keep it as it is: kubectl apply -f FILE.");
}
