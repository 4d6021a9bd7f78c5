using System.Text;
using Fairlead.Roles.Edge;
using Fairlead.Roles.Edge.Upstream;
using Microsoft.Extensions.Primitives;

namespace Fairlead.Tests.Edge.Upstream;

public sealed class RequestHeadTests
{
    [Fact]
    public void A_field_is_one_line_with_one_colon_before_its_value_or_it_is_refused()
    {
        string[] pieces = ["a", "X-", "\r\n", "\r", "\n", ":", " ", "\t", "\0", "\x7f", "é", "(", "_", ""];
        var random = new Random(20_261_126);
        var written = 0;
        for (var run = 0; run < 50_000; run++)
        {
            var (name, value) = (Any(), Any());
            var buffer = new HeadBuffer();
            if (RequestHead.TryWrite(buffer, name, new StringValues(value)))
            {
                written++;
                Assert.Equal($"{name}: {value}\r\n", Encoding.Latin1.GetString(buffer.Written.Span));
                Assert.Matches("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$", name);
                Assert.DoesNotContain(value, letter => letter is (< ' ' and not '\t') or '\x7f');
            }
        }
        Assert.InRange(written, 500, 49_500);

        string Any() =>
            string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => pieces[random.Next(pieces.Length)]));
    }

    [Theory]
    [InlineData("X-Real-IP", true)]
    [InlineData("x_real_ip", true)]
    [InlineData("X-Real_Ip", true)]
    [InlineData("FAIRLEAD_ANYTHING", true)]
    [InlineData("my_field", false)]
    [InlineData("X-Real-IPs", false)]
    [InlineData("", false)]
    public void What_only_the_edge_may_say_is_known_in_every_spelling(string name, bool isItsAlone) =>
        Assert.Equal(isItsAlone, RequestHead.IsForEdgeAlone(name));

    [Theory]
    [InlineData("X-Sum", true)]
    [InlineData("Content-Length", false)]
    [InlineData("Transfer-Encoding", false)]
    [InlineData("Content_Length", false)]
    [InlineData("Host", false)]
    [InlineData("Connection", false)]
    [InlineData(":path", false)]
    [InlineData("", false)]
    public void What_frames_a_body_cannot_come_behind_it(string name, bool passes) =>
        Assert.Equal(passes, RequestHead.IsTrailer(name));

    [Theory]
    [InlineData("websocket", true)]
    [InlineData("WebSocket", true)]
    [InlineData("SPDY/3.1", true)]
    [InlineData("tcp", true)]
    [InlineData("h2c", false)]
    [InlineData("H2", false)]
    [InlineData("HTTP/2.0", false)]
    [InlineData("TLS/1.3", false)]
    [InlineData("websocket, h2c", false)]
    [InlineData("websocket\r\nX: 1", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_protocol_that_carries_requests_is_not_gone_over_to(string? protocol, bool isCarried) =>
        Assert.Equal(isCarried ? protocol : null, Protocols.Carried(protocol));
}
