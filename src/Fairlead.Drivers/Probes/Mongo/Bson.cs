using System.Buffers.Binary;
using System.Text;

namespace Fairlead.Drivers.Probes.Mongo;

/// <summary>The little of BSON (bsonspec.org, version 1.1) that a probe needs.</summary>
internal static class Bson
{
    private const int DepthMax = 100;

    /// <summary>A document of texts, numbers, yes and no, bytes and documents, in this order.</summary>
    public static byte[] Write(IReadOnlyList<(string Name, object Value)> document)
    {
        var bytes = new List<byte> { 0, 0, 0, 0 };
        foreach (var (name, value) in document)
        {
            var (kind, encoded) = Encoded(value);
            bytes.Add(kind);
            bytes.AddRange(Encoding.UTF8.GetBytes(name));
            bytes.Add(0);
            bytes.AddRange(encoded);
        }
        bytes.Add(0);
        var written = bytes.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(written, written.Length);
        return written;
    }

    private static (byte Kind, byte[] Encoded) Encoded(object value) =>
        value switch
        {
            string text => (
                0x02,
                [.. Number(Encoding.UTF8.GetByteCount(text) + 1), .. Encoding.UTF8.GetBytes(text), 0]
            ),
            byte[] raw => (0x05, [.. Number(raw.Length), 0, .. raw]),
            bool yes => (0x08, [yes ? (byte)1 : (byte)0]),
            int number => (0x10, Number(number)),
            long number => (0x12, Long(number)),
            double number => (0x01, Long(BitConverter.DoubleToInt64Bits(number))),
            IReadOnlyList<(string, object)> inner => (0x03, Write(inner)),
            IReadOnlyList<object> list => (
                0x04,
                Write([
                    .. list.Select(
                        (one, index) => (index.ToString(System.Globalization.CultureInfo.InvariantCulture), one)
                    ),
                ])
            ),
            _ => throw new ArgumentException($"{value.GetType()} is not written.", nameof(value)),
        };

    /// <summary>A document: texts, doubles (numbers of all kinds, dates as milliseconds), booleans, bytes and documents; arrays are documents.</summary>
    /// <exception cref="NotUnderstoodException">It is none.</exception>
    public static Dictionary<string, object> Read(ReadOnlySpan<byte> bytes, int depth = 0)
    {
        if (depth > DepthMax || bytes.Length < 5 || BinaryPrimitives.ReadInt32LittleEndian(bytes) != bytes.Length)
        {
            throw new NotUnderstoodException("A document has another length than it says.");
        }
        var document = new Dictionary<string, object>(StringComparer.Ordinal);
        var rest = bytes[4..^1];
        while (rest.Length > 0)
        {
            var kind = rest[0];
            rest = rest[1..];
            var name = ZeroEnded(ref rest);
            if (Value(kind, ref rest, depth) is { } value)
            {
                document[name] = value;
            }
        }
        return document;
    }

    private static object? Value(byte kind, ref ReadOnlySpan<byte> rest, int depth)
    {
        switch (kind)
        {
            case 0x01:
                return BinaryPrimitives.ReadDoubleLittleEndian(Take(ref rest, 8));
            case 0x02 or 0x0d or 0x0e:
                var length = Length(ref rest);
                return length > 0
                    ? Encoding.UTF8.GetString(Take(ref rest, length)[..^1])
                    : throw new NotUnderstoodException("A text has no end.");
            case 0x03 or 0x04:
                return Read(
                    Take(ref rest, rest.Length < 4 ? 4 : BinaryPrimitives.ReadInt32LittleEndian(rest)),
                    depth + 1
                );
            case 0x05:
                var size = Length(ref rest);
                Take(ref rest, 1);
                return Take(ref rest, size).ToArray();
            case 0x08:
                return Take(ref rest, 1)[0] != 0;
            case 0x10:
                return (double)BinaryPrimitives.ReadInt32LittleEndian(Take(ref rest, 4));
            case 0x09 or 0x11 or 0x12:
                return (double)BinaryPrimitives.ReadInt64LittleEndian(Take(ref rest, 8));
            case 0x06 or 0x0a or 0x7f or 0xff:
                return null;
            case 0x07:
                Take(ref rest, 12);
                return null;
            case 0x0b:
                ZeroEnded(ref rest);
                ZeroEnded(ref rest);
                return null;
            case 0x13:
                Take(ref rest, 16);
                return null;
            default:
                throw new NotUnderstoodException($"A value is of the kind {kind}, which is not known.");
        }
    }

    private static int Length(ref ReadOnlySpan<byte> rest) => BinaryPrimitives.ReadInt32LittleEndian(Take(ref rest, 4));

    private static string ZeroEnded(ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOf((byte)0);
        if (end < 0)
        {
            throw new NotUnderstoodException("A name has no end.");
        }
        var text = Encoding.UTF8.GetString(rest[..end]);
        rest = rest[(end + 1)..];
        return text;
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest, int count)
    {
        if (count < 0 || count > rest.Length)
        {
            throw new NotUnderstoodException("A document ends too early.");
        }
        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }

    private static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] Long(long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return bytes;
    }
}
