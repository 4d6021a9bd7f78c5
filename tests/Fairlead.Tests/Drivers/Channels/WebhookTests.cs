using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Model.Ports;
using Microsoft.AspNetCore.Http;

namespace Fairlead.Tests.Drivers.Channels;

public sealed class WebhookTests : HttpChannelContract
{
    protected override string Kind => "webhook";

    protected override ChannelSettings Settings(int port) =>
        Of(
            ("url", $"http://127.0.0.1:{port}/hooks/hush?key=hush"),
            ("secret", "hush-secret"),
            ("username", "ops"),
            ("password", "hush-password")
        );

    [Fact]
    public async Task Whoever_knows_the_secret_can_check_when_and_what_was_signed()
    {
        await using var there = await PlayedHttp.StartAsync(Play.Takes);
        await TellAsync(there);

        // As the guide says.
        var header = there
            .Seen[0]
            .Split('\n')
            .Single(static one => one.StartsWith("X-Fairlead-Signature: ", StringComparison.Ordinal));
        var parts = header
            .Split(' ')[1]
            .Split(',')
            .ToDictionary(static one => one.Split('=')[0], static one => one.Split('=')[1]);
        var expected = HMACSHA256.HashData(
            Encoding.UTF8.GetBytes("hush-secret"),
            Encoding.UTF8.GetBytes($"{parts["t"]}.{there.Bodies[0]}")
        );

        Assert.Equal(
            Notices.Now.ToUnixTimeSeconds(),
            long.Parse(parts["t"], System.Globalization.CultureInfo.InvariantCulture)
        );
        Assert.Equal(Convert.ToHexStringLower(expected), parts["v1"]);
    }

    [Fact]
    public async Task A_password_is_not_told_in_the_form_in_which_it_was_sent()
    {
        await using var there = await PlayedHttp.StartAsync(
            static (http, _) =>
            {
                http.Response.StatusCode = 401;
                return http.Response.WriteAsync($"you said {http.Request.Headers.Authorization}", Stop);
            }
        );

        var sent = await TellAsync(there);

        Assert.Equal(Sent.Never("127.0.0.1 answered 401: (its words hold a secret and are not shown)"), sent);
    }

    [Fact]
    public async Task What_is_left_out_is_counted()
    {
        await using var there = await PlayedHttp.StartAsync(Play.Takes);

        await Channel.SendAsync(Notices.Sixty, Settings(there.Port).With("max_alerts", "7"), Stop);

        var body = JsonNode.Parse(Assert.Single(there.Bodies))!;
        Assert.Equal((7, 53), (body["alerts"]!.AsArray().Count, body["truncatedAlerts"]!.GetValue<int>()));
    }

    [Fact]
    public async Task A_body_can_be_read_whatever_is_in_it()
    {
        await using var there = await PlayedHttp.StartAsync(Play.Takes);

        Assert.Equal(Sent.Taken, await Channel.SendAsync(Notices.Hostile, Settings(there.Port), Stop));

        var alert = JsonNode.Parse(there.Bodies[0])!["alerts"]![0]!;
        Assert.Equal("Evil\"><script>alert(1)</script>", alert["labels"]!["alertname"]!.GetValue<string>());
        Assert.Equal("/a\r\nBcc: all@example.com\r\n\r\nX", alert["labels"]!["path"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("url", "ftp://example.com/", "'url' is no address: it begins with https:// or http://.")]
    [InlineData(
        "url",
        "https://ann:pw@example.com/",
        "'url' has a user in it; give user and password by their own settings."
    )]
    [InlineData("max_alerts", "-1", "'max_alerts' has to be a number from 0 to 100000.")]
    [InlineData("max_alerts", "all", "'max_alerts' has to be a number from 0 to 100000.")]
    [InlineData("bearer_token", "abc", "'bearer_token' and 'username' cannot both be sent.")]
    [InlineData("username", "a:b", "'username' cannot have a colon.")]
    public void What_is_wrong_is_said_in_a_sentence(string name, string text, string fault) =>
        Assert.Equal(fault, Channel.Fault(Settings(1).With(name, text)));
}
