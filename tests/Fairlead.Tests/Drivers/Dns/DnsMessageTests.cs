using Fairlead.Drivers.Dns.Messages;

namespace Fairlead.Tests.Drivers.Dns;

public sealed class DnsMessageTests
{
    /// <summary>An answer of BIND to a question for a text, with compressed names.</summary>
    private const string Answer =
        "0001840000010001000000000F5F61636D652D6368616C6C656E67650473686F70076578616D706C6503636F6D0000100001C00C00100001"
        + "0000003C000403"
        + "6F6E65";

    [Fact]
    public void A_compressed_answer_is_read()
    {
        var read = DnsReader.Read(Convert.FromHexString(Answer));

        Assert.True(read is { Id: 1, IsAnswer: true, IsAuthoritative: true, Code: 0 });
        Assert.Equal([new("_acme-challenge.shop.example.com", DnsType.Txt)], read.Questions);
        var record = Assert.Single(read.Answers);
        Assert.Equal(
            ("_acme-challenge.shop.example.com", DnsType.Txt, 60u),
            (record.Name, record.Type, record.Seconds)
        );
        Assert.Equal("one", DnsReader.Text(record.Data));
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        var message = new DnsMessage(7, DnsMessage.Update)
        {
            Questions = [new("example.com", DnsType.Soa)],
            Authorities = [new("a.example.com", DnsType.Txt, DnsClass.None, 0, DnsWriter.Text(new string('x', 600)))],
        };

        var read = DnsReader.Read(DnsWriter.Write(message));

        Assert.Equal(message.Questions, read.Questions);
        Assert.Equal(new string('x', 600), DnsReader.Text(Assert.Single(read.Authorities).Data));
    }

    [Theory]
    [InlineData("", "it ends too early")]
    [InlineData("00010000000100000000", "it ends too early")]
    [InlineData("000100000001000000000000C00C00100001", "a name points forward")]
    [InlineData("000100000001000000000000C01000100001", "a name points forward")]
    [InlineData("00010000000100000000000080000000100001", "a label is of no kind")]
    [InlineData("000100000001000000000000012E0000100001", "a label holds an odd sign")]
    [InlineData("00010000000000000000000000", "bytes are left over")]
    public void What_is_no_message_is_refused(string hex, string reason) =>
        Assert.Equal(
            $"This is no DNS message: {reason}.",
            Assert.Throws<InvalidDataException>(() => DnsReader.Read(Convert.FromHexString(hex))).Message
        );

    [Fact]
    public void Names_of_any_length_end()
    {
        // Each label is followed by a pointer to the label before, so that the name grows past every limit.
        var labels = new List<byte>(new byte[12]);
        labels[5] = 1;
        labels.AddRange([1, (byte)'a', 0]);
        for (var at = 12; labels.Count < 1500; )
        {
            var next = labels.Count;
            labels.AddRange([1, (byte)'a', (byte)(192 | (at >> 8)), (byte)at]);
            at = next;
        }
        var last = labels.Count - 4;
        byte[] bytes = [.. labels, 0, 0];

        var reader = Assert.Throws<InvalidDataException>(() => new DnsReader(bytes, last).Name());

        Assert.Equal("This is no DNS message: a name is too long.", reader.Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void No_bytes_whatever_bring_the_reader_down(int seed)
    {
        var random = new Random(seed);
        var good = Convert.FromHexString(Answer);
        var tsig = new Tsig("key", [1, 2, 3]);
        var (signed, signature) = tsig.Sign(new DnsMessage(7, DnsMessage.Answer), DateTimeOffset.UnixEpoch);
        for (var round = 0; round < 20_000; round++)
        {
            byte[] bytes = [.. random.Next(2) == 0 ? good : signed];
            for (var changes = random.Next(1, 6); changes > 0; changes--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }
            bytes = bytes[..random.Next(bytes.Length + 1)];
            try
            {
                var read = DnsReader.Read(bytes);
                foreach (var record in read.Answers)
                {
                    DnsReader.Text(record.Data);
                }
                tsig.Fault(bytes, read, signature, DateTimeOffset.UnixEpoch);
            }
            catch (InvalidDataException)
            {
                // The one exception that is promised.
            }
        }
    }
}
