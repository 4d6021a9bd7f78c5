using System.Text;
using Fairlead.Drivers.Channels.Mail;
using Fairlead.Model.Ports;
using MimeKit;

namespace Fairlead.Tests.Drivers.Channels;

public sealed class EmailTests : ChannelContract
{
    protected override string Kind => "email";

    // Mail has no words for it.
    protected override TimeSpan? Busy => null;

    protected override ChannelSettings Settings(int port) =>
        Of(
            ("to", "ops@example.com, Ann <ann@example.com>"),
            ("from", "Fairlead <fairlead@example.com>"),
            ("smarthost", $"127.0.0.1:{port}"),
            ("auth_username", "fairlead"),
            ("auth_password", "hush-hush")
        );

    [Fact]
    public async Task Mails_of_a_group_are_one_thread_and_one_that_comes_twice_is_the_same()
    {
        await using var there = new PlayedSmtp(Play.Takes);

        await TellAsync(there);
        await Channel.SendAsync(Notices.Resolved, Settings(there.Port), Stop);

        var mails = there.Seen.Select(Read).ToList();
        Assert.Equal(
            ["aa11.fairlead@example.com", "cc33.fairlead@example.com"],
            mails.Select(static one => one.MessageId)
        );
        Assert.Equal(mails[0].InReplyTo, mails[1].InReplyTo);
        Assert.Equal(mails[0].References.ToList(), mails[1].References.ToList());
    }

    [Fact]
    public async Task A_report_comes_as_Markdown_as_a_page_and_as_a_file_and_says_nothing_of_alerts()
    {
        await using var there = new PlayedSmtp(Play.Takes);
        var report = Notices.Resolved with
        {
            Headline = "Service levels of shop, 2026-11: 1 of 1 goal was kept.",
            IsBare = true,
            Page = new(
                "sla-2026-11/../\r\nX: y",
                "# Service levels\n\n| a | b |",
                "<!doctype html><h1>Service levels</h1>"
            ),
        };

        Assert.Equal(Sent.Taken, await Channel.SendAsync(report, Settings(there.Port), Stop));

        var mail = Read(Assert.Single(there.Seen));
        Assert.Equal("Service levels of shop, 2026-11: 1 of 1 goal was kept.", mail.Subject);
        Assert.Equal("# Service levels\n\n| a | b |", mail.TextBody!.ReplaceLineEndings("\n").TrimEnd());
        Assert.Equal("<!doctype html><h1>Service levels</h1>", mail.HtmlBody!.Trim());
        var file = Assert.IsType<TextPart>(Assert.Single(mail.Attachments));
        Assert.Equal(("sla-2026-11Xy.html", "text/html"), (file.FileName, file.ContentType.MimeType));
        Assert.Equal("<!doctype html><h1>Service levels</h1>", file.Text.Trim());
    }

