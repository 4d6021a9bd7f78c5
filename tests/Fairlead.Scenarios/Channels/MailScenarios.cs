using Fairlead.Drivers.Channels;
using Fairlead.Model.Ports;
using Fairlead.Tests.Drivers.Channels;

namespace Fairlead.Scenarios.Channels;

/// <summary>Mail goes to a real server (aiosmtpd) that takes it only sealed and with a password.</summary>
public sealed class MailScenarios
{
    private static readonly IChannel Email = AllChannels
        .Entries(new World(TimeProvider.System, new Random(1)), "none")
        .Single(static one => one.Kind == "email");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("starttls")]
    [InlineData("implicit")]
    public async Task Mail_is_handed_over_sealed_and_with_a_password(string tls)
    {
        await using var server = await MailPeer.StartAsync(tls, "localhost");
        var settings = server.Settings.With("force_implicit_tls", tls == "implicit" ? "true" : "false");

        Assert.Null(Email.Fault(settings));
        Assert.Equal(Sent.Taken, await Email.SendAsync(Notices.Firing, settings, Stop));
        Assert.Equal(Sent.Taken, await Email.SendAsync(Notices.Hostile, settings, Stop));

        var mails = server.Mails;
        Assert.Equal(
            [
                "fairlead@example.com ops@example.com,ann@example.com True fairlead",
                "fairlead@example.com ops@example.com,ann@example.com True fairlead",
            ],
            mails.Select(static one =>
                $"{one["from"]} {string.Join(',', one["to"]!.AsArray())} {one["sealed"]!.GetValue<bool>()} {one["user"]}"
            )
        );
        var text = mails[0]["text"]!.GetValue<string>();
        Assert.Contains("Message-Id: <aa11.fairlead@example.com>\r\n", text, StringComparison.Ordinal);
        Assert.Contains("Subject: FIRING 2: ErrorsHigh (shop/production)\r\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_nobody_vouches_for_is_told_nothing()
    {
        await using var server = await MailPeer.StartAsync("starttls", "localhost");
        var unknown = new ChannelSettings(
            server.Settings.Values.Where(static one => one.Key != "tls_ca").ToDictionary()
        );

        var sent = await Email.SendAsync(Notices.Firing, unknown, Stop);

        Assert.Equal((false, true), (sent.IsTaken, sent.MayRetry));
        Assert.Contains("certificate is not trusted", sent.Why, StringComparison.Ordinal);
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task A_certificate_of_another_host_is_not_trusted_even_by_its_own_authority()
    {
        await using var server = await MailPeer.StartAsync("starttls", "mail.example.com");

        var sent = await Email.SendAsync(Notices.Firing, server.Settings, Stop);

        Assert.Contains("certificate is not trusted", sent.Why, StringComparison.Ordinal);
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task A_wrong_password_is_refused_for_ever_and_not_repeated()
    {
        await using var server = await MailPeer.StartAsync("starttls", "localhost");

        var sent = await Email.SendAsync(Notices.Firing, server.Settings.With("auth_password", "hush-wrong"), Stop);

        Assert.Equal((false, false), (sent.IsTaken, sent.MayRetry));
        Assert.Contains("535", sent.Why, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", sent.Why, StringComparison.Ordinal);
    }
}
