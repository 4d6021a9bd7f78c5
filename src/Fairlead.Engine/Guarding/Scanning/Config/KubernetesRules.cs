using Fairlead.Model.Security.Scanning;

namespace Fairlead.Engine.Guarding.Scanning.Config;

/// <summary>What a manifest of Kubernetes should not ask for; most of it is in the Pod Security Standards.</summary>
internal static class KubernetesRules
{
    private static readonly Rule Privileged = new(
        "k8s-privileged",
        Severity.Critical,
        "The container is privileged.",
        "It is root on the node.",
        "Remove privileged: true."
    );
    private static readonly Rule RunAsRoot = new(
        "k8s-root",
        Severity.High,
        "The container may run as root.",
        "Who breaks out of the program is root, one flaw away from the node.",
        "Add: securityContext: { runAsNonRoot: true }"
    );
    private static readonly Rule Escalation = new(
        "k8s-escalation",
        Severity.Medium,
        "A process may get more rights than it started with.",
        "A setuid program makes it root.",
        "Add: securityContext: { allowPrivilegeEscalation: false }"
    );
    private static readonly Rule HostNetwork = new(
        "k8s-host-network",
        Severity.High,
        "It uses the node's network.",
        "It can listen to and speak as everything on the node.",
        "Remove hostNetwork: true."
    );
    private static readonly Rule HostPid = new(
        "k8s-host-pid",
        Severity.High,
        "It sees the node's processes.",
        "It can read their memory and environment.",
        "Remove hostPID: true."
    );
    private static readonly Rule HostIpc = new(
        "k8s-host-ipc",
        Severity.High,
        "It shares the node's memory segments.",
        "It can read what others share.",
        "Remove hostIPC: true."
    );
    private static readonly Rule HostPath = new(
        "k8s-host-path",
        Severity.High,
        "It mounts a folder of the node.",
        "What it writes there is run or read by the node.",
        "Use a PersistentVolumeClaim."
    );
    private static readonly Rule Socket = new(
        "k8s-runtime-socket",
        Severity.Critical,
        "It mounts the container runtime's socket.",
        "Who can write to it is root on the node.",
        "Leave it out."
    );
    private static readonly Rule Capabilities = new(
        "k8s-capabilities",
        Severity.High,
        "It asks for dangerous capabilities.",
        "With them a process gets out of its container.",
        "Drop all, and add only what is proven to be needed."
    );
    private static readonly Rule NoDrop = new(
        "k8s-no-drop",
        Severity.Low,
        "It keeps capabilities that it does not need.",
        "Each is one more way out.",
        "Add: securityContext: { capabilities: { drop: [ALL] } }"
    );
    private static readonly Rule Latest = new(
        "k8s-latest",
        Severity.Medium,
        "The image has no fixed version.",
        "What runs after a restart may be another thing.",
        "Name a version, better a digest."
    );
    private static readonly Rule NoLimits = new(
        "k8s-no-limits",
        Severity.Low,
        "It has no memory limit.",
        "One leak takes the node down.",
        "Add: resources: { limits: { memory: 512Mi } }"
    );
    private static readonly Rule Writable = new(
        "k8s-writable-root",
        Severity.Low,
        "It may change its own files.",
        "An attacker can leave programs in it.",
        "Add: securityContext: { readOnlyRootFilesystem: true }"
    );
    private static readonly Rule SecretEnv = new(
        "k8s-secret-env",
        Severity.High,
        "A secret is written into the manifest.",
        "Everybody who can read the file or the object has it.",
        "Use valueFrom: secretKeyRef."
    );
    private static readonly Rule SecretPlain = new(
        "k8s-secret-object",
        Severity.High,
        "A Secret with its value is in the repository.",
        "Base64 hides nothing.",
        "Make it when deploying, or seal it."
    );
    private static readonly Rule Seccomp = new(
        "k8s-seccomp",
        Severity.Medium,
        "The filter of system calls is off.",
        "Every flaw of the kernel is in reach.",
        "Write: seccompProfile: { type: RuntimeDefault }"
    );
    private static readonly Rule HostPort = new(
        "k8s-host-port",
        Severity.Medium,
        "It listens on the node's own port.",
        "It goes around network policies.",
        "Use a Service."
    );
    private static readonly Rule Token = new(
        "k8s-token",
        Severity.Low,
        "It gets a token for the cluster's API although it asks for no service account.",
        "Whoever takes the program over can speak to the API.",
        "Add: automountServiceAccountToken: false"
    );
    private static readonly Rule Admin = new(
        "k8s-cluster-admin",
        Severity.Critical,
        "It makes somebody administrator of the whole cluster.",
        "One stolen token is the end.",
        "Give a Role with the verbs that are needed."
    );
    private static readonly Rule Wildcard = new(
        "k8s-wildcard-role",
        Severity.High,
        "A role may do everything, or with everything.",
        "Rights that come later are given already.",
        "Name resources and verbs."
    );
    private static readonly Rule ReadSecrets = new(
        "k8s-read-secrets",
        Severity.Medium,
        "A role of the cluster may read every secret.",
        "One of them is an administrator's.",
        "Use a Role in a namespace, with resourceNames."
    );
    private static readonly Rule Anonymous = new(
        "k8s-anonymous",
        Severity.Critical,
        "Rights are given to people who did not sign in.",
        "Anybody who reaches the API has them.",
        "Bind to a user, group or service account."
    );