    [Fact]
    public async Task Labels_cannot_become_heads_recipients_or_orders()
    {
        await using var there = new PlayedSmtp(Play.Takes);

        Assert.Equal(Sent.Taken, await Channel.SendAsync(Notices.Hostile, Settings(there.Port), Stop));

        var told = Assert.Single(there.Seen);
        Assert.Equal(2, told.Split('\n').Count(static line => line.StartsWith("RCPT TO:", StringComparison.Ordinal)));
        var mail = Read(told);
        Assert.Equal(
            [
                "From",
                "Date",
                "Subject",
                "Message-Id",
                "In-Reply-To",
                "Importance",
                "To",
                "References",
                "Auto-Submitted",
                "X-Auto-Response-Suppress",
                "MIME-Version",
                "Content-Type",
            ],
            mail.Headers.Select(static one => one.Field).Union(mail.Body!.Headers.Select(static one => one.Field))
        );
        Assert.DoesNotContain("<script>", mail.HtmlBody, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("href=\"javascript:", mail.HtmlBody, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("<script>", mail.TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_refused_keeps_no_other_from_being_told()
    {
        await using var there = new PlayedSmtp(
            Play.Takes,
            static line => line.StartsWith("RCPT TO:<ann", StringComparison.Ordinal) ? "550 who is that?" : null
        );

        var sent = await TellAsync(there);

        Assert.Equal(Sent.Taken with { Why = "ann@example.com was refused: 550 who is that?" }, sent);
        Assert.Single(there.Seen);
    }

    [Fact]
    public async Task Whoever_is_to_be_tried_again_is_tried_alone()
    {
        var isGrey = true;
        await using var there = new PlayedSmtp(
            Play.Takes,
            line => isGrey && line.StartsWith("RCPT TO:<ann", StringComparison.Ordinal) ? "451 come again" : null
        );

        Assert.Equal(Sent.Later("ann@example.com was refused: 451 come again"), await TellAsync(there));
        isGrey = false;
        Assert.Equal(Sent.Taken, await TellAsync(there));

        Assert.Equal(
            ["ops@example.com ann@example.com", "ann@example.com"],
            there.Seen.Select(static one =>
                string.Join(
                    ' ',
                    one.Split('\n')
                        .Where(static line => line.StartsWith("RCPT TO:", StringComparison.Ordinal))
                        .Select(static line => line.Split('<')[1].Split('>')[0])
                )
            )
        );
    }

    [Theory]
    [InlineData("535 5.7.8 wrong", false)]
    [InlineData("454 4.7.0 not now", true)]
    public async Task Whoever_is_not_let_in_is_quoted(string said, bool mayRetry)
    {
        await using var there = new PlayedSmtp(
            Play.Takes,
            line => line.StartsWith("AUTH", StringComparison.Ordinal) ? said : null
        );

        var sent = await TellAsync(there);

        Assert.Equal((false, mayRetry), (sent.IsTaken, sent.MayRetry));
        Assert.Contains(said[4..], sent.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_TLS_is_asked_for_nothing_is_sent_without()
    {
        await using var there = new PlayedSmtp(Play.Takes);

        var sent = Quiet(
            await Channel.SendAsync(Notices.Firing, Settings(there.Port).With("require_tls", "true"), Stop)
        );

        Assert.Equal(
            Sent.Never(
                $"127.0.0.1:{there.Port} offers no TLS, without which nothing is sent ('require_tls: false' would)."
            ),
            sent
        );
        Assert.Empty(there.Seen);
    }

    [Theory]
    [InlineData("localhost:25", true)]
    [InlineData("127.0.0.9:25", true)]
    [InlineData("[::1]:25", true)]
    [InlineData("localhost.example.com:25", false)]
    [InlineData("10.0.0.1:25", false)]
    public void Only_this_machine_itself_needs_no_TLS(string place, bool isLoopback) =>
        Assert.Equal(isLoopback, SmtpPlace.Read(place)!.IsLoopback);

    [Theory]
    [InlineData("smtp.example.com")]
    [InlineData("smtp.example.com:0")]
    [InlineData("smtp.example.com:70000")]
    [InlineData("::1:25")]
    [InlineData("a b:25")]
    [InlineData(":25")]
    public void What_is_no_place_is_none(string place) => Assert.Null(SmtpPlace.Read(place));

    [Theory]
    [InlineData("to", "ops")]
    [InlineData("to", "ops@example.com\r\nRCPT TO:<x@example.com>")]
    [InlineData("to", "ops@example.com> SIZE=1")]
    [InlineData("from", "a@example.com, b@example.com")]
    [InlineData("smarthost", "smtp.example.com")]
    [InlineData("hello", "a b")]
    [InlineData("tls_ca", "no certificate")]
    [InlineData("require_tls", "perhaps")]
    public void What_is_wrong_is_said(string name, string text) =>
        Assert.Contains($"'{name}'", Channel.Fault(Settings(1).With(name, text)), StringComparison.Ordinal);

    internal override Task<IPlayed> StartAsync(Play play) => Task.FromResult<IPlayed>(new PlayedSmtp(play));

    private static MimeMessage Read(string told)
    {
        var data = told[(told.IndexOf("DATA\n", StringComparison.Ordinal) + 5)..];
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(data));
        return MimeMessage.Load(stream, Stop);
    }
}
