using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Model.Alerting;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Channels;

/// <summary>
/// Posts what Alertmanager posts, word for word (version 4, https://prometheus.io/docs/alerting/latest/configuration/#webhook_config), so that
/// whatever takes its webhooks takes ours. What is Fairlead's own is in a key of its own.
/// </summary>
public sealed class WebhookChannel : IChannel
{
    /// <summary>Holds when the body was signed, and the signature.</summary>
    public const string SignatureHeader = "X-Fairlead-Signature";

    // Go's zero time, which stands for "not over".
    private const string Never = "0001-01-01T00:00:00Z";

    private readonly ChannelHttp http;
    private readonly World world;

    internal WebhookChannel(ChannelHttp http, World world) => (this.http, this.world) = (http, world);

    public string Kind => "webhook";

    public IReadOnlyList<ChannelField> Fields { get; } =
    [
        new("url", "Where to post, such as `https://hooks.example.com/alerts`.") { IsRequired = true, IsSecret = true },
        new(
            "max_alerts",
            "At most so many alerts in one body; `truncatedAlerts` says how many were left out. 0, as by default, for all."
        ),
        new("secret", "Signs each body, in the header `X-Fairlead-Signature`.") { IsSecret = true },
        new("bearer_token", "Sent as `Authorization: Bearer ...`.") { IsSecret = true },
        new("username", "With `password` sent as `Authorization: Basic ...`."),
        new("password", "Belongs to `username`.") { IsSecret = true },
    ];

    public string? Fault(ChannelSettings settings) =>
        ChannelWords.First(
            ChannelWords.AddressFault(settings, "url"),
            ChannelWords.NumberFault(settings, "max_alerts", 0, 100_000),
            ChannelWords.TokenFault(settings, "bearer_token"),
            ChannelWords.BasicFault(settings, "username", "password"),
            settings.Text("bearer_token") is not null && settings.Text("username") is not null
                ? "'bearer_token' and 'username' cannot both be sent."
                : null
        );

    public Task<Sent> SendAsync(Notification notification, ChannelSettings settings, CancellationToken stop)
    {
        var call = ChannelCall
            .Post(
                settings.Needed("url"),
                Body(notification, settings.Number("max_alerts") ?? 0),
                ChannelSecrets.Of(Fields, settings),
                notification.Id
            )
            .WithBearer(settings.Text("bearer_token"))
            .WithBasic(settings.Text("username"), settings.Text("password"));
        return http.SendAsync(
            settings.Text("secret") is { Length: > 0 } secret
                ? call.With(SignatureHeader, Signature(secret, call.Body!, world.Now))
                : call,
            stop
        );
    }

    /// <summary><c>t=1732790400,v1=...</c>: the seconds since 1970 and the HMAC-SHA256 of <c>seconds.body</c>, as Stripe signs.</summary>
    internal static string Signature(string secret, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var seconds = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{seconds}."), .. body];
        return $"t={seconds},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed))}";
    }

    /// <summary>In the order of Alertmanager's own words.</summary>
    internal static JsonObject Body(Notification notification, int alertsMax)
    {
        var told = alertsMax > 0 ? notification.Alerts.Take(alertsMax).ToList() : [.. notification.Alerts];
        return new()
        {
            ["receiver"] = notification.Receiver,
            ["status"] = notification.IsResolved ? "resolved" : "firing",
            ["alerts"] = new JsonArray([.. told.Select(AlertOf)]),
            ["groupLabels"] = Words(notification.GroupLabels),
            ["commonLabels"] = Words(notification.CommonLabels),
            ["commonAnnotations"] = Words(notification.CommonAnnotations),
            ["externalURL"] = notification.ExternalUrl,
            ["version"] = "4",
            ["groupKey"] = notification.GroupKey,
            ["truncatedAlerts"] = notification.Alerts.Count - told.Count,
            ["fairlead"] = new JsonObject
            {
                ["id"] = notification.Id,
                ["at"] = Time(notification.At),
                ["title"] = notification.Title,
                ["headline"] = notification.Headline,
                ["severity"] = notification.Severity,
                ["acknowledged"] = notification.IsAcknowledged,
                ["notes"] = new JsonArray([.. notification.Notes.Select(static one => (JsonNode)one)]),
                ["links"] = new JsonArray([
                    .. notification.Links.Select(static one => new JsonObject
                    {
                        ["text"] = one.Text,
                        ["url"] = one.Url,
                    }),
                ]),
            },
        };
    }

    private static JsonNode AlertOf(Alert alert) =>
        new JsonObject
        {
            ["status"] = alert.IsFiring ? "firing" : "resolved",
            ["labels"] = Words(alert.Labels),
            ["annotations"] = Words(alert.Annotations),
            ["startsAt"] = Time(alert.StartsAt),
            ["endsAt"] = alert.EndsAt is { } end ? Time(end) : Never,
            ["generatorURL"] = alert.SourceUrl,
            ["fingerprint"] = alert.Fingerprint,
        };

    private static JsonObject Words(Labels labels) =>
        new(labels.Select(static one => KeyValuePair.Create(one.Name, (JsonNode?)one.Value)));

    // RFC 3339 as Go writes it: no zeros at the end of a fraction.
    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture);
}
