using System.Net.Sockets;
using Docker.DotNet;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Containers;

/// <summary>The engine that runs containers on this machine: Docker's, or Podman's, which answers the same calls.</summary>
internal sealed class ContainerEngine : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly World world;
    private readonly string? address;
    private readonly Lazy<DockerClient> client;
    private bool? isReached;
    private readonly SemaphoreSlim making = new(1, 1);

    private ContainerEngine(string? address, World world)
    {
        (this.address, this.world) = (address, world);
        client = new(() =>
            new DockerClientBuilder()
                .WithEndpoint(new Uri(address!)) // Asked for after RequireAddress.
                .WithTimeout(Timeout.InfiniteTimeSpan)
                .Build()
        );
    }

    /// <summary>As FAIRLEAD_CONTAINERS or DOCKER_HOST says, else the first socket that is where engines have theirs.</summary>
    public static ContainerEngine OfEnvironment(World world) =>
        new(AddressIn(Environment.GetEnvironmentVariable), world);

    /// <summary>Whether there is one to ask.</summary>
    public bool IsThere => address is not null;

    /// <summary>Where the engine is; null where nothing says so and no socket is found.</summary>
    internal static string? AddressIn(Func<string, string?> variable)
    {
        if (
            (variable("FAIRLEAD_CONTAINERS") is { Length: > 0 } own ? own : variable("DOCKER_HOST")) is
            { Length: > 0 } said
        )
        {
            return said;
        }
        string[] sockets =
        [
            "/var/run/docker.sock",
            "/run/podman/podman.sock",
            $"{variable("XDG_RUNTIME_DIR")}/docker.sock",
            $"{variable("XDG_RUNTIME_DIR")}/podman/podman.sock",
        ];
        return sockets.FirstOrDefault(File.Exists) is { } found ? $"unix://{found}" : null;
    }

    /// <summary>Asks the engine.</summary>
    /// <exception cref="ProblemException">It cannot be reached, or it refuses.</exception>
    public async Task<T> AskAsync<T>(Func<DockerClient, Task<T>> ask, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        if (address is null || !address.StartsWith("unix://", StringComparison.Ordinal))
        {
            throw new ProblemException(ContainerProblems.NoEngine(address));
        }
        try
        {
            return await ask(client.Value);
        }
        catch (DockerApiException caught)
        {
            throw new ProblemException(ContainerProblems.Refused(caught.StatusCode, caught.ResponseBody ?? ""), caught);
        }
        catch (Exception caught) when (IsUnreachable(caught))
        {
            throw new ProblemException(ContainerProblems.Unreachable(address, caught.Message), caught);
        }
    }

    public async Task AskAsync(Func<DockerClient, Task> ask, CancellationToken stop) =>
        await AskAsync(
            async docker =>
            {
                await ask(docker);
                return true;
            },
            stop
        );

    /// <summary>As <see cref="AskAsync{T}"/>; null when what is asked about does not exist.</summary>
    public async Task<T?> FindAsync<T>(Func<DockerClient, Task<T>> ask, CancellationToken stop)
        where T : class =>
        await AskAsync(
            async docker =>
            {
                try
                {
                    return await ask(docker);
                }
                catch (DockerApiException caught) when (caught.StatusCode == System.Net.HttpStatusCode.NotFound)
                {
                    return null;
                }
            },
            stop
        );

    /// <summary>
    /// Whether this machine reaches containers by their own addresses: they stay reached while the engine is restarted, as its proxies for
    /// published ports do not. An engine without root has its networks where only it reaches them.
    /// </summary>
    public async Task<bool> IsReachedByAddressAsync(CancellationToken stop)
    {
        isReached ??= await AskAsync(
            async docker =>
                (await docker.System.GetSystemInfoAsync(stop)).SecurityOptions is not { } options
                || !options.Any(option => option.Contains("rootless", StringComparison.Ordinal)),
            stop
        );
        return isReached.Value;
    }

    /// <summary>One at a time: for what several replicas want to make if it is not there.</summary>
    public async Task OneByOneAsync(Func<Task> make, CancellationToken stop)
    {
        await making.WaitAsync(stop);
        try
        {
            await make();
        }
        finally
        {
            making.Release();
        }
    }

    /// <summary>Asks again, for a minute, while the engine is being restarted; containers live on meanwhile where it is told to let them.</summary>
    /// <exception cref="ProblemException">It did not come back, or it refuses.</exception>
    public async Task<T> InsistAsync<T>(Func<Task<T>> ask, CancellationToken stop)
    {
        for (var until = world.Now + Patience; ; )
        {
            try
            {
                return await ask();
            }
            catch (ProblemException caught)
                when (caught.Problem.Code == ContainerProblems.UnreachableCode && world.Now < until)
            {
                await Task.Delay(Pause, world.Clock, stop);
            }
        }
    }

    /// <summary>Asks until it has been done, however long there is no engine or it refuses: what must not be left undone.</summary>
    /// <param name="failed">Is told of the first refusal.</param>
    public async Task<T> UntilDoneAsync<T>(Func<Task<T>> ask, Action<Problem> failed, CancellationToken stop)
    {
        for (var pause = Pause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                return await ask();
            }
            catch (ProblemException caught)
            {
                if (pause == Pause)
                {
                    failed(caught.Problem);
                }
            }
            await Task.Delay(pause, world.Clock, stop);
        }
    }

    public void Dispose()
    {
        making.Dispose();
        if (client.IsValueCreated)
        {
            client.Value.Dispose();
        }
    }

    private static bool IsUnreachable(Exception caught) =>
        caught is HttpRequestException or SocketException or IOException or TimeoutException
        || caught is InvalidOperationException { InnerException: { } inner } && IsUnreachable(inner);
}
