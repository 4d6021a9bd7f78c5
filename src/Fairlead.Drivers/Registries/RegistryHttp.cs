using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using Fairlead.Drivers.Http;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.Registries;

/// <summary>
/// Sends requests to registries: with the credentials that they ask for, again when they fail for a moment, and on to where they
/// point when that is safe. What a registry may be told, nobody else is: authorization never leaves its host.
/// </summary>
internal sealed class RegistryHttp : IDisposable
{
    private const int RedirectsMax = 5;
    private const int ReasonBytesMax = 64 * 1024;

    private readonly RegistrySettings settings;
    private readonly World world;
    private readonly Tokens tokens;
    private readonly HttpClient own;
    private readonly HttpClient outside;
    private readonly ConcurrentDictionary<string, IReadOnlyList<AuthChallenge>> challenges = new(
        StringComparer.Ordinal
    );
    private readonly ConcurrentDictionary<string, AddressKind> kinds = new(StringComparer.Ordinal);

    public RegistryHttp(IRegistryCredentials credentials, RegistrySettings settings, World world)
    {
        (this.settings, this.world) = (settings, world);
        tokens = new(credentials, settings, world);
        own = Client(settings.Most);
        outside = settings.Most is AddressKind.Public ? own : Client(AddressKind.Public);
    }

