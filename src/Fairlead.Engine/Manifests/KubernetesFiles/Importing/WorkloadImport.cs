using System.Text.Json.Nodes;
using Fairlead.Engine.Manifests.ComposeFiles.Importing;
using Fairlead.Engine.Manifests.ComposeFiles.Reading;
using Fairlead.Engine.Manifests.Forms;
using Fairlead.Engine.Manifests.KubernetesFiles.Reading;
using Fairlead.Engine.Manifests.Reading;

namespace Fairlead.Engine.Manifests.KubernetesFiles.Importing;

/// <summary>Turns a workload's container into words of the manifest: what is run, with what rights, and how it is replaced.</summary>
internal static class WorkloadImport
{
    private static readonly ScalarForm Users = ShapeForms.Of(Shape.User);
    private static readonly ScalarForm Capabilities = ShapeForms.Of(Shape.Capability);

    public static void Apply(WorkloadDraft draft)
    {
        draft.Keys["kind"] = draft.IsOpen ? "web" : "worker";
        if (draft.Port is { } port)
        {
            draft.Keys["port"] = port;
        }
        Arguments(draft);
        OtherPorts(draft);
        Rights(draft);
        Limits(draft);
        Beside(draft);
        Metrics(draft);
        if (Quantity.Seconds(ClusterObject.Text(draft.Pod, "terminationGracePeriodSeconds")) is { } grace)
        {
            draft.Keys["stopGrace"] = grace;
        }
        draft.Rest(
            draft.Said,
            "",
            [
                .. ProbeImport.Keys,
                "image",
                "args",
                "command",
                "ports",
                "env",
                "envFrom",
                "volumeMounts",
                "resources",
                "securityContext",
                draft.IsOurs ? "lifecycle" : "",
            ]
        );
        draft.Rest(
            draft.Pod,
            "",
            "containers",
            "initContainers",
            "volumes",
            "securityContext",
            "terminationGracePeriodSeconds",
            Account(draft)
        );
    }

    /// <summary>An account without rights is what every service has.</summary>
    private static string Account(WorkloadDraft draft)
    {
        var name = ClusterObject.Text(draft.Pod, "serviceAccountName");
        var account = name is null ? null : draft.Cast.Find("ServiceAccount", name, draft.Object.Space);
        var isPlain =
            name is "default" || (account is not null && ClusterObject.Labels(account.Root, "annotations").Count == 0);
        if (account is not null && isPlain)
        {
            draft.Cast.Used.Add(account);
        }
        var hasRights = draft
            .Cast.Of("RoleBinding", "ClusterRoleBinding")
            .SelectMany(static one => ClusterObject.Rows(one.Root, "subjects"))
            .Any(one => ClusterObject.Text(one, "name") == name);
        return isPlain && !hasRights ? "serviceAccountName" : "";
    }

    private static void Arguments(WorkloadDraft draft)
    {
        IReadOnlyList<Piece.Word> command = ClusterObject.Texts(draft.Said.Find("command"));
        IReadOnlyList<Piece.Word> words = [.. command, .. ClusterObject.Texts(draft.Said.Find("args"))];
        if (words.Count == 0)
        {
            return;
        }
        if (Sensitive.IsIn(new Piece.Row(words[0].Place, words)))
        {
            draft.NotTaken(
                words[0].Place,
                "args",
                "They hold a secret, and what stands in a manifest is read by everybody.",
                "Let the program read the secret from a variable or a file (secrets: [...]), and write run: [...] without it."
            );
            return;
        }
        if (words.FirstOrDefault(static one => one.Text.Contains("$(", StringComparison.Ordinal)) is { } open)
        {
            draft.Changed(
                open.Place,
                "args",
                "Nobody writes variables into arguments: $(NAME) comes to the program as it stands.",
                "Let the program read the variable itself."
            );
        }
        draft.Keys["run"] = new JsonArray([.. words.Select(static one => (JsonNode)one.Text)]);
        if (command.Count > 0)
        {
            draft.Changed(
                command[0].Place,
                "command",
                $"The image starts its own program with these words as arguments: {Shown.Line(string.Join(' ', words.Select(static one => one.Text)))}",
                "That is the same for images whose program starts what it is told to, as databases' do. For others, put what is run upon the image: container: { base: IMAGE } with run: [...]"
            );
        }
    }

