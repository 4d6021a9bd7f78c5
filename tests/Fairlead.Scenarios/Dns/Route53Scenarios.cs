using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Fairlead.Drivers.Dns;
using Fairlead.Model.Ports;
using Fairlead.Scenarios.Certificates;

namespace Fairlead.Scenarios.Dns;

/// <summary>Against moto, which plays AWS. It checks no signature: that is a matter of the fast tests.</summary>
public sealed class Route53Scenarios : DnsZonesContract, IAsyncDisposable
{
    private readonly int port = PebbleUnderTest.FreePort();
    private readonly HttpClient http = new();
    private readonly HttpClient onlooker = new();
    private string zone = "";
    private Peer? moto;

    public async ValueTask DisposeAsync()
    {
        if (moto is not null)
        {
            await moto.DisposeAsync();
        }
        http.Dispose();
        onlooker.Dispose();
    }

    protected override async Task<IDnsZones> OpenAsync()
    {
        var program = PebbleUnderTest.Program("moto_server");
        Assert.SkipWhen(program is null, "moto_server is not installed (Python package moto[server])");
        moto = await Peer.StartAsync(program!, ["-H", "127.0.0.1", "-p", Number(port)], port, Stop);
        // moto finds out which service is meant by what a signature says.
        onlooker.DefaultRequestHeaders.TryAddWithoutValidation(
            "Authorization",
            "AWS4-HMAC-SHA256 Credential=x/20260301/us-east-1/route53/aws4_request, SignedHeaders=host, Signature=x"
        );
        await CreateAsync("example.com");
        await CreateAsync("shop.example.com.internal");
        zone = await CreateAsync("shop.example.com");
        return OpenAt(port);
    }

    protected override IDnsZones OpenAt(int port) =>
        new Route53Zones(
            new()
            {
                AccessKeyId = "AKIDEXAMPLE",
                SecretAccessKey = "secret",
                Endpoint = Url(port, ""),
            },
            http,
            World
        );

    protected override async Task<IReadOnlyList<string>> TextsAsync(string name)
    {
        var answer = XElement.Parse(
            await onlooker.GetStringAsync(Url(port, $"2013-04-01/hostedzone/{zone}/rrset"), Stop)
        );
        return
        [
            .. answer
                .Descendants()
                .Where(one => one.Name.LocalName == "ResourceRecordSet")
                .Where(set => set.Elements().Any(one => one.Name.LocalName == "Type" && one.Value == "TXT"))
                .Where(set => set.Elements().Any(one => one.Name.LocalName == "Name" && one.Value == $"{name}."))
                .SelectMany(set => set.Descendants().Where(one => one.Name.LocalName == "Value"))
                .Select(value => QuotedText.Read(value.Value)),
        ];
    }

    private async Task<string> CreateAsync(string name)
    {
        using var body = new StringContent(
            $"""
            <CreateHostedZoneRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Name>{name}</Name><CallerReference>{name}</CallerReference></CreateHostedZoneRequest>
            """,
            Encoding.UTF8,
            "application/xml"
        );
        using var answer = await onlooker.PostAsync(Url(port, "2013-04-01/hostedzone"), body, Stop);
        var created = XElement.Parse(await answer.Content.ReadAsStringAsync(Stop));
        return created.Descendants().First(one => one.Name.LocalName == "Id").Value.Split('/')[^1];
    }

    private static Uri Url(int port, string path) => new($"http://127.0.0.1:{Number(port)}/{path}");

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
