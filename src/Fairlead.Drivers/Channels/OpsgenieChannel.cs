using System.Text.Json.Nodes;
using Fairlead.Drivers.Channels.Texts;
using Fairlead.Model.Alerting;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Channels;

/// <summary>Creates, acknowledges and closes alerts by Opsgenie's Alert API v2 (https://docs.opsgenie.com/docs/alert-api), and by what speaks like it.</summary>
public sealed class OpsgenieChannel : IChannel
{
    private const int MessageCharsMax = 130;
    private const int DescriptionCharsMax = 15_000;
    private const int DetailsMax = 30;
    private const int DetailCharsMax = 130;

    private const StringSplitOptions SplitOptions =
        StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;

    private readonly ChannelHttp http;

    internal OpsgenieChannel(ChannelHttp http) => this.http = http;

    public string Kind => "opsgenie";

    public IReadOnlyList<ChannelField> Fields { get; } =
    [
        new("api_key", "The integration's key.") { IsRequired = true, IsSecret = true },
        new(
            "api_url",
            "Another address, such as `https://api.eu.opsgenie.com`; `https://api.opsgenie.com` by default."
        ),
        new("priority", "`P1` to `P5` for all; by default by the alerts' severity."),
        new("tags", "Tags of the alert: a list, or with commas."),
        new("update_alerts", "`true`: message and description of an alert that is open are renewed each time."),
    ];

    public string? Fault(ChannelSettings settings) =>
        ChannelWords.First(
            ChannelWords.AddressFault(settings, "api_url"),
            ChannelWords.TokenFault(settings, "api_key"),
            ChannelWords.OneOfFault(settings, "priority", "P1", "P2", "P3", "P4", "P5")
        );

    public async Task<Sent> SendAsync(Notification notification, ChannelSettings settings, CancellationToken stop)
    {
        var sent = Sent.Taken;
        foreach (var call in Calls(notification, settings))
        {
            sent = await http.SendAsync(call, stop);
            if (!sent.IsTaken)
            {
                break;
            }
        }
        return sent;
    }

    internal IEnumerable<ChannelCall> Calls(Notification notification, ChannelSettings settings)
    {
        var told = Told.Of(notification);
        var alias = GroupKeys.Hash(notification.GroupKey);
        var message = Fitting.Clip(told.Title, MessageCharsMax);
        var description = Markup.Plain.Text(told, DescriptionCharsMax, hasTitle: false);
        if (told.IsResolved || notification.IsAcknowledged)
        {
            yield return Call(
                HttpMethod.Post,
                $"/{alias}/{(told.IsResolved ? "close" : "acknowledge")}?identifierType=alias",
                new() { ["source"] = "Fairlead", ["note"] = message }
            );
            yield break;
        }
        yield return Call(
            HttpMethod.Post,
            "",
            new()
            {
                ["alias"] = alias,
                ["message"] = message,
                ["description"] = description,
                ["tags"] = new JsonArray([
                    .. settings
                        .All("tags")
                        .SelectMany(static one => one.Split(',', SplitOptions))
                        .Select(static one => (JsonNode)Fitting.Clip(one, 50)),
                ]),
                ["priority"] = settings.Or("priority", PriorityOf(told.Urgency)),
                ["source"] = "Fairlead",
                ["details"] = Details(notification),
            }
        );
        if (settings.Is("update_alerts"))
        {
            yield return Call(
                HttpMethod.Put,
                $"/{alias}/message?identifierType=alias",
                new() { ["message"] = message }
            );
            yield return Call(
                HttpMethod.Put,
                $"/{alias}/description?identifierType=alias",
                new() { ["description"] = description }
            );
        }

        ChannelCall Call(HttpMethod method, string path, JsonObject body) =>
            ChannelCall
                .Post(
                    $"{settings.Root("api_url", "https://api.opsgenie.com")}/v2/alerts{path}",
                    body,
                    ChannelSecrets.Of(Fields, settings),
                    notification.Id
                )
                .With("Authorization", $"GenieKey {settings.Needed("api_key")}") with
            {
                Method = method,
            };
    }

    // They may have 8,000 letters in all.
    private static JsonObject Details(Notification notification) =>
        new(
            notification
                .CommonLabels.Take(DetailsMax)
                .Select(static one =>
                    KeyValuePair.Create(
                        Fitting.Clip(one.Name, DetailCharsMax),
                        (JsonNode?)Fitting.Clip(Fitting.Line(one.Value), DetailCharsMax)
                    )
                )
                .DistinctBy(static one => one.Key)
        );

    private static string PriorityOf(Urgency urgency) =>
        urgency switch
        {
            Urgency.Critical => "P1",
            Urgency.Error => "P2",
            Urgency.Warning => "P3",
            _ => "P5",
        };
}
