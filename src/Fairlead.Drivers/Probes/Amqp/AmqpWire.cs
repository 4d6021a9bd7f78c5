using System.Buffers.Binary;
using System.Text;

namespace Fairlead.Drivers.Probes.Amqp;

/// <summary>A method's arguments, written as AMQP 0-9-1 writes them (rabbitmq.com/resources/specs/amqp0-9-1.pdf, section 4.2).</summary>
internal sealed class AmqpWriter
{
    private readonly List<byte> bytes = [];

    public byte[] Written => [.. bytes];

    public AmqpWriter Octet(byte value)
    {
        bytes.Add(value);
        return this;
    }

    public AmqpWriter Short(int value) => Add([(byte)(value >> 8), (byte)value]);

    public AmqpWriter Long(uint value) =>
        Add([(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value]);

    /// <summary>At most 255 bytes.</summary>
    public AmqpWriter ShortText(string text)
    {
        var encoded = Encoding.UTF8.GetBytes(text);
        return encoded.Length <= byte.MaxValue
            ? Octet((byte)encoded.Length).Add(encoded)
            : throw new NotUnderstoodException("A name is longer than 255 bytes.");
    }

    public AmqpWriter LongText(byte[] text) => Long((uint)text.Length).Add(text);

    private AmqpWriter Add(byte[] more)
    {
        bytes.AddRange(more);
        return this;
    }
}

/// <summary>Reads a method's arguments.</summary>
internal ref struct AmqpReader(ReadOnlySpan<byte> bytes)
{
    private const int DepthMax = 20;

    private ReadOnlySpan<byte> rest = bytes;

    public byte Octet() => Take(1)[0];

    public int Short() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    public uint Long() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    public string ShortText() => Encoding.UTF8.GetString(Take(Octet()));

    public string LongText() => Encoding.UTF8.GetString(Take(Long()));

    /// <summary>The texts of a table, by name; what else it holds is passed over.</summary>
    public Dictionary<string, string> Texts(int depth = 0)
    {
        if (depth > DepthMax)
        {
            throw new NotUnderstoodException("Its tables lie too deep.");
        }
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        var table = new AmqpReader(Take(Long()));
        while (table.rest.Length > 0)
        {
            var name = table.ShortText();
            if (table.Octet() is var kind && kind is (byte)'S')
            {
                texts[name] = table.LongText();
            }
            else if (kind is (byte)'F')
            {
                table.Texts(depth + 1);
            }
            else
            {
                table.Skip(kind);
            }
        }
        return texts;
    }

    private void Skip(byte kind) =>
        Take(
            (char)kind switch
            {
                'V' => 0,
                't' or 'b' or 'B' => 1,
                'U' or 's' or 'u' => 2,
                'I' or 'i' or 'f' => 4,
                'D' => 5,
                'L' or 'l' or 'd' or 'T' => 8,
                'A' or 'x' => Long(),
                _ => throw new NotUnderstoodException("A table holds a value of a kind that is not known."),
            }
        );

    private ReadOnlySpan<byte> Take(uint count)
    {
        if (count > rest.Length)
        {
            throw new NotUnderstoodException("A frame is shorter than it says.");
        }
        var taken = rest[..(int)count];
        rest = rest[(int)count..];
        return taken;
    }
}
