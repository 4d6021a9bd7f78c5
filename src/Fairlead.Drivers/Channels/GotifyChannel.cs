using System.Text.Json.Nodes;
using Fairlead.Drivers.Channels.Texts;
using Fairlead.Model.Alerting;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Channels;

/// <summary>Pushes messages by a Gotify server (https://gotify.net/docs/pushmsg).</summary>
public sealed class GotifyChannel : IChannel
{
    private const int TextCharsMax = 8000;

    private readonly ChannelHttp http;

    internal GotifyChannel(ChannelHttp http) => this.http = http;

    public string Kind => "gotify";

    public IReadOnlyList<ChannelField> Fields { get; } =
    [
        new("url", "The server, such as `https://push.example.com`.") { IsRequired = true },
        new("token", "The application's token.") { IsRequired = true, IsSecret = true },
        new("priority", "0 to 10 for all; by default by the alerts' severity."),
    ];

    public string? Fault(ChannelSettings settings) =>
        ChannelWords.First(
            ChannelWords.AddressFault(settings, "url"),
            ChannelWords.TokenFault(settings, "token"),
            ChannelWords.NumberFault(settings, "priority", 0, 10)
        );

    public Task<Sent> SendAsync(Notification notification, ChannelSettings settings, CancellationToken stop) =>
        http.SendAsync(
            ChannelCall
                .Post(
                    $"{settings.Root("url", "")}/message",
                    Body(Told.Of(notification), settings.Number("priority")),
                    ChannelSecrets.Of(Fields, settings),
                    notification.Id
                )
                .With("X-Gotify-Key", settings.Needed("token")),
            stop
        );

    internal static JsonObject Body(Told told, int? priority)
    {
        var extras = new JsonObject { ["client::display"] = new JsonObject { ["contentType"] = "text/plain" } };
        if (told.Url is { } url)
        {
            extras["client::notification"] = new JsonObject { ["click"] = new JsonObject { ["url"] = url } };
        }
        return new()
        {
            ["title"] = told.Title,
            ["message"] = Markup.Plain.Text(told, TextCharsMax, hasTitle: false),
            ["priority"] = priority ?? PriorityOf(told),
            ["extras"] = extras,
        };
    }

    private static int PriorityOf(Told told) =>
        told.IsResolved ? 4
        : told.Urgency is Urgency.Critical ? 10
        : told.Urgency is Urgency.Error ? 8
        : told.Urgency is Urgency.Warning ? 5
        : 2;
}
