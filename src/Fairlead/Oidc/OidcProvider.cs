using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Fairlead.Model.Ports;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Fairlead.Oidc;

/// <summary>An OpenID provider: where it signs people in, and whether what it says of them is its word.</summary>
/// <remarks>OpenID Connect Core 1.0, the authorization code flow, with PKCE (RFC 7636).</remarks>
internal sealed class OidcProvider(OidcClient client, HttpClient http, World world) : IDisposable
{
    private readonly OidcIssuer issuer = new(client.Issuer, http, world);

    /// <summary>Where a browser is sent to sign in.</summary>
    /// <exception cref="OidcException">The provider does not answer as one.</exception>
    public async Task<string> SignInUrlAsync(SignIn signIn, string callback, CancellationToken stop)
    {
        var about = await AboutAsync(stop);
        var challenge = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(signIn.Verifier)));
        var separator = about.AuthorizationEndpoint.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        return $"{about.AuthorizationEndpoint}{separator}response_type=code"
            + $"&client_id={Uri.EscapeDataString(client.ClientId)}"
            + $"&redirect_uri={Uri.EscapeDataString(callback)}"
            + $"&scope={Uri.EscapeDataString(string.Join(' ', client.Scopes))}"
            + $"&state={signIn.State}&nonce={signIn.Nonce}&code_challenge={challenge}&code_challenge_method=S256";
    }

    /// <summary>Where a browser is sent to sign out there too; null where there is no such place.</summary>
    /// <exception cref="OidcException">The provider does not answer as one.</exception>
    public async Task<string?> SignOutUrlAsync(CancellationToken stop) =>
        (await AboutAsync(stop)).EndSessionEndpoint is { } end
            ? $"{end}{(end.Contains('?', StringComparison.Ordinal) ? '&' : '?')}client_id={Uri.EscapeDataString(client.ClientId)}"
            : null;

    /// <summary>Who signed in, for the code that the browser brought back.</summary>
    /// <exception cref="OidcException">The provider says no, or what it says does not hold.</exception>
    public async Task<OidcWord> WordAsync(SignIn signIn, string code, string callback, CancellationToken stop)
    {
        var about = await AboutAsync(stop);
        var (token, access) = await ExchangeAsync(about, signIn, code, callback, stop);
        var claims = await issuer.ReadAsync(token, client.ClientId, stop);
        if (Claim(claims, "nonce") != signIn.Nonce)
        {
            throw new OidcException("Its token belongs to another sign-in.");
        }
        var word = new OidcWord(
            claims.Subject,
            Claim(claims, "name"),
            Claim(claims, "email"),
            [.. claims.Claims.Where(claim => claim.Type == "groups").Select(claim => claim.Value)]
        )
        {
            IsEmailVerified = Truth(Claim(claims, "email_verified")),
        };
        return word.Email is null && about.UserEndpoint is { } place && access is not null
            ? await AddAsync(word, place, access, stop)
            : word;
    }

    public void Dispose() => issuer.Dispose();

    private async Task<Discovery> AboutAsync(CancellationToken stop) =>
        OidcIssuer.Read<Discovery>((await issuer.KnowAsync(isStale: false, stop)).Document, client.Issuer);

    // Some tell of the person only where the access token is shown.
    private async Task<OidcWord> AddAsync(OidcWord word, string place, string access, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, place);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", access);
        var more = await SendAsync<UserAnswer>(request, stop);
        if (more.Subject != word.Subject)
        {
            throw new OidcException("It tells of somebody else.");
        }
        return word with
        {
            Name = word.Name ?? more.Name,
            Email = more.Email,
            IsEmailVerified = Truth(more.EmailVerified?.ToString()),
            Groups = [.. word.Groups.Union(more.Groups ?? [])],
        };
    }

    private static bool? Truth(string? text) => bool.TryParse(text, out var isSo) ? isSo : null;

    private async Task<(string Token, string? Access)> ExchangeAsync(
        Discovery document,
        SignIn signIn,
        string code,
        string callback,
        CancellationToken stop
    )
    {
        var fields = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = callback,
            ["code_verifier"] = signIn.Verifier,
            ["client_id"] = client.ClientId,
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, document.TokenEndpoint);
        if (client.Secret() is { } secret)
        {
            if (document.TokenMethods is { Count: > 0 } methods && !methods.Contains("client_secret_basic"))
            {
                fields["client_secret"] = secret;
            }
            else
            {
                var pair = $"{Uri.EscapeDataString(client.ClientId)}:{Uri.EscapeDataString(secret)}";
                request.Headers.Authorization = new AuthenticationHeaderValue(
                    "Basic",
                    Convert.ToBase64String(Encoding.UTF8.GetBytes(pair))
                );
            }
        }
        request.Content = new FormUrlEncodedContent(fields);
        var answer = await SendAsync<TokenAnswer>(request, stop);
        return (answer.IdToken ?? throw new OidcException("It gave no token."), answer.AccessToken);
    }

    private async Task<T> SendAsync<T>(HttpRequestMessage request, CancellationToken stop) =>
        OidcIssuer.Read<T>(await OidcIssuer.TextAsync(http, request, stop), request.RequestUri!.ToString());

    private static string? Claim(JsonWebToken token, string name) => OidcIssuer.Claim(token, name);

    private sealed record Discovery
    {
        [JsonPropertyName("authorization_endpoint")]
        public required string AuthorizationEndpoint { get; init; }

        [JsonPropertyName("token_endpoint")]
        public required string TokenEndpoint { get; init; }

        [JsonPropertyName("userinfo_endpoint")]
        public string? UserEndpoint { get; init; }

        [JsonPropertyName("end_session_endpoint")]
        public string? EndSessionEndpoint { get; init; }

        [JsonPropertyName("token_endpoint_auth_methods_supported")]
        public IReadOnlyList<string>? TokenMethods { get; init; }
    }

    private sealed record TokenAnswer
    {
        [JsonPropertyName("id_token")]
        public string? IdToken { get; init; }

        [JsonPropertyName("access_token")]
        public string? AccessToken { get; init; }
    }

    private sealed record UserAnswer
    {
        [JsonPropertyName("sub")]
        public required string Subject { get; init; }

        [JsonPropertyName("name")]
        public string? Name { get; init; }

        [JsonPropertyName("email")]
        public string? Email { get; init; }

        // Some write it as text.
        [JsonPropertyName("email_verified")]
        public System.Text.Json.JsonElement? EmailVerified { get; init; }

        [JsonPropertyName("groups")]
        public IReadOnlyList<string>? Groups { get; init; }
    }
}

