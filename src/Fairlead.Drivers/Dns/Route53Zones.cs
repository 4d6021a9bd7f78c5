using System.Globalization;
using System.Net;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Fairlead.Drivers.Aws;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Dns;

/// <summary>Names in AWS Route 53 (its REST API of 2013-04-01).</summary>
public sealed class Route53Zones(Route53Zones.Settings settings, HttpClient http, World world) : IDnsZones
{
    private const string Provider = "Route 53";
    private const int TextSeconds = 60;
    private static readonly TimeSpan SyncLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan SyncPause = TimeSpan.FromSeconds(3);

    /// <summary>An account has five requests a second, for everybody who uses it: being turned away is everyday.</summary>
    private const int BusyTriesMax = 5;
    private static readonly TimeSpan BusyPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BusyRest = TimeSpan.FromMinutes(1);
    private static readonly XNamespace Xml = "https://route53.amazonaws.com/doc/2013-04-01/";

    private readonly ProviderHttp api = new(Provider, http, world);
    private readonly AwsSignature signature = new(
        new AwsKeys(settings.AccessKeyId, settings.SecretAccessKey) { SessionToken = settings.SessionToken },
        "us-east-1",
        "route53"
    );

    // A change replaces all texts of a name, so two at once would lose one of them: those of a host and of its wildcard
    // have the same name, and each order opens its own driver. Hence one for all, as Route 53 itself has one for a zone.
    private static readonly SemaphoreSlim Changing = new(1, 1);

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

    // Even a text that is there already is written again: an earlier call may have ended before its change was given out,
    // and only a change can be asked about.
    public async Task AddTextAsync(string name, string value, CancellationToken stop)
    {
        var zone = await ZoneAsync(name, stop);
        var id = await ChangeAsync(
            zone,
            name,
            texts => [.. texts.Where(text => QuotedText.Read(text) != value), QuotedText.Of(value)],
            stop
        );
        await InSyncAsync(id, name, stop);
    }

    public async Task RemoveTextAsync(string name, string value, CancellationToken stop)
    {
        var zone = await ZoneAsync(name, stop);
        await ChangeAsync(
            zone,
            name,
            texts =>
                texts.Any(text => QuotedText.Read(text) == value)
                    ? [.. texts.Where(text => QuotedText.Read(text) != value)]
                    : null,
            stop
        );
    }

    /// <param name="change">Gives the texts that are wanted instead; null to leave them as they are.</param>
    /// <returns>The change's id; null when there was none.</returns>
    private async Task<string?> ChangeAsync(
        string zone,
        string name,
        Func<IReadOnlyList<string>, IReadOnlyList<string>?> change,
        CancellationToken stop
    )
    {
        await Changing.WaitAsync(stop);
        try
        {
            var (texts, seconds) = await TextsAsync(zone, name, stop);
            if (change(texts) is not { } wanted)
            {
                return null;
            }
            var body =
                wanted.Count > 0 ? Change("UPSERT", name, seconds, wanted) : Change("DELETE", name, seconds, texts);
            var answer = await AskAsync(HttpMethod.Post, $"hostedzone/{zone}/rrset", name, body, stop);
            return answer.Descendants(Xml + "Id").FirstOrDefault()?.Value;
        }
        finally
        {
            Changing.Release();
        }
    }

    private async Task<string> ZoneAsync(string name, CancellationToken stop)
    {
        if (settings.ZoneId is { } known)
        {
            // AWS prints it as /hostedzone/Z123 in places.
            return known.Split('/')[^1];
        }
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
        for (var tries = 1; ; tries++)
        {
            var (status, answer) = await AskOnceAsync(method, path, name, body, stop);
            if (status == HttpStatusCode.OK)
            {
                return answer;
            }
            if (!IsBusy(answer))
            {
                throw DnsProblems.Refused(Provider, name, Reason(status, answer));
            }
            if (tries == BusyTriesMax)
            {
                throw DnsProblems.TooOften(Provider, name, world.Now + BusyRest);
            }
            await Task.Delay(BusyPause * Math.Pow(2, tries - 1), world.Clock, stop);
        }
    }

    private async Task<(HttpStatusCode Status, XElement Answer)> AskOnceAsync(
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
            return (status, XElement.Load(reader));
        }
        catch (XmlException caught)
        {
            throw DnsProblems.Unreadable(Provider, name, caught);
        }
    }

    // Said with the status 400, as if the request were wrong.
    private static bool IsBusy(XElement answer) =>
        answer
            .Descendants()
            .Any(one =>
                one.Name.LocalName == "Code"
                && one.Value
                    is "Throttling"
                        or "ThrottlingException"
                        or "PriorRequestNotComplete"
                        or "ServiceUnavailable"
            );

    private static string Reason(HttpStatusCode status, XElement answer)
    {
        var words = answer
            .Descendants()
            .Where(one => one.Name.LocalName is "Code" or "Message")
            .Select(one => one.Value);
        return $"It answered {(int)status}: {string.Join(": ", words)}";
    }
}
