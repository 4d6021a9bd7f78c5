using System.Text;
using CsCheck;
using Fairlead.Drivers.Telemetry.Syslog;

namespace Fairlead.Tests.Telemetry.Logs;

/// <summary>Messages of syslog as RFC 5424 and its elders have them, and the ways they are framed.</summary>
public sealed class SyslogTests
{
    private const long Now = Records.Start;

    [Theory]
    [InlineData(
        "<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog - ID47 [exampleSDID@32473 iut=\"3\" eventSource=\"App \\\"x\\\" \\]\"][b@1 c=\"d\"] \ufeffAn application event",
        "1065910455003000000 Info notice {host=\"mymachine.example.com\", log=\"syslog\", program=\"evntslog\"} An application event | facility=local4,msgid=ID47,exampleSDID@32473.iut=3,exampleSDID@32473.eventSource=App \"x\" ],b@1.c=d"
    )]
    [InlineData(
        "<34>1 2003-10-11T22:14:15.003-07:00 web su 17 - - 'su root' failed",
        "1065935655003000000 Fatal crit {host=\"web\", log=\"syslog\", program=\"su\"} 'su root' failed | facility=auth,procid=17"
    )]
    [InlineData("<0>1 - - - - - -", "1767225600000000000 Fatal emerg {log=\"syslog\"}  | facility=kern")]
    [InlineData(
        "<34>Oct 11 22:14:15 web su[17]: 'su root' failed\n",
        "1767225600000000000 Fatal crit {host=\"web\", log=\"syslog\", program=\"su\"} 'su root' failed | facility=auth,procid=17"
    )]
    [InlineData(
        "<13>Oct  1 02:14:15 web cron: ran",
        "1767225600000000000 Info notice {host=\"web\", log=\"syslog\", program=\"cron\"} ran | facility=user"
    )]
    [InlineData("just words", "1767225600000000000 Info notice {log=\"syslog\"} just words | facility=user")]
    [InlineData("<999>odd", "1767225600000000000 Info notice {log=\"syslog\"} <999>odd | facility=user")]
    [InlineData("<11>", "1767225600000000000 Error err {log=\"syslog\"}  | facility=user")]
    [InlineData("<11>1 ", "1767225600000000000 Error err {log=\"syslog\"}  | facility=user")]
    public void A_message_is_read(string message, string expected)
    {
        var record = SyslogMessage.Read(Encoding.UTF8.GetBytes(message), Now);
        var fields = string.Join(',', record.Fields.Select(field => $"{field.Name}={field.Value}"));
        Assert.Equal(
            expected,
            $"{record.At} {record.Severity} {record.SeverityText} {record.Stream} {record.Body} | {fields}"
        );
    }

    [Fact]
    public void No_bytes_break_the_reader() =>
        Gen.OneOf(
                Gen.Byte.Array,
                Gen.String[Gen.Char["<>1234 -[]=\"\\:T.Zabc\n"], 0, 120]
                    .Select(text => Encoding.UTF8.GetBytes("<13>1 " + text)),
                Gen.String[Gen.Char["<>1234 -[]=\"\\:Oct"], 0, 80]
                    .Select(text => Encoding.UTF8.GetBytes("<13>Oct 11 22:14:15 " + text))
            )
            .Sample(bytes => Assert.NotNull(SyslogMessage.Read(bytes, Now).Body), iter: 20_000);

    [Fact]
    public void Frames_are_found_however_they_are_cut()
    {
        byte[] stream = [.. "5 <1>ab"u8, .. "<2>line\n"u8, .. "12 <3>two\nlines"u8, .. "<4>zero\0"u8, .. "<5>x\n"u8];
        string[] expected = ["<1>ab", "<2>line", "<3>two\nlines", "<4>zero", "<5>x"];
        for (var cut = 0; cut <= stream.Length; cut++)
        {
            List<string> found = [];
            var rest = Take(stream[..cut], found);
            rest = Take([.. rest, .. stream[cut..]], found);
            Assert.Empty(rest);
            Assert.Equal(expected, found);
        }
    }

    [Fact]
    public void A_message_that_is_announced_too_large_ends_the_stream() =>
        Assert.Throws<InvalidDataException>(() => SyslogFrames.TryRead("9999999 <1>"u8, out _, out _));

    [Fact]
    public void A_line_without_end_comes_in_pieces()
    {
        var stream = Enumerable.Repeat((byte)'x', (SyslogFrames.BytesMax * 2) + 5).ToArray();
        List<string> found = [];
        Assert.Equal(5, Take(stream, found).Length);
        Assert.Equal([SyslogFrames.BytesMax, SyslogFrames.BytesMax], found.Select(text => text.Length));
    }

    private static byte[] Take(byte[] bytes, List<string> found)
    {
        var start = 0;
        while (SyslogFrames.TryRead(bytes.AsSpan(start), out var message, out var taken))
        {
            found.Add(Encoding.UTF8.GetString(message));
            start += taken;
        }
        return bytes[start..];
    }
}
