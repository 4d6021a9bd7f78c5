using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Pipelines.Clusters;

/// <summary>A job of a pipeline as a cluster is told of it.</summary>
/// <param name="Name">Of the Job, of its Secret, and its pod's label.</param>
/// <param name="Mark">Tells things of one folder's runs from those of others.</param>
/// <param name="Image">With the source in it, by its digest.</param>
/// <param name="Folder">Where it works, from the source's folder; <c>.</c> for that itself.</param>
internal sealed record ClusterJob(string Name, string Namespace, string Mark, string Image, string Folder)
{
    public required IReadOnlyList<string> Words { get; init; }

    /// <summary>All of it is kept as a secret: what is one is not said.</summary>
    public required IReadOnlyDictionary<string, string> Env { get; init; }

    public required TimeSpan Timeout { get; init; }
}

/// <summary>
/// The objects of a job. Its pod has no right at all, and holds to the restricted level of pod security. The source is in its image, where nobody
/// may change it: a container before the job copies it to where the job works. Pure.
/// </summary>
internal static class JobObjects
{
    public const string MarkLabel = "fairlead.dev/pipeline";
    public const string RunLabel = "fairlead.dev/ci-run";

    /// <summary>The container of the job itself.</summary>
    public const string Task = "task";

    /// <summary>The container that puts the source into place.</summary>
    public const string Source = "source";

    // Nobody's number on any system; it owns what it copies.
    private const long NobodyUser = 65532;

    // For whoever wants to see what became of one whose run was cut off.
    private const int KeptSeconds = 3600;
    private const string SourcePath = "/app";
    private const string WorkPath = "/work";
    private const string HomePath = "/home/job";

    private static readonly (string Name, string Value)[] Usual =
    [
        ("CI", "true"),
        ("HOME", HomePath),
        ("NO_COLOR", "1"),
        ("TERM", "dumb"),
    ];

    public static ObjectName JobName(ClusterJob job) => new("batch/v1", "Job", job.Namespace, job.Name);

    public static ObjectName SecretName(ClusterJob job) => new("v1", "Secret", job.Namespace, job.Name);

    public static JsonObject Job(ClusterJob job) =>
        new()
        {
            ["apiVersion"] = "batch/v1",
            ["kind"] = "Job",
            ["metadata"] = Metadata(job),
            ["spec"] = new JsonObject
            {
                // Whether it is done again is the pipeline's to say.
                ["backoffLimit"] = 0,
                ["activeDeadlineSeconds"] = (long)Math.Max(1, Math.Ceiling(job.Timeout.TotalSeconds)),
                ["ttlSecondsAfterFinished"] = KeptSeconds,
                ["template"] = new JsonObject
                {
                    ["metadata"] = new JsonObject { ["labels"] = Labels(job) },
                    ["spec"] = Pod(job),
                },
            },
        };

    /// <summary>The job's variables. They are the Job's own: the cluster removes them with it, whatever becomes of us.</summary>
    /// <param name="uid">Of the Job.</param>
    public static JsonObject Secret(ClusterJob job, string uid)
    {
        var metadata = Metadata(job);
        metadata["ownerReferences"] = new JsonArray(
            new JsonObject
            {
                ["apiVersion"] = "batch/v1",
                ["kind"] = "Job",
                ["name"] = job.Name,
                ["uid"] = uid,
            }
        );
        return new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["metadata"] = metadata,
            ["type"] = "Opaque",
            ["immutable"] = true,
            ["data"] = new JsonObject(
                job.Env.OrderBy(static one => one.Key, StringComparer.Ordinal)
                    .Select(static one =>
                        KeyValuePair.Create(
                            one.Key,
                            (JsonNode?)Convert.ToBase64String(Encoding.UTF8.GetBytes(one.Value))
                        )
                    )
            ),
        };
    }

    private static JsonObject Pod(ClusterJob job) =>
        new()
        {
            ["restartPolicy"] = "Never",
            ["automountServiceAccountToken"] = false,
            ["enableServiceLinks"] = false,
            ["securityContext"] = new JsonObject
            {
                ["runAsNonRoot"] = true,
                ["runAsUser"] = NobodyUser,
                ["runAsGroup"] = NobodyUser,
                ["fsGroup"] = NobodyUser,
                ["seccompProfile"] = new JsonObject { ["type"] = "RuntimeDefault" },
            },
            ["initContainers"] = new JsonArray(
                new JsonObject
                {
                    ["name"] = Source,
                    ["image"] = job.Image,
                    ["command"] = new JsonArray("cp", "-RP", $"{SourcePath}/.", $"{WorkPath}/"),
                    ["securityContext"] = Rights(),
                    ["volumeMounts"] = new JsonArray(Mount("work", WorkPath)),
                }
            ),
            ["containers"] = new JsonArray(Container(job)),
            ["volumes"] = new JsonArray(Empty("work"), Empty("home"), Empty("tmp")),
        };

    private static JsonObject Container(ClusterJob job) =>
        new()
        {
            ["name"] = Task,
            ["image"] = job.Image,
            ["command"] = new JsonArray([.. job.Words.Select(static one => (JsonNode)Literal(one))]),
            ["workingDir"] = job.Folder == "." ? WorkPath : $"{WorkPath}/{job.Folder}",
            // They would go before what the pipeline says.
            ["env"] = new JsonArray([
                .. Usual
                    .Where(one => !job.Env.ContainsKey(one.Name))
                    .Select(static one => Variable(one.Name, one.Value)),
            ]),
            ["envFrom"] = new JsonArray(new JsonObject { ["secretRef"] = new JsonObject { ["name"] = job.Name } }),
            ["securityContext"] = Rights(),
            ["volumeMounts"] = new JsonArray(Mount("work", WorkPath), Mount("home", HomePath), Mount("tmp", "/tmp")),
        };

    private static JsonObject Metadata(ClusterJob job) =>
        new()
        {
            ["name"] = job.Name,
            ["namespace"] = job.Namespace,
            ["labels"] = Labels(job),
        };

    private static JsonObject Labels(ClusterJob job) =>
        new()
        {
            ["app.kubernetes.io/managed-by"] = "fairlead",
            [MarkLabel] = job.Mark,
            [RunLabel] = job.Name,
        };

    private static JsonObject Rights() =>
        new()
        {
            ["allowPrivilegeEscalation"] = false,
            ["capabilities"] = new JsonObject { ["drop"] = new JsonArray("ALL") },
        };

    private static JsonObject Variable(string name, string value) => new() { ["name"] = name, ["value"] = value };

    private static JsonObject Mount(string name, string path) => new() { ["name"] = name, ["mountPath"] = path };

    private static JsonObject Empty(string name) => new() { ["name"] = name, ["emptyDir"] = new JsonObject() };

    // $(NAME) in a command would be taken for a variable.
    private static string Literal(string word) => word.Replace("$(", "$$(", StringComparison.Ordinal);
}
