using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace Fairlead.Drivers.Loading;

/// <summary>
/// A kept HTTP/1.1 connection, by hand: every client library tries again behind our back when a kept connection turns out
/// to be closed, and that is just what is to be counted.
/// </summary>
/// <param name="secure">The name that the certificate must have; null for plain HTTP.</param>
internal sealed class LoadConnection(string? secure) : IDisposable
{
    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private Stream? stream;
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
            if (stream is null)
            {
                stream = await OpenAsync(target, stop);
                isUsed = true;
            }
            (start, end, hasFirstByte) = (0, 0, false);
            await stream.WriteAsync(request, stop);
            return await ReadAnswerAsync(IsHead(request.Span), stop);
        }
        catch (Exception caught)
            when (caught is SocketException or IOException or InvalidDataException or AuthenticationException)
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

    public void Dispose()
    {
        stream?.Dispose();
        socket.Dispose();
    }

    private static bool IsHead(ReadOnlySpan<byte> request) => request.StartsWith("HEAD "u8);

    private async Task<Stream> OpenAsync(IPEndPoint target, CancellationToken stop)
    {
        await socket.ConnectAsync(target, stop);
        var plain = new NetworkStream(socket, ownsSocket: false);
        if (secure is null)
        {
            return plain;
        }
        var sealedOne = new SslStream(plain, leaveInnerStreamOpen: false);
        await sealedOne.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = secure,
                ApplicationProtocols = [SslApplicationProtocol.Http11],
            },
            stop
        );
        return sealedOne;
    }

    private async Task<LoadAnswer> ReadAnswerAsync(bool isHead, CancellationToken stop)
    {
        var status = await ReadStatusAsync(stop);
        // What is said on the way is not the answer.
        while (status is >= 100 and < 200)
        {
            while (await ReadLineAsync(stop) is { Length: > 0 }) { }
            status = await ReadStatusAsync(stop);
        }
        var (release, length, isChunked, keeps) = ("", -1L, false, true);
        while (await ReadLineAsync(stop) is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0)
            {
                throw new InvalidDataException("A line of the head is none.");
            }
            var (name, value) = (line[..colon].ToLowerInvariant(), line[(colon + 1)..].Trim());
            switch (name)
            {
                case "fairlead-release":
                    release = value;
                    break;
                case "content-length":
                    length = Number(value, NumberStyles.None);
                    break;
                case "transfer-encoding":
                    isChunked = value.Contains("chunked", StringComparison.OrdinalIgnoreCase);
                    break;
                case "connection":
                    keeps = !value.Equals("close", StringComparison.OrdinalIgnoreCase);
                    break;
            }
        }
        if (isHead || status is 204 or 304)
        {
            return new LoadAnswer(status, release, keeps, Failure: null);
        }
        if (isChunked)
        {
            await SkipChunksAsync(stop);
        }
        else if (length >= 0)
        {
            await SkipAsync(length, stop);
        }
        else
        {
            await SkipAllAsync(stop);
            keeps = false;
        }
        return new LoadAnswer(status, release, keeps, Failure: null);
    }

    private async Task<int> ReadStatusAsync(CancellationToken stop)
    {
        var line = await ReadLineAsync(stop);
        return line.Length >= 12 && line.StartsWith("HTTP/1.", StringComparison.Ordinal)
            ? (int)Number(line[9..12], NumberStyles.None)
            : throw new InvalidDataException("What came is no HTTP/1.1.");
    }

    private static long Number(string text, NumberStyles styles) =>
        long.TryParse(text, styles, CultureInfo.InvariantCulture, out var number) && number >= 0
            ? number
            : throw new InvalidDataException("A number is none.");

    // Without a length the answer ends with the connection.
    private async Task SkipAllAsync(CancellationToken stop)
    {
        while (await stream!.ReadAsync(buffer, stop) > 0) { } // It is open: the head came by it.
    }

    private async Task SkipChunksAsync(CancellationToken stop)
    {
        while (true)
        {
            var size = Number((await ReadLineAsync(stop)).Split(';')[0].Trim(), NumberStyles.AllowHexSpecifier);
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
        var read = await stream!.ReadAsync(buffer.AsMemory(end), stop); // It is open: something was sent by it.
        hasFirstByte |= read > 0;
        end += read > 0 ? read : throw new EndOfStreamException("The answer ended too early, or its head is too long.");
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
