using System.Buffers.Binary;
using System.Text;

namespace Fairlead.Drivers.Formats.Protobuf;

/// <summary>How a field's value stands on the wire (protobuf.dev/programming-guides/encoding).</summary>
public enum WireKind
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    GroupStart = 3,
    GroupEnd = 4,
    Fixed32 = 5,
}

/// <summary>
/// Reads a protobuf message field by field, from bytes that anybody may have sent. It copies nothing: spans it hands out point into
/// what it was given. A value that is not read is skipped by the next <see cref="Next"/>.
/// <code>
/// while (reader.Next())
/// {
///     switch (reader.Field)
///     {
///         case 1: name = reader.Text(nameBytesMax); break;
///         case 2: Read(reader.Message()); break;
///     }
/// }
/// </code>
/// Every method throws <see cref="InvalidDataException"/> where the bytes are no message or the value is of another kind.
/// </summary>
public ref struct ProtobufReader
{
    /// <summary>Messages within messages, as many as Google's readers take.</summary>
    public const int DepthMax = 100;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> bytes;
    private readonly int depth;
    private bool isUnread;

    public ProtobufReader(ReadOnlySpan<byte> bytes)
        : this(bytes, 0) { }

    private ProtobufReader(ReadOnlySpan<byte> bytes, int depth)
    {
        this.bytes = bytes;
        this.depth = depth <= DepthMax ? depth : throw Broken($"messages lie more than {DepthMax} deep");
    }

    /// <summary>The number of the field that <see cref="Next"/> found.</summary>
    public int Field { get; private set; }

    public WireKind Kind { get; private set; }

    /// <summary>Where the field's tag begins, in bytes from the message's start.</summary>
    public int FieldStart { get; private set; }

    /// <summary>How far it has read, in bytes from the message's start.</summary>
    public int Position { get; private set; }

    /// <summary>Goes to the next field; false at the message's end.</summary>
    public bool Next()
    {
        if (isUnread)
        {
            Skip();
        }
        if (Position == bytes.Length)
        {
            return false;
        }
        FieldStart = Position;
        var tag = RawVarint();
        var number = tag >> 3;
        Kind = (WireKind)(tag & 7);
        Field = number is > 0 and < 1 << 29 ? (int)number : throw Broken($"there is no field {number}");
        if (Kind is > WireKind.Fixed32 or WireKind.GroupEnd)
        {
            throw Broken($"field {Field} is of the unknown kind {(int)Kind}");
        }
        isUnread = true;
        return true;
    }

    /// <summary>An int32, int64, uint32, uint64 or enum. Negative ones come as their two's complement.</summary>
    public ulong Varint()
    {
        Take(WireKind.Varint);
        return RawVarint();
    }

    /// <summary>An int32 or int64.</summary>
    public long Whole() => unchecked((long)Varint());

    /// <summary>A sint32 or sint64.</summary>
    public long Zigzag() => Unzigzag(Varint());

    public bool Flag() => Varint() != 0;

    public ulong Fixed64()
    {
        Take(WireKind.Fixed64);
        return BinaryPrimitives.ReadUInt64LittleEndian(Raw(8));
    }

    public double Real() => BitConverter.UInt64BitsToDouble(Fixed64());

    public uint Fixed32()
    {
        Take(WireKind.Fixed32);
        return BinaryPrimitives.ReadUInt32LittleEndian(Raw(4));
    }

    public float Real32() => BitConverter.UInt32BitsToSingle(Fixed32());

    /// <summary>Bytes, the UTF-8 of a string, or a message that is read later.</summary>
    public ReadOnlySpan<byte> Bytes()
    {
        Take(WireKind.Bytes);
        return RawBytes();
    }

    /// <param name="bytesMax">Longer texts are refused.</param>
    public string Text(int bytesMax)
    {
        var text = Bytes();
        if (text.Length > bytesMax)
        {
            throw Broken($"the text of field {Field} has {text.Length} bytes, at most {bytesMax} are taken");
        }
        try
        {
            return StrictUtf8.GetString(text);
        }
        catch (DecoderFallbackException)
        {
            throw Broken($"the text of field {Field} is no UTF-8");
        }
    }

    /// <summary>A message within this one.</summary>
    public ProtobufReader Message() => new(Bytes(), depth + 1);

    /// <summary>A repeated int or enum: adds all of a packed field, the one of an unpacked.</summary>
    /// <param name="countMax">How many <paramref name="into"/> may hold in the end.</param>
    public void Varints(ICollection<ulong> into, int countMax)
    {
        if (Kind is WireKind.Varint)
        {
            into.Add(Varint());
        }
        else
        {
            var packed = new ProtobufReader(Bytes(), depth);
            while (packed.Position < packed.bytes.Length && into.Count <= countMax)
            {
                into.Add(packed.RawVarint());
            }
        }
        Bound(into.Count, countMax);
    }

    /// <summary>A repeated fixed64, sfixed64 or double (by its bits): adds all of a packed field, the one of an unpacked.</summary>
    /// <param name="countMax">How many <paramref name="into"/> may hold in the end.</param>
    public void Fixed64s(ICollection<ulong> into, int countMax)
    {
        if (Kind is WireKind.Fixed64)
        {
            into.Add(Fixed64());
        }
        else
        {
            var packed = Bytes();
            Bound(into.Count + (packed.Length / 8), countMax);
            for (; packed.Length >= 8; packed = packed[8..])
            {
                into.Add(BinaryPrimitives.ReadUInt64LittleEndian(packed));
            }
            if (packed.Length > 0)
            {
                throw Broken($"field {Field} ends within a number");
            }
        }
        Bound(into.Count, countMax);
    }

    /// <summary>Leaves out the field's value.</summary>
    public void Skip()
    {
        isUnread = false;
        SkipValue(Kind, Field, depth);
    }

    private void SkipValue(WireKind kind, int field, int level)
    {
        switch (kind)
        {
            case WireKind.Varint:
                RawVarint();
                break;
            case WireKind.Fixed64:
                Raw(8);
                break;
            case WireKind.Bytes:
                RawBytes();
                break;
            case WireKind.Fixed32:
                Raw(4);
                break;
            case WireKind.GroupStart when level < DepthMax:
                SkipGroup(field, level + 1);
                break;
            default:
                throw Broken($"field {field} is of the kind {kind}, here or {level} deep");
        }
    }

    // Groups left the language in 2008, but a reader still must find their end.
    private void SkipGroup(int field, int level)
    {
        while (true)
        {
            var tag = RawVarint();
            var (number, kind) = ((int)(tag >> 3), (WireKind)(tag & 7));
            if (kind is not WireKind.GroupEnd)
            {
                SkipValue(kind, number, level);
            }
            else if (number == field)
            {
                return;
            }
            else
            {
                throw Broken($"group {field} ends as {number}");
            }
        }
    }

    private void Take(WireKind expected)
    {
        isUnread = isUnread && Kind == expected ? false : throw Broken($"field {Field} is {Kind}, not {expected}");
    }

    private ulong RawVarint()
    {
        var place = Position;
        if (place < bytes.Length && bytes[place] < 0x80)
        {
            Position = place + 1;
            return bytes[place];
        }
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var one = place < bytes.Length ? bytes[place++] : throw TooShort();
            value |= (ulong)(one & 0x7f) << shift;
            if (one < 0x80)
            {
                Position = place;
                return shift < 63 || one <= 1 ? value : throw Broken("a varint is larger than 64 bits");
            }
        }
        throw Broken("a varint is longer than 10 bytes");
    }

    private ReadOnlySpan<byte> RawBytes()
    {
        var length = RawVarint();
        return length <= (ulong)(bytes.Length - Position) ? Raw((int)length) : throw TooShort();
    }

    private ReadOnlySpan<byte> Raw(int count)
    {
        if (bytes.Length - Position < count)
        {
            throw TooShort();
        }
        var raw = bytes.Slice(Position, count);
        Position += count;
        return raw;
    }

    internal static long Unzigzag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    private readonly void Bound(int count, int countMax)
    {
        if (count > countMax)
        {
            throw Broken($"field {Field} has more than {countMax} values");
        }
    }

    private readonly InvalidDataException TooShort() => Broken($"it ends within field {Field}");

    private static InvalidDataException Broken(string reason) => new($"This is no protobuf message: {reason}.");
}
