using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Fairlead.Drivers.Shell;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Nodes;

/// <summary>Asks a replica whether it is well.</summary>
internal sealed class Probe(World world) : IDisposable
{
    private static readonly TimeSpan CloseMax = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient http = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
        }
    )
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Whether there is anything to ask.</summary>
    public static bool Exists(Health health) => health.Http is not null || health.Tcp || health.Command.Count > 0;

    /// <summary>Asks once, inside the health's timeout.</summary>
    /// <param name="command">The health's command in words, and what runs it.</param>
    public async Task<Answer> AskAsync(
        Health health,
        (string Host, int Port) at,
        (string Words, Func<CancellationToken, Task<Ran>> RunAsync) command,
        CancellationToken stop
    )
    {
        var asked =
            health.Http is not null ? $"GET http://{at.Host}:{at.Port}/{health.Http.TrimStart('/')}"
            : health.Tcp ? $"A connection to {at.Host}:{at.Port}"
            : command.Words;
        using var late = new CancellationTokenSource(health.Timeout, world.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, late.Token);
        try
        {
            return health.Http is not null ? await GetAsync(asked, either.Token)
                : health.Tcp ? await ConnectAsync(asked, at, either.Token)
                : (await command.RunAsync(either.Token)).Answer(asked);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new Answer(
                IsHealthy: false,
                asked,
                string.Create(CultureInfo.InvariantCulture, $"nothing within {health.Timeout.TotalSeconds} s")
            );
        }
        catch (Exception caught) when (caught is HttpRequestException or SocketException or IOException)
        {
            return new Answer(IsHealthy: false, asked, Reason(caught));
        }
        catch (ProblemException caught)
        {
            return new Answer(IsHealthy: false, asked, $"{caught.Problem.What} {caught.Problem.Why}");
        }
    }

    public void Dispose() => http.Dispose();

    // No connection is kept: a program that serves one at a time would be blocked by ours.
    private async Task<Answer> GetAsync(string asked, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, asked["GET ".Length..]);
        request.Headers.ConnectionClose = true;
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        return new Answer((int)response.StatusCode is >= 200 and < 400, asked, $"status {(int)response.StatusCode}");
    }

    private static async Task<Answer> ConnectAsync(string asked, (string Host, int Port) at, CancellationToken stop)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Parse(at.Host), at.Port, stop);
        // An engine's proxy takes connections for a container that does not, and closes them at once.
        using var quiet = CancellationTokenSource.CreateLinkedTokenSource(stop);
        quiet.CancelAfter(CloseMax);
        try
        {
            return await socket.ReceiveAsync(new byte[1], quiet.Token) > 0
                ? new Answer(IsHealthy: true, asked, "connected")
                : new Answer(IsHealthy: false, asked, "closed at once");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new Answer(IsHealthy: true, asked, "connected");
        }
    }

    /// <summary>Runs a command and ends it when it takes too long.</summary>
    public async Task<Ran> RunAsync(SpawnOrder command, CancellationToken stop)
    {
        File.Delete(command.LogFile);
        var pid = Spawner.Start(command);
        try
        {
            var ending = await Child.WaitAsync(pid, world, stop);
            return new(ending, LastLine(command.LogFile));
        }
        catch (OperationCanceledException)
        {
            Child.SignalGroup(pid, Signal.Kill);
            await Child.WaitAsync(pid, world, CancellationToken.None);
            throw;
        }
    }

    private static string LastLine(string log) =>
        new RotatingLog(log, new LogLimits()).Tail(0, 1) is [var line] ? line : "";

    private static string Reason(Exception caught) =>
        caught.GetBaseException() is SocketException { SocketErrorCode: SocketError.ConnectionRefused }
            ? "connection refused"
            : caught.GetBaseException().Message;
}

/// <summary>A health command that ended.</summary>
/// <param name="LastLine">Empty when it said nothing.</param>
internal sealed record Ran(Ending Ending, string LastLine)
{
    public Answer Answer(string asked) =>
        new(Ending.Code == 0, asked, LastLine.Length == 0 ? $"{Ending}" : $"{Ending}: {LastLine}");
}

/// <summary>What a probe found.</summary>
/// <param name="Asked">Such as <c>GET http://127.0.0.1:20017/healthz</c>.</param>
/// <param name="Answered">Such as <c>status 404</c>.</param>
internal sealed record Answer(bool IsHealthy, string Asked, string Answered)
{
    public override string ToString() => $"{Asked} got: {Answered}";
}
