using Fairlead.Drivers.Channels;
using Fairlead.Drivers.Channels.Texts;
using Fairlead.Drivers.Forges;
using Fairlead.Model.Ports;

namespace Fairlead.Tests.Drivers.Channels.Texts;

public sealed class MarkupTests
{
    private const string Evil = "<!channel> & @all *b* _i_ ~s~ `c` [l](x) |x| #t \\";

    [Fact]
    public void What_others_wrote_stands_for_itself_in_every_format()
    {
        Assert.Equal("&lt;!channel&gt; &amp; @all *b* _i_ ~s~ `c` [l](x) |x| #t \\", Markup.Slack.Escape(Evil));
        Assert.Equal(
            "&lt;!channel&gt; &amp; @\u200ball *b* _i_ ~s~ `c` [l](x) |x| #t \\",
            Markup.Telegram.Escape(Evil)
        );
        Assert.Equal(
            "\\<\\!channel\\> & @all \\*b\\* \\_i\\_ \\~s\\~ \\`c\\` \\[l\\]\\(x\\) \\|x\\| \\#t \\\\",
            Markup.Discord.Escape(Evil)
        );
        Assert.Equal(
            Markup.Discord.Escape(Evil).Replace("@", "@\u200b", StringComparison.Ordinal),
            Markup.Mattermost.Escape(Evil)
        );
    }

    [Fact]
    public void An_address_cannot_end_its_link()
    {
        const string url = "https://example.com/a?x=(1)|2&y=\"";

        Assert.Equal("<https://example.com/a?x=(1)%7C2&amp;y=\"|t>", Markup.Slack.Link("t", url));
        Assert.Equal("<a href=\"https://example.com/a?x=(1)|2&amp;y=&quot;\">t</a>", Markup.Telegram.Link("t", url));
        Assert.Equal("[t](https://example.com/a?x=%281%29|2&y=\")", Markup.Discord.Link("t", url));
    }

    [Theory]
    [InlineData("javascript:alert(1)", false)]
    [InlineData("data:text/html,x", false)]
    [InlineData("/incidents/7", false)]
    [InlineData("https://example.com/incidents/7", true)]
    public void Only_what_a_browser_opens_safely_is_a_link(string url, bool isLink) =>
        Assert.Equal(isLink, Told.IsLink(url));

    [Theory]
    [InlineData("""{"ok":false,"parameters":{"retry_after":35}}""", 35.0, null, null)]
    [InlineData("""{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":2500}""", null, 2.5, null)]
    [InlineData("""{"retry_after":64.5,"global":false}""", null, null, 64.5)]
    [InlineData(
        """{"retry_after":1e300,"retry_after_ms":-5,"parameters":{"retry_after":99999999}}""",
        3600.0,
        0.0,
        3600.0
    )]
    [InlineData("""{"retry_after":"soon","retry_after_ms":null,"parameters":7}""", null, null, null)]
    [InlineData("[1]", null, null, null)]
    public void How_long_to_wait_is_read_where_services_say_it(
        string said,
        double? telegram,
        double? matrix,
        double? discord
    )
    {
        var answer = Answers.Read(System.Text.Encoding.UTF8.GetBytes(said));

        Assert.Equal(telegram, TelegramChannel.After(answer)?.TotalSeconds);
        Assert.Equal(matrix, MatrixChannel.After(answer)?.TotalSeconds);
        Assert.Equal(discord, DiscordChannel.After(answer)?.TotalSeconds);
    }

    [Theory]
    [InlineData("no such thing", "no such thing")]
    [InlineData("Cannot POST /services/T1/AAAABBBBCCCCDDDD", "(its words hold a secret and are not shown)")]
    [InlineData("key AAAABBBBCCCCDDDD", "(its words hold a secret and are not shown)")]
    [InlineData("p%40ss%2Fword", "(its words hold a secret and are not shown)")]
    [InlineData("you said p@ss/word", "(its words hold a secret and are not shown)")]
    [InlineData("Basic cEBzcy93b3Jk", "(its words hold a secret and are not shown)")]
    [InlineData("services", "services")]
    public void Words_of_others_never_hold_a_secret(string words, string told)
    {
        ChannelField[] fields =
        [
            new("url", "x") { IsSecret = true },
            new("password", "x") { IsSecret = true },
            new("to", "x"),
        ];
        var settings = new ChannelSettings(new Dictionary<string, IReadOnlyList<string>>())
            .With("url", "https://hooks.example.com/services/T1/AAAABBBBCCCCDDDD")
            .With("password", "p@ss/word")
            .With("to", "no such");

        Assert.Equal(told, ChannelSecrets.Of(fields, settings).Words(words));
    }
}
