using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Docker.DotNet.Models;
using Fairlead.Drivers.Builds;
using Fairlead.Drivers.Containers;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Pipelines;

/// <summary>The servers of one job: begun, waited for, and removed.</summary>
/// <param name="network">Its name, of which the names of their containers are made.</param>
internal sealed class RoomServers(ContainerEngine engine, string network, RoomGround ground)
{
    private const string Loopback = "127.0.0.1";
    private const string LogBytesMax = "10m";
    private const int TailLines = 20;
    private const int TailBytesMax = 64 * 1024;

    private static readonly TimeSpan ReadyMax = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(300);

    private readonly Dictionary<string, string> env = new(StringComparer.Ordinal);
    private readonly List<string> begun = [];
    private readonly EngineExec exec = new(engine, ground.World);

    /// <summary>Where they are.</summary>
    public IReadOnlyDictionary<string, string> Env => env;

    /// <summary>Begins them all, then waits for each.</summary>
    /// <param name="isInside">Whether those who call them are on their network.</param>
    /// <exception cref="ProblemException">One of them does not come up.</exception>
    public async Task BeginAsync(IReadOnlyList<RoomServer> all, bool isInside, CancellationToken stop)
    {
        if (all.Count == 0)
        {
            return;
        }
        var isReached = await engine.IsReachedByAddressAsync(stop);
        // Where this machine does not reach them by address, it can only see by published ports whether they answer.
        var isPublished = !isInside || !isReached;
        foreach (var one in all)
        {
            var name = $"{network}-{one.Server.Name}";
            begun.Add(name);
            await engine.AskAsync(
                docker =>
                    docker.Containers.CreateContainerAsync(Of(one, (name, network), isPublished, ground.Labels), stop),
                stop
            );
            await engine.AskAsync(docker => docker.Containers.StartContainerAsync(name, new(), stop), stop);
        }
        foreach (var one in all)
        {
            var seen = await ReadyAsync(one, isReached, stop);
            Tell(one, isInside ? null : seen);
        }
    }

    public async Task EndAsync(CancellationToken stop)
    {
        foreach (var name in begun)
        {
            await JobRooms.RemoveAsync(engine, name, stop);
        }
    }

    /// <summary>A server's container, as the engine is told of it.</summary>
    internal static CreateContainerParameters Of(
        RoomServer one,
        (string Own, string Network) names,
        bool isPublished,
        Dictionary<string, string> labels
    ) =>
        new()
        {
            Name = names.Own,
            Image = one.Digest,
            Env = [.. one.Server.Env.Select(static pair => $"{pair.Key}={pair.Value}")],
            Labels = labels,
            ExposedPorts = one.Server.Ports.Distinct().ToDictionary(Inside, static _ => default(EmptyStruct)),
            HostConfig = new()
            {
                NetworkMode = names.Network,
                // No port: the engine takes one that is free.
                PortBindings = isPublished
                    ? one
                        .Server.Ports.Distinct()
                        .ToDictionary(
                            Inside,
                            static _ => (IList<PortBinding>)[new() { HostIP = Loopback, HostPort = "" }]
                        )
                    : [],
                SecurityOpt = ["no-new-privileges"],
                LogConfig = new()
                {
                    Type = "json-file",
                    Config = new Dictionary<string, string> { ["max-size"] = LogBytesMax, ["max-file"] = "1" },
                },
            },
            NetworkingConfig = new()
            {
                EndpointsConfig = new Dictionary<string, EndpointSettings>
                {
                    [names.Network] = new() { Aliases = [one.Server.Name] },
                },
            },
        };

    /// <summary>A server's name as variables begin with it: <c>my-db</c> is <c>MY_DB</c>.</summary>
    internal static string Prefix(string name) =>
        new([.. name.Select(static one => char.IsAsciiLetterOrDigit(one) ? char.ToUpperInvariant(one) : '_')]);

    private void Tell(RoomServer one, ContainerInspectResponse? published)
    {
        var prefix = Prefix(one.Server.Name);
        env[$"{prefix}_HOST"] = published is null ? one.Server.Name : Loopback;
        foreach (var port in one.Server.Ports)
        {
            var told = (published is null ? port : PublishedAt(published, port)).ToString(CultureInfo.InvariantCulture);
            env.TryAdd($"{prefix}_PORT", told);
            env[string.Create(CultureInfo.InvariantCulture, $"{prefix}_PORT_{port}")] = told;
        }
    }

