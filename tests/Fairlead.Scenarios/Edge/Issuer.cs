using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Fairlead.Scenarios.Edge;

/// <summary>A small OpenID provider at which everyone who is sent there signs in as the one it is told.</summary>
internal sealed class Issuer : IAsyncDisposable
{
    public const string ClientId = "shop";
    public const string Secret = "s3cret";

    private readonly WebApplication app;
    private readonly Dictionary<string, IQueryCollection> codes = new(StringComparer.Ordinal);
    private ECDsaSecurityKey key = NewKey("one");
    private int keys = 1;

    private Issuer(WebApplication app) => this.app = app;

    public string Url => app.Urls.First();

    /// <summary>The claims of whoever signs in next.</summary>
    public Dictionary<string, object> Claims { get; } =
        new(StringComparer.Ordinal) { ["sub"] = "1", ["email"] = "anna@example.com" };

    /// <summary>Changes a token before it is given.</summary>
    public Func<SecurityTokenDescriptor, SecurityTokenDescriptor> Spoils { get; set; } = token => token;

    public static async Task<Issuer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var issuer = new Issuer(builder.Build());
        issuer.Map();
        await issuer.app.StartAsync(TestContext.Current.CancellationToken);
        return issuer;
    }

    /// <summary>Signs with a new key from now on.</summary>
    public void ChangeKey() => key = NewKey($"key-{++keys}");

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private void Map()
    {
        app.MapGet(
            "/.well-known/openid-configuration",
            () =>
                new
                {
                    issuer = Url,
                    authorization_endpoint = $"{Url}/authorize",
                    token_endpoint = $"{Url}/token",
                    jwks_uri = $"{Url}/keys",
                }
        );
        app.MapGet(
            "/keys",
            () => new { keys = new[] { JsonWebKeyConverter.ConvertFromECDsaSecurityKey(key) }.Select(PublicPart) }
        );
        app.MapGet(
            "/authorize",
            http =>
            {
                var code = Convert.ToHexString(RandomNumberGenerator.GetBytes(8));
                codes[code] = http.Request.Query;
                http.Response.Redirect(
                    $"{http.Request.Query["redirect_uri"]}?code={code}&state={http.Request.Query["state"]}"
                );
                return Task.CompletedTask;
            }
        );
        app.MapPost("/token", TokenAsync);
    }

    private async Task TokenAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync();
        var basic = $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{ClientId}:{Secret}"))}";
        if (
            !codes.Remove(form["code"].ToString(), out var asked)
            || http.Request.Headers.Authorization != basic
            || asked["redirect_uri"] != form["redirect_uri"]
            || asked["code_challenge"]
                != Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())))
        )
        {
            http.Response.StatusCode = 400;
            return;
        }
        var claims = new Dictionary<string, object>(Claims, StringComparer.Ordinal)
        {
            ["nonce"] = asked["nonce"].ToString(),
        };
        var token = new SecurityTokenDescriptor
        {
            Issuer = Url,
            Audience = ClientId,
            Expires = DateTimeOffset.UtcNow.AddMinutes(5).UtcDateTime,
            Claims = claims,
            SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.EcdsaSha256),
        };
        var text = new JsonWebTokenHandler().CreateToken(Spoils(token));
        await http.Response.WriteAsJsonAsync(new { id_token = text, token_type = "Bearer" });
    }

    private static object PublicPart(JsonWebKey one) =>
        new
        {
            kty = one.Kty,
            crv = one.Crv,
            x = one.X,
            y = one.Y,
            kid = one.Kid,
        };

    private static ECDsaSecurityKey NewKey(string id) => new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = id };
}
