using System.Text.Json.Nodes;
using Fairlead.Drivers.Channels.Texts;
using Fairlead.Model.Alerting;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Channels;

/// <summary>Posts to an incoming webhook of Slack (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks), or of what speaks like it.</summary>
public sealed class SlackChannel : IChannel
{
    // A block of text takes 3,000 letters, longer messages are cut in lists.
    private const int TextCharsMax = 3000;

    private readonly ChannelHttp http;

    internal SlackChannel(ChannelHttp http) => this.http = http;

    public string Kind => "slack";

    public IReadOnlyList<ChannelField> Fields { get; } =
    [
        new("api_url", "The webhook's address, such as `https://hooks.slack.com/services/...`.")
        {
            IsRequired = true,
            IsSecret = true,
        },
        new("channel", "Another channel than the webhook's own, where it may choose: `#ops`."),
        new("username", "The name that it posts by, where it may choose."),
        new("icon_emoji", "The picture that it posts with, where it may choose: `:ship:`."),
    ];

    public string? Fault(ChannelSettings settings) => ChannelWords.AddressFault(settings, "api_url");

    public Task<Sent> SendAsync(Notification notification, ChannelSettings settings, CancellationToken stop) =>
        http.SendAsync(
            ChannelCall.Post(
                settings.Needed("api_url"),
                Body(Told.Of(notification), settings),
                ChannelSecrets.Of(Fields, settings),
                notification.Id
            ),
            stop
        );

    internal static JsonObject Body(Told told, ChannelSettings settings)
    {
        var title = Markup.Slack.Escape(told.Title);
        var attachment = new JsonObject
        {
            ["color"] = told.Colour(),
            ["fallback"] = title,
            ["text"] = Markup.Slack.Text(told, TextCharsMax, hasTitle: false),
            ["mrkdwn_in"] = new JsonArray("text"),
        };
        var body = new JsonObject
        {
            ["text"] = Markup.Slack.Strong(title),
            ["attachments"] = new JsonArray(attachment),
        };
        foreach (var name in (ReadOnlySpan<string>)["channel", "username", "icon_emoji"])
        {
            if (settings.Text(name) is { Length: > 0 } text)
            {
                body[name] = text;
            }
        }
        return body;
    }
}
