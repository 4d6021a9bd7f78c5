using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Model.Ports;

namespace Fairlead.Tests.Fakes;

/// <summary>A cluster in memory: it keeps objects with their versions, and makes and removes pods when it is told to go on.</summary>
public sealed class MemoryCluster(World world) : ICluster, IClusters
{
    private readonly Dictionary<ObjectName, JsonObject> objects = [];
    private int version;
    private int pods;

    public int Minor { get; set; } = 30;

    /// <summary>Called before each call, to let something happen in between or fail it.</summary>
    public Func<string, Task>? Before { get; set; }

    /// <summary>What pods say; by default they are ready at once.</summary>
    public Func<JsonObject, JsonObject> StatusOf { get; set; } = Ready;

    /// <summary>What containers wrote, by pod.</summary>
    public Dictionary<string, List<string>> Logs { get; } = [];

    /// <summary>What changed something, in order.</summary>
    public List<string> Effects { get; } = [];

    public string Name => "https://memory:6443";

    public IEnumerable<JsonObject> Of(string kind) =>
        objects.Where(one => one.Key.Kind == kind).Select(one => one.Value);

    public JsonObject? Find(string kind, string name) =>
        objects.FirstOrDefault(one => one.Key.Kind == kind && one.Key.Name == name).Value;

    public ICluster Open(string? context) => this;

    /// <summary>What its controllers would do by now: pods for Deployments, and none for those that go.</summary>
    public void GoOn()
    {
        foreach (var (name, one) in objects.Where(one => one.Key.Kind == "Deployment").ToList())
        {
            var own = PodsOf(one).ToList();
            if (one["metadata"]!["deletionTimestamp"] is not null)
            {
                own.ForEach(pod => objects.Remove(NameOf(pod)));
                objects.Remove(name);
                continue;
            }
            var wanted = one["spec"]!["replicas"]!.GetValue<int>();
            for (var count = own.Count; count < wanted; count++)
            {
                Add(one);
            }
            foreach (var pod in own.OrderByDescending(Cost).Skip(wanted))
            {
                objects.Remove(NameOf(pod));
            }
        }
        foreach (var pod in Of("Pod").ToList())
        {
            pod["status"] = StatusOf(pod);
        }
    }

    public static JsonObject Ready(JsonObject pod) =>
        new()
        {
            ["phase"] = "Running",
            ["podIP"] = "10.1.2.3",
            ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True" }),
        };

    public async Task<int> MinorAsync(CancellationToken stop)
    {
        await PauseAsync("version");
        return Minor;
    }

    public Task<bool> ServesAsync(string version, string kind, CancellationToken stop) => Task.FromResult(true);

    public async Task<JsonObject?> FindAsync(ObjectName name, CancellationToken stop)
    {
        await PauseAsync($"find {name}");
        return objects.GetValueOrDefault(name)?.DeepClone().AsObject();
    }

    public async Task<IReadOnlyList<JsonObject>> ListAsync(ObjectName of, string labels, CancellationToken stop)
    {
        await PauseAsync($"list {of}");
        var wanted = labels.Split(',').Select(one => one.Split('=')).ToList();
        return
        [
            .. objects
                .Where(one => (one.Key with { Name = "" }) == of)
                .Where(one => wanted.All(label => $"{one.Value["metadata"]!["labels"]?[label[0]]}" == label[1]))
                .Select(one => one.Value.DeepClone().AsObject()),
        ];
    }

    public async Task<JsonObject?> ApplyAsync(JsonObject wanted, ApplyAs how, CancellationToken stop)
    {
        var name = NameOf(wanted);
        await PauseAsync($"apply {name}");
        var live = objects.GetValueOrDefault(name);
        var next = wanted.DeepClone().AsObject();
        if (
            next["metadata"]!["resourceVersion"] is { } expected
            && $"{expected}" != $"{live?["metadata"]!["resourceVersion"]}"
        )
        {
            return null;
        }
        if (name.Kind is "Deployment")
        {
            next = Merged(next, live);
        }
        foreach (var (key, value) in live?["metadata"]?["annotations"] as JsonObject ?? [])
        {
            var annotations = next["metadata"]!["annotations"] as JsonObject ?? [];
            annotations.TryAdd(key, value?.DeepClone());
            if (annotations.Parent is null)
            {
                next["metadata"]!["annotations"] = annotations;
            }
        }
        if (!how.IsTrial)
        {
            Keep(name, next, live);
            Effects.Add($"apply {name}");
        }
        return next.DeepClone().AsObject();
    }

