using System.Globalization;
using Fairlead.Drivers.Dns;
using Fairlead.Drivers.Dns.Messages;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Scenarios.Certificates;
using Fairlead.Scenarios.Node;

namespace Fairlead.Scenarios.Dns;

/// <summary>Against a real BIND with one dynamic zone.</summary>
public sealed class Rfc2136Scenarios : DnsZonesContract, IAsyncDisposable
{
    private const string Secret = "c2VjcmV0LW9mLXRoZS10ZXN0LXRoYXQtaXMtbG9uZw==";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("fl-named-");
    private readonly int port = PebbleUnderTest.FreePort();
    private Peer? named;

    [Fact]
    public async Task A_key_that_the_server_does_not_know_is_refused()
    {
        await OpenAsync();
        var zones = new Rfc2136Zones(Settings(port) with { KeyName = "stranger", Zone = "shop.example.com" }, World);

        var caught = await Assert.ThrowsAsync<ProblemException>(() =>
            zones.AddTextAsync("shop.example.com", "x", Stop)
        );

        Assert.Equal("dns.refused", caught.Problem.Code);
        Assert.Equal("the server does not know the key (BADKEY).", caught.Problem.Why);
    }

    [Fact]
    public async Task A_wrong_secret_is_refused()
    {
        await OpenAsync();
        var zones = new Rfc2136Zones(Settings(port) with { KeySecret = "d3Jvbmc=", Zone = "shop.example.com" }, World);

        var caught = await Assert.ThrowsAsync<ProblemException>(() =>
            zones.AddTextAsync("shop.example.com", "x", Stop)
        );

        Assert.Equal("dns.refused", caught.Problem.Code);
        Assert.Equal("the server says that the signature is wrong (BADSIG).", caught.Problem.Why);
    }

    public async ValueTask DisposeAsync()
    {
        if (named is not null)
        {
            await named.DisposeAsync();
        }
        folder.Delete(recursive: true);
    }

    protected override async Task<IDnsZones> OpenAsync()
    {
        var program = PebbleUnderTest.Program("named");
        Assert.SkipWhen(program is null, "named is not installed (Debian package bind9)");
        File.WriteAllText(PathOf("named.conf"), Configuration());
        File.WriteAllText(
            PathOf("zone"),
            """
            $TTL 60
            @ IN SOA ns.shop.example.com. someone.shop.example.com. 1 60 60 600 60
            @ IN NS ns.shop.example.com.
            ns IN A 127.0.0.1

            """
        );
        named = await Peer.StartAsync(program!, ["-g", "-c", PathOf("named.conf")], port, Stop);
        // It listens before it has read its zones.
        await NodeFixture.UntilAsync(
            async () => (await AskAsync("shop.example.com", DnsType.Soa)).IsAuthoritative,
            () => "no zone was loaded"
        );
        return OpenAt(port);
    }

    protected override IDnsZones OpenAt(int port) => new Rfc2136Zones(Settings(port), World);

    protected override async Task<IReadOnlyList<string>> TextsAsync(string name)
    {
        var answer = await AskAsync(name, DnsType.Txt);
        return [.. answer.Answers.Select(record => DnsReader.Text(record.Data))];
    }

    private async Task<DnsMessage> AskAsync(string name, DnsType type)
    {
        var question = new DnsMessage(1, 0) { Questions = [new(name, type)] };
        return DnsReader.Read(await DnsExchange.AskAsync("127.0.0.1", port, DnsWriter.Write(question), Stop));
    }

    private static Rfc2136Zones.Settings Settings(int port) =>
        new()
        {
            Server = "127.0.0.1",
            Port = port,
            KeyName = "fairlead",
            KeySecret = Secret,
        };

    private string PathOf(string name) => Path.Combine(folder.FullName, name);

    private string Configuration() =>
        $$"""
            key "fairlead" { algorithm hmac-sha256; secret "{{Secret}}"; };
            options {
                directory "{{folder.FullName}}";
                pid-file none;
                session-keyfile none;
                listen-on port {{port.ToString(CultureInfo.InvariantCulture)}} { 127.0.0.1; };
                listen-on-v6 { none; };
                recursion no;
                dnssec-validation no;
            };
            controls { };
            zone "shop.example.com" {
                type primary;
                file "{{PathOf("zone")}}";
                update-policy { grant fairlead zonesub TXT; };
            };
            """;
}
