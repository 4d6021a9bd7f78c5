using System.Globalization;
using System.Net;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Pipelines.Shared;

/// <summary>
/// Asks a server that keeps things by name. What it does wrong is told as an <see cref="IOException"/> with the reason, whatever it was: that it cannot be
/// reached, refuses, is too slow, or gives more than was asked for.
/// </summary>
internal sealed class BlobStore(HttpClient http, IBlobRequests requests, World world) : IDisposable
{
    private const int BufferBytes = 128 << 10;

    public string Shown => requests.Shown;

    /// <summary>Writes a thing to a stream.</summary>
    /// <returns>False when there is none.</returns>
    /// <exception cref="IOException">It could not be had.</exception>
    /// <exception cref="InvalidDataException">There is more of it.</exception>
    public Task<bool> GetAsync(Blob blob, (Stream Into, long BytesMax) to, TimeSpan limit, CancellationToken stop) =>
        WithinAsync(
            limit,
            async both =>
            {
                using var request = requests.Of(HttpMethod.Get, blob, digest: null);
                using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both);
                if (answer.StatusCode == HttpStatusCode.NotFound)
                {
                    return false;
                }
                Check(answer);
                if (answer.Content.Headers.ContentLength > to.BytesMax)
                {
                    throw new InvalidDataException("it gives more than was asked for");
                }
                await using var body = await answer.Content.ReadAsStreamAsync(both);
                await CopyAsync(body, to, both);
                return true;
            },
            stop
        );

    /// <exception cref="IOException">It could not be asked.</exception>
    public Task<bool> HasAsync(Blob blob, TimeSpan limit, CancellationToken stop) =>
        WithinAsync(
            limit,
            async both =>
            {
                using var request = requests.Of(HttpMethod.Head, blob, digest: null);
                using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both);
                if (answer.StatusCode == HttpStatusCode.NotFound)
                {
                    return false;
                }
                Check(answer);
                return true;
            },
            stop
        );

    /// <exception cref="IOException">It was not kept.</exception>
    public Task PutAsync(Blob blob, (Stream Body, string Digest) sent, TimeSpan limit, CancellationToken stop) =>
        WithinAsync(
            limit,
            async both =>
            {
                using var request = requests.Of(HttpMethod.Put, blob, sent.Digest);
                request.Content = new StreamContent(sent.Body, BufferBytes);
                request.Content.Headers.ContentLength = sent.Body.Length;
                request.Content.Headers.ContentType = new("application/octet-stream");
                using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both);
                Check(answer);
                return true;
            },
            stop
        );

    public void Dispose() => http.Dispose();

    private async Task<bool> WithinAsync(
        TimeSpan limit,
        Func<CancellationToken, Task<bool>> ask,
        CancellationToken stop
    )
    {
        using var timer = new CancellationTokenSource(limit, world.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, stop);
        try
        {
            return await ask(both.Token);
        }
        catch (OperationCanceledException caught) when (!stop.IsCancellationRequested)
        {
            throw new IOException(
                string.Create(CultureInfo.InvariantCulture, $"it did not answer within {limit.TotalSeconds:0.#} s"),
                caught
            );
        }
        catch (HttpRequestException caught)
        {
            throw new IOException(caught.GetBaseException().Message, caught);
        }
    }

    private static async Task CopyAsync(Stream body, (Stream Into, long BytesMax) to, CancellationToken stop)
    {
        var (buffer, left) = (new byte[BufferBytes], to.BytesMax);
        for (int count; (count = await body.ReadAsync(buffer, stop)) > 0; )
        {
            left -= count;
            if (left < 0)
            {
                throw new InvalidDataException("it gives more than was asked for");
            }
            await to.Into.WriteAsync(buffer.AsMemory(0, count), stop);
        }
    }

    private static void Check(HttpResponseMessage answer)
    {
        if (!answer.IsSuccessStatusCode)
        {
            throw new IOException(
                string.Create(CultureInfo.InvariantCulture, $"it answered {(int)answer.StatusCode} {answer.StatusCode}")
            );
        }
    }
}
