using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Fairlead.Scenarios.Certificates;

namespace Fairlead.Scenarios.Voyages;

/// <summary>A whole Fairlead and a real authority that refuses every second nonce: hosts get certificates by themselves, and nobody notices a renewal.</summary>
public sealed class CertificateScenarios
{
    private const int HostCount = 20;
    private const int Visitors = 4;
    private static readonly TimeSpan IssueMax = TimeSpan.FromMinutes(4);
    private static readonly string[] Hosts =
    [
        .. Enumerable.Range(1, HostCount).Select(number => $"s{number}.example.com"),
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Twenty_hosts_get_certificates_and_a_renewal_under_load_fails_no_handshake()
    {
        await using var platform = await Platform.StartAsync();
        await using var pebble = await PebbleUnderTest.StartAsync(
            new PebbleUnderTest.Settings(platform.Public.Port, platform.Secure.Port),
            Stop
        );
        var folder = platform.App("shop", "app: shop", "static-hello");
        var root = Path.Combine(folder, "..", "pebble.pem");
        await File.WriteAllTextAsync(root, pebble.TrustedRootPem, Stop);
        await File.WriteAllTextAsync(Path.Combine(folder, "fairlead.yaml"), Manifest(pebble, root), Stop);
        var deployed = await platform.DeployAsync(folder);
        Assert.True(deployed.Code == 0, deployed.ToString());

        var began = Stopwatch.GetTimestamp();
        var first = await UntilNewAsync(platform, []);
        Say($"{HostCount} certificates after {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s");
        var trust = await TrustAsync(pebble);
        Assert.Equal(HostCount, first.Values.Distinct().Count());

        using var end = new CancellationTokenSource();
        var visits = Enumerable.Range(0, Visitors).Select(one => VisitAsync(platform.Secure, trust, one, end.Token));
        var load = Task.WhenAll(visits.ToArray());
        foreach (var host in Hosts)
        {
            var asked = await platform.RunAsync("certificate", "renew", host);
            Assert.True(asked.Code == 0, asked.ToString());
        }
        await UntilNewAsync(platform, first);
        await end.CancelAsync();
        var seen = await load;
        var failed = seen.SelectMany(one => one.Failed).ToArray();
        Say($"{seen.Sum(one => one.Count)} handshakes with an answer each, {failed.Length} failed");
        Assert.Empty(failed);
        Assert.True(seen.Sum(one => one.Count) > HostCount);
    }

    /// <summary>Serial numbers by host, once every host shows another certificate than before.</summary>
    private static async Task<Dictionary<string, string>> UntilNewAsync(
        Platform platform,
        Dictionary<string, string> before
    )
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var (now, states) = (new Dictionary<string, string>(StringComparer.Ordinal), await StatesAsync(platform));
            foreach (var host in Hosts.Where(host => states.Contains($"{host} good", StringComparer.Ordinal)))
            {
                now[host] = await SerialAsync(platform.Secure, host);
            }
            if (Hosts.All(host => now.ContainsKey(host) && now[host] != before.GetValueOrDefault(host)))
            {
                return now;
            }
            Assert.True(Stopwatch.GetElapsedTime(began) < IssueMax, string.Join('\n', states));
            await Task.Delay(TimeSpan.FromMilliseconds(500), Stop);
        }
    }

    private static async Task<IReadOnlyList<string>> StatesAsync(Platform platform)
    {
        var data = await platform.AskAsync("certificate", "list");
        return
        [
            .. data["certificates"]!
                .AsArray()
                .Select(one => $"{Text(one!, "host")} {Text(one!, "state")} {Text(one!, "trouble")}".TrimEnd()),
        ];
    }

    private static string? Text(JsonNode node, string name) => node[name]?.GetValue<string>();

    private static async Task<string> SerialAsync(IPEndPoint edge, string host)
    {
        await using var tls = await HandshakeAsync(edge, host, trust: null);
        using var shown = X509CertificateLoader.LoadCertificate(tls.RemoteCertificate!.Export(X509ContentType.Cert));
        Assert.True(shown.MatchesHostname(host));
        return shown.SerialNumber;
    }

    // Each visit is a handshake of its own that trusts the authority alone, and one answer.
    private static async Task<(int Count, List<string> Failed)> VisitAsync(
        IPEndPoint edge,
        X509ChainPolicy trust,
        int visitor,
        CancellationToken end
    )
    {
        var (count, failed) = (0, new List<string>());
        for (var number = visitor; !end.IsCancellationRequested; number++)
        {
            var host = Hosts[number % HostCount];
            try
            {
                await using var tls = await HandshakeAsync(edge, host, trust.Clone());
                await tls.WriteAsync(System.Text.Encoding.ASCII.GetBytes(Question(host)), Stop);
                using var reader = new StreamReader(tls);
                var answer = await reader.ReadToEndAsync(Stop);
                if (!answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
                {
                    failed.Add($"{host}: {answer.Split('\n')[0]}");
                }
                count++;
            }
            catch (Exception caught)
                when (caught is IOException or SocketException or System.Security.Authentication.AuthenticationException
                )
            {
                failed.Add($"{host}: {caught.Message}");
            }
            // Four visitors at full speed would take the two cores that the authority needs too.
            await Task.Delay(TimeSpan.FromMilliseconds(10), Stop);
        }
        return (count, failed);
    }

    private static string Question(string host) => $"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n";

    private static async Task<SslStream> HandshakeAsync(IPEndPoint edge, string host, X509ChainPolicy? trust)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(edge, Stop);
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = host,
            ApplicationProtocols = [SslApplicationProtocol.Http11],
            CertificateChainPolicy = trust,
        };
        if (trust is null)
        {
            options.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null;
        }
        try
        {
            await tls.AuthenticateAsClientAsync(options, Stop);
            return tls;
        }
        catch (Exception)
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    private static async Task<X509ChainPolicy> TrustAsync(PebbleUnderTest pebble)
    {
        var trust = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        trust.CustomTrustStore.ImportFromPem(await pebble.IssuedRootPemAsync(Stop));
        return trust;
    }

    private static void Say(string text) => TestContext.Current.TestOutputHelper!.WriteLine(text);

    private static string Manifest(PebbleUnderTest pebble, string root) =>
        $$"""
            app: shop
            services:
              web: { kind: web, path: ./site }
            environments:
              production:
                target: local
                hosts: [{{string.Join(", ", Hosts)}}]
                tls: { mode: auto, authorities: ["{{pebble.DirectoryUrl}}"], email: ops@example.com, root: "{{root}}" }
            """;
}
