using CsCheck;
using Fairlead.Drivers.Formats.Protobuf;

namespace Fairlead.Tests.Drivers.Formats;

public sealed class ProtobufTests
{
    [Fact]
    public void What_is_written_can_be_read_and_unknown_fields_are_skipped()
    {
        var writer = new ProtobufWriter();
        writer.Varint(1, 300);
        writer.Real(2, -0.5);
        writer.Text(3, "naïve");
        writer.Message(4, inner => inner.Varint(1, ulong.MaxValue));
        writer.Bytes(5, [1, 2, 3]);
        var read = new List<string>();
        var reader = new ProtobufReader(writer.Written);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    read.Add($"{reader.Varint()}");
                    break;
                case 3:
                    read.Add(reader.Text(100));
                    break;
                case 4:
                    var inner = reader.Message();
                    read.Add($"{inner.Next()} {inner.Whole()} {inner.Next()}");
                    break;
            }
        }
        Assert.Equal(["300", "naïve", "True -1 False"], read);
    }

    [Theory]
    [InlineData("1a 03 01 02 03", "1 2 3")]
    [InlineData("18 01 18 ac 02", "1 300")]
    public void Repeated_numbers_come_packed_or_one_by_one(string bytes, string expected)
    {
        var found = new List<ulong>();
        var reader = new ProtobufReader(Bytes(bytes));
        while (reader.Next())
        {
            reader.Varints(found, 3);
        }
        Assert.Equal(expected, string.Join(' ', found));
    }

    [Fact]
    public void Groups_are_skipped_to_their_end()
    {
        // 1 { 2 { } 3: 7 } 4: 9
        var reader = new ProtobufReader(Bytes("0b 13 14 18 07 0c 20 09"));
        Assert.True(reader.Next());
        Assert.True(reader.Next());
        Assert.Equal((4, 9UL), (reader.Field, reader.Varint()));
        Assert.False(reader.Next());
    }

    [Theory]
    [InlineData("08", "it ends within field 1")]
    [InlineData("08 ff ff ff ff ff ff ff ff ff 02", "larger than 64 bits")]
    [InlineData("08 ff ff ff ff ff ff ff ff ff ff 01", "longer than 10 bytes")]
    [InlineData("0a 05 01", "it ends within field 1")]
    [InlineData("0a ff ff ff ff ff ff ff ff ff 01", "it ends within field 1")]
    [InlineData("09 01 02", "it ends within field 1")]
    [InlineData("00 01", "there is no field 0")]
    [InlineData("0f", "unknown kind 7")]
    [InlineData("0c", "unknown kind 4")]
    [InlineData("0b 14", "group 1 ends as 2")]
    public void Broken_messages_are_refused(string bytes, string expected) =>
        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => ReadAll(Bytes(bytes))).Message);

    [Fact]
    public void Nothing_is_read_deeper_than_the_limit()
    {
        var groups = Enumerable.Repeat((byte)0x0b, 10_000).ToArray();
        Assert.Contains("deep", Assert.Throws<InvalidDataException>(() => ReadAll(groups)).Message);
    }

    [Fact]
    public void A_value_of_another_kind_is_refused() =>
        Assert.Contains(
            "field 1 is Varint, not Bytes",
            Assert
                .Throws<InvalidDataException>(() =>
                {
                    var reader = new ProtobufReader(Bytes("08 01"));
                    reader.Next();
                    reader.Bytes();
                })
                .Message
        );

    [Fact]
    public void Any_bytes_are_read_or_refused_never_more() =>
        Gen.Byte.Array[0, 60].Sample(bytes => Record.Exception(() => ReadAll(bytes)) is null or InvalidDataException);

    private static void ReadAll(ReadOnlySpan<byte> bytes)
    {
        var reader = new ProtobufReader(bytes);
        while (reader.Next()) { }
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
