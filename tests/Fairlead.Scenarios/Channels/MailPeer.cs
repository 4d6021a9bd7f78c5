using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Fairlead.Model.Ports;
using Fairlead.Scenarios.Collecting;

namespace Fairlead.Scenarios.Channels;

/// <summary>A real server of mail (aiosmtpd) on loopback that wants TLS and a password, and remembers what it took.</summary>
internal sealed class MailPeer(RealPeer peer, int port, string authority) : IAsyncDisposable
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Where it listens, such as <c>localhost:2525</c>.</summary>
    public string Address => $"localhost:{port}";

    /// <summary>The authority of its certificate, as PEM.</summary>
    public string Authority => authority;

    public ChannelSettings Settings { get; } =
        new(
            new Dictionary<string, IReadOnlyList<string>>
            {
                ["to"] = ["ops@example.com", "Ann <ann@example.com>"],
                ["from"] = ["Fairlead <fairlead@example.com>"],
                ["smarthost"] = [$"localhost:{port}"],
                ["auth_username"] = ["fairlead"],
                ["auth_password"] = ["hush-hush"],
                ["require_tls"] = ["true"],
                ["tls_ca"] = [authority],
            }
        );

    public IReadOnlyList<JsonNode> Mails =>
        File.Exists(Path.Combine(peer.Folder, "mails"))
            ? [.. File.ReadAllLines(Path.Combine(peer.Folder, "mails")).Select(static one => JsonNode.Parse(one)!)]
            : [];

    public static async Task<MailPeer> StartAsync(string tls, string host)
    {
        var python = await PythonAsync();
        var (folder, port) = (RealPeer.NewFolder(), RealPeer.FreePort());
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=mail", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        await File.WriteAllTextAsync(Path.Combine(folder, "cert.pem"), certificate.ExportCertificatePem(), Stop);
        await File.WriteAllTextAsync(Path.Combine(folder, "key.pem"), key.ExportPkcs8PrivateKeyPem(), Stop);
        var peer = await RealPeer.StartAsync(
            (python, [Path.Combine(Here(), "MailServer.py"), $"{port}", tls, "cert.pem", "key.pem", "mails"]),
            folder,
            () => RealPeer.ListensAsync(port)
        );
        return new(peer, port, certificate.ExportCertificatePem());
    }

    public ValueTask DisposeAsync() => peer.DisposeAsync();

    private static async Task<string> PythonAsync()
    {
        const string python = "/usr/bin/python3";
        Assert.SkipUnless(File.Exists(python), "python3 is not here: apt-get install python3-aiosmtpd");
        try
        {
            await RealPeer.RunAsync(python, ["-c", "import aiosmtpd"]);
        }
        catch (Xunit.Sdk.XunitException)
        {
            Assert.Skip("aiosmtpd is not here: apt-get install python3-aiosmtpd");
        }
        return python;
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
