using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Fairlead.Drivers.Dns;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Fairlead.Roles.Drill;

/// <summary>Where the outside of a scratch app is reached.</summary>
/// <param name="Names">The UDP port of its name server, on loopback.</param>
/// <param name="Port">Its TCP port, on loopback, under TLS.</param>
/// <param name="Pem">The certificate that signs its own.</param>
internal sealed record OutsideAddress(int Names, int Port, string Pem);

/// <summary>
/// What the scratch app of drills needs from outside: a name server, and a page behind a name and a certificate. Its name server can fall silent, its
/// certificate can have ended.
/// </summary>
internal sealed class Outside : IDisposable
{
    public const string Host = "outside.drill.test";
    public const string WherePath = "/outside/where";
    public const string PagePath = "/outside/page";

    private static readonly TimeSpan Life = TimeSpan.FromDays(30);

    private readonly TimeProvider clock;
    private readonly LoopbackNames names = new();
    private readonly X509Certificate2 root;
    private readonly X509Certificate2 good;
    private readonly X509Certificate2 ended;
    private bool isEnded;

    public Outside(TimeProvider clock)
    {
        this.clock = clock;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Fairlead drills", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var now = clock.GetUtcNow();
        root = request.CreateSelfSigned(now - (Life * 2), now + (Life * 2));
        good = Sign(now - TimeSpan.FromHours(1), now + Life);
        ended = Sign(now - Life, now - TimeSpan.FromHours(1));
    }

    /// <summary>Listens for handshakes on a port of its own, too.</summary>
    public void Listen(WebApplicationBuilder builder)
    {
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(
                IPAddress.Loopback,
                0,
                listen =>
                    listen.UseHttps(
                        new TlsHandshakeCallbackOptions
                        {
                            OnConnection = _ =>
                                new(new SslServerAuthenticationOptions { ServerCertificate = isEnded ? ended : good }),
                        }
                    )
            )
        );
    }

    /// <summary>Answers whoever asks, and names until it is stopped.</summary>
    public Task MapAsync(WebApplication app, CancellationToken stop)
    {
        app.MapGet(PagePath, static () => "I am outside.\n");
        app.MapGet(
            WherePath,
            () => Results.Json(new OutsideAddress(names.Port, PortOf(app), root.ExportCertificatePem()))
        );
        Faults.Map(
            app,
            "/outside",
            (fault, isOn) =>
            {
                switch (fault)
                {
                    case "dns-outage":
                        names.IsSilent = isOn;
                        return true;
                    case "expired-cert":
                        isEnded = isOn;
                        return true;
                    default:
                        return false;
                }
            }
        );
        return names.RunAsync(stop);
    }

    public void Dispose()
    {
        names.Dispose();
        root.Dispose();
        good.Dispose();
        ended.Dispose();
    }

    /// <summary>Reaches it as any client would: by its name, over TLS, and trusting who signed.</summary>
    /// <param name="whereAt">What says where it is, as the scratch app sees it.</param>
    public static HttpClient Client(Uri whereAt, TimeSpan limit)
    {
        var asking = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = limit };
        return new(
            new SocketsHttpHandler
            {
                UseProxy = false,
                // Names and certificates are looked at again and again.
                PooledConnectionLifetime = TimeSpan.FromSeconds(1),
                ConnectCallback = async (context, stop) =>
                {
                    // It changes when it is started again.
                    var address =
                        await asking.GetFromJsonAsync<OutsideAddress>(whereAt, JsonSerializerOptions.Web, stop)
                        ?? throw new HttpRequestException("Nobody says where it is.");
                    var found = await LoopbackNames.ResolveAsync(
                        address.Names,
                        context.DnsEndPoint.Host,
                        limit / 2,
                        stop
                    );
                    var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                    try
                    {
                        await socket.ConnectAsync(found, address.Port, stop);
                        return await HandshakeAsync(socket, address, stop);
                    }
                    catch
                    {
                        socket.Dispose();
                        throw;
                    }
                },
            }
        )
        {
            BaseAddress = new Uri($"http://{Host}"),
            Timeout = limit,
        };
    }

    private static async Task<Stream> HandshakeAsync(Socket socket, OutsideAddress address, CancellationToken stop)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(address.Pem));
        var secure = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await secure.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = Host, CertificateChainPolicy = policy },
            stop
        );
        return secure;
    }

    private static int PortOf(WebApplication app) =>
        app
            .Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.Select(static one => new Uri(one))
            .First(static one => one.Scheme == "https")
            .Port;

    private X509Certificate2 Sign(DateTimeOffset from, DateTimeOffset until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Host}", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        alternatives.AddDnsName(Host);
        request.CertificateExtensions.Add(alternatives.Build());
        using var made = request.Create(root, from, until, RandomNumberGenerator.GetBytes(16));
        return made.CopyWithPrivateKey(key);
    }
}
