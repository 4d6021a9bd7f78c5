using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Fairlead.Roles.Edge;

/// <summary>Follows bytes of WebSocket frames (RFC 6455, section 5.2) just far enough to know where each frame ends.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct FrameBoundary
{
    private const int LengthBits = 0x7F;
    private const int MaskBit = 0x80;
    private const int MaskBytes = 4;

    private Header header;
    private int headerLength;
    private ulong payloadLeft;

    public readonly bool IsBetweenFrames => headerLength == 0 && payloadLeft == 0;

    public void Advance(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (payloadLeft > 0)
            {
                var skipped = (int)Math.Min(payloadLeft, (ulong)bytes.Length);
                payloadLeft -= (ulong)skipped;
                bytes = bytes[skipped..];
                continue;
            }
            header[headerLength++] = bytes[0];
            bytes = bytes[1..];
            if (headerLength >= 2 && headerLength == HeaderSize)
            {
                payloadLeft = PayloadSize;
                headerLength = 0;
            }
        }
    }

    private readonly int HeaderSize =>
        2
        + (header[1] & LengthBits) switch
        {
            126 => 2,
            127 => 8,
            _ => 0,
        }
        + ((header[1] & MaskBit) == 0 ? 0 : MaskBytes);

    private readonly ulong PayloadSize =>
        (header[1] & LengthBits) switch
        {
            126 => BinaryPrimitives.ReadUInt16BigEndian(((ReadOnlySpan<byte>)header)[2..]),
            127 => BinaryPrimitives.ReadUInt64BigEndian(((ReadOnlySpan<byte>)header)[2..]),
            var few => (ulong)few,
        };

    [InlineArray(14)]
    private struct Header
    {
        private byte first;
    }
}
