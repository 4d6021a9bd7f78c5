using System.Buffers.Text;

namespace Fairlead.Drivers.Telemetry.Syslog;

/// <summary>
/// Parts a TCP stream into messages (RFC 6587): each begins with its length and a space, or each ends with a line. A message shows by its
/// first byte which it is, since one that is not counted begins with its priority.
/// </summary>
internal static class SyslogFrames
{
    public const int BytesMax = 64 << 10;

    private const int DigitsMax = 7;

    /// <summary>The first message in what came; false when it is not whole yet.</summary>
    /// <param name="taken">How many bytes are done with.</param>
    /// <exception cref="InvalidDataException">No message can be found any more: the connection must end.</exception>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> message, out int taken)
    {
        message = default;
        taken = 0;
        if (bytes.IsEmpty)
        {
            return false;
        }
        return bytes[0] is >= (byte)'1' and <= (byte)'9' && Counted(bytes, out message, out taken) is { } isWhole
            ? isWhole
            : Lined(bytes, out message, out taken);
    }

    /// <returns>Null when it does not begin with a length.</returns>
    private static bool? Counted(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> message, out int taken)
    {
        message = default;
        taken = 0;
        var space = bytes[..Math.Min(bytes.Length, DigitsMax + 1)].IndexOf((byte)' ');
        if (space < 0)
        {
            return bytes.Length <= DigitsMax && bytes.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0 ? false : null;
        }
        if (!Utf8Parser.TryParse(bytes[..space], out int length, out var read) || read != space)
        {
            return null;
        }
        if (length > BytesMax)
        {
            throw new InvalidDataException($"A message of {length} bytes is announced, at most {BytesMax} are taken.");
        }
        if (bytes.Length < space + 1 + length)
        {
            return false;
        }
        message = bytes.Slice(space + 1, length);
        taken = space + 1 + length;
        return true;
    }

    private static bool Lined(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> message, out int taken)
    {
        var end = bytes.IndexOfAny((byte)'\n', (byte)0);
        if (end < 0 && bytes.Length < BytesMax)
        {
            message = default;
            taken = 0;
            return false;
        }
        // A line without end comes in pieces.
        message = end < 0 ? bytes[..BytesMax] : bytes[..end];
        taken = end < 0 ? BytesMax : end + 1;
        return true;
    }
}
