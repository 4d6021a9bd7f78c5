using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Fairlead.Drivers.Pipelines.Clusters;
using Fairlead.Engine.Guarding.Network.Formats;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;
using Fairlead.Tests.Fakes;

namespace Fairlead.Tests.Drivers.Pipelines;

/// <summary>Jobs of a pipeline in a cluster.</summary>
public sealed class ClusterJobTests
{
    private const string Image = "registry.lan/fairlead-ci:3f2a@sha256:1";

    private static readonly RoomPlace Place = new(null, "ci", "registry.lan");

    private readonly HastyClock clock = new(new(2026, 11, 27, 8, 0, 0, TimeSpan.Zero));
    private readonly World world;
    private readonly List<string> lines = [];
    private readonly LiveMask mask = new();

    public ClusterJobTests() => world = new(clock, new Random(1));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void A_job_is_a_Job_without_any_right_whose_variables_go_with_it()
    {
        var job = new ClusterJob("fairlead-ci-1", "ci", "mark", Image, "web")
        {
            Words = ["sh", "-e", "-c", "echo $(date) $KEY"],
            Env = new Dictionary<string, string> { ["KEY"] = "secret", ["NO_COLOR"] = "" },
            Timeout = TimeSpan.FromMinutes(10),
        };
        Same("job.yaml", [JobObjects.Job(job), JobObjects.Secret(job, "uid-1")]);
    }

    [Theory]
    [InlineData(
        """{ "containerStatuses": [{ "name": "task", "state": { "terminated": { "exitCode": 7 } } }] }""",
        "ended 7"
    )]
    [InlineData(
        """{ "containerStatuses": [{ "name": "task", "state": { "terminated": { "exitCode": 0 } } }] }""",
        "ended 0"
    )]
    [InlineData(
        """{ "containerStatuses": [{ "name": "task", "state": { "terminated": { "exitCode": 137, "reason": "OOMKilled" } } }] }""",
        "The cluster ended the task for want of memory (OOMKilled)."
    )]
    [InlineData(
        """{ "containerStatuses": [{ "name": "task", "state": { "terminated": { "exitCode": 128, "reason": "StartError", "message": "exec: \"nope\"" } } }] }""",
        "The task's program could not be started in the cluster."
    )]
    [InlineData(
        """{ "initContainerStatuses": [{ "name": "source", "state": { "terminated": { "exitCode": 1 } } }] }""",
        "The source could not be put into place for the task: 'cp' ended with 1."
    )]
    [InlineData(
        """{ "initContainerStatuses": [{ "name": "source", "state": { "waiting": { "reason": "ImagePullBackOff", "message": "no such host" } } }] }""",
        "The cluster cannot run the task."
    )]
    [InlineData(
        """{ "containerStatuses": [{ "name": "task", "state": { "waiting": { "reason": "PodInitializing" } } }] }""",
        "goes on"
    )]
    [InlineData(
        """{ "conditions": [{ "type": "PodScheduled", "status": "False", "message": "0/3 nodes: cpu" }] }""",
        "goes on, 0/3 nodes: cpu"
    )]
    [InlineData("""{ "phase": "Failed", "reason": "Evicted", "message": "no disk" }""", "The cluster ended the task.")]
    [InlineData("""{ "containerStatuses": "?", "conditions": 3, "phase": [] }""", "goes on")]
    public void What_a_pod_says_is_what_became_of_the_task(string status, string expected) =>
        Assert.Equal(expected, Text(JobSight.Of([], [Pod(JsonNode.Parse(status)!.AsObject())])));

    [Fact]
    public void A_Job_whose_time_was_over_is_late_whatever_its_pod_says()
    {
        var job = JsonNode.Parse(
            """{ "status": { "conditions": [{ "type": "Failed", "status": "True", "reason": "DeadlineExceeded" }] } }"""
        )!;
        Assert.Equal("late", Text(JobSight.Of(job.AsObject(), [])));
        Assert.Equal("The Job of the task is gone.", Text(JobSight.Of(null, [])));
    }

