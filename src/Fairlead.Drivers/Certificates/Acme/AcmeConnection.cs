using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Fairlead.Drivers.Http;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Certificates.Acme;

/// <summary>Carries requests to an authority: nonces, bounded answers, refusals as problems.</summary>
internal sealed class AcmeConnection(AuthorityOptions options, HttpClient http, World world)
{
    /// <summary>Some authorities refuse good nonces on purpose, up to every second one.</summary>
    private const int NonceTriesMax = 24;
    private const int AnswerBytesMax = 1 << 20;
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60);

    /// <summary>The longest limit in use is a week; a mistaken answer may not put renewals off past a certificate's end.</summary>
    private static readonly TimeSpan RetryMax = TimeSpan.FromDays(7);

    private readonly NoncePool nonces = new();

    public AuthorityOptions Options => options;

    public World World => world;

    /// <summary>Reads something that needs no account.</summary>
    public async Task<AcmeAnswer> GetAsync(string url, CancellationToken stop)
    {
        var answer = await SendAsync(() => new HttpRequestMessage(HttpMethod.Get, Checked(url)), stop);
        return answer.IsFine ? answer : throw new ProblemException(AcmeProblems.Refused(this, answer));
    }

    /// <summary>Sends a signed request; a refused nonce is followed by another.</summary>
    /// <param name="newNonce">Where nonces come from when none is left.</param>
    /// <param name="sign">Signs with a nonce.</param>
    public async Task<AcmeAnswer> PostAsync(
        string url,
        string newNonce,
        Func<string, JwsText> sign,
        CancellationToken stop
    )
    {
        for (var tries = 1; ; tries++)
        {
            var nonce = nonces.Take() ?? await FetchNonceAsync(newNonce, stop);
            var signed = JsonSerializer.SerializeToUtf8Bytes(sign(nonce), AcmeJson.Default.JwsText);
            var answer = await SendAsync(() => Signed(url, signed), stop);
            if (answer.IsFine)
            {
                nonces.Put(answer.Nonce);
                return answer;
            }
            var trouble = AcmeProblems.Read(answer);
            if (trouble?.Kind != "badNonce")
            {
                nonces.Put(answer.Nonce);
                throw new ProblemException(AcmeProblems.Refused(this, answer));
            }
            nonces.Clear();
            nonces.Put(answer.Nonce);
            if (tries == NonceTriesMax)
            {
                throw new ProblemException(AcmeProblems.NoNonce(this, tries));
            }
        }
    }

    /// <exception cref="ProblemException">The answer is not what RFC 8555 describes.</exception>
    public T Read<T>(AcmeAnswer answer, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(answer.Body, type)
                ?? throw new ProblemException(AcmeProblems.Unreadable(this, answer, "It is empty."));
        }
        catch (JsonException caught)
        {
            throw new ProblemException(AcmeProblems.Unreadable(this, answer, caught.Message), caught);
        }
    }

    private async Task<string> FetchNonceAsync(string newNonce, CancellationToken stop)
    {
        var answer = await SendAsync(() => new HttpRequestMessage(HttpMethod.Head, Checked(newNonce)), stop);
        return answer is { IsFine: true, Nonce: { } nonce }
            ? nonce
            : throw new ProblemException(AcmeProblems.Refused(this, answer));
    }

    private HttpRequestMessage Signed(string url, byte[] body) =>
        new(HttpMethod.Post, Checked(url))
        {
            // No charset: authorities refuse "application/jose+json; charset=utf-8".
            Content = new ByteArrayContent(body)
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/jose+json") },
            },
        };

    private async Task<AcmeAnswer> SendAsync(Func<HttpRequestMessage> compose, CancellationToken stop)
    {
        using var request = compose();
        // The client's own limit ends with the headers: a body may still drip for ever.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var timer = world.Clock.CreateTimer(_ => limit.Cancel(), null, AnswerLimit, Timeout.InfiniteTimeSpan);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Fairlead", "1"));
        request.Headers.AcceptLanguage.Add(new StringWithQualityHeaderValue("en"));
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var body = await BoundedBody.ReadAsync(response.Content, AnswerBytesMax, limit.Token);
            return new AcmeAnswer(request.RequestUri!.AbsoluteUri, (int)response.StatusCode, body)
            {
                Location = response.Headers.Location?.OriginalString,
                Nonce = response.Headers.TryGetValues("Replay-Nonce", out var nonce) ? nonce.First() : null,
                RetryAt = RetryAt(response.Headers.RetryAfter, response.StatusCode),
            };
        }
        catch (Exception caught) when (caught is HttpRequestException or IOException)
        {
            throw new ProblemException(AcmeProblems.Unreachable(this, caught), caught);
        }
        catch (OperationCanceledException caught) when (!stop.IsCancellationRequested)
        {
            throw new ProblemException(AcmeProblems.Unreachable(this, caught), caught);
        }
    }

    private DateTimeOffset? RetryAt(RetryConditionHeaderValue? header, HttpStatusCode status)
    {
        var latest = world.Now + RetryMax;
        return header switch
        {
            { Delta: { } pause } => pause < RetryMax ? world.Now + pause : latest,
            { Date: { } date } => date < latest ? date : latest,
            _ => status is HttpStatusCode.TooManyRequests ? world.Now + AcmeProblems.LimitPause : null,
        };
    }

    /// <summary>An authority names addresses for us to ask: none of them may lead away from https.</summary>
    private Uri Checked(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps
            ? address
            : throw new ProblemException(AcmeProblems.NotHttps(this, url));
}

/// <summary>What an authority answered.</summary>
internal sealed record AcmeAnswer(string Url, int Status, byte[] Body)
{
    public string? Location { get; init; }

    public string? Nonce { get; init; }

    public DateTimeOffset? RetryAt { get; init; }

    public bool IsFine => Status is >= 200 and < 300;
}
