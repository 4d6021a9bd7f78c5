using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Fairlead.Drivers.Http;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Registries;

/// <summary>
/// Answers challenges: with the login itself (Basic), or with a token that the registry's own desk gives for it (Bearer, as Docker's
/// token specification and its OAuth2 say). Tokens are kept until they end, and never longer than the process.
/// </summary>
internal sealed class Tokens(IRegistryCredentials credentials, RegistrySettings settings, World world)
{
    private const int AnswerBytesMax = 1 << 20;
    private const int KeptMax = 1000;

    // What the specification says where the desk says nothing.
    private static readonly TimeSpan UsualLife = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LoginLife = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, (AuthenticationHeaderValue Header, DateTimeOffset Until)> kept = new(
        StringComparer.Ordinal
    );
    private readonly ConcurrentDictionary<string, (RegistryLogin? Login, DateTimeOffset Until)> logins = new(
        StringComparer.Ordinal
    );

    /// <summary>What is known to be good for a scope; null when nothing is, and the registry must first be asked.</summary>
    public AuthenticationHeaderValue? Known(string host, string scope) =>
        kept.TryGetValue($"{host} {scope}", out var one) && one.Until > world.Now ? one.Header : null;

    public async Task<RegistryLogin?> LoginAsync(string host, CancellationToken stop)
    {
        if (logins.TryGetValue(host, out var one) && one.Until > world.Now)
        {
            return one.Login;
        }
        var login = await credentials.FindAsync(host, stop);
        logins[host] = (login, world.Now + LoginLife);
        return login;
    }

    /// <summary>Answers a challenge; null when it asks for nothing that we can give.</summary>
    /// <param name="http">Goes no further inside than the registry is.</param>
    /// <param name="wanted">What for, and what the request needs; the challenge's own words come first.</param>
    /// <exception cref="ProblemException">The desk refuses or does not answer, or would be told a password in the open.</exception>
    public async Task<AuthenticationHeaderValue?> AnswerAsync(
        IReadOnlyList<AuthChallenge> challenges,
        HttpClient http,
        (Asked Asked, string Scope) wanted,
        CancellationToken stop
    )
    {
        var (asked, scope) = wanted;
        var login = await LoginAsync(asked.Host, stop);
        if (challenges.FirstOrDefault(static one => one.Scheme == "bearer") is { } bearer)
        {
            var (token, until) = await AskAsync(new(bearer, scope, login, asked), http, stop);
            return Keep(asked.Host, scope, new("Bearer", token), until);
        }
        if (challenges.Any(static one => one.Scheme == "basic") && login is { IsIdentityToken: false })
        {
            NotInTheOpen(asked.Root, asked.Host);
            return Keep(asked.Host, scope, Basic(login), world.Now + LoginLife);
        }
        return null;
    }

    /// <summary>Forgets what was refused.</summary>
    public void Forget(string host, string scope)
    {
        kept.TryRemove($"{host} {scope}", out _);
        logins.TryRemove(host, out _);
    }

    private AuthenticationHeaderValue Keep(
        string host,
        string scope,
        AuthenticationHeaderValue header,
        DateTimeOffset until
    )
    {
        if (kept.Count >= KeptMax)
        {
            kept.Clear();
        }
        kept[$"{host} {scope}"] = (header, until);
        return header;
    }

