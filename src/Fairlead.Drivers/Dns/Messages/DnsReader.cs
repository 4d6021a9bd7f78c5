using System.Buffers.Binary;
using System.Text;

namespace Fairlead.Drivers.Dns.Messages;

/// <summary>Reads messages of the DNS that anybody may have sent.</summary>
internal ref struct DnsReader(ReadOnlySpan<byte> bytes)
{
    private const int NameMax = 255;

    private readonly ReadOnlySpan<byte> bytes = bytes;
    private int at;

    /// <exception cref="InvalidDataException">It is no message.</exception>
    public static DnsMessage Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new DnsReader(bytes);
        var (id, flags) = (reader.Short(), reader.Short());
        var (questions, answers, authorities, additional) = (
            reader.Short(),
            reader.Short(),
            reader.Short(),
            reader.Short()
        );
        var message = new DnsMessage(id, flags)
        {
            Questions = reader.Questions(questions),
            Answers = reader.Records(answers),
            Authorities = reader.Records(authorities),
            Additional = reader.Records(additional),
        };
        return reader.at == bytes.Length ? message : throw Broken("bytes are left over");
    }

    /// <summary>The text of a TXT record, its strings joined.</summary>
    /// <exception cref="InvalidDataException">It is no text.</exception>
    public static string Text(ReadOnlySpan<byte> data)
    {
        var text = new StringBuilder();
        var reader = new DnsReader(data);
        while (reader.at < data.Length)
        {
            text.Append(Encoding.UTF8.GetString(reader.Bytes(reader.Byte())));
        }
        return text.ToString();
    }

    public DnsReader(ReadOnlySpan<byte> bytes, int at)
        : this(bytes) => this.at = at;

    /// <summary>A name, following compression (RFC 1035, section 4.1.4).</summary>
    public string Name()
    {
        var name = new StringBuilder();
        var (here, end) = (at, -1);
        while (true)
        {
            var length = ByteAt(here);
            if (length == 0)
            {
                at = end < 0 ? here + 1 : end;
                return name.ToString();
            }
            if (length < 64)
            {
                Append(name, Slice(here + 1, length));
                here += 1 + length;
                continue;
            }
            var target =
                length >= 192 ? ((length & 63) << 8) | ByteAt(here + 1) : throw Broken("a label is of no kind");
            end = end < 0 ? here + 2 : end;
            // Only backwards, so that there is no circle.
            here = target < here ? target : throw Broken("a name points forward");
        }
    }

    public byte Byte()
    {
        var one = ByteAt(at);
        at++;
        return one;
    }

    public ushort Short() => BinaryPrimitives.ReadUInt16BigEndian(Bytes(2));

    public uint Long() => BinaryPrimitives.ReadUInt32BigEndian(Bytes(4));

    public ReadOnlySpan<byte> Bytes(int count)
    {
        var some = Slice(at, count);
        at += count;
        return some;
    }

    private List<DnsQuestion> Questions(int count)
    {
        var questions = new List<DnsQuestion>();
        for (; count > 0; count--)
        {
            questions.Add(new(Name(), (DnsType)Short(), (DnsClass)Short()));
        }
        return questions;
    }

    private List<DnsRecord> Records(int count)
    {
        var records = new List<DnsRecord>();
        for (; count > 0; count--)
        {
            var start = at;
            var (name, type, kind, seconds) = (Name(), (DnsType)Short(), (DnsClass)Short(), Long());
            records.Add(new(name, type, kind, seconds, Bytes(Short()).ToArray(), start));
        }
        return records;
    }

    private static void Append(StringBuilder name, ReadOnlySpan<byte> label)
    {
        if (name.Length + label.Length + 1 > NameMax)
        {
            throw Broken("a name is too long");
        }
        name.Append(name.Length > 0 ? "." : "");
        foreach (var sign in label)
        {
            // A dot within a label would make two names look alike.
            name.Append(
                sign is > 32 and < 127 and not (byte)'.' ? (char)sign : throw Broken("a label holds an odd sign")
            );
        }
    }

    private readonly byte ByteAt(int place) => place < bytes.Length ? bytes[place] : throw Broken("it ends too early");

    private readonly ReadOnlySpan<byte> Slice(int start, int count) =>
        start + count <= bytes.Length ? bytes.Slice(start, count) : throw Broken("it ends too early");

    private static InvalidDataException Broken(string reason) => new($"This is no DNS message: {reason}.");
}
