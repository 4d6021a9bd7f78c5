using Fairlead.Drivers.Dns;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Drivers.Dns;

public sealed class DnsZonesTests
{
    private static readonly World World = new(TimeProvider.System, new Random(1));

    [Fact]
    public void Kinds_are_unique_and_sorted() =>
        Assert.Equal(["cloudflare", "rfc2136", "route53"], AllDnsZones.Entries.Select(entry => entry.Kind));

    [Theory]
    [InlineData("bind", "", "There is no such kind; there are cloudflare, rfc2136, route53.")]
    [InlineData("cloudflare", "", "It needs the setting 'token'.")]
    [InlineData("cloudflare", "tokn=x", "It has no setting 'tokn'; it has token, zone-id.")]
    [InlineData("rfc2136", "server=ns;key-name=k;key-secret=??", "'key-secret' is not base64.")]
    [InlineData("rfc2136", "server=ns;key-name=k;key-secret=c2VjcmV0;port=0", "'port' is no port.")]
    [InlineData("route53", "access-key-id=a;secret-access-key=b;endpoint=x", "'endpoint' is no http or https address.")]
    public void Wrong_settings_are_said_without_their_values(string kind, string settings, string why)
    {
        using var http = new HttpClient();

        var caught = Assert.Throws<ProblemException>(() => AllDnsZones.Open(kind, Read(settings), http, World));

        Assert.Equal(("dns.bad-settings", why), (caught.Problem.Code, caught.Problem.Why));
    }

    [Theory]
    [InlineData("cloudflare", "token=x", typeof(CloudflareZones))]
    [InlineData("rfc2136", "server=ns;key-name=k;key-secret=c2VjcmV0", typeof(Rfc2136Zones))]
    [InlineData("route53", "access-key-id=a;secret-access-key=b", typeof(Route53Zones))]
    public void Right_settings_open_a_driver(string kind, string settings, Type driver)
    {
        using var http = new HttpClient();

        Assert.IsType(driver, AllDnsZones.Open(kind, Read(settings), http, World));
    }

    [Theory]
    [InlineData("plain", "\"plain\"")]
    [InlineData("", "\"\"")]
    [InlineData("a \"b\" \\c", "\"a \\\"b\\\" \\\\c\"")]
    public void Texts_are_quoted_and_read_back(string text, string quoted)
    {
        Assert.Equal(quoted, QuotedText.Of(text));
        Assert.Equal(text, QuotedText.Read(quoted));
    }

    [Fact]
    public void Texts_in_parts_are_joined() => Assert.Equal("onetwo", QuotedText.Read("\"one\" \"two\""));

    [Fact]
    public void A_name_may_be_in_its_own_zone_or_in_a_parents() =>
        Assert.Equal(["a.b.example.com", "b.example.com", "example.com"], DnsNames.Candidates("A.b.example.com"));

    [Fact]
    public async Task A_challenge_becomes_a_text_at_its_own_name()
    {
        var zones = new ZonesInMemory();
        var desk = new DnsChallengeDesk(zones);
        var challenge = new Challenge(ChallengeKind.Dns, "shop.example.com", "token", "token.thumbprint");

        await desk.ShowAsync(challenge, TestContext.Current.CancellationToken);
        await desk.RemoveAsync(challenge, TestContext.Current.CancellationToken);

        Assert.Equal(
            [
                "add _acme-challenge.shop.example.com 61rBZ_4knHblO0MNoxFsXZ_eTFUHum0B6IVRbhvUn5I",
                "remove _acme-challenge.shop.example.com 61rBZ_4knHblO0MNoxFsXZ_eTFUHum0B6IVRbhvUn5I",
            ],
            zones.Asked
        );
    }

    private static Dictionary<string, string> Read(string settings) =>
        settings
            .Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);

    private sealed class ZonesInMemory : IDnsZones
    {
        public List<string> Asked { get; } = [];

        public Task AddTextAsync(string name, string value, CancellationToken stop)
        {
            Asked.Add($"add {name} {value}");
            return Task.CompletedTask;
        }

        public Task RemoveTextAsync(string name, string value, CancellationToken stop)
        {
            Asked.Add($"remove {name} {value}");
            return Task.CompletedTask;
        }
    }
}
