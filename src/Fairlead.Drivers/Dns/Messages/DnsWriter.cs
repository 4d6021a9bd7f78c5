using System.Buffers.Binary;
using System.Text;

namespace Fairlead.Drivers.Dns.Messages;

/// <summary>Writes messages of the DNS, without compression.</summary>
internal sealed class DnsWriter
{
    private const int LabelMax = 63;
    private const int NameMax = 255;
    private const int TextMax = 255;

    private readonly List<byte> bytes = [];

    public static byte[] Write(DnsMessage message)
    {
        var writer = new DnsWriter();
        writer.Short(message.Id);
        writer.Short(message.Flags);
        writer.Short(Count(message.Questions.Count));
        writer.Short(Count(message.Answers.Count));
        writer.Short(Count(message.Authorities.Count));
        writer.Short(Count(message.Additional.Count));
        foreach (var question in message.Questions)
        {
            writer.Name(question.Name);
            writer.Short((ushort)question.Type);
            writer.Short((ushort)question.Class);
        }
        foreach (var record in message.Answers.Concat(message.Authorities).Concat(message.Additional))
        {
            writer.Record(record);
        }
        return writer.ToArray();
    }

    /// <summary>A text as a TXT record holds it: in strings of 255 bytes at most.</summary>
    public static byte[] Text(string text)
    {
        var writer = new DnsWriter();
        var rest = Encoding.UTF8.GetBytes(text).AsSpan();
        do
        {
            var part = rest[..Math.Min(rest.Length, TextMax)];
            writer.bytes.Add((byte)part.Length);
            writer.Bytes(part);
            rest = rest[part.Length..];
        } while (rest.Length > 0);
        return writer.ToArray();
    }

    /// <param name="name">Without a dot at its end; empty for the root.</param>
    public void Name(string name)
    {
        if (name.Length > NameMax - 2)
        {
            throw new InvalidDataException($"'{name[..32]}...' is too long for a name.");
        }
        foreach (var label in name.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            if (label.Length > LabelMax || !Ascii.IsValid(label))
            {
                throw new InvalidDataException($"'{label}' is no label of a name.");
            }
            bytes.Add((byte)label.Length);
            Bytes(Encoding.ASCII.GetBytes(label));
        }
        bytes.Add(0);
    }

    public void Short(ushort number)
    {
        Span<byte> two = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(two, number);
        bytes.AddRange(two);
    }

    public void Long(uint number)
    {
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(four, number);
        bytes.AddRange(four);
    }

    public void Bytes(ReadOnlySpan<byte> some) => bytes.AddRange(some);

    public byte[] ToArray() => [.. bytes];

    private void Record(DnsRecord record)
    {
        Name(record.Name);
        Short((ushort)record.Type);
        Short((ushort)record.Class);
        Long(record.Seconds);
        Short(Count(record.Data.Length));
        Bytes(record.Data);
    }

    private static ushort Count(int count) =>
        count <= ushort.MaxValue ? (ushort)count : throw new InvalidDataException($"{count} is too many.");
}
