using System.Collections.Concurrent;
using System.Globalization;
using Fairlead.Drivers.Dns;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Fairlead.Scenarios.Dns;

/// <summary>Against a small server that answers as Cloudflare's API v4 is documented to: there is no real peer to run here.</summary>
public sealed class CloudflareScenarios : DnsZonesContract, IAsyncDisposable
{
    private const string Token = "token-of-the-test";

    private readonly ConcurrentDictionary<string, Record> records = new();
    private readonly HttpClient http = new();
    private WebApplication? server;
    private int port;

    private sealed record Record(string Id, string Type, string Name, string Content, int Ttl);

    [Fact]
    public async Task A_wrong_token_is_refused_and_not_printed()
    {
        await OpenAsync();
        var settings = Settings(port) with { Token = "wrong-token" };
        var zones = new CloudflareZones(settings, http, World);

        var caught = await Assert.ThrowsAsync<ProblemException>(() =>
            zones.AddTextAsync("shop.example.com", "x", Stop)
        );

        Assert.Equal("dns.refused", caught.Problem.Code);
        Assert.Equal("Invalid access token (9109).", caught.Problem.Why);
        Assert.DoesNotContain("wrong-token", $"{settings} {caught.Problem}", StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }
        http.Dispose();
    }

    protected override async Task<IDnsZones> OpenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        server = builder.Build();
        server.Urls.Add("http://127.0.0.1:0");
        server.Use(
            (context, next) =>
                context.Request.Headers.Authorization == $"Bearer {Token}"
                    ? next(context)
                    : Results.Json(Refusal(9109, "Invalid access token"), statusCode: 403).ExecuteAsync(context)
        );
        var api = server.MapGroup("/client/v4/zones");
        api.MapGet(
            "",
            (string name) => Fine(name == "shop.example.com" ? [new { id = "z1", name }] : Array.Empty<object>())
        );
        api.MapGet(
            "/z1/dns_records",
            (string type, string name) => Fine(records.Values.Where(one => one.Name == name && one.Type == type))
        );
        api.MapPost("/z1/dns_records", Create);
        api.MapDelete(
            "/z1/dns_records/{id}",
            (string id) => records.TryRemove(id, out _) ? Fine(new { id }) : Results.NotFound()
        );
        await server.StartAsync(Stop);
        port = new Uri(server.Urls.First()).Port;
        return OpenAt(port);
    }

    protected override IDnsZones OpenAt(int port) => new CloudflareZones(Settings(port), http, World);

    protected override Task<IReadOnlyList<string>> TextsAsync(string name) =>
        Task.FromResult<IReadOnlyList<string>>([
            .. records.Values.Where(one => one.Name == name).Select(one => QuotedText.Read(one.Content)),
        ]);

    private IResult Create(Record asked)
    {
        var record = asked with
        {
            Id = $"{asked.Name}|{asked.Content}"
                .GetHashCode(StringComparison.Ordinal)
                .ToString("x8", CultureInfo.InvariantCulture),
        };
        return records.TryAdd(record.Id, record)
            ? Fine(record)
            : Results.Json(Refusal(81058, "An identical record already exists."), statusCode: 400);
    }

    private static CloudflareZones.Settings Settings(int port) =>
        new()
        {
            Token = Token,
            Settling = TimeSpan.Zero,
            Endpoint = new Uri($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}"),
        };

    private static IResult Fine(object result) =>
        Results.Json(
            new
            {
                success = true,
                errors = Array.Empty<object>(),
                result,
            }
        );

    private static object Refusal(int code, string message) =>
        new
        {
            success = false,
            errors = new[] { new { code, message } },
            result = (object?)null,
        };
}
