using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Dns;

/// <summary>Names in Cloudflare (its API v4).</summary>
public sealed class CloudflareZones(CloudflareZones.Settings settings, HttpClient http, World world) : IDnsZones
{
    private const string Provider = "Cloudflare";
    private const int TextSeconds = 60;
    private const int RecordsMax = 100;

    /// <summary>The code of a record that is there already.</summary>
    private const int IdenticalRecord = 81058;

    private readonly ProviderHttp api = new(Provider, http, world);

    /// <summary>Whom to ask, and as whom.</summary>
    public sealed record Settings
    {
        /// <summary>An API token with Zone:Read and DNS:Edit.</summary>
        public required string Token { get; init; }

        /// <summary>Saves the search for the zone; needed where the token may not list zones.</summary>
        public string? ZoneId { get; init; }

        /// <summary>How long its servers get to give out a new record: the API does not say when they do.</summary>
        public TimeSpan Settling { get; init; } = TimeSpan.FromSeconds(10);
        public Uri Endpoint { get; init; } = new("https://api.cloudflare.com");

        /// <inheritdoc />
        public override string ToString() => "Cloudflare";
    }

    public async Task AddTextAsync(string name, string value, CancellationToken stop)
    {
        var zone = await ZoneAsync(name, stop);
        var record = new CloudflareRecord(Id: null, "TXT", name, QuotedText.Of(value), TextSeconds);
        using var request = Request(HttpMethod.Post, $"zones/{zone}/dns_records");
        request.Content = new ByteArrayContent(
            JsonSerializer.SerializeToUtf8Bytes(record, CloudflareJson.Default.CloudflareRecord)
        );
        request.Content.Headers.ContentType = new("application/json");
        var answer = await AskAsync(request, name, CloudflareJson.Default.CloudflareAnswerCloudflareRecord, stop);
        if (!answer.Success && answer.Errors?.Any(error => error.Code == IdenticalRecord) is not true)
        {
            throw Refused(name, answer.Errors);
        }
        await Task.Delay(settings.Settling, world.Clock, stop);
    }

    public async Task RemoveTextAsync(string name, string value, CancellationToken stop)
    {
        var zone = await ZoneAsync(name, stop);
        foreach (var record in await TextsAsync(zone, name, stop))
        {
            if (record.Id is { } id && DnsNames.Same(record.Name, name) && QuotedText.Read(record.Content) == value)
            {
                using var request = Request(HttpMethod.Delete, $"zones/{zone}/dns_records/{Uri.EscapeDataString(id)}");
                var (status, _) = await api.SendAsync(request, name, stop);
                // Gone already is gone.
                if (status is not (HttpStatusCode.OK or HttpStatusCode.NotFound))
                {
                    throw DnsProblems.Refused(Provider, name, $"It answered {(int)status} to the removal.");
                }
            }
        }
    }

    private async Task<List<CloudflareRecord>> TextsAsync(string zone, string name, CancellationToken stop)
    {
        var query = $"zones/{zone}/dns_records?type=TXT&name={Uri.EscapeDataString(name)}&per_page={RecordsMax}";
        using var request = Request(HttpMethod.Get, query);
        var answer = await AskAsync(request, name, CloudflareJson.Default.CloudflareAnswerListCloudflareRecord, stop);
        return answer.Success ? answer.Result ?? [] : throw Refused(name, answer.Errors);
    }

    private async Task<string> ZoneAsync(string name, CancellationToken stop)
    {
        if (settings.ZoneId is { } known)
        {
            return Uri.EscapeDataString(known);
        }
        foreach (var candidate in DnsNames.Candidates(name))
        {
            using var request = Request(HttpMethod.Get, $"zones?name={Uri.EscapeDataString(candidate)}");
            var answer = await AskAsync(request, name, CloudflareJson.Default.CloudflareAnswerListCloudflareZone, stop);
            if (!answer.Success)
            {
                throw Refused(name, answer.Errors);
            }
            if (answer.Result?.FirstOrDefault(zone => DnsNames.Same(zone.Name, candidate)) is { } found)
            {
                return Uri.EscapeDataString(found.Id);
            }
        }
        throw DnsProblems.NoZone(Provider, name);
    }

    private HttpRequestMessage Request(HttpMethod method, string path) =>
        new(method, new Uri(settings.Endpoint, $"/client/v4/{path}"))
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", settings.Token) },
        };

    private async Task<T> AskAsync<T>(
        HttpRequestMessage request,
        string name,
        JsonTypeInfo<T> type,
        CancellationToken stop
    )
        where T : class
    {
        var (_, body) = await api.SendAsync(request, name, stop);
        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw new JsonException("It is empty.");
        }
        catch (JsonException caught)
        {
            throw DnsProblems.Unreadable(Provider, name, caught);
        }
    }

    private static ProblemException Refused(string name, IReadOnlyList<CloudflareError>? errors) =>
        DnsProblems.Refused(
            Provider,
            name,
            string.Join(' ', (errors ?? []).Take(5).Select(error => $"{error.Message} ({error.Code})."))
        );
}
