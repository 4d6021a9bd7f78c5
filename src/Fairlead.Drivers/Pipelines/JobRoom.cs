using System.Globalization;
using Docker.DotNet.Models;
using Fairlead.Drivers.Builds;
using Fairlead.Drivers.Containers;
using Fairlead.Drivers.Shell;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Pipelines;

/// <summary>
/// The containers of one job, on a network of their own. Tasks are run in one container that waits, so that what the first one installs is
/// there for the second; and so that secrets are in no container's settings, which engines write to their disk.
/// </summary>
internal sealed class JobRoom : IJobRoom
{
    /// <summary>Where the container has the workspace.</summary>
    public const string WorkPath = "/work";

    private const string HomePath = "/home/job";

    // As shells say it; engines too, when they cannot start a command.
    private const int NotRunnable = 126;
    private const int NotFound = 127;

    private static readonly TimeSpan EndMax = TimeSpan.FromSeconds(30);

    private readonly ContainerEngine engine;
    private readonly RoomOrder order;
    private readonly RoomGround ground;
    private readonly EngineExec exec;
    private readonly RoomServers servers;
    private readonly string name;
    private bool isHeld;

    public JobRoom(ContainerEngine engine, RoomOrder order, RoomGround ground)
    {
        (this.engine, this.order, this.ground) = (engine, order, ground);
        name = $"fairlead-ci-{ground.World.NewId()}";
        exec = new(engine, ground.World);
        servers = new(engine, name, ground);
    }

    public IReadOnlyDictionary<string, string> Env => servers.Env;

    public async Task OpenAsync(CancellationToken stop)
    {
        await engine.AskAsync(
            docker =>
                docker.Networks.CreateNetworkAsync(
                    new NetworksCreateParameters
                    {
                        Name = name,
                        Driver = "bridge",
                        Labels = ground.Labels,
                    },
                    stop
                ),
            stop
        );
        await servers.BeginAsync(order.Servers, order.Image is not null, stop);
        if (order.Image is { } image)
        {
            await HoldAsync(image, stop);
        }
    }

    public async Task<TaskEnd> RunAsync(TaskOrder task, Action<string> line, CancellationToken stop)
    {
        var image = order.Image!; // Only a room with an image is asked to run something.
        if (!Directory.Exists(task.Folder))
        {
            throw new ProblemException(PipelineProblems.CannotStart(task, $"There is no folder {task.Folder}."));
        }
        await HoldAsync(image, stop);
        using var limit = new CancellationTokenSource(task.Timeout, ground.World.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        using var output = new BuildOutput(task.Log, mask: ground.Mask) { Each = line };
        var running = exec.RunAsync(name, CommandOf(task), output, both.Token);
        try
        {
            // Its reader may not hear the token; the end of the container it hears.
            var code = await running.WaitAsync(both.Token) ?? throw new ProblemException(RoomProblems.Gone(image));
            return code is NotRunnable or NotFound && output.Last is [.., var said] && IsRefusal(said)
                ? throw new ProblemException(RoomProblems.NotInImage(image, task.Words[0], said))
                : new(code);
        }
        catch (OperationCanceledException) when (both.IsCancellationRequested)
        {
            await ReleaseAsync(running, CancellationToken.None);
            return stop.IsCancellationRequested ? throw new OperationCanceledException(stop) : new(ExitCode: null);
        }
    }

    public Task<string?> VersionAsync(string tool, CancellationToken stop) =>
        ToolVersions.AskAsync(tool, (order.Workspace, ground.World.NewId()), RunAsync, stop);

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(EndMax, ground.World.Clock);
        try
        {
            await JobRooms.RemoveAsync(engine, name, limit.Token);
            await servers.EndAsync(limit.Token);
            await JobRooms.RemoveNetworkAsync(engine, name, limit.Token);
        }
        catch (Exception caught) when (caught is ProblemException or OperationCanceledException)
        {
            // The engine is gone or hangs: the next run finds it by its mark.
        }
        ground.ClearHome(name);
    }

    /// <summary>The container of a job, as the engine is told of it. No secret is in it.</summary>
    internal static CreateContainerParameters HeldOf(
        string name,
        (string Work, string Home) folders,
        RoomImage image,
        string user,
        Dictionary<string, string> labels
    ) =>
        new()
        {
            Name = name,
            Image = image.Digest,
            // As GitHub has its jobs' containers wait: it needs no more than images with a shell have.
            Entrypoint = ["tail"],
            Cmd = ["-f", "/dev/null"],
            User = user,
            WorkingDir = WorkPath,
            Env = ["CI=true", "NO_COLOR=1", "TERM=dumb", $"HOME={HomePath}"],
            Labels = labels,
            HostConfig = new()
            {
                NetworkMode = name,
                Mounts = [Bound(folders.Work, WorkPath), Bound(folders.Home, HomePath)],
                SecurityOpt = ["no-new-privileges"],
                // Buries what tasks leave behind.
                Init = true,
                LogConfig = new() { Type = "none", Config = new Dictionary<string, string>() },
            },
        };

    internal ContainerExecCreateParameters CommandOf(TaskOrder task)
    {
        var folder = Path.GetRelativePath(order.Workspace, task.Folder);
        return new()
        {
            Cmd = [.. task.Words],
            Env = [.. task.Env.Select(static one => $"{one.Key}={one.Value}")],
            WorkingDir = folder == "." ? WorkPath : $"{WorkPath}/{folder}",
        };
    }

    private async Task HoldAsync(RoomImage image, CancellationToken stop)
    {
        if (isHeld)
        {
            return;
        }
        // Where the engine has no root, its root is this user.
        var user = await engine.IsReachedByAddressAsync(stop)
            ? string.Create(CultureInfo.InvariantCulture, $"{Libc.geteuid()}:{Libc.getegid()}")
            : "0:0";
        var folders = (order.Workspace, ground.HomeOf(name));
        try
        {
            await engine.AskAsync(
                docker =>
                    docker.Containers.CreateContainerAsync(HeldOf(name, folders, image, user, ground.Labels), stop),
                stop
            );
            await engine.AskAsync(docker => docker.Containers.StartContainerAsync(name, new(), stop), stop);
        }
        catch (ProblemException caught) when (caught.Problem.Why.Contains("\"tail\"", StringComparison.Ordinal))
        {
            throw new ProblemException(RoomProblems.CannotHold(image, caught.Problem.Why), caught);
        }
        isHeld = true;
    }

    // With all that runs in it.
    private async Task ReleaseAsync(Task running, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(EndMax, ground.World.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        await JobRooms.RemoveAsync(engine, name, both.Token);
        isHeld = false;
        await Task.WhenAny(running, Task.Delay(EndMax, ground.World.Clock, both.Token));
    }

    private static bool IsRefusal(string line) => line.StartsWith("OCI runtime exec failed", StringComparison.Ordinal);

    private static Mount Bound(string ours, string inside) =>
        new()
        {
            Type = "bind",
            Source = ours,
            Target = inside,
        };
}