    private async Task<ContainerInspectResponse> ReadyAsync(RoomServer one, bool isReached, CancellationToken stop)
    {
        var name = $"{network}-{one.Server.Name}";
        var until = ground.World.Now + ReadyMax;
        for (var pause = Pause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var seen = await engine.FindAsync(docker => docker.Containers.InspectContainerAsync(name, stop), stop);
            if (seen is not { State.Running: true })
            {
                throw new ProblemException(
                    RoomProblems.ServerEnded(one, seen?.State?.ExitCode, await TailAsync(name, stop))
                );
            }
            var missing = await MissingAsync(one, seen, isReached, stop);
            if (missing is null)
            {
                return seen;
            }
            var isSick = one.Server.Ready.Count == 0 && seen.State.Health?.Status == "unhealthy";
            if (isSick || ground.World.Now > until)
            {
                var said = isSick ? $"{missing}." : $"{missing}, for {ReadyMax.TotalMinutes} minutes.";
                throw new ProblemException(RoomProblems.ServerLate(one, said, await TailAsync(name, stop)));
            }
            await Task.Delay(pause, ground.World.Clock, stop);
        }
    }

    /// <returns>What keeps it from being ready; null when nothing does.</returns>
    private async Task<string?> MissingAsync(
        RoomServer one,
        ContainerInspectResponse seen,
        bool isReached,
        CancellationToken stop
    )
    {
        if (one.Server.Ready.Count > 0)
        {
            return await AskReadyAsync(one, seen.ID, stop);
        }
        if (seen.State?.Health?.Status is { Length: > 0 } health && health != "none")
        {
            var last = seen.State.Health.Log?.LastOrDefault()?.Output?.Trim() is { Length: > 0 } output
                ? $" ({ground.Mask.Masked(output.ReplaceLineEndings(" "))})"
                : "";
            return health == "healthy" ? null : $"The health check of its image says '{health}'{last}";
        }
        foreach (var port in one.Server.Ports)
        {
            var answers = isReached
                ? await AnswersAsync((AddressOf(seen), port), isProxied: false, stop)
                : await AnswersAsync((Loopback, PublishedAt(seen, port)), isProxied: true, stop);
            if (!answers)
            {
                return string.Create(CultureInfo.InvariantCulture, $"Nothing in it answers at port {port}");
            }
        }
        return null;
    }

    private async Task<string?> AskReadyAsync(RoomServer one, string container, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(AnswerMax, ground.World.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        using var output = new BuildOutput(logPath: null, mask: ground.Mask);
        var words = string.Join(' ', one.Server.Ready);
        try
        {
            var code = await exec.RunAsync(container, new() { Cmd = [.. one.Server.Ready] }, output, both.Token);
            return code == 0
                ? null
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"'{words}' ends with {code} ({(output.Last is [.., var said] ? said : "it prints nothing")})"
                );
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            return $"'{words}' does not end within {AnswerMax.TotalSeconds} s";
        }
    }

    private async Task<bool> AnswersAsync((string Host, int Port) at, bool isProxied, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(AnswerMax, ground.World.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(at.Host, at.Port, both.Token);
            return !isProxied || await StaysAsync(socket, stop);
        }
        catch (SocketException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return false;
        }
    }

    // The engine's proxy takes every connection, and ends at once those at whose other end nobody listens.
    private async Task<bool> StaysAsync(Socket socket, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(Silence, ground.World.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            return await socket.ReceiveAsync(new byte[1], both.Token) > 0;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return true;
        }
    }

    private string AddressOf(ContainerInspectResponse seen) =>
        seen.NetworkSettings?.Networks?.TryGetValue(network, out var place) is true
        && place.IPAddress is { Length: > 0 } address
            ? address
            : Loopback;

    private static int PublishedAt(ContainerInspectResponse seen, int port) =>
        seen.NetworkSettings?.Ports?.TryGetValue(Inside(port), out var bound) is true
        && bound is [var first, ..]
        && int.TryParse(first.HostPort, NumberStyles.None, CultureInfo.InvariantCulture, out var published)
            ? published
            : port;

    private static string Inside(int port) => string.Create(CultureInfo.InvariantCulture, $"{port}/tcp");

    private async Task<IReadOnlyList<string>> TailAsync(string name, CancellationToken stop)
    {
        var tail = TailLines.ToString(CultureInfo.InvariantCulture);
        var wanted = new ContainerLogsParameters
        {
            ShowStdout = true,
            ShowStderr = true,
            Tail = tail,
        };
        var text = await engine.FindAsync(
            async docker =>
            {
                using var stream = await docker.Containers.GetContainerLogsAsync(name, wanted, stop);
                var (buffer, said) = (new byte[TailBytesMax], new MemoryStream());
                while (
                    said.Length < TailBytesMax
                    && await stream.ReadOutputAsync(buffer, 0, buffer.Length, stop)
                        is { EOF: false, Count: > 0 and var count }
                )
                {
                    said.Write(buffer, 0, count);
                }
                return Encoding.UTF8.GetString(said.ToArray());
            },
            stop
        );
        using var output = new BuildOutput(logPath: null, mask: ground.Mask);
        foreach (var line in (text ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            output.Add(line);
        }
        return output.Last;
    }
}
