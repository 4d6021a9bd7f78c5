using System.Globalization;
using System.Net;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Dns;

/// <summary>Names in AWS Route 53 (its REST API of 2013-04-01).</summary>
public sealed class Route53Zones(Route53Zones.Settings settings, HttpClient http, World world) : IDnsZones, IDisposable
{
    private const string Provider = "Route 53";
    private const int TextSeconds = 60;
    private static readonly TimeSpan LimitPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SyncLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan SyncPause = TimeSpan.FromSeconds(3);
    private static readonly XNamespace Xml = "https://route53.amazonaws.com/doc/2013-04-01/";

    private readonly ProviderHttp api = new(Provider, http, world);
    private readonly AwsSignature signature = new(settings, "us-east-1", "route53");

    // A change replaces all texts of a name, so two at once would lose one of them.
    private readonly SemaphoreSlim changing = new(1, 1);

    /// <summary>Whom to ask, and as whom.</summary>
    public sealed record Settings
    {
        public required string AccessKeyId { get; init; }
        public required string SecretAccessKey { get; init; }

        /// <summary>Of credentials that end by themselves.</summary>
        public string? SessionToken { get; init; }

        /// <summary>Saves the search for the zone; needed where the credentials may not list zones.</summary>
        public string? ZoneId { get; init; }
        public Uri Endpoint { get; init; } = new("https://route53.amazonaws.com");

        /// <inheritdoc />
        public override string ToString() => $"Route 53 as {AccessKeyId}";
    }

    public Task AddTextAsync(string name, string value, CancellationToken stop) =>
        ChangeAsync(
            name,
            texts => [.. texts.Where(text => QuotedText.Read(text) != value), QuotedText.Of(value)],
            stop
        );

    public Task RemoveTextAsync(string name, string value, CancellationToken stop) =>
        ChangeAsync(name, texts => [.. texts.Where(text => QuotedText.Read(text) != value)], stop);

    public void Dispose() => changing.Dispose();

    private async Task ChangeAsync(
        string name,
        Func<IReadOnlyList<string>, IReadOnlyList<string>> change,
        CancellationToken stop
    )
    {
        var zone = settings.ZoneId ?? await ZoneAsync(name, stop);
        string? id;
        await changing.WaitAsync(stop);
        try
        {
            var (texts, seconds) = await TextsAsync(zone, name, stop);
            var wanted = change(texts);
            if (texts.Order(StringComparer.Ordinal).SequenceEqual(wanted.Order(StringComparer.Ordinal)))
            {
                return;
            }
            var body =
                wanted.Count > 0 ? Change("UPSERT", name, seconds, wanted) : Change("DELETE", name, seconds, texts);
            var answer = await AskAsync(HttpMethod.Post, $"hostedzone/{zone}/rrset", name, body, stop);
            id = answer.Descendants(Xml + "Id").FirstOrDefault()?.Value;
        }
        finally
        {
            changing.Release();
        }
        await InSyncAsync(id, name, stop);
    }

    private async Task<string> ZoneAsync(string name, CancellationToken stop)
    {
        foreach (var candidate in DnsNames.Candidates(name))
        {
            var query = $"hostedzonesbyname?dnsname={Uri.EscapeDataString(candidate)}&maxitems=10";
            var answer = await AskAsync(HttpMethod.Get, query, name, body: null, stop);
            // The list begins at the name asked for and goes on with others; private zones are not what the world sees.
            var zone = answer
                .Descendants(Xml + "HostedZone")
                .FirstOrDefault(one =>
                    DnsNames.Same(one.Element(Xml + "Name")?.Value ?? "", candidate)
                    && one.Descendants(Xml + "PrivateZone").FirstOrDefault()?.Value != "true"
                );
            if (zone?.Element(Xml + "Id")?.Value is { } id)
            {
                return id.Split('/')[^1];
            }
        }
        throw DnsProblems.NoZone(Provider, name);
    }

