using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Fairlead.Roles.Edge.Upstream;

/// <summary>An answer on its way to the client: each piece is sent as it comes.</summary>
internal sealed class Download(HttpContext http, UpstreamConnection connection, TimeProvider clock)
{
    private const int PieceBytes = 32 * 1024;

    /// <summary>Sends what follows a head.</summary>
    /// <returns>False when the client takes no more.</returns>
    /// <exception cref="EndOfStreamException">The app hung up in the middle.</exception>
    /// <exception cref="BadAnswerException">The body is not framed as its head says.</exception>
    public ValueTask<bool> CopyAsync(bool isBodiless, CancellationToken stop)
    {
        var head = connection.Head;
        return isBodiless || head.ContentLength is 0 ? ValueTask.FromResult(true)
            : head.ContentLength is { } length ? CopyAsync(length, stop)
            : head.IsChunked ? CopyChunksAsync(stop)
            : CopyAllAsync(stop);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> CopyAsync(long left, CancellationToken stop)
    {
        // Begun first, so that the body is written behind the head and not kept apart until then.
        await http.Response.StartAsync(stop);
        var writer = http.Response.BodyWriter;
        if (connection.Input.IsEmpty && await IsClosedAsync(writer, stop))
        {
            return false; // The head does not wait for the body: streams may be silent for long.
        }
        while (true)
        {
            var input = connection.Input;
            if (!input.IsEmpty)
            {
                var length = (int)Math.Min(left, input.Length);
                writer.Write(input[..length]);
                connection.Consume(length);
                left -= length;
            }
            else
            {
                var room = (int)Math.Min(left, PieceBytes);
                var read = await connection.ReceiveAsync(writer.GetMemory(room)[..room], stop);
                if (read == 0)
                {
                    throw new EndOfStreamException();
                }
                writer.Advance(read);
                left -= read;
            }
            if (await IsClosedAsync(writer, stop))
            {
                return left == 0;
            }
            if (left == 0)
            {
                return true;
            }
        }
    }

    private async ValueTask<bool> CopyChunksAsync(CancellationToken stop)
    {
        await http.Response.StartAsync(stop);
        var writer = http.Response.BodyWriter;
        var chunks = default(Chunks);
        var (waiting, isFlushed) = (0, false);
        while (!chunks.IsDone)
        {
            var (consumed, data) = chunks.Next(connection.Input);
            var bytes = connection.Input[data];
            writer.Write(bytes);
            waiting += bytes.Length;
            connection.Consume(consumed);
            if (waiting > PieceBytes || (consumed == 0 && (waiting > 0 || !isFlushed)))
            {
                (waiting, isFlushed) = (0, true);
                if (await IsClosedAsync(writer, stop))
                {
                    return false;
                }
            }
            if (consumed == 0 && !await connection.FillAsync(stop))
            {
                throw new EndOfStreamException();
            }
        }
        if (chunks.Trailers.Count > 0 && http.Response.SupportsTrailers())
        {
            foreach (var (name, value) in chunks.Trailers)
            {
                http.Response.AppendTrailer(name, value);
            }
        }
        return true;
    }

    private async ValueTask<bool> CopyAllAsync(CancellationToken stop)
    {
        await http.Response.StartAsync(stop);
        var writer = http.Response.BodyWriter;
        do
        {
            writer.Write(connection.Input);
            connection.Consume(connection.Input.Length);
            if (await IsClosedAsync(writer, stop))
            {
                return false;
            }
        } while (await connection.FillAsync(stop));
        return true;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> IsClosedAsync(PipeWriter writer, CancellationToken stop)
    {
        var flush = await writer.FlushAsync(stop);
        connection.QuietSince = clock.GetTimestamp();
        return flush.IsCompleted || flush.IsCanceled;
    }
}
