using Fairlead.Model.Pipelines;
using Fairlead.Model.Problems;

namespace Fairlead.Model.Ports;

/// <summary>Where jobs run that ask for an image, and servers beside jobs: at this machine's engine for containers, or in a cluster.</summary>
public interface IJobRooms
{
    /// <summary>Whether there is an engine to ask; nothing is asked yet.</summary>
    bool IsThere { get; }

    /// <summary>
    /// Whether a room takes the source along as it is when it is opened, since it is on another machine. Nothing that is made there comes back, but
    /// lines and exit codes.
    /// </summary>
    bool TakesSource { get; }

    /// <summary>The digest by which the engine has an image; null when it does not have it.</summary>
    /// <exception cref="ProblemException">The engine cannot be reached.</exception>
    Task<string?> FindAsync(string image, CancellationToken stop);

    /// <summary>As <see cref="FindAsync"/>, but an image that is missing is fetched.</summary>
    /// <exception cref="ProblemException">It cannot be had.</exception>
    Task<string> FetchAsync(string image, CancellationToken stop);

    /// <summary>Begins the servers of a job, waits until each is ready, and makes the container in which its tasks run.</summary>
    /// <exception cref="ProblemException">One of them does not come up; nothing of the room is left.</exception>
    Task<IJobRoom> OpenAsync(RoomOrder order, CancellationToken stop);

    /// <summary>Ends and removes all that rooms of earlier runs in this folder left behind. No other run may go on there.</summary>
    /// <returns>How many containers.</returns>
    Task<int> SweepAsync(CancellationToken stop);
}

/// <summary>The servers of one job, on a network of their own, and its container. All of it is gone when it is disposed of.</summary>
public interface IJobRoom : IAsyncDisposable
{
    /// <summary>
    /// Where tasks find the servers: <c>DB_HOST</c>, <c>DB_PORT</c> of its first port, and <c>DB_PORT_5432</c> of each, for one called <c>db</c>.
    /// </summary>
    IReadOnlyDictionary<string, string> Env { get; }

    /// <summary>Runs a command in the container; one whose time is over takes the container with it, and the next one gets a new one.</summary>
    /// <inheritdoc cref="ITaskRunner.RunAsync"/>
    Task<TaskEnd> RunAsync(TaskOrder order, Action<string> line, CancellationToken stop);

    /// <inheritdoc cref="ITaskRunner.VersionAsync"/>
    Task<string?> VersionAsync(string tool, CancellationToken stop);
}

/// <param name="Job">Its name, for people.</param>
/// <param name="Workspace">The folder in which it works, absolute: its container has it at a fixed place.</param>
/// <param name="Image">In which its tasks run; null for the machine itself.</param>
/// <param name="Servers">By the names under which they are reached.</param>
public sealed record RoomOrder(string Job, string Workspace, RoomImage? Image, IReadOnlyList<RoomServer> Servers);

/// <summary>Where in a cluster jobs run.</summary>
/// <param name="Context">As a kubeconfig calls the cluster; null for the one that is chosen there.</param>
/// <param name="Registry">Where images with the source are sent, and the cluster fetches them: <c>registry.lan/team</c>.</param>
public sealed record RoomPlace(string? Context, string Namespace, string Registry);

/// <param name="Name">As the pipeline says it.</param>
/// <param name="Digest">What it is: exactly this one is run, whatever the name means by now.</param>
public sealed record RoomImage(string Name, string Digest);

/// <summary>A server beside a job, and what its image is.</summary>
public sealed record RoomServer(JobService Server, string Digest);
