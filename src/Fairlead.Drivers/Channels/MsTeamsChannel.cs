using System.Text.Json.Nodes;
using Fairlead.Drivers.Channels.Texts;
using Fairlead.Model.Alerting;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Channels;

/// <summary>
/// Posts an adaptive card to a workflow of Microsoft Teams ("Post to a channel when a webhook request is received"). Texts are in runs, in which
/// nothing means anything, so there is nothing to escape.
/// </summary>
public sealed class MsTeamsChannel : IChannel
{
    // A message has 28 KiB at most; what is around the lines takes less than 4.
    private const int LinesBytesMax = 24_000;

    private readonly ChannelHttp http;

    internal MsTeamsChannel(ChannelHttp http) => this.http = http;

    public string Kind => "msteams";

    public IReadOnlyList<ChannelField> Fields { get; } =
    [
        new(
            "webhook_url",
            "The workflow's address, such as `https://prod-00.westeurope.logic.azure.com/workflows/...`."
        )
        {
            IsRequired = true,
            IsSecret = true,
        },
    ];

    public string? Fault(ChannelSettings settings) => ChannelWords.AddressFault(settings, "webhook_url");

    public Task<Sent> SendAsync(Notification notification, ChannelSettings settings, CancellationToken stop) =>
        http.SendAsync(
            ChannelCall.Post(
                settings.Needed("webhook_url"),
                Body(Told.Of(notification)),
                ChannelSecrets.Of(Fields, settings),
                notification.Id
            ),
            stop
        );

    internal static JsonObject Body(Told told)
    {
        var title = Line(told.Title);
        var run = title["inlines"]![0]!.AsObject();
        (run["size"], run["weight"], run["color"]) = ("Medium", "Bolder", told.IsResolved ? "Good" : "Attention");
        var alerts = Fitting.Take(told.Alerts, LinesBytesMax - LinesBytesMax / 4, Size);
        var notes = Fitting.Take([.. told.Notes.Select(static one => $"• {one}")], LinesBytesMax / 4, Size, " notes");
        return new()
        {
            ["type"] = "message",
            ["attachments"] = new JsonArray(
                new JsonObject
                {
                    ["contentType"] = "application/vnd.microsoft.card.adaptive",
                    ["contentUrl"] = null,
                    ["content"] = new JsonObject
                    {
                        ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
                        ["type"] = "AdaptiveCard",
                        ["version"] = "1.4",
                        ["fallbackText"] = told.Title,
                        ["body"] = new JsonArray([title, .. alerts.Concat(notes).Select(Line)]),
                        ["actions"] = new JsonArray([.. told.Links.Select(Action)]),
                        ["msteams"] = new JsonObject { ["width"] = "Full" },
                    },
                }
            ),
        };
    }

    private static int Size(string line) => ChannelCall.BytesOf(Line(line)).Length;

    private static JsonObject Line(string text) =>
        new()
        {
            ["type"] = "RichTextBlock",
            ["spacing"] = "Small",
            ["inlines"] = new JsonArray(new JsonObject { ["type"] = "TextRun", ["text"] = text }),
        };

    private static JsonObject Action(NotificationLink link) =>
        new()
        {
            ["type"] = "Action.OpenUrl",
            ["title"] = link.Text,
            ["url"] = link.Url,
        };
}