    public async Task<bool> AnnotateAsync(
        ObjectName name,
        IReadOnlyDictionary<string, string?> annotations,
        CancellationToken stop
    )
    {
        await PauseAsync($"annotate {name}");
        if (objects.GetValueOrDefault(name) is not { } live)
        {
            return false;
        }
        var metadata = live["metadata"]!.AsObject();
        foreach (var (key, value) in annotations)
        {
            (metadata["annotations"] ??= new JsonObject())[key] = value;
        }
        Keep(name, live, live);
        return true;
    }

    public async Task<bool> DeleteAsync(ObjectName name, string? resourceVersion, CancellationToken stop)
    {
        await PauseAsync($"delete {name}");
        if (objects.GetValueOrDefault(name) is not { } live)
        {
            return true;
        }
        if (resourceVersion is not null && $"{live["metadata"]!["resourceVersion"]}" != resourceVersion)
        {
            return false;
        }
        Effects.Add($"delete {name}");
        if (name.Kind is "Deployment")
        {
            live["metadata"]!["deletionTimestamp"] = Stamp();
        }
        else
        {
            objects.Remove(name);
        }
        return true;
    }

    public Task<IReadOnlyList<string>> LogAsync(ContainerLogQuery query, CancellationToken stop)
    {
        IReadOnlyList<string> all = Logs.GetValueOrDefault(query.Pod) ?? [];
        var since = query.Since is { } time
            ? all.Where(line => DateTimeOffset.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture) >= time)
            : all;
        return Task.FromResult<IReadOnlyList<string>>(query.Tail is { } tail ? [.. since.TakeLast(tail)] : [.. since]);
    }

    // Who says only the number changes nothing else, and who says nothing of it leaves it as it is.
    private static JsonObject Merged(JsonObject next, JsonObject? live)
    {
        var replicas = next["spec"]!["replicas"] ?? live?["spec"]!["replicas"] ?? 1;
        var merged = next["spec"]!["template"] is null ? live!.DeepClone().AsObject() : next;
        merged["spec"]!["replicas"] = replicas.DeepClone();
        return merged;
    }

    private static int Cost(JsonObject pod) =>
        int.Parse(
            $"{pod["metadata"]!["annotations"]?["controller.kubernetes.io/pod-deletion-cost"] ?? "0"}",
            CultureInfo.InvariantCulture
        );

    private IEnumerable<JsonObject> PodsOf(JsonObject deployment) =>
        Of("Pod")
            .Where(pod =>
                deployment["spec"]!["selector"]!["matchLabels"]!
                    .AsObject()
                    .All(label => $"{pod["metadata"]!["labels"]![label.Key]}" == $"{label.Value}")
            );

    private void Add(JsonObject deployment)
    {
        var space = $"{deployment["metadata"]!["namespace"]}";
        var pod = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = new JsonObject
            {
                ["name"] = string.Create(CultureInfo.InvariantCulture, $"pod-{pods++:000}"),
                ["namespace"] = space,
                ["labels"] = deployment["spec"]!["template"]!["metadata"]!["labels"]!.DeepClone(),
            },
        };
        Keep(NameOf(pod), pod, null);
    }

    private void Keep(ObjectName name, JsonObject one, JsonObject? before)
    {
        one["metadata"]!["creationTimestamp"] = $"{before?["metadata"]!["creationTimestamp"] ?? Stamp()}";
        one["metadata"]!["resourceVersion"] = string.Create(CultureInfo.InvariantCulture, $"{++version}");
        objects[name] = one;
    }

    private string Stamp() => world.Now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static ObjectName NameOf(JsonObject one) =>
        new(
            $"{one["apiVersion"]}",
            $"{one["kind"]}",
            one["metadata"]!["namespace"] is { } space ? $"{space}" : null,
            $"{one["metadata"]!["name"]}"
        );

    private Task PauseAsync(string call) => Before?.Invoke(call) ?? Task.CompletedTask;
}
