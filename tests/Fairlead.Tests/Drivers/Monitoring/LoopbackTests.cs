using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Fairlead.Drivers.Monitoring;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Ports;

namespace Fairlead.Tests.Drivers.Monitoring;

/// <summary>Probes against peers of a few lines on this machine; real ones are met in scenarios.</summary>
public sealed class LoopbackTests : IDisposable
{
    private readonly World world = new(TimeProvider.System, new Random(1));
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly AllMonitorProbes probes;

    public LoopbackTests()
    {
        probes = new(_ => null, world);
        listener.Start();
    }

    private int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    [Fact]
    public async Task Over_HTTP_it_follows_to_another_path_and_says_what_it_saw()
    {
        var serving = ServeAsync(
            2,
            asked =>
                asked.StartsWith("GET /old ", StringComparison.Ordinal)
                    ? "HTTP/1.1 302 Found\r\nLocation: /new\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    : "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"
        );
        var look = await LookAsync(
            new()
            {
                Name = "a",
                Url = $"http://127.0.0.1:{Port}/old",
                Expect = new() { Body = "hello" },
            }
        );
        await serving;
        Assert.Equal((LookVerdict.Up, "It answered 200."), (look.Verdict, look.Why));
        Assert.Equal(
            [
                "probe_http_redirects 1",
                "probe_http_ssl 0",
                "probe_http_status_code 200",
                "probe_http_uncompressed_body_length 5",
                "probe_http_version 1.1",
            ],
            look.Numbers.Where(one =>
                    one.Phase.Length == 0 && one.Name.StartsWith("probe_http", StringComparison.Ordinal)
                )
                .Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Name} {one.Value}"))
                .Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            ["connect", "processing", "resolve", "transfer"],
            look.Numbers.Where(one => one.Phase.Length > 0).Select(one => one.Phase).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_body_without_end_is_read_no_further_than_needed()
    {
        var serving = ServeAsync(1, _ => "HTTP/1.1 200 OK\r\n\r\n" + new string('x', 3 * HttpMonitor.BodyBytesMax));
        var look = await LookAsync(new() { Name = "a", Url = $"http://127.0.0.1:{Port}/" });
        Assert.Equal(LookVerdict.Up, look.Verdict);
        Assert.Contains(
            look.Numbers,
            one => one is { Name: "probe_http_uncompressed_body_length", Value: HttpMonitor.BodyBytesMax }
        );
        await serving;
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("tcp://169.254.169.254:80")]
    [InlineData("udp://169.254.169.254:80")]
    [InlineData("tls://[fd00:ec2::254]:443")]
    [InlineData("postgres://169.254.169.254/x")]
    [InlineData("icmp://169.254.169.254")]
    [InlineData("dns://169.254.169.254/example.com")]
    [InlineData("ws://169.254.169.254/")]
    [InlineData("grpc://169.254.169.254:80")]
    [InlineData("smtp://169.254.169.254")]
    public async Task Nobody_is_led_to_a_clouds_metadata(string url)
    {
        var look = await LookAsync(new() { Name = "a", Url = url });
        Assert.Equal(LookVerdict.Unable, look.Verdict);
        Assert.Contains("where Fairlead is never sent.", look.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("tcp://10.0.0.5:22")]
    [InlineData("redis://[::1]:6379")]
    public async Task What_is_inside_is_seen_by_monitors_of_operators_alone(string url)
    {
        var look = await LookAsync(new() { Name = "a", Url = url }, isOfOperator: false);
        Assert.Equal(LookVerdict.Unable, look.Verdict);
        Assert.Contains("only a monitor that an operator added looks there", look.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http")]
    [InlineData("tcp")]
    [InlineData("tls")]
    [InlineData("ws")]
    [InlineData("grpc")]
    [InlineData("smtp")]
    [InlineData("redis")]
    [InlineData("postgres")]
    [InlineData("mysql")]
    [InlineData("mongodb")]
    public async Task Where_nobody_listens_it_is_down(string scheme)
    {
        listener.Stop();
        MonitorLook look;
        try
        {
            look = await LookAsync(
                new() { Name = "a", Url = $"{scheme}://127.0.0.1:{Port.ToString(CultureInfo.InvariantCulture)}" }
            );
        }
        catch (Fairlead.Model.Problems.ProblemException caught)
        {
            look = MonitorLook.Down(caught.Problem.Why);
        }
        Assert.Equal(LookVerdict.Down, look.Verdict);
        Assert.Contains("refused", look.Why, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Over_TCP_it_reads_until_what_is_expected_is_there()
    {
        var serving = ServeAsync(
            1,
            asked => asked.StartsWith("ping", StringComparison.Ordinal) ? "+PONG\r\n" : "-ERR\r\n",
            asks: 4
        );
        var look = await LookAsync(
            new()
            {
                Name = "a",
                Url = $"tcp://127.0.0.1:{Port.ToString(CultureInfo.InvariantCulture)}",
                Request = new() { Send = "ping" },
                Expect = new() { Body = "PONG" },
            }
        );
        await serving;
        Assert.Equal("It says what is expected.", look.Why);
    }

    [Fact]
    public async Task A_certificate_that_has_ended_is_said_with_its_days_and_its_end_is_a_number_all_the_same()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var begin = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var made = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(
            begin,
            begin.AddDays(30)
        );
        using var certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
        var serving = ShakeAsync(certificate);
        var url = $"tls://127.0.0.1:{Port.ToString(CultureInfo.InvariantCulture)}";
        var look = await LookAsync(new() { Name = "a", Url = url });
        await serving;
        Assert.Equal(
            (LookVerdict.Down, "The certificate of 127.0.0.1 is good from 2024-01-01 to 2024-01-31 alone."),
            (look.Verdict, look.Why)
        );
        Assert.Contains(new("probe_ssl_earliest_cert_expiry", begin.AddDays(30).ToUnixTimeSeconds()), look.Numbers);
        var again = ShakeAsync(certificate);
        var trusting = await LookAsync(
            new()
            {
                Name = "a",
                Url = url,
                Verify = false,
                Expect = new() { TlsDays = 7 },
            }
        );
        await again;
        Assert.StartsWith("Its certificate ends on 2024-01-31, in -", trusting.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_server_is_greeted_and_left()
    {
        var talk = TalkAsync(
            "220 mail.example.com ESMTP",
            ("EHLO", "250-mail.example.com\r\n250 SMTPUTF8"),
            ("QUIT", "221 Bye")
        );
        var look = await LookAsync(
            new() { Name = "a", Url = $"smtp://127.0.0.1:{Port.ToString(CultureInfo.InvariantCulture)}" }
        );
        await talk;
        Assert.Equal((LookVerdict.Up, "It greets, without TLS."), (look.Verdict, look.Why));
    }

    [Fact]
    public async Task A_mail_server_that_turns_everybody_away_is_down_with_its_own_words()
    {
        var talk = TalkAsync("554 No service here");
        var look = await LookAsync(
            new() { Name = "a", Url = $"smtp://127.0.0.1:{Port.ToString(CultureInfo.InvariantCulture)}" }
        );
        await talk;
        Assert.Equal((LookVerdict.Down, "It answers: 554 No service here"), (look.Verdict, look.Why));
    }

    public void Dispose()
    {
        listener.Dispose();
        probes.Dispose();
    }

    private Task<MonitorLook> LookAsync(MonitorSpec spec, bool isOfOperator = true) =>
        probes
            .Entries.First(one => one.Ways.Contains(spec.Way))
            .LookAsync(spec with { MayLookInside = isOfOperator }, TestContext.Current.CancellationToken);

    private async Task ServeAsync(int times, Func<string, string> answer, int asks = 16)
    {
        for (; times > 0; times--)
        {
            using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
            var buffer = new byte[4096];
            var count = await client.GetStream().ReadAtLeastAsync(buffer, asks, throwOnEndOfStream: false);
            try
            {
                await client
                    .GetStream()
                    .WriteAsync(Encoding.ASCII.GetBytes(answer(Encoding.ASCII.GetString(buffer, 0, count))));
            }
            catch (IOException)
            {
                // Who has seen enough goes.
            }
        }
    }

    private async Task ShakeAsync(X509Certificate2 certificate)
    {
        using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        await using var tls = new SslStream(client.GetStream());
        try
        {
            await tls.AuthenticateAsServerAsync(certificate);
            _ = await tls.ReadAsync(new byte[1]);
        }
        catch (Exception caught) when (caught is IOException or System.Security.Authentication.AuthenticationException)
        {
            // Who does not trust it goes.
        }
    }

    private async Task TalkAsync(string greeting, params (string Word, string Answer)[] lines)
    {
        using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        using var reader = new StreamReader(client.GetStream());
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(greeting + "\r\n"));
        foreach (var (word, answer) in lines)
        {
            Assert.StartsWith(word, await reader.ReadLineAsync(), StringComparison.Ordinal);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer + "\r\n"));
        }
    }
}
