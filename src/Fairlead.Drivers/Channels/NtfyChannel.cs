using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Drivers.Channels.Texts;
using Fairlead.Model.Alerting;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Channels;

/// <summary>Publishes to a topic of ntfy, the public one or one's own (https://docs.ntfy.sh/publish/#publish-as-json).</summary>
public sealed class NtfyChannel : IChannel
{
    // What is longer is made a file.
    private const int TextBytesMax = 4000;
    private const int ActionsMax = 3;

    private readonly ChannelHttp http;

    internal NtfyChannel(ChannelHttp http) => this.http = http;

    public string Kind => "ntfy";

    public IReadOnlyList<ChannelField> Fields { get; } =
    [
        new("topic", "The topic. On a server that lets everybody read, its name is the only secret that there is.")
        {
            IsRequired = true,
            IsSecret = true,
        },
        new("url", "The server; `https://ntfy.sh` by default."),
        new("token", "An access token, `tk_...`.") { IsSecret = true },
        new("username", "With `password` instead of a token."),
        new("password", "Belongs to `username`.") { IsSecret = true },
        new("priority", "1 to 5 for all; by default by the alerts' severity."),
    ];

    public string? Fault(ChannelSettings settings) =>
        ChannelWords.First(
            ChannelWords.AddressFault(settings, "url"),
            settings.Text("topic") is { } topic && !IsTopic(topic)
                ? "'topic' has to be 1 to 64 letters, digits, - and _."
                : null,
            ChannelWords.TokenFault(settings, "token"),
            ChannelWords.BasicFault(settings, "username", "password"),
            ChannelWords.NumberFault(settings, "priority", 1, 5)
        );

    public Task<Sent> SendAsync(Notification notification, ChannelSettings settings, CancellationToken stop) =>
        http.SendAsync(
            ChannelCall
                .Post(
                    settings.Root("url", "https://ntfy.sh"),
                    Body(Told.Of(notification), settings),
                    ChannelSecrets.Of(Fields, settings),
                    notification.Id
                )
                .WithBearer(settings.Text("token"))
                .WithBasic(
                    settings.Text("token") is null ? settings.Text("username") : null,
                    settings.Text("password")
                ),
            stop
        );

    internal static JsonObject Body(Told told, ChannelSettings settings)
    {
        var body = new JsonObject
        {
            ["topic"] = settings.Needed("topic"),
            ["title"] = told.Title,
            ["message"] = Markup.Plain.Text(
                told with
                {
                    Links = [],
                },
                TextBytesMax,
                hasTitle: false,
                Encoding.UTF8.GetByteCount
            ),
            ["priority"] = settings.Number("priority") ?? PriorityOf(told),
            ["tags"] = new JsonArray(told.IsResolved ? "white_check_mark" : "rotating_light"),
            ["actions"] = new JsonArray([
                .. told
                    .Links.Take(ActionsMax)
                    .Select(static one => new JsonObject
                    {
                        ["action"] = "view",
                        ["label"] = one.Text,
                        ["url"] = one.Url,
                    }),
            ]),
        };
        if (told.Url is { } url)
        {
            body["click"] = url;
        }
        return body;
    }

    private static int PriorityOf(Told told) =>
        told.IsResolved ? 3
        : told.Urgency is Urgency.Critical ? 5
        : told.Urgency is Urgency.Error ? 4
        : told.Urgency is Urgency.Warning ? 3
        : 2;

    private static bool IsTopic(string topic) =>
        topic.Length is > 0 and <= 64 && topic.All(static one => char.IsAsciiLetterOrDigit(one) || one is '-' or '_');
}
