using System.Net;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Http;

/// <summary>Asks services for checks: what comes is taken as it is, within limits.</summary>
public sealed class Caller : ICaller, IDisposable
{
    private const int BodyBytesMax = 1 << 20;
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(20);

    private readonly HttpClient http = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.All,
            ActivityHeadersPropagator = null,
        }
    )
    {
        Timeout = AnswerMax,
    };

    public async Task<CallAnswer> AskAsync(CallOrder order, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(new HttpMethod(order.Method), order.Url);
        if (order.Body is not null)
        {
            request.Content = new ByteArrayContent(order.Body);
        }
        foreach (var (name, value) in order.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                _ = request.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
            var (body, isWhole) = await ReadAsync(answer.Content, stop);
            return new(
                (int)answer.StatusCode,
                [
                    .. answer
                        .Headers.NonValidated.Concat(answer.Content.Headers.NonValidated)
                        .SelectMany(static one => one.Value.Select(value => KeyValuePair.Create(one.Key, value))),
                ],
                body,
                isWhole,
                Failure: null
            );
        }
        catch (Exception caught)
            when (caught is HttpRequestException or IOException or InvalidDataException
                || (caught is OperationCanceledException && !stop.IsCancellationRequested)
            )
        {
            return new(0, [], [], IsWhole: false, caught.GetBaseException().Message);
        }
    }

    public void Dispose() => http.Dispose();

    private static async Task<(byte[] Body, bool IsWhole)> ReadAsync(HttpContent content, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(AnswerMax);
        await using var stream = await content.ReadAsStreamAsync(limit.Token);
        using var kept = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int count; (count = await stream.ReadAsync(buffer, limit.Token)) > 0; )
        {
            kept.Write(buffer, 0, Math.Min(count, BodyBytesMax - (int)kept.Length));
            if (kept.Length == BodyBytesMax)
            {
                return (kept.ToArray(), false);
            }
        }
        return (kept.ToArray(), true);
    }
}
