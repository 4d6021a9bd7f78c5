using System.Text;
using Fairlead.Roles.Edge.Upstream;

namespace Fairlead.Tests.Edge.Upstream;

public sealed class AnswerHeadTests
{
    [Fact]
    public void A_head_gives_its_status_framing_and_the_fields_meant_for_the_client()
    {
        var head = Read(
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nset-cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 12\r\n"
                + "Connection: keep-alive, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\nX-Empty:\r\nX-Wide: \t ä b \t\r\n\r\n"
        );
        Assert.Equal((200, 12L, false, true), (head.Status, head.ContentLength, head.IsChunked, head.KeepsAlive));
        Assert.Equal(
            [
                new Field("Content-Type", "text/plain"),
                new Field("set-cookie", "a=1"),
                new Field("Set-Cookie", "b=2"),
                new Field("X-Empty", ""),
                new Field("X-Wide", "ä b"),
            ],
            head.Fields
        );
    }

    [Theory]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", 204, null, false, true)]
    [InlineData("HTTP/1.1 200\r\nTransfer-Encoding: Chunked\r\n\r\n", 200, null, true, true)]
    [InlineData("HTTP/1.1 200 \r\nConnection: Close\r\n\r\n", 200, null, false, false)]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n", 200, 0, false, false)]
    [InlineData("HTTP/1.1 599 Own\r\nContent-Length: 5\r\ncontent-length: 5\r\n\r\n", 599, 5, false, true)]
    public void Framing_is_what_the_head_says(string text, int status, int? length, bool isChunked, bool keepsAlive)
    {
        var head = Read(text);
        Assert.Equal(
            (status, (long?)length, isChunked, keepsAlive),
            (head.Status, head.ContentLength, head.IsChunked, head.KeepsAlive)
        );
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1, 1\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 9999999999999999999\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nX : a\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n: a\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nX: a\rY: b\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nX: a\nY: b\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n")]
    [InlineData("HTTP/1.1 20 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 2000 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 099 OK\r\n\r\n")]
    [InlineData("HTTP/2.0 200 OK\r\n\r\n")]
    [InlineData("ICY 200 OK\r\n\r\n")]
    [InlineData("\r\n\r\n")]
    public void What_two_readers_could_understand_differently_is_no_answer(string text) =>
        Assert.Throws<BadAnswerException>(() => Read(text));

    [Fact]
    public void A_connection_remembers_the_lines_of_the_head_before_and_never_confuses_them()
    {
        var head = new AnswerHead();
        Read(head, "HTTP/1.1 200 OK\r\nA: 1\r\nB: 2\r\nContent-Length: 3\r\n\r\n");
        var before = head.Fields[1];
        Read(head, "HTTP/1.1 200 OK\r\nA: x\r\nB: 2\r\nTransfer-Encoding: chunked\r\n\r\n");
        Assert.Equal([new Field("A", "x"), new Field("B", "2")], head.Fields);
        Assert.Same(before.Value, head.Fields[1].Value);
        Assert.Equal((null, true), (head.ContentLength, head.IsChunked));
        Read(head, "HTTP/1.1 200 OK\r\nB: 2\r\nA: 1\r\n\r\n");
        Assert.Equal([new Field("B", "2"), new Field("A", "1")], head.Fields);
        Assert.Equal((null, false), (head.ContentLength, head.IsChunked));
    }

    [Fact]
    public void Bytes_at_random_are_read_or_refused_and_nothing_else()
    {
        string[] pieces =
        [
            "HTTP/1.1 200 OK\r\n",
            "HTTP/1.0 404 \r\n",
            "A: b\r\n",
            "Content-Length: 7\r\n",
            "Content-Length:",
            "\r\n",
            "\r",
            "\n",
            ":",
            " ",
            "\0",
            "Transfer-Encoding: chunked\r\n",
            "Connection: close, A\r\n",
            "é: é\r\n",
            "Upgrade: x\r\n",
        ];
        var random = new Random(20_261_123);
        var head = new AnswerHead();
        var read = 0;
        for (var run = 0; run < 20_000; run++)
        {
            var text = string.Concat(
                Enumerable.Range(0, random.Next(1, 9)).Select(_ => pieces[random.Next(pieces.Length)])
            );
            try
            {
                Read(head, text + "\r\n\r\n");
                read++;
                Assert.False(head.IsChunked && head.ContentLength is not null);
                Assert.All(
                    head.Fields,
                    field => Assert.DoesNotContain(field.Value, letter => letter is '\r' or '\n' or '\0')
                );
            }
            catch (BadAnswerException)
            {
                // Refused: also an answer.
            }
        }
        Assert.InRange(read, 100, 19_900);
    }

    private static AnswerHead Read(string text)
    {
        var head = new AnswerHead();
        Read(head, text);
        return head;
    }

    private static void Read(AnswerHead head, string text) => head.Read(Encoding.Latin1.GetBytes(text));
}