    /// <summary>The name's texts as they stand there, in quotes, and how long they may be kept.</summary>
    private async Task<(IReadOnlyList<string> Texts, int Seconds)> TextsAsync(
        string zone,
        string name,
        CancellationToken stop
    )
    {
        var query = $"hostedzone/{zone}/rrset?maxitems=1&name={Uri.EscapeDataString(name)}&type=TXT";
        var answer = await AskAsync(HttpMethod.Get, query, name, body: null, stop);
        var set = answer
            .Descendants(Xml + "ResourceRecordSet")
            .FirstOrDefault(one =>
                DnsNames.Same(one.Element(Xml + "Name")?.Value ?? "", name) && one.Element(Xml + "Type")?.Value == "TXT"
            );
        return set is null
            ? ([], TextSeconds)
            : (
                [.. set.Descendants(Xml + "Value").Select(value => value.Value)],
                int.TryParse(set.Element(Xml + "TTL")?.Value, CultureInfo.InvariantCulture, out var seconds)
                    ? seconds
                    : TextSeconds
            );
    }

    private async Task InSyncAsync(string? id, string name, CancellationToken stop)
    {
        for (var waited = TimeSpan.Zero; waited < SyncLimit; waited += SyncPause)
        {
            var answer = await AskAsync(HttpMethod.Get, $"change/{id?.Split('/')[^1]}", name, body: null, stop);
            if (answer.Descendants(Xml + "Status").FirstOrDefault()?.Value == "INSYNC")
            {
                return;
            }
            await Task.Delay(SyncPause, world.Clock, stop);
        }
        throw DnsProblems.TooSlow(Provider, name, SyncLimit);
    }

    internal static string Change(string action, string name, int seconds, IReadOnlyList<string> texts) =>
        new XElement(
            Xml + "ChangeResourceRecordSetsRequest",
            new XElement(
                Xml + "ChangeBatch",
                new XElement(
                    Xml + "Changes",
                    new XElement(
                        Xml + "Change",
                        new XElement(Xml + "Action", action),
                        new XElement(
                            Xml + "ResourceRecordSet",
                            new XElement(Xml + "Name", name),
                            new XElement(Xml + "Type", "TXT"),
                            new XElement(Xml + "TTL", seconds),
                            new XElement(
                                Xml + "ResourceRecords",
                                texts.Select(text => new XElement(
                                    Xml + "ResourceRecord",
                                    new XElement(Xml + "Value", text)
                                ))
                            )
                        )
                    )
                )
            )
        ).ToString(SaveOptions.DisableFormatting);

    private async Task<XElement> AskAsync(
        HttpMethod method,
        string path,
        string name,
        string? body,
        CancellationToken stop
    )
    {
        var bytes = Encoding.UTF8.GetBytes(body ?? "");
        using var request = new HttpRequestMessage(method, new Uri(settings.Endpoint, $"/2013-04-01/{path}"));
        request.Content = body is null ? null : new ByteArrayContent(bytes);
        request.Content?.Headers.ContentType = new("application/xml");
        signature.Sign(request, bytes, world.Now);
        var (status, answer) = await api.SendAsync(request, name, stop);
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(answer));
            var read = XElement.Load(reader);
            return status == HttpStatusCode.OK ? read : throw Refused(name, status, read);
        }
        catch (XmlException caught)
        {
            throw DnsProblems.Unreadable(Provider, name, caught);
        }
    }

    private ProblemException Refused(string name, HttpStatusCode status, XElement answer)
    {
        string[] words =
        [
            .. answer.Descendants().Where(one => one.Name.LocalName is "Code" or "Message").Select(one => one.Value),
        ];
        // Five requests a second are allowed to an account, and one change at a time to a zone.
        return words is ["Throttling" or "PriorRequestNotComplete", ..]
            ? DnsProblems.TooOften(Provider, name, world.Now + LimitPause)
            : DnsProblems.Refused(Provider, name, $"It answered {(int)status}: {string.Join(": ", words)}");
    }
}