    private static void OtherPorts(WorkloadDraft draft)
    {
        foreach (var row in ClusterObject.Rows(draft.Said, "ports"))
        {
            var port = ComposeValues.Whole(ClusterObject.Text(row, "containerPort") ?? "");
            if (port != draft.Port || ClusterObject.Text(row, "protocol") is not (null or "TCP"))
            {
                draft.NotTaken(
                    row.Place,
                    $"ports ({port}/{ClusterObject.Text(row, "protocol") ?? "TCP"})",
                    draft.Port is { } own ? $"A service has one port, here {own}." : "A service has one port, of TCP.",
                    "Where it shows metrics there: metrics: { path: /metrics, port: 9090 }. Else make it a service of its own."
                );
            }
            draft.Rest(row, "ports", "containerPort", "protocol");
        }
    }

    private static void Rights(WorkloadDraft draft)
    {
        var (pod, own) = (
            ClusterObject.Group(draft.Pod, "securityContext"),
            ClusterObject.Group(draft.Said, "securityContext")
        );
        string? Text(string key) => ClusterObject.Text(own, key) ?? ClusterObject.Text(pod, key);
        var (user, group) = (Text("runAsUser"), Text("runAsGroup"));
        var number = group is null || user is null ? user : $"{user}:{group}";
        if (number is not null && Users.Accepts(number))
        {
            draft.Container["user"] = number;
        }
        var mayNotWrite = ClusterObject.Text(own, "readOnlyRootFilesystem") is "true";
        if (!mayNotWrite && (draft.Known?.WritesEverywhere ?? true))
        {
            draft.Container["writable"] = true;
        }
        Kept(draft, ClusterObject.Group(own, "capabilities"), user);
        var shared = pod?.Find("fsGroup") as Piece.Word;
        draft.Rest(
            pod,
            "securityContext",
            "runAsUser",
            "runAsGroup",
            "runAsNonRoot",
            "seccompProfile",
            "fsGroupChangePolicy",
            shared?.Text == (group ?? user) ? "fsGroup" : ""
        );
        draft.Rest(
            own,
            "securityContext",
            "runAsUser",
            "runAsGroup",
            "runAsNonRoot",
            "seccompProfile",
            "readOnlyRootFilesystem",
            "allowPrivilegeEscalation",
            "capabilities",
            ClusterObject.Text(own, "privileged") is "false" ? "privileged" : ""
        );
    }

    private static void Kept(WorkloadDraft draft, Piece.Group? said, string? user)
    {
        var names = ClusterObject.Texts(said?.Find("add"));
        SortedSet<string> kept = new(StringComparer.Ordinal);
        foreach (var word in names)
        {
            if (Capabilities.Accepts(word.Text) && word.Text != "ALL")
            {
                kept.Add(word.Text);
            }
            else
            {
                draft.NotTaken(
                    word.Place,
                    "capabilities.add",
                    "Capabilities are named one by one.",
                    "Write those that it needs: container: { capabilities: [NET_BIND_SERVICE] }"
                );
            }
        }
        var dropsAll = ClusterObject.Texts(said?.Find("drop")).Any(static one => one.Text is "ALL" or "all");
        if (!dropsAll && user is null or "0" && draft.Known is { } known)
        {
            if (known.User is { } its && draft.Container.ContainsKey("volumes"))
            {
                draft.Container["user"] = its;
            }
            kept.UnionWith(KnownImages.Capabilities(known));
        }
        if (kept.Count > 0)
        {
            draft.Container["capabilities"] = new JsonArray([.. kept.Select(static one => (JsonNode)one)]);
        }
    }

