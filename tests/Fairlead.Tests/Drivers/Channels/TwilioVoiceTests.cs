using System.Xml.Linq;
using Fairlead.Drivers.Channels;
using Fairlead.Drivers.Channels.Texts;
using Fairlead.Model.Ports;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Drivers.Channels;

public sealed class TwilioVoiceTests
{
    [Fact]
    public async Task A_call_reads_the_alert_out()
    {
        await using var there = await PlayedHttp.StartAsync(Play.Takes);
        using var folder = new TempFolder();
        var twilio = AllChannels
            .Entries(new World(new FakeTimeProvider(Notices.Now), new Random(1)), folder.Path)
            .Single(static one => one.Kind == "twilio");
        var settings = new ChannelSettings(new Dictionary<string, IReadOnlyList<string>>())
            .With("api_url", $"http://127.0.0.1:{there.Port}")
            .With("account_sid", "AC1")
            .With("api_key_sid", "SK1")
            .With("auth_token", "token")
            .With("from", "+15005550006")
            .With("to", "+4915112345678")
            .With("mode", "voice");

        Assert.Null(twilio.Fault(settings));
        Assert.Equal(
            Sent.Taken,
            await twilio.SendAsync(Notices.Firing, settings, TestContext.Current.CancellationToken)
        );

        Assert.Equal(
            """
            POST /2010-04-01/Accounts/AC1/Calls.json
            Authorization: Basic U0sxOnRva2Vu
            Content-Type: application/x-www-form-urlencoded
            Idempotency-Key: aa11

            To=+4915112345678
            From=+15005550006
            Twiml=<Response><Say loop="2">This is Fairlead. FIRING 2: ErrorsHigh (shop/production) firing: 5 % of requests fail (instance=api@42#0) firing: 7 % of requests fail (instance=api@42#1)</Say></Response>

            """,
            Assert.Single(there.Seen)
        );
        Assert.Contains("from", twilio.Fault(settings.With("from", "MG1")), StringComparison.Ordinal);
        Assert.Contains(
            "another entry",
            twilio.Fault(settings.With("to", "+4915112345678", "+4915112345679")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void What_is_said_can_be_no_other_order_of_the_call()
    {
        var said = XElement.Parse(TwilioChannel.Speech(Told.Of(Notices.Hostile)));

        Assert.Equal("Say", Assert.Single(said.Elements()).Name.LocalName);
        Assert.Empty(said.Element("Say")!.Elements());
    }
}
