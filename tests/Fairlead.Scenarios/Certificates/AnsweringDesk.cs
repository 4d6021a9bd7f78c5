using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Fairlead.Drivers.Dns;
using Fairlead.Model.Ports;

namespace Fairlead.Scenarios.Certificates;

/// <summary>Answers all three kinds of challenge: files by HTTP, certificates by TLS, texts by the test's name server.</summary>
internal sealed class AnsweringDesk : IChallengeDesk, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, string> files = new();
    private readonly ConcurrentDictionary<string, X509Certificate2> certificates = new();
    private readonly TcpListener http = new(IPAddress.Loopback, 0);
    private readonly TcpListener tls = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ending = new();
    private readonly Task serving;

    public AnsweringDesk()
    {
        http.Start();
        tls.Start();
        serving = Task.WhenAll(ServeAsync(http, AnswerAsync), ServeAsync(tls, ShakeHandsAsync));
    }

    public int HttpPort => ((IPEndPoint)http.LocalEndpoint).Port;

    public int TlsPort => ((IPEndPoint)tls.LocalEndpoint).Port;

    /// <summary>Where texts go; set once pebble's name server is there.</summary>
    public IDnsZones? Zones { get; set; }

    /// <summary>Kinds whose answers are wrong.</summary>
    public HashSet<ChallengeKind> Wrong { get; } = [];

    /// <summary>What was shown, in order, such as <c>Http shop.example</c>.</summary>
    public ConcurrentQueue<string> Shown { get; } = new();

    /// <summary>How many answers are still to be seen.</summary>
    public int Left => files.Count + certificates.Count;

    public async Task ShowAsync(Challenge challenge, CancellationToken stop)
    {
        Shown.Enqueue($"{challenge.Kind} {challenge.Host}");
        challenge = Wrong.Contains(challenge.Kind) ? challenge with { KeyAuthorization = "wrong" } : challenge;
        switch (challenge.Kind)
        {
            case ChallengeKind.Http:
                files[challenge.Token] = challenge.KeyAuthorization;
                break;
            case ChallengeKind.TlsAlpn:
                certificates[challenge.Host] = Certificate(challenge);
                break;
            default:
                await new DnsChallengeDesk(Zones!).ShowAsync(challenge, stop);
                break;
        }
    }

    public Task RemoveAsync(Challenge challenge, CancellationToken stop)
    {
        files.TryRemove(challenge.Token, out _);
        certificates.TryRemove(challenge.Host, out _);
        return challenge.Kind == ChallengeKind.Dns
            ? new DnsChallengeDesk(Zones!).RemoveAsync(challenge, stop)
            : Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await serving;
        http.Dispose();
        tls.Dispose();
        ending.Dispose();
    }

    private async Task ServeAsync(TcpListener listener, Func<NetworkStream, Task> serveAsync)
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                open.Add(OneAsync(await listener.AcceptTcpClientAsync(ending.Token), serveAsync));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(open);
        }
    }

    private static async Task OneAsync(TcpClient client, Func<NetworkStream, Task> serveAsync)
    {
        using (client)
        {
            try
            {
                await serveAsync(client.GetStream());
            }
            catch (Exception caught)
                when (caught is IOException or AuthenticationException or OperationCanceledException)
            {
                // Whoever asked went away, or asked for a name that is not here: that is pebble's to report.
            }
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream);
        var path = (await reader.ReadLineAsync(ending.Token))?.Split(' ')[1] ?? "";
        while (await reader.ReadLineAsync(ending.Token) is { Length: > 0 }) { }
        var body = files.GetValueOrDefault(
            path.Replace("/.well-known/acme-challenge/", "", StringComparison.Ordinal),
            "?"
        );
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"
            ),
            ending.Token
        );
    }

    private async Task ShakeHandsAsync(NetworkStream stream)
    {
        await using var secure = new SslStream(stream);
        await secure.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ApplicationProtocols = [new SslApplicationProtocol("acme-tls/1")],
                ServerCertificateSelectionCallback = (_, host) => certificates.GetValueOrDefault(host ?? "")!,
            },
            ending.Token
        );
    }

    /// <summary>RFC 8737, section 3.</summary>
    private static X509Certificate2 Certificate(Challenge challenge)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=challenge", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(challenge.Host);
        request.CertificateExtensions.Add(names.Build());
        byte[] digest = [4, 32, .. SHA256.HashData(Encoding.ASCII.GetBytes(challenge.KeyAuthorization))];
        request.CertificateExtensions.Add(new X509Extension("1.3.6.1.5.5.7.1.31", digest, critical: true));
        var now = DateTimeOffset.UtcNow;
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
    }
}
