using System.Globalization;
using System.Runtime.InteropServices;

namespace Fairlead.Roles.Edge.Files;

/// <summary>The part of a file that a request asks for, as RFC 9110, 14.1.2 writes it: <c>bytes=0-499</c>, <c>bytes=500-</c>, <c>bytes=-500</c>.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ByteRange(long From, long Length)
{
    /// <summary>
    /// Null when all is to be sent: what is malformed, of another unit or of several parts may be ignored. A length of 0 says that
    /// the file has no such part.
    /// </summary>
    public static ByteRange? Read(string? header, long length)
    {
        var text = header.AsSpan();
        if (!text.StartsWith("bytes=", StringComparison.OrdinalIgnoreCase) || text.Contains(','))
        {
            return null;
        }
        text = text["bytes=".Length..].Trim();
        var dash = text.IndexOf('-');
        if (dash < 0)
        {
            return null;
        }
        var (hasFrom, from) = Number(text[..dash]);
        var (hasTo, to) = Number(text[(dash + 1)..]);
        if (
            (dash > 0 && !hasFrom)
            || (dash < text.Length - 1 && !hasTo)
            || !(hasFrom || hasTo)
            || (hasFrom && hasTo && to < from)
        )
        {
            return null;
        }
        var (first, last) = hasFrom
            ? (from, hasTo ? Math.Min(to, length - 1) : length - 1)
            : (Math.Max(0, length - to), length - 1);
        return first >= length || last < first ? new ByteRange(0, 0) : new ByteRange(first, last - first + 1);
    }

    private static (bool, long) Number(ReadOnlySpan<char> text) =>
        (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number), number);
}
