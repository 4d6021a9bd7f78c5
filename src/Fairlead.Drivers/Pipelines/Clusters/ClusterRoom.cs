using System.IO.Pipelines;
using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Drivers.Builds;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.Pipelines.Clusters;

/// <summary>Runs a job's command as a Job of the cluster, reads its log as it grows, and removes it.</summary>
/// <param name="known">The folder's mark, and the image with the source.</param>
internal sealed class ClusterRoom(
    ClusterGround ground,
    (string Mark, string Image) known,
    RoomOrder order,
    (World World, LiveMask Mask) machine
) : IJobRoom
{
    private const string UnreachableCode = "cluster.unreachable";

    private static readonly ApplyAs How = new("fairlead-ci");
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan VersionMax = TimeSpan.FromMinutes(5);

    // The cluster itself ends it in its time; this is for a cluster that does not.
    private static readonly TimeSpan Overtime = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan NoPodMax = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AwayMax = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan EndMax = TimeSpan.FromSeconds(30);

    public IReadOnlyDictionary<string, string> Env { get; } = new Dictionary<string, string>();

    public async Task<TaskEnd> RunAsync(TaskOrder task, Action<string> line, CancellationToken stop)
    {
        var job = JobOf(task);
        using var limit = new CancellationTokenSource(task.Timeout + Overtime, machine.World.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        using var output = new BuildOutput(task.Log, mask: machine.Mask) { Each = line };
        try
        {
            await MakeAsync(job, both.Token);
            return await FollowAsync(job, output, both.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            return new(ExitCode: null);
        }
        finally
        {
            await RemoveAsync(job, CancellationToken.None);
        }
    }

    public Task<string?> VersionAsync(string tool, CancellationToken stop) =>
        ToolVersions.AskAsync(
            tool,
            (order.Workspace, machine.World.NewId()),
            (task, line, token) => RunAsync(task with { Timeout = VersionMax }, line, token),
            stop
        );

    // Each command removes its own.
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private ClusterJob JobOf(TaskOrder task) =>
        new(
            $"fairlead-ci-{machine.World.NewId()}",
            ground.Place.Namespace,
            known.Mark,
            known.Image,
            Path.GetRelativePath(order.Workspace, task.Folder)
        )
        {
            Words = task.Words,
            Env = task.Env,
            Timeout = task.Timeout,
        };

    private async Task MakeAsync(ClusterJob job, CancellationToken stop)
    {
        var made = await ApplyAsync(JobObjects.Job(job), stop);
        var uid = made["metadata"]?["uid"]?.GetValue<string>() ?? "";
        await ApplyAsync(JobObjects.Secret(job, uid), stop);
    }

    private async Task<JsonObject> ApplyAsync(JsonObject wanted, CancellationToken stop) =>
        await ground.Cluster.ApplyAsync(wanted, How, stop)
        // Nobody else knows its name.
        ?? throw new ProblemException(ClusterJobProblems.Gone());

    private async Task<TaskEnd> FollowAsync(ClusterJob job, BuildOutput output, CancellationToken stop)
    {
        var pipe = new Pipe();
        var reading = output.ReadAsync(pipe.Reader.AsStream(), CancellationToken.None);
        try
        {
            return await FollowAsync(job, new LogReader(ground.Cluster, job, pipe.Writer), output, stop);
        }
        finally
        {
            await pipe.Writer.CompleteAsync();
            await reading;
        }
    }

    private async Task<TaskEnd> FollowAsync(ClusterJob job, LogReader log, BuildOutput output, CancellationToken stop)
    {
        var (began, lastSeen, waits) = (machine.World.Now, machine.World.Now, (string?)null);
        while (true)
        {
            try
            {
                var sight = await LookAsync(job, stop);
                lastSeen = machine.World.Now;
                switch (sight)
                {
                    case JobSight.Ended ended:
                        await log.ReadAsync(ended.Pod, stop);
                        return new(ended.ExitCode);
                    case JobSight.Late:
                        return new(ExitCode: null);
                    case JobSight.Broken broken:
                        throw new ProblemException(broken.Problem);
                    case JobSight.Going { Pod: null } when machine.World.Now - began > NoPodMax:
                        throw new ProblemException(ClusterJobProblems.NoPod(NoPodMax.TotalSeconds));
                    case JobSight.Going { Pod: { } pod } going:
                        if (going.Waits is { } why && why != waits)
                        {
                            output.Add($"(waits: {why})");
                        }
                        waits = going.Waits;
                        await log.ReadAsync(pod, stop);
                        break;
                }
            }
            catch (ProblemException caught)
                when (caught.Problem.Code == UnreachableCode && machine.World.Now - lastSeen < AwayMax)
            {
                // The cluster's server is started again; what runs, runs on.
            }
            await Task.Delay(Pause, machine.World.Clock, stop);
        }
    }

    private async Task<JobSight> LookAsync(ClusterJob job, CancellationToken stop)
    {
        var found = await ground.Cluster.FindAsync(JobObjects.JobName(job), stop);
        var pods = await ground.Cluster.ListAsync(
            new("v1", "Pod", job.Namespace),
            $"{JobObjects.RunLabel}={job.Name}",
            stop
        );
        return JobSight.Of(found, pods);
    }

    private async Task RemoveAsync(ClusterJob job, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(EndMax, machine.World.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            await ground.Cluster.DeleteAsync(JobObjects.JobName(job), null, both.Token);
            // It would go with the Job; but that may never have been made.
            await ground.Cluster.DeleteAsync(JobObjects.SecretName(job), null, both.Token);
        }
        catch (Exception caught) when (caught is ProblemException or OperationCanceledException)
        {
            // The cluster does not answer: it ends the job in its time and removes it, or the next run does.
        }
    }

    /// <summary>Carries over what the job's container writes.</summary>
    private sealed class LogReader(ICluster cluster, ClusterJob job, PipeWriter to)
    {
        private readonly LogPlace place = new();

        public async Task ReadAsync(string pod, CancellationToken stop)
        {
            var lines = await cluster.LogAsync(new(job.Namespace, pod, JobObjects.Task) { Since = place.Since }, stop);
            foreach (var line in place.New(lines))
            {
                await to.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), stop);
            }
        }
    }
}
