using Fairlead.Model.Ports;

namespace Fairlead.Tests.Drivers.Channels;

// Chats and pushes: what they promise is all in the contract, and what they say in the goldens.

public sealed class SlackTests : HttpChannelContract
{
    protected override string Kind => "slack";

    protected override ChannelSettings Settings(int port) =>
        Of(("api_url", $"http://127.0.0.1:{port}/services/T1/B1/hush-4f9a8b7c"), ("channel", "#ops"));
}

public sealed class MattermostTests : HttpChannelContract
{
    protected override string Kind => "mattermost";

    protected override ChannelSettings Settings(int port) =>
        Of(("webhook_url", $"http://127.0.0.1:{port}/hooks/hush"), ("channel", "ops"), ("username", "fairlead"));
}

public sealed class MsTeamsTests : HttpChannelContract
{
    protected override string Kind => "msteams";

    protected override ChannelSettings Settings(int port) =>
        Of(("webhook_url", $"http://127.0.0.1:{port}/workflows/1/invoke?api-version=1&sig=hush%2Bhush"));
}

public sealed class DiscordTests : HttpChannelContract
{
    protected override string Kind => "discord";

    protected override ChannelSettings Settings(int port) =>
        Of(("webhook_url", $"http://127.0.0.1:{port}/api/webhooks/1/hush"), ("username", "Fairlead"));
}

public sealed class TelegramTests : HttpChannelContract
{
    protected override string Kind => "telegram";

    protected override ChannelSettings Settings(int port) =>
        Of(
            ("api_url", $"http://127.0.0.1:{port}"),
            ("bot_token", "12:hush_token"),
            ("chat_id", "-1001234567890"),
            ("message_thread_id", "5")
        );
}

public sealed class NtfyTests : HttpChannelContract
{
    protected override string Kind => "ntfy";

    protected override ChannelSettings Settings(int port) =>
        Of(("url", $"http://127.0.0.1:{port}/"), ("topic", "hush-ops"), ("token", "tk_hush"));
}

public sealed class GotifyTests : HttpChannelContract
{
    protected override string Kind => "gotify";

    protected override ChannelSettings Settings(int port) =>
        Of(("url", $"http://127.0.0.1:{port}/push/"), ("token", "hush.token"));
}

public sealed class MatrixTests : HttpChannelContract
{
    protected override string Kind => "matrix";

    protected override ChannelSettings Settings(int port) =>
        Of(("homeserver", $"http://127.0.0.1:{port}"), ("access_token", "syt_hush"), ("room", "!a/b:example.com"));
}

public sealed class TwilioTextTests : HttpChannelContract
{
    protected override string Kind => "twilio";

    protected override ChannelSettings Settings(int port) =>
        Of(
            ("api_url", $"http://127.0.0.1:{port}"),
            ("account_sid", "AC1"),
            ("auth_token", "hush-token"),
            ("from", "+15005550006"),
            ("to", "+4915112345678")
        );
}

public sealed class OpsgenieTests : HttpChannelContract
{
    protected override string Kind => "opsgenie";

    protected override ChannelSettings Settings(int port) =>
        Of(
            ("api_url", $"http://127.0.0.1:{port}"),
            ("api_key", "hush-key"),
            ("tags", "shop"),
            ("update_alerts", "true")
        );

    [Fact]
    public async Task What_somebody_took_on_is_acknowledged()
    {
        await using var there = await PlayedHttp.StartAsync(Play.Takes);

        await Channel.SendAsync(Notices.Firing with { IsAcknowledged = true }, Settings(there.Port), Stop);

        Assert.Matches("^POST /v2/alerts/[0-9a-f]{64}/acknowledge\\?identifierType=alias\n", Assert.Single(there.Seen));
    }
}

public sealed class PagerDutyTests : HttpChannelContract
{
    protected override string Kind => "pagerduty";

    protected override ChannelSettings Settings(int port) =>
        Of(("url", $"http://127.0.0.1:{port}/v2/enqueue"), ("routing_key", "hush-routing-key"));

    [Theory]
    [InlineData("page", "critical")]
    [InlineData("ticket", "warning")]
    [InlineData("critical", "critical")]
    [InlineData("info", "info")]
    [InlineData("sideways", "error")]
    public async Task Severities_are_the_pagers_own(string severity, string said)
    {
        await using var there = await PlayedHttp.StartAsync(Play.Takes);
        var alert = Notices.Firing.Alerts[0];

        await Channel.SendAsync(
            Notices.Firing with
            {
                Alerts = [alert with { Labels = alert.Labels.With("severity", severity) }],
            },
            Settings(there.Port),
            Stop
        );

        Assert.Contains($"\"severity\":\"{said}\"", Assert.Single(there.Bodies), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_that_is_said_of_a_group_has_one_key_and_its_action()
    {
        await using var there = await PlayedHttp.StartAsync(Play.Takes);
        var settings = Settings(there.Port);

        await Channel.SendAsync(Notices.Firing, settings, Stop);
        await Channel.SendAsync(Notices.Firing with { IsAcknowledged = true, Id = "a1" }, settings, Stop);
        await Channel.SendAsync(Notices.Resolved, settings, Stop);
        await Channel.SendAsync(Notices.Resolved with { Headline = "The incident is over" }, settings, Stop);

        var bodies = there.Bodies.Select(static one => System.Text.Json.Nodes.JsonNode.Parse(one)!).ToList();
        Assert.Equal(
            ["trigger", "acknowledge", "resolve", "resolve"],
            bodies.Select(static one => one["event_action"]!.GetValue<string>())
        );
        var key = Assert.Single(bodies.Select(static one => one["dedup_key"]!.GetValue<string>()).Distinct());
        Assert.Matches("^[0-9a-f]{64}$", key);
    }
}
