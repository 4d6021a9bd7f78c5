using System.Buffers;
using System.Net;
using System.Text;
using Fairlead.Model.Ports;

namespace Fairlead.Roles.Edge.Mirroring;

/// <summary>Sends copies and throws their answers away.</summary>
internal sealed class MirrorSender(World world) : IDisposable
{
    private const int AnswerBytesMax = 1024 * 1024;
    private const int BufferBytes = 16 * 1024;
    private static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource stopping = new();

    private readonly HttpMessageInvoker client = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            ActivityHeadersPropagator = null,
            RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1,
            ResponseHeaderEncodingSelector = (_, _) => Encoding.Latin1,
        }
    );

    /// <summary>Sends a copy that has a place, and gives the place back. The caller does not wait, nor do its bytes.</summary>
    public void Send(HttpRequestMessage request, MirrorCounter counter) =>
        _ = Task.Run(() => SendAsync(request, counter, stopping.Token), CancellationToken.None);

    public void Dispose()
    {
        stopping.Cancel();
        stopping.Dispose();
        client.Dispose();
    }

    private async Task SendAsync(HttpRequestMessage request, MirrorCounter counter, CancellationToken stop)
    {
        var isFailed = true;
        using var limit = new CancellationTokenSource(TimeMax, world.Clock);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            using var answer = await client.SendAsync(request, ends.Token);
            isFailed = (int)answer.StatusCode >= StatusCodes.Status500InternalServerError;
            await ReadAsync(answer, ends.Token);
        }
        catch (Exception caught)
            when (caught
                    is HttpRequestException
                        or IOException
                        or OperationCanceledException
                        or InvalidOperationException
            )
        {
            // What nobody waits for nobody misses; without a head it is counted as failed.
        }
        finally
        {
            request.Dispose();
            counter.Leave();
            if (!stop.IsCancellationRequested)
            {
                counter.Sent(isFailed);
            }
        }
    }

    // Read, so that the app writes it and the connection serves again; but no more of it than most answers have.
    private static async Task ReadAsync(HttpResponseMessage answer, CancellationToken stop)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(stop);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            for (var total = 0; total < AnswerBytesMax; )
            {
                var read = await body.ReadAsync(buffer, stop);
                if (read == 0)
                {
                    return;
                }
                total += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