    /// <summary>Sends a request until it is answered with anything that is no passing trouble.</summary>
    /// <param name="make">Makes it anew for each try, without authorization.</param>
    /// <returns>An answer that is neither a challenge nor a redirect; its body has not been read.</returns>
    /// <exception cref="ProblemException">There was no such answer.</exception>
    public async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> make, Call call, CancellationToken stop)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                var response = await SendOnceAsync(make, call, stop);
                if (!IsPassing(response.StatusCode) || tries >= settings.TriesMax)
                {
                    return response;
                }
                var pause = PauseOf(response) ?? Backoff(tries);
                response.Dispose();
                await WaitAsync(pause, call.Asked, stop);
            }
            catch (BrokenException caught)
            {
                if (tries >= settings.TriesMax)
                {
                    throw new ProblemException(RegistryProblems.Unreachable(call.Asked, caught.Message), caught);
                }
                await WaitAsync(Backoff(tries), call.Asked, stop);
            }
        }
    }

    /// <summary>Sends a request once, but for challenges and redirects.</summary>
    /// <exception cref="BrokenException">The connection broke, or nothing came for too long.</exception>
    public async Task<HttpResponseMessage> SendOnceAsync(
        Func<HttpRequestMessage> make,
        Call call,
        CancellationToken stop
    )
    {
        var (host, scope) = (call.Asked.Host, call.Scope);
        for (var isFirst = true; ; isFirst = false)
        {
            var header = tokens.Known(host, scope) ?? await AgainAsync(call, stop);
            var response = await FollowAsync(make, header, call, stop);
            if (response.StatusCode is not HttpStatusCode.Unauthorized || !isFirst)
            {
                return response;
            }
            var asks = response
                .Headers.WwwAuthenticate.SelectMany(static one => AuthChallenge.Read(one.ToString()))
                .ToList();
            tokens.Forget(host, scope);
            if (await tokens.AnswerAsync(asks, await ClientOfAsync(host, stop), (call.Asked, scope), stop) is null)
            {
                return response;
            }
            // Of a scope that the registry said itself: another repository's next request must not ask for it.
            challenges[host] =
            [
                .. asks.Select(static one =>
                    one with
                    {
                        Words = one
                            .Words.Where(static word => word.Key is not ("scope" or "error"))
                            .ToDictionary(StringComparer.Ordinal),
                    }
                ),
            ];
            response.Dispose();
        }
    }

    /// <summary>What an answer that refuses means.</summary>
    public async Task<ProblemException> RefusedAsync(HttpResponseMessage response, Call call, CancellationToken stop)
    {
        var said = Errors.Said(await ReasonAsync(response, stop));
        var login = await tokens.LoginAsync(call.Asked.Host, stop);
        return new ProblemException(RegistryProblems.Of((int)response.StatusCode, call.Asked, login, said));
    }

    /// <summary>Waits as long as a registry asked, or grows from try to try.</summary>
    public Task WaitAsync(int tries, Asked asked, CancellationToken stop) => WaitAsync(Backoff(tries), asked, stop);

    /// <summary>Ends what says nothing for too long.</summary>
    public Silence Listen(CancellationToken stop) => new(settings.Silence, world.Clock, stop);

    public void Dispose()
    {
        own.Dispose();
        outside.Dispose();
    }

    internal static bool IsPassing(HttpStatusCode status) =>
        status
            is HttpStatusCode.RequestTimeout
                or HttpStatusCode.TooManyRequests
                or HttpStatusCode.InternalServerError
                or HttpStatusCode.BadGateway
                or HttpStatusCode.ServiceUnavailable
                or HttpStatusCode.GatewayTimeout;

    private static HttpClient Client(AddressKind most)
    {
        var client = new HttpClient(OutboundGuard.Handler(most)) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("fairlead", "1"));
        return client;
    }

    // Whoever points elsewhere points no further inside than it is itself.
    private async Task<HttpClient> ClientOfAsync(string host, CancellationToken stop)
    {
        if (!kinds.TryGetValue(host, out var kind))
        {
            kind = kinds[host] = await RegistryPlace.KindOfAsync(host, stop);
        }
        return kind is AddressKind.Public ? outside : own;
    }

    // A token that has ended is replaced before a layer is sent in vain.
    private async Task<AuthenticationHeaderValue?> AgainAsync(Call call, CancellationToken stop) =>
        challenges.TryGetValue(call.Asked.Host, out var asks)
            ? await tokens.AnswerAsync(asks, await ClientOfAsync(call.Asked.Host, stop), (call.Asked, call.Scope), stop)
            : null;

    private async Task<HttpResponseMessage> FollowAsync(
        Func<HttpRequestMessage> make,
        AuthenticationHeaderValue? header,
        Call call,
        CancellationToken stop
    )
    {
        using var first = make();
        var (method, range, to) = (first.Method, first.Headers.Range, first.RequestUri!);
        var response = await SendAsync(first, header, call, stop);
        for (
            var redirects = 0;
            IsRedirect(response) && (method == HttpMethod.Get || method == HttpMethod.Head);
            redirects++
        )
        {
            var next = Onward(to, response.Headers.Location, call.Asked);
            response.Dispose();
            if (redirects == RedirectsMax)
            {
                throw new ProblemException(
                    RegistryProblems.Redirect(call.Asked, $"More than {RedirectsMax} redirects, one after the other.")
                );
            }
            to = next;
            using var request = new HttpRequestMessage(method, to);
            request.Headers.Range = range;
            response = await SendAsync(request, header, call, stop);
        }
        return response;
    }

    private static bool IsRedirect(HttpResponseMessage response) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308;

    private static Uri Onward(Uri from, Uri? location, Asked asked)
    {
        var to = location is null ? null : new Uri(from, location);
        return to is null ? throw new ProblemException(RegistryProblems.Redirect(asked, "It redirects to nowhere."))
            : to.Scheme is not ("https" or "http") || (from.Scheme == "https" && to.Scheme == "http")
                ? throw new ProblemException(
                    RegistryProblems.Redirect(
                        asked,
                        $"From {from.Scheme}://{from.Authority} to {to.Scheme}://{to.Authority}."
                    )
                )
            : to;
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        AuthenticationHeaderValue? header,
        Call call,
        CancellationToken stop
    )
    {
        var isOwn = IsSame(request.RequestUri!, call.Asked.Root);
        request.Headers.Authorization = isOwn ? header : null;
        var client = isOwn ? own : await ClientOfAsync(call.Asked.Host, stop);
        using var silence = Listen(stop);
        if (request.Content is BlobContent content)
        {
            content.Moved = silence.Broken;
        }
        try
        {
            return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, silence.Token);
        }
        catch (Exception caught) when (caught is HttpRequestException or IOException)
        {
            throw new BrokenException(caught.GetBaseException().Message, caught);
        }
        catch (OperationCanceledException caught) when (!stop.IsCancellationRequested)
        {
            throw new BrokenException($"It says nothing for {settings.Silence.TotalSeconds:0} s.", caught);
        }
    }

    public static bool IsSame(Uri one, Uri other) => one.Scheme == other.Scheme && one.Authority == other.Authority;

    private static async Task<byte[]> ReasonAsync(HttpResponseMessage response, CancellationToken stop)
    {
        try
        {
            return await BoundedBody.ReadAsync(response.Content, ReasonBytesMax, stop);
        }
        catch (Exception caught) when (caught is IOException or HttpRequestException)
        {
            return [];
        }
    }

    private async Task WaitAsync(TimeSpan pause, Asked asked, CancellationToken stop)
    {
        if (pause > settings.PauseMax)
        {
            throw new ProblemException(RegistryProblems.Waits(asked, pause, world.Now));
        }
        await Task.Delay(pause, world.Clock, stop);
    }

    private TimeSpan Backoff(int tries)
    {
        var whole = Math.Min(settings.Pause.TotalSeconds * Math.Pow(2, tries - 1), settings.PauseMax.TotalSeconds);
        // Half of it by chance, so that many who were refused at once do not come back at once.
        return TimeSpan.FromSeconds(whole * (0.5 + (world.Random.NextDouble() / 2)));
    }

    private TimeSpan? PauseOf(HttpResponseMessage response) =>
        response.Headers.RetryAfter switch
        {
            { Delta: { } pause } => pause,
            { Date: { } date } => date > world.Now ? date - world.Now : TimeSpan.Zero,
            _ => null,
        };
}

/// <summary>What a request is for.</summary>
/// <param name="Scope">What its token must allow, such as <c>repository:shop/api:pull,push</c>.</param>
internal sealed record Call(Asked Asked, string Scope);

/// <summary>A connection broke, or nothing came for too long: what was done so far may be gone on with.</summary>
internal sealed class BrokenException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>A time limit that begins anew with everything that moves.</summary>
internal sealed class Silence : IDisposable
{
    private readonly TimeSpan most;
    private readonly CancellationTokenSource limit;
    private readonly CancellationTokenSource both;

    public Silence(TimeSpan most, TimeProvider clock, CancellationToken stop)
    {
        this.most = most;
        limit = new(most, clock);
        both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
    }

    public CancellationToken Token => both.Token;

    /// <summary>Something was heard.</summary>
    public void Broken() => limit.CancelAfter(most);

    public void Dispose()
    {
        both.Dispose();
        limit.Dispose();
    }
}
