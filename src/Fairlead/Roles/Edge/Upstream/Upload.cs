using System.Globalization;
using System.IO.Pipelines;
using System.Net.Sockets;
using Fairlead.Roles.Edge.Mirroring;
using Microsoft.AspNetCore.Http.Features;

namespace Fairlead.Roles.Edge.Upstream;

/// <summary>A request's body on its way to the app, as fast as the app takes it and never kept.</summary>
internal sealed class Upload
{
    private const int ChunkBytesMax = 16 * 1024;

    private readonly PipeReader body;
    private readonly MirrorCopy? copy;
    private readonly Task copying;

    private Upload(Trip trip, UpstreamConnection connection, bool isChunked, TimeProvider clock, CancellationToken stop)
    {
        trip.BodyWasTouched = true;
        body = trip.Http.Request.BodyReader;
        copy = trip.Service?.Mirror?.Begin(trip);
        copying = CopyAsync(trip.Http, connection, isChunked, clock, stop);
    }

    /// <summary>The whole body was sent.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>The client's part failed: it went away, or sent what is no body.</summary>
    public bool HasClientFailed { get; private set; }

    /// <summary>What to tell a client that sent what is no body; null when it is gone.</summary>
    public int? ClientStatus { get; private set; }

    public static Upload Start(
        Trip trip,
        UpstreamConnection connection,
        bool isChunked,
        TimeProvider clock,
        CancellationToken stop
    ) => new(trip, connection, isChunked, clock, stop);

    /// <summary>Ends it, whether the client sent everything or not.</summary>
    public Task StopAsync(CancellationToken stop)
    {
        if (!copying.IsCompleted)
        {
            body.CancelPendingRead();
        }
        return copying.WaitAsync(stop);
    }

    private async Task CopyAsync(
        HttpContext http,
        UpstreamConnection connection,
        bool isChunked,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        try
        {
            while (await ReadAsync(connection, stop) is { IsCanceled: false } read)
            {
                foreach (var piece in read.Buffer)
                {
                    await (isChunked ? SendChunkAsync(connection, piece, stop) : SendAsync(connection, piece, stop));
                    connection.QuietSince = clock.GetTimestamp();
                    copy?.Add(piece.Span);
                }
                body.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    if (isChunked)
                    {
                        await SendEndAsync(http, connection, stop);
                    }
                    IsWhole = true;
                    copy?.Send();
                    return;
                }
            }
        }
        catch (Exception caught) when (caught is SocketException or ObjectDisposedException)
        {
            // The app takes no more: it may have answered already, which is for the reader of the answer to see.
        }
        finally
        {
            copy?.Dispose();
        }
    }

    private async ValueTask<ReadResult> ReadAsync(UpstreamConnection connection, CancellationToken stop)
    {
        try
        {
            return await body.ReadAsync(stop);
        }
        catch (Exception caught) when (caught is IOException or OperationCanceledException or InvalidOperationException)
        {
            HasClientFailed = true;
            ClientStatus = (caught as Microsoft.AspNetCore.Http.BadHttpRequestException)?.StatusCode;
            // Without the end of its request the app would wait for ever.
            connection.Dispose();
            return new ReadResult(default, isCanceled: true, isCompleted: true);
        }
    }

    private static ValueTask SendAsync(
        UpstreamConnection connection,
        ReadOnlyMemory<byte> piece,
        CancellationToken stop
    ) => connection.SendAsync(piece, stop);

    private static async ValueTask SendChunkAsync(
        UpstreamConnection connection,
        ReadOnlyMemory<byte> piece,
        CancellationToken stop
    )
    {
        while (!piece.IsEmpty)
        {
            var chunk = piece[..Math.Min(piece.Length, ChunkBytesMax)];
            piece = piece[chunk.Length..];
            connection.Output.Clear();
            connection.Output.Write(chunk.Length.ToString("x", CultureInfo.InvariantCulture));
            connection.Output.Write("\r\n"u8);
            connection.Output.Write(chunk.Span);
            connection.Output.Write("\r\n"u8);
            await connection.SendAsync(connection.Output.Written, stop);
        }
    }

    private static ValueTask SendEndAsync(HttpContext http, UpstreamConnection connection, CancellationToken stop)
    {
        var to = connection.Output;
        to.Clear();
        to.Write("0\r\n"u8);
        if (http.Request.CheckTrailersAvailable())
        {
            foreach (
                var (name, values) in http
                    .Features.GetRequiredFeature<Microsoft.AspNetCore.Http.Features.IHttpRequestTrailersFeature>()
                    .Trailers
            )
            {
                _ = RequestHead.IsTrailer(name) && RequestHead.TryWrite(to, name, values);
            }
        }
        to.Write("\r\n"u8);
        return connection.SendAsync(to.Written, stop);
    }
}