/// <summary>A provider that does not do what OpenID asks of one, in words for the log.</summary>
internal sealed class OidcException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>How Fairlead is known at a provider.</summary>
/// <param name="Issuer">The provider's address, without a slash at the end.</param>
/// <param name="Secret">Asked for each time; null for a client without one.</param>
/// <param name="Scopes">What is asked of it.</param>
internal sealed record OidcClient(string Issuer, string ClientId, Func<string?> Secret, IReadOnlyList<string> Scopes);

/// <summary>What a provider says of somebody.</summary>
internal sealed record OidcWord(string Subject, string? Name, string? Email, IReadOnlyList<string> Groups)
{
    /// <summary>Whether it verified the address; null when it does not say.</summary>
    public bool? IsEmailVerified { get; init; }
}

/// <summary>A sign-in under way, kept sealed by the browser until it comes back.</summary>
/// <param name="Return">The path it wanted to see, or the provider's name.</param>
internal sealed record SignIn(string State, string Nonce, string Verifier, string Return, DateTimeOffset Until)
{
    /// <summary>A new one, of chance.</summary>
    public static SignIn New(string back, DateTimeOffset until) => new(Chance(), Chance(), Chance(), back, until);

    /// <summary>Whether an answer belongs to it.</summary>
    public bool Is(string? state) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(State), Encoding.UTF8.GetBytes(state ?? ""));

    private static string Chance() => Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(32));
}
