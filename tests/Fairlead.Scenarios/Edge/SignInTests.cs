using System.Net;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Microsoft.IdentityModel.Tokens;
using static Fairlead.Tests.Edge.EdgeSample;

namespace Fairlead.Scenarios.Edge;

/// <summary>People sign in at a provider before a real edge lets them in.</summary>
public sealed class SignInTests : IAsyncLifetime
{
    private const string SecretVariable = "FAIRLEAD_SCENARIO_OIDC_SECRET";

    private EdgeUnderTest edge = null!; // Set before each test.
    private AppUnderTest app = null!; // Likewise.
    private Issuer issuer = null!; // Likewise.

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Environment.SetEnvironmentVariable(SecretVariable, Issuer.Secret);
        edge = await EdgeUnderTest.StartAsync();
        app = await AppUnderTest.StartAsync("one");
        issuer = await Issuer.StartAsync();
        await ProtectAsync(policy => policy);
    }

    public async ValueTask DisposeAsync()
    {
        await edge.DisposeAsync();
        await app.DisposeAsync();
        await issuer.DisposeAsync();
    }

    [Fact]
    public async Task A_person_signs_in_once_and_sees_the_page_that_was_wanted()
    {
        using var browser = new Browser(edge.Public);
        Assert.Equal((HttpStatusCode.OK, "one"), await browser.SeeAsync("/orders?page=2"));
        Assert.Equal("/orders?page=2", browser.Last);
        Assert.Equal(4, browser.Hops); // The page, the provider, the callback, the page.
        Assert.Equal((HttpStatusCode.OK, "one"), await browser.SeeAsync("/orders"));
        Assert.Equal(5, browser.Hops);
        var (_, seen) = await browser.SeeAsync("/echo");
        Assert.DoesNotContain("fairlead-", seen, StringComparison.Ordinal);
        // Also after the edge was started anew.
        await edge.StopAsync();
        await edge.RunAsync();
        Assert.Equal((HttpStatusCode.OK, "one"), await browser.SeeAsync("/"));
        Assert.Equal(7, browser.Hops);
        await browser.SeeAsync("/.fairlead/oidc/logout");
        await browser.SeeAsync("/");
        Assert.Equal(12, browser.Hops);
    }

    [Fact]
    public async Task Programs_are_told_and_strangers_are_not_let_in()
    {
        using var program = await edge.Http.GetAsync("/", Stop);
        Assert.Equal(HttpStatusCode.Unauthorized, program.StatusCode);
        issuer.Claims["email"] = "ben@elsewhere.example";
        using var browser = new Browser(edge.Public);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.SeeAsync("/")).Status);
        issuer.Claims["email"] = "anna@example.com";
        issuer.Claims["email_verified"] = false;
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.SeeAsync("/")).Status);
        Assert.Equal(0, app.Seen);
    }

    [Fact]
    public async Task Who_is_not_let_in_any_more_is_turned_away_though_signed_in()
    {
        using var browser = new Browser(edge.Public);
        Assert.Equal(HttpStatusCode.OK, (await browser.SeeAsync("/")).Status);
        await ProtectAsync(policy => policy with { Domains = ["other.example"] });
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.SeeAsync("/")).Status);
    }

    [Fact]
    public async Task A_provider_may_change_its_key_at_any_time()
    {
        using var anna = new Browser(edge.Public);
        Assert.Equal(HttpStatusCode.OK, (await anna.SeeAsync("/")).Status);
        issuer.ChangeKey();
        await EdgeUnderTest.UntilAsync(async () =>
        {
            using var ben = new Browser(edge.Public);
            // Keys are not asked for again at once, or anybody could make us ask.
            return (await ben.SeeAsync("/")).Status == HttpStatusCode.OK;
        });
    }

    [Theory]
    [InlineData("audience")]
    [InlineData("issuer")]
    [InlineData("expired")]
    [InlineData("nonce")]
    [InlineData("unsigned")]
    [InlineData("symmetric")]
    [InlineData("key")]
    public async Task A_token_that_does_not_hold_lets_nobody_in(string fault)
    {
        issuer.Spoils = token => Spoil(token, fault);
        using var browser = new Browser(edge.Public);
        Assert.Equal(HttpStatusCode.BadGateway, (await browser.SeeAsync("/")).Status);
        Assert.Equal(0, app.Seen);
    }

    [Fact]
    public async Task A_callback_that_was_not_begun_here_is_refused()
    {
        using var browser = new Browser(edge.Public);
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await browser.SeeAsync("/.fairlead/oidc/callback?code=x&state=y")).Status
        );
        using var gone = await edge.Http.GetAsync("/.fairlead/oidc/else", Stop);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    private Task ProtectAsync(Func<OidcPolicy, OidcPolicy> change) =>
        edge.Router.ApplyAsync(
            Routing(
                Api(Backend(1, 100, [app.Endpoint])) with
                {
                    Gateway = new()
                    {
                        Protect = new()
                        {
                            Oidc = change(
                                new()
                                {
                                    Issuer = issuer.Url,
                                    ClientId = Issuer.ClientId,
                                    ClientSecretFrom = SecretVariable,
                                    Domains = ["example.com"],
                                }
                            ),
                        },
                    },
                }
            ),
            new Fence(1),
            Stop
        );

    private static SecurityTokenDescriptor Spoil(SecurityTokenDescriptor token, string fault)
    {
        var now = DateTimeOffset.UtcNow.UtcDateTime;
        switch (fault)
        {
            case "audience":
                token.Audience = "other";
                break;
            case "issuer":
                token.Issuer = "https://evil.example";
                break;
            case "expired":
                (token.NotBefore, token.IssuedAt, token.Expires) = (
                    now.AddHours(-2),
                    now.AddHours(-2),
                    now.AddHours(-1)
                );
                break;
            case "nonce":
                token.Claims["nonce"] = "other";
                break;
            case "unsigned":
                token.SigningCredentials = null;
                break;
            case "symmetric":
                token.SigningCredentials = new(new SymmetricSecurityKey(new byte[64]), SecurityAlgorithms.HmacSha256);
                break;
            default:
                token.SigningCredentials = new(
                    new ECDsaSecurityKey(
                        System.Security.Cryptography.ECDsa.Create(
                            System.Security.Cryptography.ECCurve.NamedCurves.nistP256
                        )
                    )
                    {
                        KeyId = "one",
                    },
                    SecurityAlgorithms.EcdsaSha256
                );
                break;
        }
        return token;
    }

    /// <summary>Follows where it is led, and keeps the cookies of shop.example.</summary>
    private sealed class Browser(IPEndPoint edge) : IDisposable
    {
        private readonly Dictionary<string, string> cookies = new(StringComparer.Ordinal);
        private readonly HttpClient http = new(
            new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }
        );

        public int Hops { get; private set; }

        public string Last { get; private set; } = "";

        public async Task<(HttpStatusCode Status, string Body)> SeeAsync(string path)
        {
            var url = new Uri(new Uri("http://shop.example"), path);
            for (var hop = 0; hop < 10; hop++)
            {
                Hops++;
                using var answer = await AskAsync(url);
                if (answer.Headers.Location is not { } next)
                {
                    Last = url.PathAndQuery;
                    return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Stop));
                }
                url = new Uri(url, next);
            }
            throw new InvalidOperationException("It is led around in circles.");
        }

        public void Dispose() => http.Dispose();

        private async Task<HttpResponseMessage> AskAsync(Uri url)
        {
            var isShop = url.Host == "shop.example";
            using var question = new HttpRequestMessage(
                HttpMethod.Get,
                isShop ? new Uri(new Uri($"http://{edge}"), url.PathAndQuery) : url
            );
            question.Headers.Accept.ParseAdd("text/html");
            if (isShop)
            {
                question.Headers.Host = "shop.example";
                question.Headers.TryAddWithoutValidation(
                    "Cookie",
                    string.Join("; ", cookies.Select(one => $"{one.Key}={one.Value}"))
                );
            }
            var answer = await http.SendAsync(question, Stop);
            foreach (var line in answer.Headers.TryGetValues("Set-Cookie", out var lines) ? lines : [])
            {
                var pair = line.Split(';')[0].Split('=', 2);
                cookies.Remove(pair[0]);
                if (pair[1].Length > 0)
                {
                    Assert.Contains("httponly", line, StringComparison.OrdinalIgnoreCase);
                    Assert.Contains("samesite=lax", line, StringComparison.OrdinalIgnoreCase);
                    cookies[pair[0]] = pair[1];
                }
            }
            return answer;
        }
    }
}
