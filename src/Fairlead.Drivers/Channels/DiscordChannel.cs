using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Drivers.Channels.Texts;
using Fairlead.Model.Alerting;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Channels;

/// <summary>Posts to a webhook of Discord (https://discord.com/developers/docs/resources/webhook#execute-webhook).</summary>
public sealed class DiscordChannel : IChannel
{
    private const int TitleCharsMax = 256;
    private const int TextCharsMax = 4096;

    private readonly ChannelHttp http;

    internal DiscordChannel(ChannelHttp http) => this.http = http;

    public string Kind => "discord";

    public IReadOnlyList<ChannelField> Fields { get; } =
    [
        new("webhook_url", "The webhook's address, such as `https://discord.com/api/webhooks/...`.")
        {
            IsRequired = true,
            IsSecret = true,
        },
        new("username", "The name that it posts by; at most 80 letters."),
    ];

    public string? Fault(ChannelSettings settings) =>
        ChannelWords.First(
            ChannelWords.AddressFault(settings, "webhook_url"),
            settings.Text("username") is { Length: > 80 } ? "'username' has more than 80 letters." : null
        );

    public Task<Sent> SendAsync(Notification notification, ChannelSettings settings, CancellationToken stop)
    {
        var call = ChannelCall.Post(
            settings.Needed("webhook_url"),
            Body(Told.Of(notification), settings.Text("username")),
            ChannelSecrets.Of(Fields, settings),
            notification.Id
        );
        return http.SendAsync(call with { After = After }, stop);
    }

    internal static JsonObject Body(Told told, string? username)
    {
        var embed = new JsonObject
        {
            // Titles know no markdown but what is escaped.
            ["title"] = Fitting.Clip(told.Title, TitleCharsMax),
            ["description"] = Markup.Discord.Text(told, TextCharsMax, hasTitle: false),
            ["color"] = int.Parse(told.Colour().AsSpan(1), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
        };
        if (told.Url is { } url)
        {
            embed["url"] = url;
        }
        var body = new JsonObject
        {
            ["embeds"] = new JsonArray(embed),
            // Whatever stands in texts, nobody is called by it.
            ["allowed_mentions"] = new JsonObject { ["parse"] = new JsonArray() },
        };
        if (username is { Length: > 0 })
        {
            body["username"] = username;
        }
        return body;
    }

    /// <summary>{"message": "You are being rate limited.", "retry_after": 64.57, "global": false}</summary>
    internal static TimeSpan? After(JsonNode? answer) =>
        (answer as JsonObject)?["retry_after"] is JsonValue value && value.TryGetValue<double>(out var seconds)
            ? Waits.Seconds(seconds)
            : null;
}
