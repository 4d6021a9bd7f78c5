using System.Text.Json;
using System.Text.Json.Serialization;
using Fairlead.Model.Ports;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Fairlead.Oidc;

/// <summary>Who signs tokens: what it says of itself and its keys, and whether a token is its word.</summary>
/// <remarks>OpenID Connect Discovery 1.0. What it says is kept for an hour, and asked for again when a key is not known.</remarks>
/// <param name="issuer">Its address, without a slash at the end.</param>
internal sealed class OidcIssuer(string issuer, HttpClient http, World world) : IDisposable
{
    private static readonly TimeSpan KeepFor = TimeSpan.FromHours(1);
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);
    private static readonly JsonWebTokenHandler Tokens = new() { MapInboundClaims = false };

    private readonly SemaphoreSlim asking = new(1, 1);
    private Known? known;

    /// <summary>What it says of itself.</summary>
    /// <param name="Document">As JSON.</param>
    internal sealed record Known(string Document, IReadOnlyList<SecurityKey> Keys, DateTimeOffset At);

    /// <exception cref="OidcException">It does not answer as one.</exception>
    public async Task<Known> KnowAsync(bool isStale, CancellationToken stop)
    {
        await asking.WaitAsync(stop);
        try
        {
            var age = known is null ? TimeSpan.MaxValue : world.Now - known.At;
            if (known is not null && age < (isStale ? AskAgainAfter : KeepFor))
            {
                return known;
            }
            using var about = new HttpRequestMessage(HttpMethod.Get, $"{issuer}/.well-known/openid-configuration");
            var text = await TextAsync(http, about, stop);
            var document = Read<Document>(text, issuer);
            if (document.Issuer.TrimEnd('/') != issuer)
            {
                throw new OidcException($"It calls itself {document.Issuer}, not {issuer}.");
            }
            using var request = new HttpRequestMessage(HttpMethod.Get, document.KeysUri);
            var keys = new JsonWebKeySet(await TextAsync(http, request, stop)).GetSigningKeys();
            return known = new(text, [.. keys], world.Now);
        }
        finally
        {
            asking.Release();
        }
    }

    /// <summary>What a token says, once its signature, issuer, audience and time were checked.</summary>
    /// <exception cref="OidcException">It does not hold, or the issuer does not answer.</exception>
    public async Task<JsonWebToken> ReadAsync(string token, string audience, CancellationToken stop)
    {
        var result = await Tokens.ValidateTokenAsync(token, Rules(await KnowAsync(isStale: false, stop), audience));
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            // It may sign with a new key since we last asked.
            result = await Tokens.ValidateTokenAsync(token, Rules(await KnowAsync(isStale: true, stop), audience));
        }
        return result.IsValid
            ? (JsonWebToken)result.SecurityToken
            : throw new OidcException($"Its token does not hold: {result.Exception?.GetType().Name}.");
    }

    public void Dispose() => asking.Dispose();

    /// <summary>A claim as text; null when the token does not say it.</summary>
    public static string? Claim(JsonWebToken token, string name) =>
        token.TryGetPayloadValue<object>(name, out var value) ? value?.ToString() : null;

    /// <exception cref="OidcException">It is not what OpenID asks for.</exception>
    public static T Read<T>(string json, string whose)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json) ?? throw new OidcException("It answered null.");
        }
        catch (JsonException caught)
        {
            throw new OidcException($"What {whose} answers is not what OpenID asks for.", caught);
        }
    }

    /// <exception cref="OidcException">It does not answer well.</exception>
    public static async Task<string> TextAsync(HttpClient http, HttpRequestMessage request, CancellationToken stop)
    {
        try
        {
            using var answer = await http.SendAsync(request, stop);
            var text = await answer.Content.ReadAsStringAsync(stop);
            return answer.IsSuccessStatusCode
                ? text
                : throw new OidcException($"{request.RequestUri} answered {(int)answer.StatusCode}.");
        }
        catch (Exception caught)
            when (caught is HttpRequestException or TaskCanceledException && !stop.IsCancellationRequested)
        {
            throw new OidcException($"{request.RequestUri} does not answer: {caught.Message}", caught);
        }
    }

    private TokenValidationParameters Rules(Known about, string audience) =>
        new()
        {
            ValidIssuer = issuer,
            // Some write it with a slash at its end.
            ValidIssuers = [issuer + "/"],
            ValidAudience = audience,
            IssuerSigningKeys = about.Keys,
            ValidAlgorithms =
            [
                SecurityAlgorithms.RsaSha256,
                SecurityAlgorithms.RsaSsaPssSha256,
                SecurityAlgorithms.EcdsaSha256,
            ],
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            // Not every issuer says from when a token is good.
            LifetimeValidator = (from, until, _, _) => !(from > world.Now + Skew) && until > world.Now - Skew,
        };

    private sealed record Document
    {
        [JsonPropertyName("issuer")]
        public required string Issuer { get; init; }

        [JsonPropertyName("jwks_uri")]
        public required string KeysUri { get; init; }
    }
}