    private async Task<(string Token, DateTimeOffset Until)> AskAsync(
        Question question,
        HttpClient http,
        CancellationToken stop
    )
    {
        var asked = question.Asked with { What = "give a token" };
        if (
            !Uri.TryCreate(question.Challenge["realm"], UriKind.Absolute, out var realm)
            || realm.Scheme is not ("https" or "http")
        )
        {
            throw new ProblemException(
                RegistryProblems.Answer(asked, "It asks for a token, but its realm is no address.")
            );
        }
        if (question.Login is not null)
        {
            NotInTheOpen(realm, realm.Authority);
        }
        using var request = Request(realm, question);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var timer = world.Clock.CreateTimer(
            _ => limit.Cancel(),
            null,
            settings.Silence,
            Timeout.InfiniteTimeSpan
        );
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var body = await BoundedBody.ReadAsync(response.Content, AnswerBytesMax, limit.Token);
            return response.IsSuccessStatusCode
                ? Read(body, asked)
                : throw new ProblemException(
                    RegistryProblems.Of((int)response.StatusCode, asked, question.Login, Errors.Said(body))
                );
        }
        catch (Exception caught) when (caught is HttpRequestException or IOException)
        {
            throw new ProblemException(
                RegistryProblems.Unreachable(asked, $"{realm.Authority}: {caught.GetBaseException().Message}"),
                caught
            );
        }
        catch (OperationCanceledException caught) when (!stop.IsCancellationRequested)
        {
            throw new ProblemException(
                RegistryProblems.Unreachable(
                    asked,
                    $"{realm.Authority} says nothing for {settings.Silence.TotalSeconds} s."
                ),
                caught
            );
        }
    }

    internal static HttpRequestMessage Request(Uri realm, Question question)
    {
        var service = question.Challenge["service"] ?? "";
        var scopes = string.Join(
            ' ',
            new[] { question.Challenge["scope"], question.Scope }
                .SelectMany(static one => (one ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Distinct(StringComparer.Ordinal)
        );
        if (question.Login is { IsIdentityToken: true } identity)
        {
            return new(HttpMethod.Post, realm)
            {
                Content = new FormUrlEncodedContent([
                    new("grant_type", "refresh_token"),
                    new("service", service),
                    new("client_id", "fairlead"),
                    new("scope", scopes),
                    new("refresh_token", identity.Password),
                ]),
            };
        }
        var query = string.Concat(
            scopes
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(static one => $"&scope={Uri.EscapeDataString(one)}")
        );
        var separator = realm.Query.Length == 0 ? '?' : '&';
        var request = new HttpRequestMessage(
            HttpMethod.Get,
            new Uri($"{realm.GetLeftPart(UriPartial.Query)}{separator}service={Uri.EscapeDataString(service)}{query}")
        );
        if (question.Login is { } login)
        {
            request.Headers.Authorization = Basic(login);
        }
        return request;
    }

    private (string Token, DateTimeOffset Until) Read(byte[] body, Asked asked)
    {
        try
        {
            using var json = JsonDocument.Parse(body, new() { MaxDepth = 8 });
            var root = json.RootElement;
            var token = Text(root, "token") ?? Text(root, "access_token");
            var life =
                root.TryGetProperty("expires_in", out var said)
                && said.ValueKind is JsonValueKind.Number
                && said.TryGetInt32(out var seconds)
                && seconds > 0
                    ? TimeSpan.FromSeconds(Math.Min(seconds, 86400))
                    : UsualLife;
            // A line's end in it would be a header of the desk's own choice.
            return token is { Length: > 0 } && token.All(static one => one is > ' ' and < (char)127)
                ? (token, world.Now + life - Reserve)
                : throw new ProblemException(RegistryProblems.Answer(asked, "What it calls a token is none."));
        }
        catch (Exception caught) when (caught is JsonException or InvalidOperationException)
        {
            throw new ProblemException(
                RegistryProblems.Answer(asked, $"Its token is no JSON: {caught.Message}"),
                caught
            );
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.ValueKind is JsonValueKind.Object
        && root.TryGetProperty(name, out var one)
        && one.ValueKind is JsonValueKind.String
            ? one.GetString()
            : null;

    private void NotInTheOpen(Uri to, string host)
    {
        if (to.Scheme != "https" && !to.IsLoopback && !settings.Plain.Contains(to.Authority))
        {
            throw new ProblemException(
                RegistryProblems.Plain(host, $"{to.GetLeftPart(UriPartial.Authority)} has no TLS.")
            );
        }
    }

    private static AuthenticationHeaderValue Basic(RegistryLogin login) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login.User}:{login.Password}")));

    /// <param name="Scope">What the request needs, beside what the challenge says.</param>
    internal sealed record Question(AuthChallenge Challenge, string Scope, RegistryLogin? Login, Asked Asked);
}
