using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Fairlead.Bench.Edge;

/// <summary>A reverse proxy under measure, on a port of its own, with one core of its own where there are two.</summary>
internal abstract class Peer(string name) : IDisposable
{
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(20);

    public string Name => name;

    public int Port { get; } = FreePort();

    /// <summary>Where it speaks TLS, with the ground's certificate.</summary>
    public int SecurePort { get; } = FreePort();

    /// <summary>The process that carries requests.</summary>
    protected abstract int Pid { get; }

    /// <summary>Why it cannot be measured here; null when it can.</summary>
    public virtual string? Missing => Programs.Find(name) is null ? $"{name} is not installed" : null;

    /// <summary>Starts it before the upstreams: WebSockets at <c>/socket</c>, the ground's files at <c>/static/</c>.</summary>
    public abstract Task StartAsync(Ground ground);

    public abstract void Dispose();

    /// <summary>Resident memory in bytes, children included.</summary>
    public long Memory() => Family(Pid).Sum(ResidentOf);

    protected async Task ListensAsync()
    {
        using var limit = new CancellationTokenSource(StartMax);
        while (true)
        {
            try
            {
                using var probe = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await probe.ConnectAsync(IPAddress.Loopback, Port, limit.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), limit.Token);
            }
        }
    }

    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static IEnumerable<int> Family(int pid)
    {
        var children = $"/proc/{pid}/task/{pid}/children";
        var own = File.Exists(children) ? File.ReadAllText(children) : "";
        return own.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(child => Family(int.Parse(child, CultureInfo.InvariantCulture)))
            .Prepend(pid);
    }

    private static long ResidentOf(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return process.WorkingSet64;
        }
        catch (ArgumentException)
        {
            return 0;
        }
    }
}
