using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Drivers.Channels;
using Fairlead.Drivers.Channels.Issues;
using Fairlead.Drivers.Channels.Texts;
using Fairlead.Model.Alerting;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Tests.Drivers.Channels;

/// <summary>Thousands of alerts whose labels are as long as anybody can make them, and in letters that take the most: all of it is taken by each service.</summary>
public sealed class LimitTests
{
    private static readonly string Long = string.Concat(Enumerable.Repeat("😀<&\"*漢@", 2000));

    private static readonly Notification Much = Notices.Of(
        "ee55",
        [
            .. Enumerable
                .Range(0, 3000)
                .Select(static number => new Alert(
                    Labels.Of([
                        new(Alert.NameLabel, Long),
                        new("instance", $"{number}{Long}"),
                        .. Enumerable.Range(0, 60).Select(static one => new Label($"label{one}", Long)),
                    ]),
                    Labels.Of([new("summary", Long)]),
                    Notices.Now
                )),
        ]
    ) with
    {
        Notes = [.. Enumerable.Repeat(Long, 200)],
        Links = [.. Enumerable.Repeat(new NotificationLink(Long, "https://fairlead.example.com/ack"), 20)],
    };

    private static readonly Told Told = Told.Of(Much);

    private static ChannelSettings Settings { get; } =
        new(
            new Dictionary<string, IReadOnlyList<string>>
            {
                ["chat_id"] = ["1"],
                ["topic"] = ["t"],
                ["routing_key"] = ["k"],
                ["api_key"] = ["k"],
            }
        );

    [Fact]
    public void Chats_take_it()
    {
        Assert.InRange(Text(SlackChannel.Body(Told, Settings)["attachments"]![0]!["text"]).Length, 1000, 3000);
        Assert.InRange(Text(MattermostChannel.Body(Told, Settings)["attachments"]![0]!["text"]).Length, 1000, 4000);
        Assert.InRange(Text(TelegramChannel.Body(Told, Settings)["text"]).Length, 1000, 4096);
        var embed = DiscordChannel.Body(Told, null)["embeds"]![0]!;
        Assert.InRange(Text(embed["title"]).Length, 100, 256);
        Assert.InRange(Text(embed["description"]).Length, 1000, 4096);
        Assert.InRange(ChannelCall.BytesOf(MsTeamsChannel.Body(Told)).Length, 10_000, 28 << 10);
        Assert.InRange(ChannelCall.BytesOf(MatrixChannel.Body(Told)).Length, 10_000, 60_000);
    }

    [Fact]
    public void Pushes_and_pagers_take_it()
    {
        Assert.InRange(Encoding.UTF8.GetByteCount(Text(NtfyChannel.Body(Told, Settings)["message"])), 1000, 4096);
        Assert.InRange(ChannelCall.BytesOf(GotifyChannel.Body(Told, null)).Length, 1000, 64 << 10);
        var pager = PagerDutyChannel.Body(Much, Settings);
        Assert.InRange(Text(pager["payload"]!["summary"]).Length, 100, 1024);
        Assert.InRange(ChannelCall.BytesOf(pager).Length, 10_000, 512_000);
        using var http = new ChannelHttp(new World(TimeProvider.System, new Random(1)));
        var opsgenie = JsonNode.Parse(new OpsgenieChannel(http).Calls(Much, Settings).First().Body)!;
        Assert.InRange(Text(opsgenie["message"]).Length, 100, 130);
        Assert.InRange(Text(opsgenie["description"]).Length, 1000, 15_000);
        Assert.InRange(
            opsgenie["details"]!.AsObject().Sum(static one => one.Key.Length + Text(one.Value).Length),
            1000,
            8000
        );
        Assert.InRange(TwilioChannel.Speech(Told).Length, 100, 4000);
    }

    [Fact]
    public void Issues_and_mail_take_it()
    {
        var issue = IssueText.Of(Much, 250, 30_000);
        Assert.InRange(issue.Title.Length, 100, 256);
        Assert.InRange(issue.First.Length, 10_000, 65_536);
        Assert.All(
            Fairlead
                .Drivers.Channels.Mail.MailText.Of(
                    Much,
                    new("Fairlead", "a@example.com"),
                    [new("Ops", "b@example.com")]
                )
                .ToString()
                .Split('\n'),
            static line => Assert.InRange(line.Length, 0, 998)
        );
    }

    private static string Text(JsonNode? node) => node!.GetValue<string>();
}
