using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Fairlead.Drivers.Channels;
using Fairlead.Model.Ports;
using Fairlead.Scenarios.Collecting;
using Fairlead.Tests.Drivers.Channels;

namespace Fairlead.Scenarios.Channels;

/// <summary>Mail goes to a real server (aiosmtpd) that takes it only sealed and with a password.</summary>
public sealed class MailScenarios
{
    private static readonly IChannel Email = AllChannels
        .Entries(new World(TimeProvider.System, new Random(1)), "none")
        .Single(static one => one.Kind == "email");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("starttls")]
    [InlineData("implicit")]
    public async Task Mail_is_handed_over_sealed_and_with_a_password(string tls)
    {
        await using var server = await Server.StartAsync(tls, "localhost");
        var settings = server.Settings.With("force_implicit_tls", tls == "implicit" ? "true" : "false");

        Assert.Null(Email.Fault(settings));
        Assert.Equal(Sent.Taken, await Email.SendAsync(Notices.Firing, settings, Stop));
        Assert.Equal(Sent.Taken, await Email.SendAsync(Notices.Hostile, settings, Stop));

        var mails = server.Mails;
        Assert.Equal(
            [
                "fairlead@example.com ops@example.com,ann@example.com True fairlead",
                "fairlead@example.com ops@example.com,ann@example.com True fairlead",
            ],
            mails.Select(static one =>
                $"{one["from"]} {string.Join(',', one["to"]!.AsArray())} {one["sealed"]!.GetValue<bool>()} {one["user"]}"
            )
        );
        var text = mails[0]["text"]!.GetValue<string>();
        Assert.Contains("Message-Id: <aa11.fairlead@example.com>\r\n", text, StringComparison.Ordinal);
        Assert.Contains("Subject: FIRING 2: ErrorsHigh (shop/production)\r\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_nobody_vouches_for_is_told_nothing()
    {
        await using var server = await Server.StartAsync("starttls", "localhost");
        var unknown = new ChannelSettings(
            server.Settings.Values.Where(static one => one.Key != "tls_ca").ToDictionary()
        );

        var sent = await Email.SendAsync(Notices.Firing, unknown, Stop);

        Assert.Equal((false, true), (sent.IsTaken, sent.MayRetry));
        Assert.Contains("certificate is not trusted", sent.Why, StringComparison.Ordinal);
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task A_certificate_of_another_host_is_not_trusted_even_by_its_own_authority()
    {
        await using var server = await Server.StartAsync("starttls", "mail.example.com");

        var sent = await Email.SendAsync(Notices.Firing, server.Settings, Stop);

        Assert.Contains("certificate is not trusted", sent.Why, StringComparison.Ordinal);
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task A_wrong_password_is_refused_for_ever_and_not_repeated()
    {
        await using var server = await Server.StartAsync("starttls", "localhost");

        var sent = await Email.SendAsync(Notices.Firing, server.Settings.With("auth_password", "hush-wrong"), Stop);

        Assert.Equal((false, false), (sent.IsTaken, sent.MayRetry));
        Assert.Contains("535", sent.Why, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", sent.Why, StringComparison.Ordinal);
    }

    private sealed class Server(RealPeer peer, int port, string authority) : IAsyncDisposable
    {
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

        public static async Task<Server> StartAsync(string tls, string host)
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
}
