using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fairlead.Drivers.Certificates.Acme;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Drivers.Certificates;

public sealed class AcmeAuthorityTests : IDisposable
{
    private const string BadNonce = """{"type":"urn:ietf:params:acme:error:badNonce","detail":"stale"}""";
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeAuthority ca = new();
    private readonly HttpClient http;
    private readonly AcmeAuthority authority;

    public AcmeAuthorityTests()
    {
        http = new(ca);
        authority = new(
            new("test-ca", new("https://ca.example/directory"), EabKeyId: "customer", EabKey: "c2VjcmV0"),
            new Bystander(),
            http,
            new World(new FakeTimeProvider(Noon), new Random(1)),
            NullLogger<AcmeAuthority>.Instance
        );
        ca.Answer("/directory", HttpStatusCode.OK, FakeAuthority.Directory);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_refused_nonce_is_followed_by_the_one_that_came_with_the_refusal()
    {
        ca.Answer("/account", HttpStatusCode.BadRequest, BadNonce)
            .Answer("/account", HttpStatusCode.BadRequest, BadNonce)
            .Answer("/account", HttpStatusCode.Created, "{}", "https://ca.example/account/1")
            .Answer("/order", HttpStatusCode.Forbidden, "{}");

        await RefusedAsync("shop.example.com");

        Assert.Equal(
            ["GET /directory", "POST /account", "POST /account", "POST /account", "POST /order"],
            ca.Asked.Where(asked => asked != "HEAD /nonce")
        );
        // The directory's answer brought a nonce as well, but only those of POSTs are promised to be good.
        Assert.Single(ca.Asked, asked => asked == "HEAD /nonce");
    }

    [Fact]
    public async Task An_authority_that_accepts_none_of_its_nonces_is_given_up()
    {
        ca.Answer("/account", HttpStatusCode.BadRequest, BadNonce);

        var problem = await RefusedAsync("shop.example.com");

        Assert.Equal(("certificate.no-nonce", "24 in a row were refused."), (problem.Code, problem.Why));
        Assert.Equal(24, ca.Asked.Count(asked => asked == "POST /account"));
    }

    [Fact]
    public async Task A_limit_says_when_to_come_back()
    {
        Registered();
        ca.Answer("/order", TooMany);

        var problem = await RefusedAsync("shop.example.com");

        Assert.Equal(
            new Problem(
                "certificate.too-often",
                "test-ca refused the request.",
                "It answered 429 to https://ca.example/order: too many certificates for example.com (rateLimited).",
                "Nothing to do: it is asked again after 2026-03-01 15:00:00Z."
            )
            {
                RetryAt = Noon.AddHours(3),
                Trouble = Trouble.Unreachable,
            },
            problem with
            {
                Evidence = [],
            },
            (one, other) =>
                one!.ToString() == other!.ToString() && one.RetryAt == other.RetryAt && one.Trouble == other.Trouble
        );
    }

    [Fact]
    public async Task A_limit_without_a_time_is_kept_for_an_hour()
    {
        Registered();
        ca.Answer("/order", HttpStatusCode.ServiceUnavailable, "busy");

        Assert.Equal(Noon.AddHours(1), (await RefusedAsync("shop.example.com")).RetryAt);
    }

    [Fact]
    public async Task Each_part_of_a_refusal_is_told_by_host()
    {
        Registered();
        ca.Answer(
            "/order",
            HttpStatusCode.Forbidden,
            """
            {"type":"urn:ietf:params:acme:error:rejectedIdentifier","detail":"Some were rejected","subproblems":[
              {"type":"urn:ietf:params:acme:error:caa","detail":"CAA forbids it","identifier":{"type":"dns","value":"a.example.com"}},
              {"type":"urn:ietf:params:acme:error:malformed","identifier":{"type":"dns","value":"b.example.com"}}]}
            """
        );

        var problem = await RefusedAsync("a.example.com", "b.example.com");

        Assert.Equal("certificate.host-refused", problem.Code);
        Assert.Equal(
            "It answered 403 to https://ca.example/order: Some were rejected (rejectedIdentifier). "
                + "a.example.com: CAA forbids it (caa). b.example.com: malformed (malformed).",
            problem.Why
        );
    }

    [Theory]
    [InlineData(
        """{"newNonce":"http://ca.example/nonce","newAccount":"https://ca.example/account","newOrder":"https://ca.example/order"}""",
        "certificate.not-https"
    )]
    [InlineData("""{"newNonce":"https://ca.example/nonce"}""", "certificate.unreadable")]
    [InlineData("<html>", "certificate.unreadable")]
    [InlineData("null", "certificate.unreadable")]
    public async Task What_is_no_directory_of_an_authority_is_not_used(string body, string code)
    {
        ca.Answer("/directory", HttpStatusCode.OK, body);
        // The directory of the constructor is first in line.
        await http.GetAsync(new Uri("https://ca.example/directory"), Stop);

        Assert.Equal(code, (await RefusedAsync("shop.example.com")).Code);
    }

    [Fact]
    public async Task An_endless_answer_is_not_read_to_its_end()
    {
        ca.Answer("/directory", HttpStatusCode.OK, new string(' ', 1_100_000));
        await http.GetAsync(new Uri("https://ca.example/directory"), Stop);

        Assert.Equal("certificate.unreachable", (await RefusedAsync("shop.example.com")).Code);
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("a b")]
    [InlineData("a\\r\\nSet-Cookie: x")]
    public async Task A_token_that_is_no_token_is_shown_to_nobody(string token)
    {
        Registered();
        ca.Answer(
                "/order",
                HttpStatusCode.Created,
                """{"status":"pending","authorizations":["https://ca.example/authz"]}""",
                "https://ca.example/order/1"
            )
            .Answer(
                "/authz",
                HttpStatusCode.OK,
                $$"""{"status":"pending","identifier":{"type":"dns","value":"shop.example.com"},"challenges":[{"type":"http-01","url":"https://ca.example/chall","token":"{{token}}"}]}"""
            );

        var problem = await RefusedAsync("shop.example.com");

        Assert.Equal("certificate.unreadable", problem.Code);
        Assert.EndsWith("The token is not base64url.", problem.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wildcard_without_DNS_is_not_tried()
    {
        Registered();
        ca.Answer(
                "/order",
                HttpStatusCode.Created,
                """{"status":"pending","authorizations":["https://ca.example/authz"]}""",
                "https://ca.example/order/1"
            )
            .Answer(
                "/authz",
                HttpStatusCode.OK,
                """{"status":"pending","wildcard":true,"identifier":{"type":"dns","value":"example.com"},"challenges":[{"type":"dns-01","url":"https://ca.example/chall","token":"abc"}]}"""
            );

        var problem = await RefusedAsync("*.example.com");

        Assert.Equal("certificate.no-proof", problem.Code);
        Assert.Equal("It accepts dns-01, and we can show http-01; a wildcard is proven by DNS alone.", problem.Why);
    }

    [Theory]
    [InlineData("localhost", "'localhost' has no dot: no public authority signs for it.")]
    [InlineData("10.0.0.1", "'10.0.0.1' is an address, not a name.")]
    [InlineData(
        "Shop.example.com",
        "'Shop.example.com' is no host name: lower-case letters, digits and hyphens, other letters as punycode."
    )]
    [InlineData(
        "a..example.com",
        "'a..example.com' is no host name: lower-case letters, digits and hyphens, other letters as punycode."
    )]
    [InlineData(
        "a.*.example.com",
        "'a.*.example.com' is no host name: lower-case letters, digits and hyphens, other letters as punycode."
    )]
    public async Task What_no_authority_would_sign_is_not_asked_for(string host, string why)
    {
        var problem = await RefusedAsync(host);

        Assert.Equal(("certificate.bad-hosts", why), (problem.Code, problem.Why));
        Assert.Empty(ca.Asked);
    }

    [Fact]
    public async Task No_more_than_a_hundred_hosts_and_none_twice()
    {
        string[] many = [.. Enumerable.Range(0, 101).Select(number => $"h{number}.example.com")];

        Assert.Equal("101 hosts were given, 1 to 100 fit into one certificate.", (await RefusedAsync(many)).Why);
        Assert.Equal("a host is given twice.", (await RefusedAsync("a.example.com", "a.example.com")).Why);
    }

    [Fact]
    public async Task Advice_about_renewal_is_asked_for_by_issuer_and_serial_number()
    {
        ca.Answer(
            "/renewal/aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE",
            HttpStatusCode.OK,
            """{"suggestedWindow":{"start":"2026-03-05T00:00:00Z","end":"2026-03-07T00:00:00Z"}}"""
        );

        Assert.Equal(
            new RenewalWindow(new(2026, 3, 5, 0, 0, 0, TimeSpan.Zero), new(2026, 3, 7, 0, 0, 0, TimeSpan.Zero)),
            await authority.AdviseAsync(Example(), Stop)
        );
    }

    [Fact]
    public void Settings_and_answers_print_no_secret() =>
        Assert.Equal(
            "test-ca at https://ca.example/directory",
            new AuthorityOptions("test-ca", new("https://ca.example/directory"), EabKey: "secret").ToString()
        );

    public void Dispose()
    {
        authority.Dispose();
        http.Dispose();
    }

    private static HttpResponseMessage TooMany() =>
        new(HttpStatusCode.TooManyRequests)
        {
            Content = new StringContent(
                """{"type":"urn:ietf:params:acme:error:rateLimited","detail":"too many certificates for example.com"}"""
            ),
            Headers = { RetryAfter = new(TimeSpan.FromHours(3)) },
        };

    private void Registered() => ca.Answer("/account", HttpStatusCode.Created, "{}", "https://ca.example/account/1");

    private async Task<Problem> RefusedAsync(params string[] hosts) =>
        (
            await Assert.ThrowsAsync<ProblemException>(() =>
                authority.IssueAsync(new(hosts, [ChallengeKind.Http]), new Bystander(), Stop)
            )
        ).Problem;

    /// <summary>Issuer's key and serial number as in RFC 9773, section 4.1.</summary>
    private static string Example()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=example", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(
                Convert.FromHexString("69885B6B87464041E1B37B847BA0AE2CDE01C8D4")
            )
        );
        using var certificate = request.Create(
            new X500DistinguishedName("CN=issuer"),
            X509SignatureGenerator.CreateForECDsa(key),
            Noon.AddDays(-1),
            Noon.AddDays(1),
            Convert.FromHexString("0087654321")
        );
        return certificate.ExportCertificatePem();
    }

    /// <summary>Keeps no key, and has nothing to show in these tests.</summary>
    private sealed class Bystander : IAccountKeys, IChallengeDesk
    {
        public Task<string> GetOrCreateAsync(string authority, Func<string> create, CancellationToken stop) =>
            Task.FromResult(create());

        public Task ShowAsync(Challenge challenge, CancellationToken stop) =>
            throw new InvalidOperationException("nothing is to be shown");

        public Task RemoveAsync(Challenge challenge, CancellationToken stop) => Task.CompletedTask;
    }
}