    private static void Limits(WorkloadDraft draft)
    {
        var resources = ClusterObject.Group(draft.Said, "resources");
        var (limits, requests) = (ClusterObject.Group(resources, "limits"), ClusterObject.Group(resources, "requests"));
        var taken = new JsonObject();
        foreach (var (key, name) in new[] { ("cpu", "cpu"), ("memory", "memory") })
        {
            var limit = limits?.Find(key) as Piece.Word;
            var request = requests?.Find(key) as Piece.Word;
            if (request is not null && limit?.Text != request.Text)
            {
                draft.NotTaken(
                    request.Place,
                    $"resources.requests.{key}",
                    limit is null
                        ? "What is kept free for a pod is what it may use at most, and here nothing says how much that is."
                        : $"As much is kept free for a pod as it may use at most: {Shown.Line(limit.Text)}, not {Shown.Line(request.Text)}.",
                    "Write what it really needs at most: limits: { cpu: 0.5, memory: 256MiB }"
                );
            }
            if (limit is null)
            {
                continue;
            }
            JsonNode? value = key == "cpu" ? Quantity.Cores(limit.Text) : Quantity.Memory(limit.Text);
            if (value is null)
            {
                draft.NotTaken(
                    limit.Place,
                    $"resources.limits.{key}",
                    "It is no amount that a service may have.",
                    "Write for example: limits: { cpu: 0.5, memory: 256MiB }"
                );
                continue;
            }
            taken[name] = value;
        }
        if (taken.Count > 0)
        {
            draft.Keys["limits"] = taken;
        }
        draft.Rest(limits, "resources.limits", "cpu", "memory");
        draft.Rest(requests, "resources.requests", "cpu", "memory");
    }

    private static void Beside(WorkloadDraft draft)
    {
        foreach (var other in ClusterObject.Rows(draft.Pod, "containers").Where(one => one != draft.Said))
        {
            draft.NotTaken(
                other.Place,
                $"containers ({ClusterObject.Text(other, "name")})",
                "A service is one program.",
                $"Make it a service of its own where others can reach it by its port: {Shown.Line(ClusterObject.Text(other, "image") ?? "")}. What sends logs or metrics is not needed."
            );
        }
        foreach (var before in ClusterObject.Rows(draft.Pod, "initContainers"))
        {
            draft.NotTaken(
                before.Place,
                $"initContainers ({ClusterObject.Text(before, "name")})",
                "Nothing runs before a service in its pod.",
                "What it waits for is said by 'uses'; what it prepares belongs into the image, or before the deployment."
            );
        }
    }

    /// <summary>As annotations tell Prometheus.</summary>
    private static void Metrics(WorkloadDraft draft)
    {
        var template =
            draft.Object.Kind == "Pod" ? null : ClusterObject.Group(Cast.TemplateOf(draft.Object), "metadata");
        var said = ClusterObject.Words(ClusterObject.Group(template, "annotations"));
        if (said.GetValueOrDefault("prometheus.io/scrape") is "true")
        {
            var metrics = new JsonObject { ["path"] = said.GetValueOrDefault("prometheus.io/path") ?? "/metrics" };
            if (
                ComposeValues.Whole(said.GetValueOrDefault("prometheus.io/port") ?? "") is > 0 and <= 65535 and var port
                && port != draft.Port
            )
            {
                metrics["port"] = port;
            }
            draft.Keys["metrics"] = metrics.Count == 1 ? metrics["path"]!.DeepClone() : metrics; // It was just put there.
        }
        foreach (
            var group in new[]
            {
                ClusterObject.Group(template, "annotations"),
                ClusterObject.Group(ClusterObject.Group(draft.Object.Root, "metadata"), "annotations"),
            }
        )
        {
            foreach (
                var entry in group?.Entries.Where(static one =>
                    !one.Key.StartsWith("prometheus.io/", StringComparison.Ordinal)
                    && !one.Key.StartsWith("kubectl.kubernetes.io/", StringComparison.Ordinal)
                    && !one.Key.StartsWith("deployment.kubernetes.io/", StringComparison.Ordinal)
                    // It makes new pods where settings change, as every new version does here.
                    && !one.Key.StartsWith("checksum/", StringComparison.Ordinal)
                )
                    ?? []
            )
            {
                var (why, fix) = OtherFields.Of("annotations");
                draft.NotTaken(entry.Place, $"annotations ({entry.Key})", why, fix);
            }
        }
    }
}
