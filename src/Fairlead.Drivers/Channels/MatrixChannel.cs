using System.Text.Json.Nodes;
using Fairlead.Drivers.Channels.Texts;
using Fairlead.Drivers.Forges;
using Fairlead.Model.Alerting;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Channels;

/// <summary>
/// Writes to a room of Matrix by its client-server API (https://spec.matrix.org/latest/client-server-api/). The transaction is the
/// notification's id, so a homeserver takes it once, however often it is sent.
/// </summary>
public sealed class MatrixChannel : IChannel
{
    // An event has 64 KiB at most, with the text twice, and letters of up to four bytes.
    private const int TextCharsMax = 6000;

    private readonly ChannelHttp http;

    internal MatrixChannel(ChannelHttp http) => this.http = http;

    public string Kind => "matrix";

    public IReadOnlyList<ChannelField> Fields { get; } =
    [
        new("homeserver", "The homeserver, such as `https://matrix.example.com`.") { IsRequired = true },
        new("access_token", "The access token of the user that writes.") { IsRequired = true, IsSecret = true },
        new("room", "The room's own id, such as `!abc:example.com` (not its `#name`); the user has to be in it.")
        {
            IsRequired = true,
        },
    ];

    public string? Fault(ChannelSettings settings) =>
        ChannelWords.First(
            ChannelWords.AddressFault(settings, "homeserver"),
            ChannelWords.TokenFault(settings, "access_token"),
            settings.Text("room") is { } room && !(room is ['!', _, ..] && room.Length <= 255)
                ? "'room' has to be the room's id, which begins with '!'; clients show it in the room's settings."
                : null
        );

    public Task<Sent> SendAsync(Notification notification, ChannelSettings settings, CancellationToken stop) =>
        http.SendAsync(Call(notification, settings), stop);

    internal ChannelCall Call(Notification notification, ChannelSettings settings)
    {
        var url =
            $"{settings.Root("homeserver", "")}/_matrix/client/v3/rooms/{Uri.EscapeDataString(settings.Needed("room"))}"
            + $"/send/m.room.message/{Uri.EscapeDataString(notification.Id)}";
        var secrets = ChannelSecrets.Of(Fields, settings);
        return ChannelCall
            .Post(url, Body(Told.Of(notification)), secrets, notification.Id)
            .WithBearer(settings.Needed("access_token")) with
        {
            Method = HttpMethod.Put,
            After = After,
        };
    }

    internal static JsonObject Body(Told told) =>
        new()
        {
            ["msgtype"] = "m.text",
            ["body"] = Markup.Plain.Text(told, TextCharsMax),
            ["format"] = "org.matrix.custom.html",
            ["formatted_body"] = Markup.Page.Text(told, TextCharsMax).Replace("\n", "<br>", StringComparison.Ordinal),
            // Whatever stands in texts, nobody is called by it.
            ["m.mentions"] = new JsonObject(),
        };

    /// <summary>{"errcode":"M_LIMIT_EXCEEDED","error":"Too many requests","retry_after_ms":2000}</summary>
    internal static TimeSpan? After(JsonNode? answer) =>
        answer.Long("retry_after_ms") is { } milliseconds ? Waits.Seconds(milliseconds / 1000d) : null;
}
