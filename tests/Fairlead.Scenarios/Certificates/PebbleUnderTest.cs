using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Fairlead.Drivers.Certificates.Acme;

namespace Fairlead.Scenarios.Certificates;

/// <summary>A real pebble in strict mode that refuses every second nonce, with a certificate and a name server of its own.</summary>
internal sealed class PebbleUnderTest : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("fl-pebble-");
    private readonly DnsUnderTest dns = new();
    private readonly int port = FreePort();
    private readonly int managementPort = FreePort();
    private readonly Process process;
    private readonly HttpClient http;

    private PebbleUnderTest(string program, Settings settings)
    {
        HttpPort = settings.HttpPort ?? FreePort();
        TlsPort = settings.TlsPort ?? FreePort();
        WriteCertificate();
        File.WriteAllText(PathOf("config.json"), Config(settings));
        var start = new ProcessStartInfo(program)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                "-strict",
                "-config",
                PathOf("config.json"),
                "-dnsserver",
                string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{dns.Port}"),
            },
        };
        start.Environment["PEBBLE_WFE_NONCEREJECT"] = Text(settings.NoncesRefusedPercent);
        start.Environment["PEBBLE_AUTHZREUSE"] = Text(settings.ProofsReusedPercent);
        start.Environment["PEBBLE_VA_NOSLEEP"] = "1";
        process = Process.Start(start)!;
        // Unread pipes fill up and stop it.
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        http = Options().OpenHttp();
    }

    /// <param name="HttpPort">Where it looks for http-01's answers, instead of 80; null for one where nothing listens.</param>
    /// <param name="TlsPort">Where it looks for tls-alpn-01's answers, instead of 443.</param>
    /// <param name="BindingKey">base64url; when given, accounts need the external key <c>kid-1</c>.</param>
    internal sealed record Settings(
        int? HttpPort = null,
        int? TlsPort = null,
        int NoncesRefusedPercent = 50,
        int ProofsReusedPercent = 0,
        string? BindingKey = null
    );

    public int HttpPort { get; }

    public int TlsPort { get; }

    /// <summary>The name server that pebble asks.</summary>
    public DnsUnderTest Dns => dns;

    public Uri DirectoryUrl => Url(port, "dir");

    /// <summary>What pebble's own HTTPS certificate is signed by; not what it issues.</summary>
    public string TrustedRootPem => File.ReadAllText(PathOf("cert.pem"));

    public AuthorityOptions Options() =>
        new("pebble", DirectoryUrl, Email: "someone@example.com", TrustedRootPem: TrustedRootPem);

    /// <summary>Skips the test where there is no pebble.</summary>
    public static async Task<PebbleUnderTest> StartAsync(Settings settings, CancellationToken stop)
    {
        var program = Program("pebble");
        Assert.SkipWhen(program is null, "pebble is not installed (Debian package pebble)");
        var pebble = new PebbleUnderTest(program!, settings);
        try
        {
            await pebble.AnswersAsync(stop);
            return pebble;
        }
        catch
        {
            await pebble.DisposeAsync();
            throw;
        }
    }

    /// <summary>The root of what it issues: new with every start.</summary>
    public Task<string> IssuedRootPemAsync(CancellationToken stop) =>
        http.GetStringAsync(Url(managementPort, "roots/0"), stop);

    /// <summary>What pebble says about a certificate: <c>Valid</c> or <c>Revoked</c>.</summary>
    public async Task<string?> StatusAsync(string chainPem, CancellationToken stop)
    {
        using var leaf = X509Certificate2.CreateFromPem(chainPem);
        var serial = leaf.SerialNumber.TrimStart('0').ToLowerInvariant();
        var text = await http.GetStringAsync(Url(managementPort, $"cert-status-by-serial/{serial}"), stop);
        return JsonDocument.Parse(text).RootElement.GetProperty("Status").GetString();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static string? Program(string name) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin"
            .Split(':')
            .Select(path => Path.Combine(path, name))
            .FirstOrDefault(File.Exists);

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }
        await process.WaitForExitAsync();
        process.Dispose();
        http.Dispose();
        await dns.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private async Task AnswersAsync(CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Patience);
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(DirectoryUrl, limit.Token);
                answer.EnsureSuccessStatusCode();
                return;
            }
            catch (HttpRequestException) when (!process.HasExited)
            {
                await Task.Delay(50, limit.Token);
            }
        }
    }

    private void WriteCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=pebble under test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        var now = DateTimeOffset.UtcNow;
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));
        File.WriteAllText(PathOf("cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(PathOf("key.pem"), key.ExportPkcs8PrivateKeyPem());
    }

    private string Config(Settings settings) =>
        JsonSerializer.Serialize(
            new
            {
                pebble = new
                {
                    listenAddress = $"127.0.0.1:{Text(port)}",
                    managementListenAddress = $"127.0.0.1:{Text(managementPort)}",
                    certificate = PathOf("cert.pem"),
                    privateKey = PathOf("key.pem"),
                    httpPort = HttpPort,
                    tlsPort = TlsPort,
                    ocspResponderURL = "",
                    externalAccountBindingRequired = settings.BindingKey is not null,
                    externalAccountMACKeys = settings.BindingKey is null
                        ? new Dictionary<string, string>()
                        : new() { ["kid-1"] = settings.BindingKey },
                },
            }
        );

    private string PathOf(string name) => Path.Combine(folder.FullName, name);

    private static Uri Url(int port, string path) => new($"https://127.0.0.1:{Text(port)}/{path}");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
