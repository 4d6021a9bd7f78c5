using System.Globalization;
using System.Text;
using Fairlead.Roles.Edge.Upstream;

namespace Fairlead.Tests.Edge.Upstream;

public sealed class ChunksTests
{
    [Theory]
    [InlineData("0\r\n\r\n", "")]
    [InlineData("5\r\nhello\r\n0\r\n\r\n", "hello")]
    [InlineData("5;name=\"v\"\r\nhello\r\nA \r\n, world!!!\r\n000\r\n\r\n", "hello, world!!!")]
    public void Data_is_what_lies_between_the_sizes(string text, string data) =>
        Assert.Equal(data, Decode(text, 1 << 20).Data);

    [Fact]
    public void Trailers_follow_the_last_chunk_and_cannot_change_the_framing()
    {
        var (data, trailers) = Decode("1\r\nx\r\n0\r\nChecksum: 9\r\nContent-Length: 4\r\nNote:\r\n\r\n", 3);
        Assert.Equal("x", data);
        Assert.Equal([new Field("Checksum", "9"), new Field("Note", "")], trailers);
    }

    [Theory]
    [InlineData("x\r\n")]
    [InlineData("\r\n")]
    [InlineData(" 5\r\nhello")]
    [InlineData("0x5\r\nhello")]
    [InlineData("-5\r\nhello")]
    [InlineData("5\nhello\r\n")]
    [InlineData("5\r\nhello!\r\n")]
    [InlineData("5;a\rb\r\nhello\r\n")]
    [InlineData("5;a\nb\r\nhello\r\n")]
    [InlineData("1000000000000000\r\n")]
    [InlineData("0\r\nno field\r\n\r\n")]
    public void What_is_no_chunk_is_refused(string text) =>
        Assert.Throws<BadAnswerException>(() => Decode(text + new string('z', 9_000), 1 << 20));

    [Fact]
    public void Data_comes_out_the_same_however_it_is_cut()
    {
        var random = new Random(20_261_124);
        for (var run = 0; run < 500; run++)
        {
            var (encoded, expected) = (new StringBuilder(), new StringBuilder());
            for (var chunk = random.Next(0, 6); chunk > 0; chunk--)
            {
                var data = new string((char)('a' + random.Next(26)), random.Next(1, 300));
                encoded.Append(CultureInfo.InvariantCulture, $"{data.Length:X}\r\n{data}\r\n");
                expected.Append(data);
            }
            encoded.Append("0\r\n\r\n");
            Assert.Equal(expected.ToString(), Decode(encoded.ToString(), random.Next(1, 40)).Data);
        }
    }

    /// <param name="step">Bytes that come in at a time.</param>
    private static (string Data, IReadOnlyList<Field> Trailers) Decode(string text, int step)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        var chunks = default(Chunks);
        var data = new StringBuilder();
        var (start, end) = (0, 0);
        while (!chunks.IsDone)
        {
            var input = bytes.AsSpan(start, end - start);
            var (consumed, place) = chunks.Next(input);
            data.Append(Encoding.Latin1.GetString(input[place]));
            start += consumed;
            if (consumed == 0)
            {
                Assert.True(end < bytes.Length, "It wants more than there is.");
                end = Math.Min(bytes.Length, end + step);
            }
        }
        return (data.ToString(), chunks.Trailers);
    }
}
