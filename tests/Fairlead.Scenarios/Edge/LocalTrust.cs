using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Fairlead.Drivers.Certificates;
using Fairlead.Model.Ports;

namespace Fairlead.Scenarios.Edge;

/// <summary>A local authority of the test's own, and clients that trust it alone.</summary>
internal sealed class LocalTrust : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("fl-authority-");
    private readonly LocalAuthority authority;

    public LocalTrust() => authority = new(folder.FullName, new World(TimeProvider.System, Random.Shared));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async Task<IssuedCertificate> GiveAsync(EdgeUnderTest edge, string host)
    {
        var issued = await IssueAsync(edge, host);
        await edge.Certificates.PutAsync(issued, new Fence(1), Stop);
        return issued;
    }

    public Task<IssuedCertificate> IssueAsync(EdgeUnderTest edge, string host) =>
        authority.IssueAsync(new CertificateOrder([host], []), edge.Certificates, Stop);

    /// <summary>Finds every host at the edge.</summary>
    public HttpClient Client(EdgeUnderTest edge) =>
        new(
            new SocketsHttpHandler
            {
                SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Policy() },
                ConnectCallback = async (_, _) => new NetworkStream(await ConnectAsync(edge), ownsSocket: true),
            }
        );

    /// <summary>Trusts this authority alone.</summary>
    public X509ChainPolicy Policy()
    {
        var trust = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        trust.CustomTrustStore.ImportFromPem(authority.RootPem);
        return trust;
    }

    public static async Task<Socket> ConnectAsync(EdgeUnderTest edge)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(edge.Secure, Stop);
        return socket;
    }

    public void Dispose()
    {
        authority.Dispose();
        folder.Delete(recursive: true);
    }
}
