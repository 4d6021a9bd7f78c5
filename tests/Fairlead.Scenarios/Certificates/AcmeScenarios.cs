using System.Security.Cryptography.X509Certificates;
using Fairlead.Drivers.Certificates.Acme;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Scenarios.Certificates;

public sealed class AcmeScenarios : IAsyncDisposable
{
    private const string BindingKey = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W";

    private static readonly World World = new(TimeProvider.System, new Random(1));

    private readonly AnsweringDesk desk = new();
    private PebbleUnderTest? pebble;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Twenty_hosts_get_certificates_by_files_although_every_second_nonce_is_refused()
    {
        var authority = await OpenAsync();
        string[] hosts = [.. Enumerable.Range(1, 20).Select(number => $"shop-{number}.example.com")];

        var issued = await Task.WhenAll(hosts.Select(host => IssueAsync(authority, [host], ChallengeKind.Http)));

        Assert.Equal(hosts, issued.Select(one => Assert.Single(one.Hosts)));
        await TrustedAsync(issued);
        Assert.Equal(0, desk.Left);
    }

    [Fact]
    public async Task One_certificate_holds_many_hosts()
    {
        var authority = await OpenAsync();
        string[] hosts = [.. Enumerable.Range(1, 20).Select(number => $"shop-{number}.example.com")];

        var issued = await IssueAsync(authority, hosts, ChallengeKind.Http);

        Assert.Equal(hosts.Order(), Names(issued).Order());
        await TrustedAsync(issued);
    }

    [Fact]
    public async Task A_certificate_shown_in_a_handshake_proves_a_host()
    {
        var authority = await OpenAsync();

        var issued = await IssueAsync(authority, ["shop.example.com", "www.shop.example.com"], ChallengeKind.TlsAlpn);

        Assert.Equal(["TlsAlpn shop.example.com", "TlsAlpn www.shop.example.com"], desk.Shown.Order());
        await TrustedAsync(issued);
        Assert.Equal(0, desk.Left);
    }

    [Fact]
    public async Task A_wildcard_and_its_parent_are_proven_by_two_texts_at_one_name()
    {
        var authority = await OpenAsync();

        var issued = await IssueAsync(authority, ["*.shop.example.com", "shop.example.com"], ChallengeKind.Dns);

        Assert.Equal(["*.shop.example.com", "shop.example.com"], Names(issued).Order());
        Assert.Equal(["Dns shop.example.com", "Dns shop.example.com"], desk.Shown);
        Assert.Empty(pebble!.Dns.Texts);
        await TrustedAsync(issued);
    }

    [Fact]
    public async Task Only_a_wildcard_takes_the_long_way_over_names()
    {
        var authority = await OpenAsync();

        await IssueAsync(authority, ["*.shop.example.com", "shop.example.com"], ChallengeKind.Http, ChallengeKind.Dns);

        Assert.Equal(["Dns shop.example.com", "Http shop.example.com"], desk.Shown.Order());
    }

    [Fact]
    public async Task A_kind_of_proof_that_fails_is_followed_by_the_next()
    {
        var authority = await OpenAsync();
        desk.Wrong.Add(ChallengeKind.Http);
        desk.Wrong.Add(ChallengeKind.TlsAlpn);

        var issued = await IssueAsync(
            authority,
            ["shop.example.com"],
            ChallengeKind.Http,
            ChallengeKind.TlsAlpn,
            ChallengeKind.Dns
        );

        Assert.Equal(["Http shop.example.com", "TlsAlpn shop.example.com", "Dns shop.example.com"], desk.Shown);
        await TrustedAsync(issued);
    }

    [Fact]
    public async Task A_host_that_cannot_be_proven_is_refused_with_the_reason()
    {
        var authority = await OpenAsync();
        desk.Wrong.Add(ChallengeKind.Http);

        var caught = await Assert.ThrowsAsync<ProblemException>(() =>
            IssueAsync(authority, ["shop.example.com"], ChallengeKind.Http)
        );

        Assert.Equal("certificate.not-proven", caught.Problem.Code);
        Assert.Equal("pebble could not see that shop.example.com is ours.", caught.Problem.What);
        Assert.StartsWith("shop.example.com by http-01: ", caught.Problem.Why, StringComparison.Ordinal);
        Assert.Equal(0, desk.Left);
    }

