using System.Net;
using System.Text;
using System.Xml.Linq;
using Fairlead.Drivers.Dns;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Drivers.Dns;

/// <summary>What moto does not play: changes that take time, and an account that is asked too often.</summary>
public sealed class Route53ZonesTests : IDisposable
{
    private const string Name = "_acme-challenge.shop.example.com";
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly HastyClock clock = new(Noon);
    private readonly Account aws = new();
    private readonly HttpClient http;
    private readonly Route53Zones zones;

    public Route53ZonesTests()
    {
        http = new(aws);
        zones = Open();
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_text_is_waited_for_until_it_is_given_out()
    {
        aws.LooksUntilInSync = 3;

        await zones.AddTextAsync(Name, "one", Stop);

        Assert.Equal(["GET rrset", "POST rrset UPSERT \"one\"", "GET change", "GET change", "GET change"], aws.Asked);
    }

    [Fact]
    public async Task A_text_whose_change_may_still_be_under_way_is_waited_for_again()
    {
        aws.Texts = ["\"one\""];

        await zones.AddTextAsync(Name, "one", Stop);

        Assert.Equal(["GET rrset", "POST rrset UPSERT \"one\"", "GET change"], aws.Asked);
    }

    [Fact]
    public async Task Nobody_waits_for_a_text_to_be_gone()
    {
        aws.Texts = ["\"one\"", "\"two\""];

        await zones.RemoveTextAsync(Name, "one", Stop);
        await zones.RemoveTextAsync(Name, "three", Stop);

        Assert.Equal(["GET rrset", "POST rrset UPSERT \"two\"", "GET rrset"], aws.Asked);
    }

    [Fact]
    public async Task Orders_at_once_do_not_lose_each_others_texts()
    {
        await Task.WhenAll(
            zones.AddTextAsync(Name, "one", Stop),
            Open().AddTextAsync(Name, "two", Stop),
            Open().AddTextAsync(Name, "three", Stop)
        );

        Assert.Equal(["\"one\"", "\"three\"", "\"two\""], aws.Texts.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Throttling")]
    [InlineData("PriorRequestNotComplete")]
    public async Task An_account_that_is_busy_is_asked_again_a_little_later(string code)
    {
        aws.Busy = (code, Times: 2);

        await zones.AddTextAsync(Name, "one", Stop);

        Assert.Equal(["GET rrset", "GET rrset", "GET rrset", "POST rrset UPSERT \"one\"", "GET change"], aws.Asked);
        Assert.Equal([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)], clock.Pauses);
    }

    [Fact]
    public async Task An_account_that_stays_busy_is_left_alone_for_a_while()
    {
        aws.Busy = ("Throttling", Times: 100);

        var caught = await Assert.ThrowsAsync<ProblemException>(() => zones.AddTextAsync(Name, "one", Stop));

        Assert.Equal(("dns.too-often", Noon.AddMinutes(1)), (caught.Problem.Code, caught.Problem.RetryAt));
        Assert.Equal(5, aws.Asked.Count);
    }

    [Fact]
    public async Task A_refusal_is_not_asked_for_twice()
    {
        aws.Busy = ("AccessDenied", Times: 100);

        var caught = await Assert.ThrowsAsync<ProblemException>(() => zones.AddTextAsync(Name, "one", Stop));

        Assert.Equal(("dns.refused", "It answered 400: AccessDenied"), (caught.Problem.Code, caught.Problem.Why));
        Assert.Single(aws.Asked);
    }

    public void Dispose()
    {
        http.Dispose();
        aws.Dispose();
    }

    private Route53Zones Open() =>
        new(
            new()
            {
                AccessKeyId = "AKIDEXAMPLE",
                SecretAccessKey = "secret",
                ZoneId = "/hostedzone/Z1",
            },
            http,
            new World(clock, new Random(1))
        );

    /// <summary>An account of AWS with one zone, of which one name matters.</summary>
    private sealed class Account : HttpMessageHandler
    {
        private int looks;

        public List<string> Asked { get; } = [];

        public IReadOnlyList<string> Texts { get; set; } = [];

        public int LooksUntilInSync { get; set; } = 1;

        public (string Code, int Times) Busy { get; set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken stop)
        {
            // As over a network, others get their turn before the answer comes.
            await Task.Yield();
            var body = request.Content is null ? null : XElement.Parse(await request.Content.ReadAsStringAsync(stop));
            lock (Asked)
            {
                return Answer(request, body);
            }
        }

        private HttpResponseMessage Answer(HttpRequestMessage request, XElement? body)
        {
            var place = request.RequestUri!.AbsolutePath switch
            {
                "/2013-04-01/hostedzone/Z1/rrset" => "rrset",
                "/2013-04-01/change/C1" => "change",
                var other => other,
            };
            var told = body?.Descendants().Where(one => one.Name.LocalName is "Action" or "Value") ?? [];
            Asked.Add(string.Join(' ', [request.Method.Method, place, .. told.Select(one => one.Value)]));
            if (Busy.Times > 0)
            {
                Busy = Busy with { Times = Busy.Times - 1 };
                return Answer(HttpStatusCode.BadRequest, $"<Error><Code>{Busy.Code}</Code></Error>");
            }
            if (body is not null)
            {
                Texts = [.. told.Where(one => one.Name.LocalName == "Value").Select(one => one.Value)];
                return Answer(HttpStatusCode.OK, "<Id>/change/C1</Id>");
            }
            return Answer(
                HttpStatusCode.OK,
                place == "rrset" ? Set() : $"<Status>{(++looks < LooksUntilInSync ? "PENDING" : "INSYNC")}</Status>"
            );
        }

        private string Set() =>
            Texts.Count == 0
                ? ""
                : $"<ResourceRecordSet><Name>{Name}.</Name><Type>TXT</Type><TTL>60</TTL>"
                    + $"{string.Concat(Texts.Select(text => $"<Value>{text}</Value>"))}</ResourceRecordSet>";

        private static HttpResponseMessage Answer(HttpStatusCode status, string inner) =>
            new(status)
            {
                Content = new StringContent(
                    $"<Answer xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\">{inner}</Answer>",
                    Encoding.UTF8,
                    "application/xml"
                ),
            };
    }
}