    private static readonly string[] Dangerous =
    [
        "ALL",
        "SYS_ADMIN",
        "SYS_PTRACE",
        "SYS_MODULE",
        "NET_ADMIN",
        "NET_RAW",
        "DAC_READ_SEARCH",
        "BPF",
        "SYS_RAWIO",
    ];

    public static Seen Look(string path, string text)
    {
        if (
            !text.Contains("apiVersion:", StringComparison.Ordinal) || !text.Contains("kind:", StringComparison.Ordinal)
        )
        {
            return Seen.Nothing;
        }
        if (YamlTree.Read(text) is not { } documents)
        {
            return new(
                [],
                $"{path} looks like a manifest of Kubernetes but is no YAML (a template?), so it was not looked at."
            );
        }
        var notes = new Notes(path);
        var isOne = false;
        foreach (var document in documents.SelectMany(Unlisted))
        {
            if (document["apiVersion"]?.Word is not null && document["kind"]?.Word is { } kind)
            {
                isOne = true;
                Object(kind, document, notes);
            }
        }
        return isOne ? notes.Seen() : Seen.Nothing;
    }

    // kind: List holds others.
    private static IEnumerable<YamlTree> Unlisted(YamlTree document) =>
        document["kind"]?.Word == "List" && document["items"] is { } items ? items.Items : [document];

    private static void Object(string kind, YamlTree document, Notes notes)
    {
        var pod = kind switch
        {
            "Pod" => document["spec"],
            "Deployment" or "StatefulSet" or "DaemonSet" or "ReplicaSet" or "Job" => document.At(
                "spec",
                "template",
                "spec"
            ),
            "CronJob" => document.At("spec", "jobTemplate", "spec", "template", "spec"),
            _ => null,
        };
        if (pod is not null)
        {
            Pod(pod, notes);
        }
        switch (kind)
        {
            case "Secret" when (document["data"] ?? document["stringData"]) is { Members.Count: > 0 } values:
                notes.Add(SecretPlain, values.Line);
                break;
            case "Role" or "ClusterRole":
                Role(kind, document, notes);
                break;
            case "RoleBinding" or "ClusterRoleBinding":
                Binding(document, notes);
                break;
            default:
                break;
        }
    }

    private static void Pod(YamlTree pod, Notes notes)
    {
        foreach (
            var (key, rule) in ((string, Rule)[])
                [("hostNetwork", HostNetwork), ("hostPID", HostPid), ("hostIPC", HostIpc)]
        )
        {
            if (pod[key] is { } set && set.Is("true"))
            {
                notes.Add(rule, set.Line);
            }
        }
        foreach (var volume in pod["volumes"]?.Items ?? [])
        {
            if (volume["hostPath"] is { } host)
            {
                var isSocket =
                    host["path"]?.Word is { } at
                    && (
                        at.Contains("docker.sock", StringComparison.Ordinal)
                        || at.Contains("containerd.sock", StringComparison.Ordinal)
                        || at.Contains("crio.sock", StringComparison.Ordinal)
                    );
                notes.Add(isSocket ? Socket : HostPath, host.Line);
            }
        }
        if (pod["automountServiceAccountToken"] is null && pod["serviceAccountName"] is null)
        {
            notes.Add(Token, pod.Line);
        }
        if (pod.At("securityContext", "seccompProfile", "type") is { } profile && profile.Is("Unconfined"))
        {
            notes.Add(Seccomp, profile.Line);
        }
        foreach (var container in (pod["containers"]?.Items ?? []).Concat(pod["initContainers"]?.Items ?? []))
        {
            Container(container, pod["securityContext"], notes);
        }
    }

