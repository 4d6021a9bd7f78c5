using Fairlead.Drivers.Certificates;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Tests.Manifests;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Drivers.Certificates;

/// <summary>What manifests say of DNS is what the drivers understand.</summary>
public sealed class ChallengeDesksTests
{
    private static readonly World World = new(new FakeTimeProvider(), new Random(1));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("{ kind: cloudflare }")]
    [InlineData("{ kind: cloudflare, token: OTHER }")]
    [InlineData("{ kind: route53 }")]
    [InlineData("{ kind: route53, endpoint: 'http://127.0.0.1:1/' }")]
    [InlineData("{ kind: rfc2136, server: ns1.example.com, keyName: fairlead }")]
    [InlineData("{ kind: rfc2136, server: '192.0.2.1:5353', keyName: fairlead }")]
    [InlineData("{ kind: rfc2136, server: '[2001:db8::1]:5353', keyName: fairlead, keySecret: OTHER }")]
    public async Task Every_account_that_a_manifest_may_name_is_opened_and_other_proofs_stay_with_the_edge(string dns)
    {
        var edge = new Edge();
        using var desks = new ChallengeDesks(edge, _ => "c2VjcmV0", World);
        var desk = desks.Of(Shop.Load(Manifest(dns)).Tls);
        Assert.NotSame(edge, desk);
        var challenge = new Challenge(ChallengeKind.Http, "shop.example.com", "token", "token.thumb");
        await desk.ShowAsync(challenge, Stop);
        await desk.RemoveAsync(challenge, Stop);
        Assert.Equal(["show Http", "remove Http"], edge.Orders);
    }

    [Fact]
    public void A_secret_that_is_not_set_is_named()
    {
        using var poor = new ChallengeDesks(new Edge(), _ => null, World);
        var policy = Shop.Load(Manifest("{ kind: cloudflare }")).Tls;
        var missing = Assert.Throws<ProblemException>(() => poor.Of(policy)).Problem;
        Assert.Equal(
            ("certificate.no-variable", "The server has no variable CLOUDFLARE_API_TOKEN."),
            (missing.Code, missing.What)
        );
    }

    [Fact]
    public void A_site_without_an_account_is_answered_for_by_the_edge()
    {
        var edge = new Edge();
        using var desks = new ChallengeDesks(edge, _ => null, World);
        Assert.Same(edge, desks.Of(policy: null));
        Assert.Same(edge, desks.Of(Shop.Load("app: shop\nenvironments: { production: { tls: auto } }\n").Tls));
    }

    private static string Manifest(string dns) =>
        $"app: shop\nenvironments: {{ production: {{ tls: {{ mode: auto, dns: {dns} }} }} }}\n";

    private sealed class Edge : IChallengeDesk
    {
        public List<string> Orders { get; } = [];

        public Task ShowAsync(Challenge challenge, CancellationToken stop)
        {
            Orders.Add($"show {challenge.Kind}");
            return Task.CompletedTask;
        }

        public Task RemoveAsync(Challenge challenge, CancellationToken stop)
        {
            Orders.Add($"remove {challenge.Kind}");
            return Task.CompletedTask;
        }
    }
}
