using System.Net;
using System.Text.Json.Nodes;
using Fairlead.Model.Apps;
using Fairlead.Scenarios.Access;

namespace Fairlead.Scenarios.Identity;

/// <summary>Jobs of a CI system come in with the tokens that it signs for them: a foreign issuer, npm's oidc-provider and jose.</summary>
public sealed class FederationScenarios
{
    private static readonly Site Shop = new("shop", "production");
    private static readonly Site Blog = new("blog", "production");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_does_with_its_token_what_its_trust_says_and_nothing_else()
    {
        OidcScenarios.Need();
        await using var server = await ServerUnderTest.StartAsync([Shop, Blog]);
        using var peer = OidcScenarios.Start("http://localhost/callback");
        var issuer = $"http://127.0.0.1:{await peer.StandardOutput.ReadLineAsync(Stop)}";
        try
        {
            await TrustAsync(server, issuer);
            var main = await SignAsync(issuer, "repo:acme/shop:ref:refs/heads/main");
            await SeesShopAloneAsync(server, main);

            // Another branch, another's repository, another audience, an old one, a job that is not protected, and a signature of somebody else.
            foreach (
                var (claims, key, why) in new (JsonObject, string, string)[]
                {
                    (Claims("repo:acme/shop:ref:refs/heads/evil"), "", "no trust takes its subject"),
                    (Claims("repo:acme/shop-evil:ref:refs/heads/main"), "", "no trust takes its subject"),
                    (Claims("repo:acme/shop:ref:refs/heads/main", aud: "other"), "", "does not hold"),
                    (Claims("repo:acme/shop:ref:refs/heads/main", isProtected: false), "", "no trust takes"),
                    (With(Claims("repo:acme/shop:ref:refs/heads/main"), "exp", 1_700_000_000), "", "does not hold"),
                    (With(Claims("repo:acme/shop:ref:refs/heads/main"), "iss", "https://other"), "", "Nobody trusts"),
                    (Claims("repo:acme/shop:ref:refs/heads/main"), "foreign", "does not hold"),
                }
            )
            {
                var (status, body) = await server.PostAsync("releases", [], await SignAsync(issuer, claims, key));
                Assert.True(status is HttpStatusCode.Unauthorized, $"{claims}: {status} {body}");
                Assert.Contains(why, body, StringComparison.Ordinal);
            }
            Assert.Equal(HttpStatusCode.Unauthorized, (await server.PostAsync("releases", [], Unsigned(main))).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await server.PostAsync("trust.list", [], main)).Status);
            var more = new JsonObject { ["name"] = "m", ["role"] = "owner" };
            Assert.Equal(HttpStatusCode.Forbidden, (await server.PostAsync("token.create", more, main)).Status);
        }
        finally
        {
            peer.Kill();
        }
    }

    [Fact]
    public async Task A_jobs_token_is_exchanged_for_one_that_ends_with_its_trust()
    {
        OidcScenarios.Need();
        await using var server = await ServerUnderTest.StartAsync([Shop, Blog]);
        using var peer = OidcScenarios.Start("http://localhost/callback");
        var issuer = $"http://127.0.0.1:{await peer.StandardOutput.ReadLineAsync(Stop)}";
        try
        {
            await TrustAsync(server, issuer);
            var main = await SignAsync(issuer, "repo:acme/shop:ref:refs/heads/main");
            var tooLong = new JsonObject { ["name"] = "job 7", ["expires"] = "2h" };
            Assert.Contains(
                "at most 1h",
                (await server.PostAsync("token.create", tooLong, main)).Body,
                StringComparison.Ordinal
            );

            var made = await AskAsync(server, "token.create", new() { ["name"] = "job 7" }, main);
            var token = made["token"]!.GetValue<string>();
            var lasts = made["expires"]!.GetValue<DateTimeOffset>() - DateTimeOffset.UtcNow;
            Assert.InRange(lasts, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(15));
            await SeesShopAloneAsync(server, token);

            // Who came is told by name, with the claims that let them in.
            var journal = await AskAsync(server, "token.list", [], server.OwnerToken);
            Assert.Contains(
                "shop-ci: repo:acme/shop:ref:refs/heads/main",
                journal.ToJsonString(),
                StringComparison.Ordinal
            );

            await AskAsync(server, "trust.remove", new() { ["name"] = "shop-ci" }, server.OwnerToken);
            Assert.Equal(HttpStatusCode.Unauthorized, (await server.PostAsync("releases", [], token)).Status);
            Assert.Equal(HttpStatusCode.Unauthorized, (await server.PostAsync("releases", [], main)).Status);

            // One of the same name is another: it lets the job in again, and not the token that was made before.
            await TrustAsync(server, issuer);
            await SeesShopAloneAsync(server, main);
            Assert.Equal(HttpStatusCode.Unauthorized, (await server.PostAsync("releases", [], token)).Status);
        }
        finally
        {
            peer.Kill();
        }
    }

    [Theory]
    [InlineData("https://token.actions.githubusercontent.com", "repo:*/shop:ref:refs/heads/main")]
    [InlineData("https://token.actions.githubusercontent.com", "*acme/shop*")]
    [InlineData("https://token.actions.githubusercontent.com", "repo:acme*")]
    [InlineData("https://gitlab.com", "project_path:*")]
    [InlineData("https://example.org", "**")]
    [InlineData("http://example.org", "x")]
    [InlineData("https://user:word@example.org", "x")]
    [InlineData("https://example.org", "")]
    public async Task Trust_that_would_let_strangers_in_is_refused(string issuer, string subject)
    {
        await using var server = await ServerUnderTest.StartAsync([Shop]);
        var (status, body) = await server.PostAsync(
            "trust.create",
            new()
            {
                ["name"] = "wide",
                ["issuer"] = issuer,
                ["subject"] = subject,
                ["role"] = "deployer",
            },
            server.OwnerToken
        );
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("access.bad-trust", body, StringComparison.Ordinal);
    }

    private static Task<JsonNode> TrustAsync(ServerUnderTest server, string issuer) =>
        AskAsync(
            server,
            "trust.create",
            new()
            {
                ["name"] = "shop-ci",
                ["issuer"] = issuer,
                ["subject"] = "repo:acme/shop:ref:refs/heads/main",
                ["claims"] = "ref_protected=true",
                ["inside"] = true,
                ["role"] = "deployer",
                ["onlyApp"] = "shop",
            },
            server.OwnerToken
        );

    private static JsonObject Claims(string subject, string aud = "fairlead", bool isProtected = true) =>
        new()
        {
            ["sub"] = subject,
            ["aud"] = aud,
            ["ref_protected"] = isProtected ? "true" : "false",
        };

    private static JsonObject With(JsonObject claims, string name, JsonNode value)
    {
        claims[name] = value;
        return claims;
    }

    internal static Task<string> SignAsync(string issuer, string subject) => SignAsync(issuer, Claims(subject), "");

    internal static async Task<string> SignAsync(string issuer, JsonObject claims, string key)
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(
            $"{issuer}/job-token?key={key}&claims={Uri.EscapeDataString(claims.ToJsonString())}",
            Stop
        );
    }

    /// <summary>The same claims, said to need no signature.</summary>
    private static string Unsigned(string token) =>
        $"{Convert.ToBase64String("""{"alg":"none"}"""u8).TrimEnd('=')}.{token.Split('.')[1]}.";

    private static async Task SeesShopAloneAsync(ServerUnderTest server, string token)
    {
        await AskAsync(server, "releases", new() { ["app"] = "shop" }, token);
        var (status, _) = await server.PostAsync("releases", new() { ["app"] = "blog" }, token);
        Assert.Equal(HttpStatusCode.NotFound, status);
    }

    private static async Task<JsonNode> AskAsync(
        ServerUnderTest server,
        string operation,
        JsonObject input,
        string token
    )
    {
        var (status, body) = await server.PostAsync(operation, input, token);
        Assert.True(status is HttpStatusCode.OK, $"{operation}: {status} {body}");
        return JsonNode.Parse(body)!;
    }
}
