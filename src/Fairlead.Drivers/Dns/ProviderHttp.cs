using System.Net;
using Fairlead.Drivers.Http;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Dns;

/// <summary>Asks a provider's API: bounded answers, and the failures that all APIs share as problems.</summary>
internal sealed class ProviderHttp(string provider, HttpClient http, World world)
{
    private const int AnswerBytesMax = 1 << 20;
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LimitPause = TimeSpan.FromMinutes(1);

    public World World => world;

    /// <param name="name">Whose records are meant.</param>
    public async Task<(HttpStatusCode Status, byte[] Body)> SendAsync(
        HttpRequestMessage request,
        string name,
        CancellationToken stop
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var timer = world.Clock.CreateTimer(_ => limit.Cancel(), null, AnswerLimit, Timeout.InfiniteTimeSpan);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            if (response.StatusCode == HttpStatusCode.TooManyRequests)
            {
                var pause = response.Headers.RetryAfter?.Delta ?? LimitPause;
                throw DnsProblems.TooOften(provider, name, world.Now + pause);
            }
            return (response.StatusCode, await BoundedBody.ReadAsync(response.Content, AnswerBytesMax, limit.Token));
        }
        catch (Exception caught) when (caught is HttpRequestException or IOException)
        {
            throw DnsProblems.Unreachable(provider, request.RequestUri!.Host, caught);
        }
        catch (OperationCanceledException caught) when (!stop.IsCancellationRequested)
        {
            throw DnsProblems.Unreachable(provider, request.RequestUri!.Host, caught);
        }
    }
}
