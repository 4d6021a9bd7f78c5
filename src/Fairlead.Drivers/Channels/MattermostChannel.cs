using System.Text.Json.Nodes;
using Fairlead.Drivers.Channels.Texts;
using Fairlead.Model.Alerting;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Channels;

/// <summary>Posts to an incoming webhook of Mattermost (https://developers.mattermost.com/integrate/webhooks/incoming).</summary>
public sealed class MattermostChannel : IChannel
{
    // Less than what a post may have, so that nothing is folded away or split into several.
    private const int TextCharsMax = 4000;

    private readonly ChannelHttp http;

    internal MattermostChannel(ChannelHttp http) => this.http = http;

    public string Kind => "mattermost";

    public IReadOnlyList<ChannelField> Fields { get; } =
    [
        new("webhook_url", "The webhook's address, such as `https://chat.example.com/hooks/...`.")
        {
            IsRequired = true,
            IsSecret = true,
        },
        new("channel", "Another channel than the webhook's own, where it may choose: `ops`."),
        new("username", "The name that it posts by, where it may choose."),
    ];

    public string? Fault(ChannelSettings settings) => ChannelWords.AddressFault(settings, "webhook_url");

    public Task<Sent> SendAsync(Notification notification, ChannelSettings settings, CancellationToken stop) =>
        http.SendAsync(
            ChannelCall.Post(
                settings.Needed("webhook_url"),
                Body(Told.Of(notification), settings),
                ChannelSecrets.Of(Fields, settings),
                notification.Id
            ),
            stop
        );

    internal static JsonObject Body(Told told, ChannelSettings settings)
    {
        var title = Markup.Mattermost.Escape(told.Title);
        var attachment = new JsonObject
        {
            ["color"] = told.Colour(),
            ["fallback"] = title,
            ["text"] = Markup.Mattermost.Text(told, TextCharsMax),
        };
        var body = new JsonObject { ["attachments"] = new JsonArray(attachment) };
        foreach (var name in (ReadOnlySpan<string>)["channel", "username"])
        {
            if (settings.Text(name) is { Length: > 0 } text)
            {
                body[name] = text;
            }
        }
        return body;
    }
}
