using System.Net;
using System.Net.Sockets;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;
using Microsoft.Extensions.Logging;

namespace Fairlead.Drivers.Telemetry.Statsd;

/// <summary>
/// Takes StatsD's lines by UDP and TCP. What they add up to is shown as a page, so it is collected like any other target:
/// <c>statsd://local</c>.
/// </summary>
public sealed class StatsdListener : IBackgroundWork, IScrapes, IDisposable
{
    /// <summary>As a target.</summary>
    public static ScrapeTarget Target { get; } =
        new("statsd", "local", "statsd://local")
        {
            Every = TimeSpan.FromSeconds(10),
            Timeout = TimeSpan.FromSeconds(5),
            StartsAtZero = true,
        };

    private const int DatagramBytesMax = 64 * 1024;
    private const int ReceiveBytes = 4 * 1024 * 1024;
    private const int ConnectionsMax = 100;
    private const int LineBytesMax = 8 * 1024;
    private static readonly TimeSpan QuietMax = TimeSpan.FromMinutes(10);

    private readonly Socket udp;
    private readonly Socket tcp;
    private readonly StatsdBook book;
    private readonly World world;
    private readonly ILogger log;

    /// <summary>Begins to listen; nothing is lost between this and <see cref="RunAsync"/> but what does not fit the kernel's buffer.</summary>
    /// <exception cref="SocketException">The address is taken.</exception>
    public StatsdListener(IPEndPoint address, World world, ILogger log)
    {
        (this.world, this.log) = (world, log);
        book = new(world.Clock);
        udp = new(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = ReceiveBytes };
        tcp = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            udp.Bind(address);
            tcp.Bind((IPEndPoint)udp.LocalEndPoint!);
            tcp.Listen(ConnectionsMax);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Name => "statsd";

    /// <summary>Where it listens, by UDP and TCP.</summary>
    public IPEndPoint Address => (IPEndPoint)udp.LocalEndPoint!;

    public Task<MetricPage> ScrapeAsync(ScrapeTarget target, CancellationToken stop) => Task.FromResult(book.Read());

    public async Task RunAsync(CancellationToken stop)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var (packets, connections) = (ReceiveAsync(both.Token), AcceptAsync(both.Token));
        try
        {
            // The first to end ends the other, so that both are begun again together.
            await await Task.WhenAny(packets, connections);
        }
        finally
        {
            await both.CancelAsync();
            await Task.WhenAll(packets, connections).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose()
    {
        udp.Dispose();
        tcp.Dispose();
    }

    private async Task ReceiveAsync(CancellationToken stop)
    {
        var datagram = GC.AllocateUninitializedArray<byte>(DatagramBytesMax);
        while (true)
        {
            var length = await udp.ReceiveAsync(datagram, SocketFlags.None, stop);
            Take(datagram.AsSpan(0, length));
        }
    }

    private async Task AcceptAsync(CancellationToken stop)
    {
        using var room = new SemaphoreSlim(ConnectionsMax);
        var open = new HashSet<Task>();
        try
        {
            while (true)
            {
                await room.WaitAsync(stop);
                open.RemoveWhere(one => one.IsCompleted);
                open.Add(ServeAsync(await tcp.AcceptAsync(stop), room, stop));
            }
        }
        finally
        {
            await Task.WhenAll(open).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ServeAsync(Socket client, SemaphoreSlim room, CancellationToken stop)
    {
        using (client)
        {
            try
            {
                await ReadAsync(client, stop);
            }
            catch (Exception caught) when (caught is SocketException or OperationCanceledException)
            {
                Log.StatsdClosed(log, caught.Message);
            }
            finally
            {
                room.Release();
            }
        }
    }

    private async Task ReadAsync(Socket client, CancellationToken stop)
    {
        var buffer = new byte[2 * LineBytesMax];
        var filled = 0;
        while (true)
        {
            using var quiet = CancellationTokenSource.CreateLinkedTokenSource(stop);
            quiet.CancelAfter(QuietMax);
            var count = await client.ReceiveAsync(buffer.AsMemory(filled), SocketFlags.None, quiet.Token);
            var end = count == 0 ? filled : buffer.AsSpan(0, filled + count).LastIndexOf((byte)'\n') + 1;
            filled += count;
            Take(buffer.AsSpan(0, end));
            if (count == 0)
            {
                return;
            }
            buffer.AsSpan(end, filled - end).CopyTo(buffer);
            filled -= end;
            if (filled > LineBytesMax)
            {
                book.Refuse("too-long");
                return;
            }
        }
    }

    internal void Take(ReadOnlySpan<byte> lines)
    {
        foreach (var range in lines.Split((byte)'\n'))
        {
            var line = lines[range].TrimEnd((byte)'\r');
            if (line.Length == 0)
            {
                continue;
            }
            if (line.StartsWith("_e{"u8) || line.StartsWith("_sc|"u8))
            {
                book.Refuse("event-or-check");
            }
            else if (StatsdLine.TryParse(line, out var why) is { } known)
            {
                book.Take(known);
            }
            else
            {
                Log.StatsdRefused(log, why);
                book.Refuse("malformed");
            }
        }
    }
}
