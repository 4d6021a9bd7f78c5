using System.Net;
using System.Net.Sockets;

namespace Fairlead.Roles.Edge.Upstream;

/// <summary>
/// A connection to a replica. While nobody uses it, a read is already on its way: it becomes the read of the next answer, and
/// tells at no cost when the app hangs up meanwhile.
/// </summary>
internal sealed class UpstreamConnection : IDisposable
{
    private const int InputBytes = 16 * 1024;

    private readonly Socket socket;
    private byte[] input = GC.AllocateUninitializedArray<byte>(InputBytes);
    private int start;
    private int end;
    private ValueTask<int> ahead;
    private bool isAhead;
    private bool isLate;

    private UpstreamConnection(Socket socket) => this.socket = socket;

    public AnswerHead Head { get; } = new();

    /// <summary>Where requests are written before they are sent.</summary>
    public HeadBuffer Output { get; } = new();

    /// <summary>Nobody uses it; kept by the pool.</summary>
    public bool IsIdle { get; set; }

    /// <summary>After this answer the app takes another request.</summary>
    public bool IsReusable { get; set; }

    /// <summary>A timestamp of the clock: since when nothing moved, or nobody used it.</summary>
    public long QuietSince { get; set; }

    /// <summary>What came and was not consumed.</summary>
    public ReadOnlySpan<byte> Input => input.AsSpan(start, end - start);

    /// <summary>Was ended because nothing moved for too long.</summary>
    public bool IsLate => Volatile.Read(ref isLate);

    /// <summary>The app hung up, or sent what nobody asked for.</summary>
    public bool IsSpoiled => !isAhead || ahead.IsCompleted;

    /// <exception cref="SocketException">Nobody listens there.</exception>
    /// <exception cref="OperationCanceledException">It took too long.</exception>
    public static async ValueTask<UpstreamConnection> ConnectAsync(EndPoint endpoint, CancellationToken stop)
    {
        var made = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await made.ConnectAsync(endpoint, stop);
            return new UpstreamConnection(made);
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    /// <summary>Sends all of it.</summary>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        // On a blocking-free socket a short send is rare, but allowed.
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None, stop)..];
        }
    }

    /// <summary>Waits for more input behind what is there.</summary>
    /// <returns>Whether some came; false at the end of the stream.</returns>
    /// <exception cref="BadAnswerException">There is no room: the app sends a head or line without an end.</exception>
    public async ValueTask<bool> FillAsync(CancellationToken stop)
    {
        int read;
        if (isAhead)
        {
            isAhead = false;
            read = await ahead;
        }
        else
        {
            MakeRoom();
            read = await socket.ReceiveAsync(input.AsMemory(end), SocketFlags.None, stop);
        }
        end += read;
        return read > 0;
    }

    /// <summary>Reads past the buffer, which must be empty.</summary>
    public ValueTask<int> ReceiveAsync(Memory<byte> into, CancellationToken stop) =>
        socket.ReceiveAsync(into, SocketFlags.None, stop);

    public void Consume(int bytes)
    {
        start += bytes;
        if (start == end)
        {
            (start, end) = (0, 0);
        }
    }

    /// <summary>Makes it ready for another request; false when it cannot take one.</summary>
    public bool TryRest()
    {
        if (start != end)
        {
            return false;
        }
        IsReusable = false;
#pragma warning disable CA2012 // Kept to be awaited once, by the next FillAsync; IsSpoiled only looks at it.
        ahead = socket.ReceiveAsync(input.AsMemory(), SocketFlags.None, CancellationToken.None);
#pragma warning restore CA2012
        isAhead = true;
        return true;
    }

    public void ShutDownSending() => socket.Shutdown(SocketShutdown.Send);

    public void EndLate()
    {
        Volatile.Write(ref isLate, true);
        Dispose();
    }

    /// <summary>Ends it at once; whoever reads or writes learns it by an exception.</summary>
    public void Dispose() => socket.Dispose();

    private void MakeRoom()
    {
        if (end < input.Length)
        {
            return;
        }
        if (start > 0)
        {
            Input.CopyTo(input);
            (start, end) = (0, end - start);
        }
        else if (input.Length >= AnswerHead.BytesMax)
        {
            throw new BadAnswerException("Its head or a line of it has no end.");
        }
        else
        {
            Array.Resize(ref input, input.Length * 2);
        }
    }
}
