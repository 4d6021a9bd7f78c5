using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Fairlead.Bench;

/// <summary>
/// A kept HTTP/1.1 connection, by hand: every client library tries again behind our back when a kept connection turns out
/// to be closed, and that is just what is to be counted.
/// </summary>
internal sealed class LoadConnection : IDisposable
{
    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] buffer = new byte[64 * 1024];
    private int start;
    private int end;
    private bool isUsed;
    private bool hasFirstByte;

    /// <summary>Any client looks before it uses a kept connection.</summary>
    public bool IsClosedByPeer => socket.Poll(TimeSpan.Zero, SelectMode.SelectRead);

    public async Task<LoadAnswer> AskAsync(IPEndPoint target, ReadOnlyMemory<byte> request, CancellationToken stop)
    {
        var isReused = isUsed;
        try
        {
            if (!isUsed)
            {
                await socket.ConnectAsync(target, stop);
                isUsed = true;
            }
            (start, end, hasFirstByte) = (0, 0, false);
            for (var sent = 0; sent < request.Length; )
            {
                sent += await socket.SendAsync(request[sent..], stop);
            }
            return await ReadAnswerAsync(stop);
        }
        catch (Exception caught) when (caught is SocketException or EndOfStreamException)
        {
            return LoadAnswer.Failed(
                !isUsed ? LoadFailure.NotConnected
                : isReused && !hasFirstByte ? LoadFailure.ResetOnReuse
                : LoadFailure.Broken
            );
        }
        catch (OperationCanceledException)
        {
            return LoadAnswer.Failed(LoadFailure.TimedOut);
        }
    }

    public void Dispose() => socket.Dispose();

    private async Task<LoadAnswer> ReadAnswerAsync(CancellationToken stop)
    {
        var status = int.Parse((await ReadLineAsync(stop)).AsSpan(9, 3), CultureInfo.InvariantCulture);
        var (release, length, isChunked, keeps) = ("", -1L, false, true);
        while (await ReadLineAsync(stop) is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var (name, value) = (line[..colon].ToLowerInvariant(), line[(colon + 1)..].Trim());
            switch (name)
            {
                case "fairlead-release":
                    release = value;
                    break;
                case "content-length":
                    length = long.Parse(value, CultureInfo.InvariantCulture);
                    break;
                case "transfer-encoding":
                    isChunked = value.Contains("chunked", StringComparison.OrdinalIgnoreCase);
                    break;
                case "connection":
                    keeps = !value.Equals("close", StringComparison.OrdinalIgnoreCase);
                    break;
            }
        }
        if (isChunked)
        {
            await SkipChunksAsync(stop);
        }
        else if (length >= 0)
        {
            await SkipAsync(length, stop);
        }
        else if (status is not (204 or 304))
        {
            throw new EndOfStreamException("The answer has no end that a load generator could see.");
        }
        return new LoadAnswer(status, release, keeps, Failure: null);
    }

    private async Task SkipChunksAsync(CancellationToken stop)
    {
        while (true)
        {
            var size = long.Parse(
                await ReadLineAsync(stop),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture
            );
            await SkipAsync(size, stop);
            await ReadLineAsync(stop);
            if (size == 0)
            {
                return;
            }
        }
    }

    private async Task SkipAsync(long bytes, CancellationToken stop)
    {
        while (bytes > 0)
        {
            if (start == end)
            {
                await FillAsync(stop);
            }
            var taken = (int)Math.Min(bytes, end - start);
            start += taken;
            bytes -= taken;
        }
    }

    private async Task<string> ReadLineAsync(CancellationToken stop)
    {
        while (true)
        {
            var length = buffer.AsSpan(start, end - start).IndexOf("\r\n"u8);
            if (length >= 0)
            {
                var line = Encoding.Latin1.GetString(buffer, start, length);
                start += length + 2;
                return line;
            }
            await FillAsync(stop);
        }
    }

    private async Task FillAsync(CancellationToken stop)
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }
        var read = await socket.ReceiveAsync(buffer.AsMemory(end), stop);
        hasFirstByte |= read > 0;
        end += read > 0 ? read : throw new EndOfStreamException();
    }
}

/// <summary>One answer, or why there is none.</summary>
internal sealed record LoadAnswer(int Status, string Release, bool KeepsConnection, LoadFailure? Failure)
{
    public static LoadAnswer Failed(LoadFailure failure) => new(0, "", KeepsConnection: false, failure);
}

/// <summary>Why there is no answer.</summary>
internal enum LoadFailure
{
    NotConnected,
    ResetOnReuse,
    Broken,
    TimedOut,
}
