using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;
using Microsoft.Extensions.Logging;

namespace Fairlead.Drivers.Telemetry.Syslog;

/// <summary>
/// Takes syslog over UDP and TCP on one address. Whoever can reach it may send, since syslog knows no keys: so it listens only where
/// it was told to. What comes by UDP faster than it can be kept is dropped and counted; TCP makes its senders wait.
/// </summary>
public sealed class SyslogListener : IBackgroundWork, IAsyncDisposable
{
    private const int WaitingMax = 10_000;
    private const int BatchMax = 1_000;
    private const int ConnectionsMax = 256;
    private const int ReceiveBytes = 4 << 20;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly ILogSink sink;
    private readonly World world;
    private readonly ILogger log;
    private readonly Socket datagrams;
    private readonly Socket connections;
    private readonly Channel<LogRecord> waiting = Channel.CreateBounded<LogRecord>(
        new BoundedChannelOptions(WaitingMax) { SingleReader = true }
    );
    private readonly SemaphoreSlim free = new(ConnectionsMax, ConnectionsMax);
    private long dropped;

    private SyslogListener((Socket Datagrams, Socket Connections) sockets, ILogSink sink, World world, ILogger log)
    {
        (datagrams, connections) = sockets;
        this.sink = sink;
        this.world = world;
        this.log = log;
    }

    public string Name => "syslog";

    /// <summary>Where it listens, with UDP and TCP.</summary>
    public IPEndPoint Address => (IPEndPoint)connections.LocalEndPoint!;

    /// <summary>Messages by UDP that came faster than they could be kept.</summary>
    public long Dropped => Interlocked.Read(ref dropped);

    /// <param name="address">Port 0 takes any that is free with both.</param>
    /// <exception cref="ProblemException">It cannot listen there.</exception>
    public static SyslogListener Open(IPEndPoint address, ILogSink sink, World world, ILogger log)
    {
        var tcp = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        var udp = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            tcp.Bind(address);
            tcp.Listen(ConnectionsMax);
            udp.ReceiveBufferSize = ReceiveBytes;
            udp.Bind(tcp.LocalEndPoint!);
            return new((udp, tcp), sink, world, log);
        }
        catch (SocketException caught)
        {
            tcp.Dispose();
            udp.Dispose();
            throw new ProblemException(CannotListen(address, caught.Message), caught);
        }
    }

    public async Task RunAsync(CancellationToken stop) =>
        await Task.WhenAll(ReceiveAsync(stop), KeepAsync(stop), AcceptAsync(stop));

    public ValueTask DisposeAsync()
    {
        connections.Dispose();
        datagrams.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task ReceiveAsync(CancellationToken stop)
    {
        var bytes = new byte[SyslogFrames.BytesMax];
        while (true)
        {
            int length;
            try
            {
                length = await datagrams.ReceiveAsync(bytes, stop);
            }
            catch (SocketException)
            {
                // What a peer's kernel says of an earlier datagram is none of ours.
                continue;
            }
            if (!waiting.Writer.TryWrite(Read(bytes.AsSpan(0, length))))
            {
                Interlocked.Increment(ref dropped);
            }
        }
    }

    private async Task KeepAsync(CancellationToken stop)
    {
        var told = 0L;
        while (await waiting.Reader.WaitToReadAsync(stop))
        {
            List<LogRecord> batch = [];
            while (batch.Count < BatchMax && waiting.Reader.TryRead(out var record))
            {
                batch.Add(record);
            }
            await KeepAsync(batch, stop);
            if (Dropped is var lost && lost != told)
            {
                log.SyslogDropped(lost - told);
                told = lost;
            }
        }
    }

    // While the disk is full messages wait here and in the kernel; senders by TCP feel it.
    private async Task KeepAsync(List<LogRecord> batch, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                await sink.AppendAsync(new LogBatch(batch), stop);
                return;
            }
            catch (ProblemException caught) when (caught.Problem.Trouble is Trouble.Unreachable)
            {
                await Task.Delay(RetryDelay, world.Clock, stop);
            }
        }
    }

    private async Task AcceptAsync(CancellationToken stop)
    {
        while (true)
        {
            await free.WaitAsync(stop);
            try
            {
                _ = ServeAsync(await connections.AcceptAsync(stop), stop);
            }
            catch (SocketException)
            {
                // It was gone before it was let in.
                free.Release();
            }
        }
    }

    private async Task ServeAsync(Socket connection, CancellationToken stop)
    {
        using (connection)
        {
            try
            {
                await ReadAsync(connection, stop);
            }
            catch (Exception caught)
                when (caught
                        is SocketException
                            or OperationCanceledException
                            or InvalidDataException
                            or ObjectDisposedException
                )
            {
                // It broke off, or cannot be understood any more: what came whole is kept.
            }
            finally
            {
                free.Release();
            }
        }
    }

    private async Task ReadAsync(Socket connection, CancellationToken stop)
    {
        var bytes = new byte[SyslogFrames.BytesMax * 2];
        var length = 0;
        while (true)
        {
            var read = await connection.ReceiveAsync(bytes.AsMemory(length), stop);
            length += read;
            var batch = new List<LogRecord>();
            var start = 0;
            while (SyslogFrames.TryRead(bytes.AsSpan(start, length - start), out var message, out var taken))
            {
                start += taken;
                if (message.Length > 0)
                {
                    batch.Add(Read(message));
                }
            }
            if (read == 0 && length > start)
            {
                // The last line needs no end.
                batch.Add(Read(bytes.AsSpan(start, length - start)));
            }
            if (batch.Count > 0)
            {
                await KeepAsync(batch, stop);
            }
            if (read == 0)
            {
                return;
            }
            bytes.AsSpan(start, length - start).CopyTo(bytes);
            length -= start;
        }
    }

    private LogRecord Read(ReadOnlySpan<byte> message) =>
        SyslogMessage.Read(message, (world.Now - DateTimeOffset.UnixEpoch).Ticks * 100);

    private static Problem CannotListen(IPEndPoint address, string why) =>
        new(
            "syslog.cannot-listen",
            What: $"Syslog cannot be taken at {address}.",
            Why: why,
            Fix: "Set FAIRLEAD_SYSLOG to another ADDRESS:PORT, or unset it."
        );
}
