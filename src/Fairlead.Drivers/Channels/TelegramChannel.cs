using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Drivers.Channels.Texts;
using Fairlead.Drivers.Forges;
using Fairlead.Model.Alerting;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Channels;

/// <summary>Writes to a chat by a bot of Telegram (https://core.telegram.org/bots/api#sendmessage).</summary>
public sealed class TelegramChannel : IChannel
{
    // Of what is seen; what is escaped is counted as it is written, so it is always less.
    private const int TextCharsMax = 4096;

    private readonly ChannelHttp http;

    internal TelegramChannel(ChannelHttp http) => this.http = http;

    public string Kind => "telegram";

    public IReadOnlyList<ChannelField> Fields { get; } =
    [
        new("bot_token", "The bot's token, as BotFather gave it.") { IsRequired = true, IsSecret = true },
        new("chat_id", "The chat: a number such as `-1001234567890`, or a channel's name such as `@ops`.")
        {
            IsRequired = true,
        },
        new("message_thread_id", "The topic, in a group that has topics."),
        new("disable_notifications", "`true`: without a sound."),
        new("api_url", "Another server of the bot API; `https://api.telegram.org` by default."),
    ];

    public string? Fault(ChannelSettings settings) =>
        ChannelWords.First(
            ChannelWords.AddressFault(settings, "api_url"),
            settings.Text("bot_token") is { } token && !IsToken(token)
                ? "'bot_token' has to be a number, a colon, and letters, digits, - and _."
                : null,
            settings.Text("chat_id") is { } chat && !IsChat(chat) ? "'chat_id' has to be a number or an @name." : null,
            ChannelWords.NumberFault(settings, "message_thread_id", 1, int.MaxValue)
        );

    public Task<Sent> SendAsync(Notification notification, ChannelSettings settings, CancellationToken stop)
    {
        var call = ChannelCall.Post(
            $"{settings.Root("api_url", "https://api.telegram.org")}/bot{settings.Needed("bot_token")}/sendMessage",
            Body(Told.Of(notification), settings),
            ChannelSecrets.Of(Fields, settings),
            notification.Id
        );
        return http.SendAsync(call with { After = After }, stop);
    }

    internal static JsonObject Body(Told told, ChannelSettings settings)
    {
        var chat = settings.Needed("chat_id");
        var body = new JsonObject
        {
            ["chat_id"] = long.TryParse(chat, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id)
                ? id
                : chat,
            ["text"] = Markup.Telegram.Text(told, TextCharsMax),
            ["parse_mode"] = "HTML",
            ["link_preview_options"] = new JsonObject { ["is_disabled"] = true },
        };
        if (settings.Number("message_thread_id") is { } topic)
        {
            body["message_thread_id"] = topic;
        }
        if (settings.Is("disable_notifications"))
        {
            body["disable_notification"] = true;
        }
        return body;
    }

    /// <summary>{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 35","parameters":{"retry_after":35}}</summary>
    internal static TimeSpan? After(JsonNode? answer) =>
        (answer as JsonObject)?["parameters"].Long("retry_after") is { } seconds ? Waits.Seconds(seconds) : null;

    // It becomes a part of an address.
    private static bool IsToken(string token) =>
        token.Split(':') is [{ Length: > 0 } bot, { Length: > 0 } key]
        && bot.All(char.IsAsciiDigit)
        && key.All(static one => char.IsAsciiLetterOrDigit(one) || one is '-' or '_');

    private static bool IsChat(string chat) =>
        long.TryParse(chat, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
        || (chat is ['@', _, ..] && chat.Skip(1).All(static one => char.IsAsciiLetterOrDigit(one) || one is '_'));
}