    private static void Container(YamlTree container, YamlTree? shared, Notes notes)
    {
        var context = container["securityContext"];
        if (context?["privileged"] is { } privileged && privileged.Is("true"))
        {
            notes.Add(Privileged, privileged.Line);
        }
        var user = context?["runAsUser"] ?? shared?["runAsUser"];
        var isNonRoot = (context?["runAsNonRoot"] ?? shared?["runAsNonRoot"])?.Is("true") == true;
        if (user?.Word == "0")
        {
            notes.Add(RunAsRoot, user.Line);
        }
        else if (!isNonRoot && user is null)
        {
            notes.Add(RunAsRoot, container.Line);
        }
        if (context?["allowPrivilegeEscalation"]?.Is("false") != true)
        {
            notes.Add(Escalation, container.Line);
        }
        if (context?.At("seccompProfile", "type") is { } profile && profile.Is("Unconfined"))
        {
            notes.Add(Seccomp, profile.Line);
        }
        if (context?["readOnlyRootFilesystem"]?.Is("true") != true)
        {
            notes.Add(Writable, container.Line);
        }
        foreach (var capability in context?.At("capabilities", "add")?.Items ?? [])
        {
            if (
                Dangerous.Contains(
                    capability.Word?.Replace("CAP_", "", StringComparison.Ordinal),
                    StringComparer.OrdinalIgnoreCase
                )
            )
            {
                notes.Add(Capabilities, capability.Line);
            }
        }
        if (context?.At("capabilities", "drop")?.Items.Any(static one => one.Is("ALL")) != true)
        {
            notes.Add(NoDrop, container.Line);
        }
        Image(container, notes);
    }

    private static void Image(YamlTree container, Notes notes)
    {
        if (container.At("resources", "limits", "memory") is null)
        {
            notes.Add(NoLimits, container.Line);
        }
        if (
            container["image"] is { Word: { Length: > 0 } image } written
            && !image.Contains('@', StringComparison.Ordinal)
        )
        {
            var tag = image[(image.LastIndexOf('/') + 1)..].Split(':').ElementAtOrDefault(1);
            if (tag is null or "latest")
            {
                notes.Add(Latest, written.Line, $"The image '{image}' has no fixed version.");
            }
        }
        foreach (var port in container["ports"]?.Items ?? [])
        {
            if (port["hostPort"] is { } host)
            {
                notes.Add(HostPort, host.Line);
            }
        }
        foreach (var variable in container["env"]?.Items ?? [])
        {
            if (
                variable["name"]?.Word is { } name
                && variable["value"] is { Word.Length: > 0 } value
                && SecretNames.IsSecret(name, value.Word!)
            )
            {
                notes.Add(SecretEnv, value.Line, $"The variable {name} has its secret in the manifest.");
            }
        }
    }

    private static void Role(string kind, YamlTree document, Notes notes)
    {
        foreach (var rule in document["rules"]?.Items ?? [])
        {
            var resources = rule["resources"]?.Items ?? [];
            var verbs = rule["verbs"]?.Items ?? [];
            if (resources.Any(static one => one.Word == "*") || verbs.Any(static one => one.Word == "*"))
            {
                notes.Add(Wildcard, rule.Line);
            }
            else if (
                kind == "ClusterRole"
                && rule["resourceNames"] is null
                && resources.Any(static one => one.Word == "secrets")
                && verbs.Any(static one => one.Word is "get" or "list" or "watch")
            )
            {
                notes.Add(ReadSecrets, rule.Line);
            }
        }
    }

    private static void Binding(YamlTree document, Notes notes)
    {
        if (document.At("roleRef", "name") is { Word: "cluster-admin" } admin)
        {
            notes.Add(Admin, admin.Line);
        }
        foreach (var subject in document["subjects"]?.Items ?? [])
        {
            if (subject["name"] is { Word: "system:anonymous" or "system:unauthenticated" } nobody)
            {
                notes.Add(Anonymous, nobody.Line);
            }
        }
    }
}

/// <summary>Which variables hold secrets, by their names.</summary>
internal static class SecretNames
{
    private static readonly string[] Words =
    [
        "PASSWORD",
        "PASSWD",
        "SECRET",
        "TOKEN",
        "API_KEY",
        "APIKEY",
        "PRIVATE_KEY",
        "ACCESS_KEY",
    ];
    private static readonly string[] Others = ["_FILE", "_PATH", "_URL", "_NAME", "_ID", "_TTL", "_EXPIRY", "_LENGTH"];

    /// <summary>A variable of this name with this value has its secret for all to see.</summary>
    public static bool IsSecret(string name, string value)
    {
        var upper = name.ToUpperInvariant();
        return Words.Any(word => upper.Contains(word, StringComparison.Ordinal))
            && !Others.Any(word => upper.EndsWith(word, StringComparison.Ordinal))
            && value.Length > 3
            && value[0] is not ('$' or '/' or '{' or '<')
            && !value.Equals("true", StringComparison.OrdinalIgnoreCase)
            && !value.Equals("false", StringComparison.OrdinalIgnoreCase);
    }
}
