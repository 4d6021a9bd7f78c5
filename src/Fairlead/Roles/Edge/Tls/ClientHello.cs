using System.Buffers;
using System.Buffers.Binary;

namespace Fairlead.Roles.Edge.Tls;

/// <summary>The first words of a TLS client (RFC 8446, section 4.1.2), as far as they must be read before the handshake.</summary>
internal static class ClientHello
{
    // A record has at most 16 KiB and a head of 5 bytes. Only hellos that fit into one are looked at.
    private const int RecordHead = 5;
    private const int RecordBytesMax = RecordHead + (16 * 1024);
    private const byte HandshakeRecord = 22;
    private const byte HelloMessage = 1;
    private const int Alpn = 16;

    /// <summary>Whether more bytes must come before it can be told what is offered.</summary>
    public static bool IsPart(in ReadOnlySequence<byte> bytes)
    {
        if (bytes.Length == 0)
        {
            return true;
        }
        if (bytes.FirstSpan[0] != HandshakeRecord)
        {
            return false;
        }
        return bytes.Length < RecordHead
            || (LengthOf(bytes) is var whole and <= RecordBytesMax && bytes.Length < whole);
    }

    /// <summary>Whether a client offers a protocol in its ALPN extension (RFC 7301); false for anything that is no whole hello.</summary>
    /// <param name="protocol">1 to 255 bytes.</param>
    public static bool Offers(in ReadOnlySequence<byte> bytes, ReadOnlySpan<byte> protocol)
    {
        if (
            bytes.Length < RecordHead
            || LengthOf(bytes) is var whole && (whole > RecordBytesMax || bytes.Length < whole)
        )
        {
            return false;
        }
        var copy = ArrayPool<byte>.Shared.Rent(whole);
        try
        {
            bytes.Slice(0, whole).CopyTo(copy);
            return Offers(copy.AsSpan(0, whole), protocol);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }

    private static bool Offers(ReadOnlySpan<byte> record, ReadOnlySpan<byte> protocol)
    {
        var reader = new Reader(record);
        if (
            !(reader.TryByte(out var type) && type == HandshakeRecord && reader.TrySkip(2 + 2))
            || !(reader.TryByte(out var message) && message == HelloMessage && reader.TrySkip(3))
            // Version and random, then session id, cipher suites and compression methods.
            || !reader.TrySkip(2 + 32)
            || !reader.TryBlock(1, out _)
            || !reader.TryBlock(2, out _)
            || !reader.TryBlock(1, out _)
            || !reader.TryBlock(2, out var extensions)
        )
        {
            return false;
        }
        while (extensions.TryNumber(2, out var kind) && extensions.TryBlock(2, out var extension))
        {
            if (kind != Alpn)
            {
                continue;
            }
            if (!extension.TryBlock(2, out var names))
            {
                return false;
            }
            while (names.TryBlock(1, out var name))
            {
                if (name.Rest.SequenceEqual(protocol))
                {
                    return true;
                }
            }
            return false;
        }
        return false;
    }

    private static int LengthOf(in ReadOnlySequence<byte> bytes)
    {
        Span<byte> head = stackalloc byte[RecordHead];
        bytes.Slice(0, RecordHead).CopyTo(head);
        return RecordHead + BinaryPrimitives.ReadUInt16BigEndian(head[3..]);
    }

    /// <summary>Reads numbers and blocks, and never past the end.</summary>
    private ref struct Reader(ReadOnlySpan<byte> bytes)
    {
        public ReadOnlySpan<byte> Rest { get; private set; } = bytes;

        public bool TryByte(out int value) => TryNumber(1, out value);

        public bool TryNumber(int size, out int value)
        {
            value = 0;
            if (Rest.Length < size)
            {
                return false;
            }
            foreach (var one in Rest[..size])
            {
                value = (value << 8) | one;
            }
            Rest = Rest[size..];
            return true;
        }

        public bool TrySkip(int count)
        {
            if (Rest.Length < count)
            {
                return false;
            }
            Rest = Rest[count..];
            return true;
        }

        /// <summary>A block behind its length.</summary>
        public bool TryBlock(int lengthSize, out Reader block)
        {
            block = default;
            if (!TryNumber(lengthSize, out var length) || Rest.Length < length)
            {
                return false;
            }
            block = new Reader(Rest[..length]);
            Rest = Rest[length..];
            return true;
        }
    }
}
