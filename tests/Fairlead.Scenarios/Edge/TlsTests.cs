using System.Formats.Asn1;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using static Fairlead.Tests.Edge.EdgeSample;

namespace Fairlead.Scenarios.Edge;

/// <summary>TLS as clients meet it, with certificates of the local authority.</summary>
public sealed class TlsTests : IAsyncLifetime
{
    private readonly LocalTrust trust = new();
    private EdgeUnderTest edge = null!;
    private AppUnderTest app = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        edge = await EdgeUnderTest.StartAsync();
        app = await AppUnderTest.StartAsync("1");
        await edge.ApplyAsync(Backend(1, 100, [app.Endpoint]));
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await edge.DisposeAsync();
        trust.Dispose();
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task An_app_is_reached_by_https(string version)
    {
        await GiveAsync("shop.example");
        using var http = Client();
        using var question = new HttpRequestMessage(HttpMethod.Get, "https://shop.example/echo")
        {
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var answer = await http.SendAsync(question, Stop);
        var told = await answer.Content.ReadAsStringAsync(Stop);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("X-Forwarded-Proto: https", told, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("shop.example", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("other.example")]
    [InlineData("")]
    public async Task Who_asks_for_nobody_here_sees_no_certificate(string name)
    {
        await GiveAsync("shop.example");
        using var socket = await ConnectAsync();
        await using var tls = new SslStream(new NetworkStream(socket));
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = name,
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
        };
        await Assert.ThrowsAsync<AuthenticationException>(() => tls.AuthenticateAsClientAsync(options, Stop));
    }

    [Fact]
    public async Task A_wildcard_stands_for_one_level_and_the_whole_name_goes_first()
    {
        await GiveAsync("*.shop.example");
        await GiveAsync("api.shop.example");
        Assert.Equal("*.shop.example", await NameShownAsync("any.shop.example"));
        Assert.Equal("api.shop.example", await NameShownAsync("API.shop.example"));
        await Assert.ThrowsAnyAsync<Exception>(() => NameShownAsync("a.b.shop.example"));
        await Assert.ThrowsAnyAsync<Exception>(() => NameShownAsync("shop.example"));
    }

    [Fact]
    public async Task Certificates_are_kept_sealed_and_used_again_after_a_restart_without_a_server()
    {
        var given = await GiveAsync("shop.example");
        var before = await NameShownAsync("shop.example");
        await edge.StopAsync();
        var kept = await File.ReadAllTextAsync(Path.Combine(edge.State.Edge, "certificates.json"), Stop);
        Assert.DoesNotContain("PRIVATE", kept, StringComparison.Ordinal);
        Assert.DoesNotContain(given.KeyPem.Split('\n')[1][..20], kept, StringComparison.Ordinal);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite,
            File.GetUnixFileMode(Path.Combine(edge.State.Edge, "certificates.key"))
        );
        await edge.RunAsync();
        Assert.Equal(before, await NameShownAsync("shop.example"));
        await edge.Certificates.RemoveAsync(["shop.example"], new Fence(1), Stop);
        Assert.Empty(await edge.Certificates.ListAsync(Stop));
    }

    [Fact]
    public async Task A_certificate_for_other_hosts_or_with_another_key_is_refused()
    {
        var (shop, api) = (await IssueAsync("shop.example"), await IssueAsync("api.example"));
        IssuedCertificate[] wrong =
        [
            shop with
            {
                Hosts = ["api.example"],
            },
            shop with
            {
                KeyPem = api.KeyPem,
            },
            shop with
            {
                ChainPem = "none",
            },
        ];
        foreach (var one in wrong)
        {
            var refused = await Assert.ThrowsAsync<ProblemException>(() =>
                edge.Certificates.PutAsync(one, new Fence(1), Stop)
            );
            Assert.Equal("edge.certificate-refused", refused.Problem.Code);
        }
        Assert.Empty(await edge.Certificates.ListAsync(Stop));
    }

    [Fact]
    public async Task A_renewal_under_load_fails_no_handshake()
    {
        await GiveAsync("shop.example");
        using var end = new CancellationTokenSource();
        var (handshakes, serials) = (0, new HashSet<string>());
        var load = Enumerable
            .Range(0, 4)
            .Select(_ =>
                Task.Run(
                    async () =>
                    {
                        while (!end.IsCancellationRequested)
                        {
                            var shown = await ShownAsync("shop.example", SslApplicationProtocol.Http11);
                            lock (serials)
                            {
                                serials.Add(shown.SerialNumber);
                                handshakes++;
                            }
                        }
                    },
                    Stop
                )
            )
            .ToArray();
        for (var renewal = 0; renewal < 20; renewal++)
        {
            await GiveAsync("shop.example");
            await Task.Delay(50, Stop);
        }
        await end.CancelAsync();
        await Task.WhenAll(load); // A handshake that fails throws.
        TestContext.Current.TestOutputHelper!.WriteLine($"{handshakes} handshakes, {serials.Count} certificates seen");
        Assert.InRange(serials.Count, 15, 21);
    }

    [Fact]
    public async Task Visitors_without_tls_are_sent_to_it_once_there_is_a_certificate()
    {
        var routing = Routing([Backend(1, 100, [app.Endpoint])]);
        routing = routing with
        {
            Services =
            [
                .. routing.Services.Select(one =>
                    one with
                    {
                        Https = new HttpsRules(Redirects: true, TimeSpan.FromDays(180)),
                    }
                ),
            ],
        };
        await edge.Router.ApplyAsync(routing, new Fence(1), Stop);
        using (var plain = await edge.Http.GetAsync("/a%2Fb?c=d", Stop))
        {
            Assert.Equal(HttpStatusCode.OK, plain.StatusCode);
        }
        await GiveAsync("shop.example");
        using (var sent = await edge.Http.PostAsync("/a%2Fb?c=d", new StringContent("x"), Stop))
        {
            Assert.Equal(HttpStatusCode.PermanentRedirect, sent.StatusCode);
            Assert.Equal(
                $"https://shop.example:{edge.Secure.Port}/a%2Fb?c=d",
                sent.Headers.GetValues("Location").Single()
            );
        }
        using var http = Client();
        using var secure = await http.GetAsync(new Uri("https://shop.example/"), Stop);
        Assert.Equal("max-age=15552000", secure.Headers.GetValues("Strict-Transport-Security").Single());
    }

    [Fact]
    public async Task Challenges_are_answered_while_they_are_shown_and_others_are_not_disturbed()
    {
        await GiveAsync("shop.example");
        var web = new Challenge(ChallengeKind.Http, "shop.example", "token-1", "token-1.thumb");
        var tls = new Challenge(ChallengeKind.TlsAlpn, "shop.example", "token-2", "token-2.thumb");
        await edge.Certificates.ShowAsync(web, Stop);
        await edge.Certificates.ShowAsync(tls, Stop);

        Assert.Equal("token-1.thumb", await edge.Http.GetStringAsync("/.well-known/acme-challenge/token-1", Stop));
        Assert.Equal("shop.example", await NameShownAsync("shop.example"));
        using var shown = await ShownAsync("shop.example", new SslApplicationProtocol("acme-tls/1"));
        var proof = shown.Extensions.Single(one => one.Oid!.Value == "1.3.6.1.5.5.7.1.31");
        Assert.True(proof.Critical);
        Assert.Equal(
            SHA256.HashData(Encoding.ASCII.GetBytes("token-2.thumb")),
            new AsnReader(proof.RawData, AsnEncodingRules.DER).ReadOctetString()
        );

        await edge.Certificates.RemoveAsync(web, Stop);
        await edge.Certificates.RemoveAsync(tls, Stop);
        Assert.Equal("1", await edge.Http.GetStringAsync("/.well-known/acme-challenge/token-1", Stop));
        await Assert.ThrowsAnyAsync<Exception>(() =>
            ShownAsync("shop.example", new SslApplicationProtocol("acme-tls/1"))
        );
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, true)]
    [InlineData(SslProtocols.Tls13, true)]
#pragma warning disable SYSLIB0039, CS0618, CA5397 // That it is refused is the point.
    [InlineData(SslProtocols.Tls11, false)]
#pragma warning restore SYSLIB0039, CS0618, CA5397
    public async Task Only_versions_that_are_safe_are_spoken(SslProtocols version, bool isSpoken)
    {
        await GiveAsync("shop.example");
        var shown = await Record.ExceptionAsync(() =>
            ShownAsync("shop.example", SslApplicationProtocol.Http11, version)
        );
        Assert.Equal(isSpoken, shown is null);
    }

    private Task<IssuedCertificate> GiveAsync(string host) => trust.GiveAsync(edge, host);

    private Task<IssuedCertificate> IssueAsync(string host) => trust.IssueAsync(edge, host);

    private async Task<string> NameShownAsync(string host)
    {
        using var shown = await ShownAsync(host, SslApplicationProtocol.Http2);
        return shown.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
    }

    private async Task<X509Certificate2> ShownAsync(
        string host,
        SslApplicationProtocol protocol,
        SslProtocols versions = SslProtocols.None
    )
    {
        using var socket = await ConnectAsync();
        await using var tls = new SslStream(new NetworkStream(socket));
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = host,
                ApplicationProtocols = [protocol],
                EnabledSslProtocols = versions,
                RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
            },
            Stop
        );
        Assert.Equal(protocol, tls.NegotiatedApplicationProtocol);
        return X509CertificateLoader.LoadCertificate(tls.RemoteCertificate!.Export(X509ContentType.Cert));
    }

    private Task<Socket> ConnectAsync() => LocalTrust.ConnectAsync(edge);

    private HttpClient Client() => trust.Client(edge);
}
