using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Drivers.Forges;
using Fairlead.Drivers.Http;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.Channels;

/// <summary>
/// Sends what channels tell by HTTP, and says what became of it: taken, perhaps later, or never. It waits 10 s, reads a bounded answer,
/// follows no redirect, and goes no further inside than it may.
/// </summary>
/// <param name="most">Where an operator may send it, when it is left out.</param>
internal sealed class ChannelHttp(World world, AddressKind most = AddressKind.Inside) : IDisposable
{
    /// <summary>All of one request, from its look-up to its answer.</summary>
    internal static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(10);

    /// <summary>Nobody is made silent for longer, whatever the other side says.</summary>
    internal static readonly TimeSpan AfterMax = TimeSpan.FromHours(1);

    private const int WordBytesMax = 4096;

    private readonly HttpClient http = new(OutboundGuard.Handler(most)) { Timeout = Timeout.InfiniteTimeSpan };

    public async Task<Sent> SendAsync(ChannelCall call, CancellationToken stop) => (await AskAsync(call, stop)).Sent;

    public async Task<ChannelAnswer> AskAsync(ChannelCall call, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(AnswerMax, world.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        using var request = call.Request();
        var host = request.RequestUri!.Host;
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            return answer.IsSuccessStatusCode
                ? new(
                    Sent.Taken,
                    (int)answer.StatusCode,
                    call.AnswerBytesMax == 0
                        ? null
                        : Answers.Read(await BoundedBody.ReadAsync(answer.Content, call.AnswerBytesMax, both.Token))
                )
                : Refused(call, answer, await WordsAsync(answer.Content, both.Token));
        }
        catch (Exception caught) when (caught is HttpRequestException or IOException or SocketException)
        {
            return new(Sent.Later($"{host} cannot be told: {call.Secrets.Words(Words(caught))}"), null, null);
        }
        // By our limit, or by that of the connection, which is as long.
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new(Sent.Later($"{host} did not answer within {AnswerMax.TotalSeconds:0} s."), null, null);
        }
    }

    public void Dispose() => http.Dispose();

    private ChannelAnswer Refused(ChannelCall call, HttpResponseMessage answer, string words)
    {
        var status = (int)answer.StatusCode;
        var said = call.Secrets.Words(words);
        var why = string.Create(
            CultureInfo.InvariantCulture,
            $"{new Uri(call.Url).Host} answered {status}{(said.Length == 0 ? "" : $": {said}")}"
        );
        var body = Answers.Read(Encoding.UTF8.GetBytes(words));
        var sent = status switch
        {
            < 400 => Sent.Never($"{why} Redirects are not followed: set the address that it leads to."),
            408 or 425 or 429 or >= 500 => Sent.Later(why, AfterOf(call, answer, body)),
            _ => Sent.Never(why),
        };
        return new(sent, status, body);
    }

    // What is wrong with a certificate stands in the exception within.
    private static string Words(Exception caught) =>
        caught.InnerException is AuthenticationException inner ? inner.Message : caught.Message;

    private TimeSpan? AfterOf(ChannelCall call, HttpResponseMessage answer, JsonNode? body)
    {
        var header = answer.Headers.RetryAfter;
        var said = header?.Delta ?? (header?.Date is { } date ? date - world.Now : call.After?.Invoke(body));
        return said is not { } time ? null
            : time < TimeSpan.Zero ? TimeSpan.Zero
            : time > AfterMax ? AfterMax
            : time;
    }

    // The beginning of it is enough, and what does not come is not missed: the number has said the most.
    private static async Task<string> WordsAsync(HttpContent content, CancellationToken stop)
    {
        var kept = new byte[WordBytesMax];
        try
        {
            await using var body = await content.ReadAsStreamAsync(stop);
            var count = await body.ReadAtLeastAsync(kept, kept.Length, throwOnEndOfStream: false, stop);
            return Encoding.UTF8.GetString(kept, 0, count);
        }
        catch (Exception caught) when (caught is IOException or HttpRequestException or OperationCanceledException)
        {
            return "";
        }
    }
}

/// <summary>What came back.</summary>
/// <param name="Status">Null when nothing did.</param>
/// <param name="Body">Null when nobody wanted it, or it is no JSON.</param>
internal sealed record ChannelAnswer(Sent Sent, int? Status, JsonNode? Body);
