using System.Net;
using Fairlead.Drivers.Certificates.Acme;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Tests.Drivers.Certificates;

/// <summary>Whose time is counted: an authority's, not a slow desk's.</summary>
public sealed class AcmePatienceTests : IAccountKeys, IChallengeDesk, IDisposable
{
    private const string Pending =
        """{"status":"pending","identifier":{"type":"dns","value":"shop.example.com"},"challenges":[{"type":"dns-01","url":"https://ca.example/challenge","token":"abc"}]}""";
    private const string Invalid =
        """{"status":"invalid","challenges":[{"type":"dns-01","error":{"type":"urn:ietf:params:acme:error:dns","detail":"no such text"}}]}""";
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly HastyClock clock = new(Noon);
    private readonly FakeAuthority ca = new();
    private readonly HttpClient http;
    private readonly AcmeAuthority authority;
    private TimeSpan showing;

    public AcmePatienceTests()
    {
        http = new(ca);
        authority = new(
            new("test-ca", new("https://ca.example/directory")),
            this,
            http,
            new World(clock, new Random(1)),
            NullLogger<AcmeAuthority>.Instance
        );
        ca.Answer("/directory", HttpStatusCode.OK, FakeAuthority.Directory)
            .Answer("/account", HttpStatusCode.Created, "{}", "https://ca.example/account/1")
            .Answer("/challenge", HttpStatusCode.OK, "{}");
    }

    [Fact]
    public async Task A_desk_that_takes_its_time_leaves_the_authority_its_own()
    {
        showing = TimeSpan.FromMinutes(20);
        Ordered();
        ca.Answer("/proof", HttpStatusCode.OK, Pending)
            .Answer("/proof", HttpStatusCode.OK, Pending)
            .Answer("/proof", HttpStatusCode.OK, Invalid);

        Assert.Equal("certificate.not-proven", (await RefusedAsync()).Code);
    }

    [Fact]
    public async Task An_authority_that_wants_to_be_asked_too_late_is_given_up()
    {
        Ordered();
        ca.Answer("/proof", HttpStatusCode.OK, Pending)
            .Answer("/proof", () => Later(HttpStatusCode.OK, Pending, TimeSpan.FromMinutes(6)));

        Assert.Equal("certificate.too-slow", (await RefusedAsync()).Code);
    }

    [Fact]
    public async Task No_limit_lasts_longer_than_a_week()
    {
        ca.Answer("/order", () => Later(HttpStatusCode.TooManyRequests, "{}", TimeSpan.FromDays(20_000)));

        Assert.Equal(Noon.AddDays(7), (await RefusedAsync()).RetryAt);
    }

    Task<string> IAccountKeys.GetOrCreateAsync(string authority, Func<string> create, CancellationToken stop) =>
        Task.FromResult(create());

    Task IChallengeDesk.ShowAsync(Challenge challenge, CancellationToken stop)
    {
        clock.Pass(showing);
        return Task.CompletedTask;
    }

    Task IChallengeDesk.RemoveAsync(Challenge challenge, CancellationToken stop) => Task.CompletedTask;

    public void Dispose()
    {
        authority.Dispose();
        http.Dispose();
        ca.Dispose();
    }

    private static HttpResponseMessage Later(HttpStatusCode status, string body, TimeSpan pause) =>
        new(status) { Content = new StringContent(body), Headers = { RetryAfter = new(pause) } };

    private void Ordered() =>
        ca.Answer(
            "/order",
            HttpStatusCode.Created,
            """{"status":"pending","authorizations":["https://ca.example/proof"]}""",
            "https://ca.example/order/1"
        );

    private async Task<Problem> RefusedAsync() =>
        (
            await Assert.ThrowsAsync<ProblemException>(() =>
                authority.IssueAsync(
                    new(["shop.example.com"], [ChallengeKind.Dns]),
                    this,
                    TestContext.Current.CancellationToken
                )
            )
        ).Problem;
}