    [Fact]
    public void Of_a_log_that_comes_again_only_new_lines_are_taken_also_when_several_have_one_time()
    {
        var place = new LogPlace();
        Assert.Equal(
            ["a", "b", "c"],
            place.New([
                "2026-01-01T00:00:01.5Z a",
                "2026-01-01T00:00:01.500000001Z b",
                "2026-01-01T00:00:01.500000001Z c",
            ])
        );
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 1, 500, TimeSpan.Zero), place.Since);
        Assert.Equal(
            ["d", "", "e"],
            place.New([
                "2026-01-01T00:00:01.5Z a",
                "2026-01-01T00:00:01.500000001Z b",
                "2026-01-01T00:00:01.500000001Z c",
                "2026-01-01T00:00:01.500000001Z d",
                "2026-01-01T00:00:01.6Z",
                "not a time",
                "2026-01-01T00:00:01.6Z e",
            ])
        );
    }

    [Fact]
    public async Task A_task_is_run_as_a_Job_its_lines_are_shown_without_secrets_and_nothing_is_left()
    {
        mask.Now = SecretMask.Of([], ["hunter-two"]);
        var cluster = ClusterOf(
            """{ "containerStatuses": [{ "name": "task", "state": { "terminated": { "exitCode": 3 } } }] }"""
        );
        cluster.Logs["pod"] = ["2026-01-01T00:00:01Z hello", "2026-01-01T00:00:02Z key hunter-two"];

        var end = await RunAsync(cluster);

        Assert.Equal(3, end.ExitCode);
        Assert.Equal(["hello", "key ***"], lines);
        Assert.Equal(
            ["apply Job", "apply Secret", "delete Job", "delete Secret"],
            cluster
                .Effects.Where(static one => !one.Contains("Pod", StringComparison.Ordinal))
                .Select(static one => one.Split(" ci/")[0])
        );
    }

    [Fact]
    public async Task A_task_that_cannot_run_says_why_and_is_removed()
    {
        var cluster = ClusterOf(
            """{ "initContainerStatuses": [{ "name": "source", "state": { "waiting": { "reason": "ErrImagePull", "message": "denied" } } }] }"""
        );
        var caught = await Assert.ThrowsAsync<ProblemException>(() => RunAsync(cluster));

        Assert.Equal(("pipeline.cluster-job", "ErrImagePull: denied"), (caught.Problem.Code, caught.Problem.Why));
        Assert.Empty(cluster.Of("Job").Concat(cluster.Of("Secret")));
    }

    [Fact]
    public async Task A_cluster_that_makes_no_pod_is_not_waited_for_without_end()
    {
        var cluster = new MemoryCluster(world);
        cluster.Before = call =>
        {
            if (call.StartsWith("list", StringComparison.Ordinal))
            {
                clock.Pass(TimeSpan.FromSeconds(10));
            }
            return Task.CompletedTask;
        };
        var caught = await Assert.ThrowsAsync<ProblemException>(() => RunAsync(cluster));

        Assert.Equal("The cluster makes no pod for the task.", caught.Problem.What);
        Assert.Empty(cluster.Of("Job"));
    }

    [Fact]
    public async Task What_a_run_left_that_was_cut_off_is_found_by_the_folders_mark_alone()
    {
        var cluster = new MemoryCluster(world);
        var (mine, others) = (Rooms(cluster, "/one"), Rooms(cluster, "/two"));
        cluster.Before = static call =>
            call.StartsWith("find", StringComparison.Ordinal) || call.StartsWith("delete", StringComparison.Ordinal)
                ? throw new ProblemException(new Problem("cluster.forbidden", "It may not.", "So it is.", "Let it."))
                : Task.CompletedTask;
        foreach (var rooms in (ClusterRooms[])[mine, others])
        {
            await Assert.ThrowsAsync<ProblemException>(async () => await RunAsync(rooms));
        }
        cluster.Before = null;

        Assert.Equal(2, cluster.Of("Job").Count());
        Assert.Equal(1, await mine.SweepAsync(Stop));
        Assert.Single(cluster.Of("Job"));
        Assert.Equal(0, await mine.SweepAsync(Stop));
    }

    private Task<TaskEnd> RunAsync(MemoryCluster cluster) => RunAsync(Rooms(cluster, "/state"));

    private async Task<TaskEnd> RunAsync(ClusterRooms rooms)
    {
        await using var room = await rooms.OpenAsync(new("a", "/src", new("python:3", "sha256:1"), []), Stop);
        var task = new TaskOrder(
            "run-a",
            ["make"],
            "/src",
            new Dictionary<string, string> { ["KEY"] = "hunter-two" },
            TimeSpan.FromMinutes(10),
            Log: null
        );
        return await room.RunAsync(task, lines.Add, Stop);
    }

    private ClusterRooms Rooms(MemoryCluster cluster, string folder) =>
        new(
            folder,
            new(
                cluster,
                Place,
                static (image, _) => Task.FromResult($"sha256:{image}"),
                static (_, _) => Task.FromResult(Image)
            ),
            world,
            mask
        );

    // Makes a pod of each Job when somebody looks for it, as a cluster would.
    private MemoryCluster ClusterOf(string status)
    {
        var cluster = new MemoryCluster(world);
        cluster.Before = async call =>
        {
            if (
                call.StartsWith("list Pod", StringComparison.Ordinal)
                && cluster.Of("Job").FirstOrDefault() is { } job
                && !cluster.Of("Pod").Any()
            )
            {
                var pod = Pod(JsonNode.Parse(status)!.AsObject());
                pod["apiVersion"] = "v1";
                pod["kind"] = "Pod";
                pod["metadata"]!["namespace"] = "ci";
                pod["metadata"]!["labels"] = job["spec"]!["template"]!["metadata"]!["labels"]!.DeepClone();
                await cluster.ApplyAsync(pod, new("test"), Stop);
            }
        };
        return cluster;
    }

    private static JsonObject Pod(JsonObject status) =>
        new()
        {
            ["metadata"] = new JsonObject { ["name"] = "pod" },
            ["status"] = status,
        };

    private static string Text(JobSight sight) =>
        sight switch
        {
            JobSight.Ended ended => $"ended {ended.ExitCode}",
            JobSight.Late => "late",
            JobSight.Going { Waits: { } why } => $"goes on, {why}",
            JobSight.Broken broken => broken.Problem.What,
            _ => "goes on",
        };

    private static void Same(string golden, IReadOnlyList<JsonObject> objects)
    {
        var path = Path.Combine(Here(), "Golden", golden);
        var actual = YamlText.Of([], objects);
        if (Environment.GetEnvironmentVariable("FAIRLEAD_GOLDEN") == "write")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }
        Assert.Equal(File.ReadAllText(path), actual);
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
