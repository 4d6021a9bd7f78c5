using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Drivers.Channels.Texts;
using Fairlead.Model.Alerting;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Channels;

/// <summary>
/// Triggers, acknowledges and resolves incidents by PagerDuty's Events API v2 (https://developer.pagerduty.com/docs/events-api-v2-overview),
/// and by what speaks like it.
/// </summary>
public sealed class PagerDutyChannel : IChannel
{
    private const int SummaryCharsMax = 1024;
    private const int SourceCharsMax = 255;

    // An event has 512 KB at most.
    private const int DetailsCharsMax = 60_000;

    private readonly ChannelHttp http;

    internal PagerDutyChannel(ChannelHttp http) => this.http = http;

    public string Kind => "pagerduty";

    public IReadOnlyList<ChannelField> Fields { get; } =
    [
        new("routing_key", "The integration's key: 32 letters and digits.") { IsRequired = true, IsSecret = true },
        new("url", "Another address; `https://events.pagerduty.com/v2/enqueue` by default."),
        new("severity", "`critical`, `error`, `warning` or `info` for all; by default the alerts' own."),
        new("client", "The name of what tells; `Fairlead` by default."),
        new("class", "PagerDuty's `class`."),
        new("component", "PagerDuty's `component`; the alerts' service by default."),
        new("group", "PagerDuty's `group`; the alerts' app by default."),
    ];

    public string? Fault(ChannelSettings settings) =>
        ChannelWords.First(
            ChannelWords.AddressFault(settings, "url"),
            ChannelWords.OneOfFault(settings, "severity", "critical", "error", "warning", "info")
        );

    public Task<Sent> SendAsync(Notification notification, ChannelSettings settings, CancellationToken stop) =>
        http.SendAsync(
            ChannelCall.Post(
                settings.Or("url", "https://events.pagerduty.com/v2/enqueue"),
                Body(notification, settings),
                ChannelSecrets.Of(Fields, settings),
                notification.Id
            ),
            stop
        );

    internal static JsonObject Body(Notification notification, ChannelSettings settings)
    {
        var told = Told.Of(notification);
        var body = new JsonObject
        {
            ["routing_key"] = settings.Needed("routing_key"),
            ["event_action"] =
                told.IsResolved ? "resolve"
                : notification.IsAcknowledged ? "acknowledge"
                : "trigger",
            ["dedup_key"] = GroupKeys.Hash(notification.GroupKey),
            ["client"] = settings.Or("client", "Fairlead"),
        };
        if (Told.IsLink(notification.ExternalUrl))
        {
            body["client_url"] = notification.ExternalUrl;
        }
        body["payload"] = Payload(notification, told, settings);
        body["links"] = new JsonArray([
            .. told.Links.Select(static one => new JsonObject { ["href"] = one.Url, ["text"] = one.Text }),
        ]);
        return body;
    }

    private static JsonObject Payload(Notification notification, Told told, ChannelSettings settings)
    {
        var common = notification.CommonLabels;
        var payload = new JsonObject
        {
            ["summary"] = Fitting.Clip(told.Title, SummaryCharsMax),
            ["source"] = SourceOf(notification, common),
            ["severity"] = settings.Or("severity", SeverityOf(told.Urgency)),
            ["timestamp"] = notification.At.UtcDateTime.ToString(
                "yyyy-MM-ddTHH:mm:ss.fffK",
                CultureInfo.InvariantCulture
            ),
        };
        foreach (
            var (name, otherwise) in new[]
            {
                ("class", ""),
                ("component", common[Source.ServiceLabel]),
                ("group", common[Source.AppLabel]),
            }
        )
        {
            if (settings.Or(name, otherwise) is { Length: > 0 } text)
            {
                payload[name] = Fitting.Clip(Fitting.Line(text), SourceCharsMax);
            }
        }
        payload["custom_details"] = new JsonObject
        {
            ["num_firing"] = notification.Firing.Count(),
            ["num_resolved"] = notification.Resolved.Count(),
            ["text"] = Markup.Plain.Text(told, DetailsCharsMax, hasTitle: false),
        };
        return payload;
    }

    private static string SourceOf(Notification notification, Labels common) =>
        Fitting.Clip(
            Fitting.Line(
                common["instance"] is { Length: > 0 } instance ? instance
                : common[Source.AppLabel] is { Length: > 0 } app ? app
                : Uri.TryCreate(notification.ExternalUrl, UriKind.Absolute, out var url) ? url.Host
                : "fairlead"
            ),
            SourceCharsMax
        );

    private static string SeverityOf(Urgency urgency) =>
        urgency switch
        {
            Urgency.Critical => "critical",
            Urgency.Warning => "warning",
            Urgency.Low => "info",
            _ => "error",
        };
}