    [Fact]
    public async Task A_wildcard_whose_text_is_wrong_says_so_whatever_else_could_be_shown()
    {
        var authority = await OpenAsync();
        desk.Wrong.Add(ChallengeKind.Dns);

        var caught = await Assert.ThrowsAsync<ProblemException>(() =>
            IssueAsync(authority, ["*.shop.example.com"], ChallengeKind.Http, ChallengeKind.Dns)
        );

        Assert.Equal("certificate.not-proven", caught.Problem.Code);
        Assert.StartsWith("shop.example.com by dns-01: ", caught.Problem.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hosts_proven_before_are_not_proven_again_and_the_account_is_found_again()
    {
        var keys = new KeysInMemory();
        var first = await OpenAsync(new(ProofsReusedPercent: 100), keys);
        await IssueAsync(first, ["shop.example.com"], ChallengeKind.Http);
        using var second = Authority(pebble!.Options(), keys);

        var issued = await IssueAsync(second, ["shop.example.com"], ChallengeKind.Http);

        Assert.Equal(["Http shop.example.com"], desk.Shown);
        await TrustedAsync(issued);
    }

    [Fact]
    public async Task An_authority_that_knows_its_customers_is_shown_whose_account_it_is()
    {
        await OpenAsync(new(BindingKey: BindingKey));
        using var stranger = Authority(pebble!.Options(), new KeysInMemory());
        using var customer = Authority(
            pebble.Options() with
            {
                EabKeyId = "kid-1",
                EabKey = BindingKey,
            },
            new KeysInMemory()
        );

        var caught = await Assert.ThrowsAsync<ProblemException>(() =>
            IssueAsync(stranger, ["shop.example.com"], ChallengeKind.Http)
        );
        var issued = await IssueAsync(customer, ["shop.example.com"], ChallengeKind.Http);

        Assert.Equal("certificate.needs-binding", caught.Problem.Code);
        await TrustedAsync(issued);
    }

    [Fact]
    public async Task A_revoked_certificate_is_revoked_and_may_be_so_twice()
    {
        var authority = await OpenAsync();
        var issued = await IssueAsync(authority, ["shop.example.com"], ChallengeKind.Http);
        Assert.Equal("Valid", await pebble!.StatusAsync(issued.ChainPem, Stop));

        await authority.RevokeAsync(issued.ChainPem, reason: 4, Stop);
        await authority.RevokeAsync(issued.ChainPem, reason: 4, Stop);

        Assert.Equal("Revoked", await pebble.StatusAsync(issued.ChainPem, Stop));
    }

    [Fact]
    public async Task Who_is_not_trusted_is_not_asked()
    {
        await OpenAsync();
        using var authority = Authority(pebble!.Options() with { TrustedRootPem = null }, new KeysInMemory());

        var caught = await Assert.ThrowsAsync<ProblemException>(() =>
            IssueAsync(authority, ["shop.example.com"], ChallengeKind.Http)
        );

        Assert.Equal("certificate.unreachable", caught.Problem.Code);
    }

    public async ValueTask DisposeAsync()
    {
        if (pebble is not null)
        {
            await pebble.DisposeAsync();
        }
        await desk.DisposeAsync();
    }

    private async Task<AcmeAuthority> OpenAsync(PebbleUnderTest.Settings? settings = null, KeysInMemory? keys = null)
    {
        pebble = await PebbleUnderTest.StartAsync(
            (settings ?? new()) with
            {
                HttpPort = desk.HttpPort,
                TlsPort = desk.TlsPort,
            },
            Stop
        );
        desk.Zones = pebble.Dns;
        return Authority(pebble.Options(), keys ?? new KeysInMemory());
    }

    private static AcmeAuthority Authority(AuthorityOptions options, KeysInMemory keys) =>
        new(options, keys, options.OpenHttp(), World, NullLogger<AcmeAuthority>.Instance);

    private Task<IssuedCertificate> IssueAsync(
        AcmeAuthority authority,
        string[] hosts,
        params ChallengeKind[] proofs
    ) => authority.IssueAsync(new(hosts, proofs), desk, Stop);

    private static IEnumerable<string> Names(IssuedCertificate issued)
    {
        using var leaf = X509Certificate2.CreateFromPem(issued.ChainPem, issued.KeyPem);
        return [.. leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateDnsNames()];
    }

    private async Task TrustedAsync(params IssuedCertificate[] issued)
    {
        using var root = X509Certificate2.CreateFromPem(await pebble!.IssuedRootPemAsync(Stop));
        foreach (var one in issued)
        {
            using var leaf = X509Certificate2.CreateFromPem(one.ChainPem, one.KeyPem);
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.CustomTrustStore.Add(root);
            chain.ChainPolicy.ExtraStore.ImportFromPem(one.ChainPem);
            Assert.True(
                chain.Build(leaf),
                string.Join(", ", chain.ChainStatus.Select(status => status.StatusInformation))
            );
            Assert.Equal(leaf.NotAfter.ToUniversalTime(), one.NotAfter.UtcDateTime);
        }
    }
}
