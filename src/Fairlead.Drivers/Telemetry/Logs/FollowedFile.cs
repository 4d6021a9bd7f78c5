using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Telemetry.Logs;

/// <summary>
/// Follows a file that is rotated by renaming: <c>access.jsonl</c> becomes <c>access.jsonl.1</c>. A file is known again by the hash of
/// its first line, which has the time of its first event in it; so a cursor is the hash and a place.
/// </summary>
/// <param name="kept">How many older files there can be, <c>.1</c> being the newest.</param>
public sealed class FollowedFile(string path, int kept) : ILineFile
{
    private const int LineBytesMax = 64 << 10;
    private const int PageBytesMax = 1 << 20;

    /// <inheritdoc />
    public Task<LinesRead> ReadAsync(string? cursor, int linesMax, CancellationToken stop)
    {
        var files = Files();
        try
        {
            return Task.FromResult(Read(files, cursor, linesMax));
        }
        finally
        {
            foreach (var file in files)
            {
                file.Stream.Dispose();
            }
        }
    }

    private static LinesRead Read(List<Known> files, string? cursor, int linesMax)
    {
        var (mark, place) = Parse(cursor);
        var index = files.FindLastIndex(file => file.Mark == mark);
        if (index < 0)
        {
            // Never read, or the file is gone: the oldest that is left has what comes next.
            (index, place) = (0, 0);
        }
        List<string> lines = [];
        for (; index < files.Count; index++, place = 0)
        {
            place = ReadLines(files[index].Stream, place, lines, linesMax);
            // An older file is read to its end before a newer one is begun; nobody appends to it any more.
            if (lines.Count >= linesMax || index == files.Count - 1)
            {
                return new(lines, Cursor(files[index].Mark, place));
            }
        }
        return new(lines, cursor);
    }

    private static long ReadLines(FileStream stream, long place, List<string> lines, int linesMax)
    {
        stream.Position = Math.Min(place, stream.Length);
        var buffer = new byte[PageBytesMax];
        var count = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        var start = 0;
        while (lines.Count < linesMax)
        {
            var rest = buffer.AsSpan(start..count);
            var end = rest.IndexOf((byte)'\n');
            if (end < 0 && rest.Length < LineBytesMax)
            {
                break;
            }
            var length = end is >= 0 and < LineBytesMax ? end : LineBytesMax;
            lines.Add(Encoding.UTF8.GetString(rest[..length]).TrimEnd('\r'));
            start += length + (length == end ? 1 : 0);
        }
        return stream.Position - count + start;
    }

    /// <summary>All files that there are, the oldest first. They are opened before they are told apart, so a rotation in between does no harm.</summary>
    private List<Known> Files()
    {
        List<Known> files = [];
        for (var number = kept; number >= 0; number--)
        {
            var name = number == 0 ? path : string.Create(CultureInfo.InvariantCulture, $"{path}.{number}");
            if (TryOpen(name) is not { } stream)
            {
                continue;
            }
            if (MarkOf(stream) is { } mark && files.TrueForAll(file => file.Mark != mark))
            {
                files.Add(new(stream, mark));
            }
            else
            {
                stream.Dispose();
            }
        }
        return files;
    }

    private static FileStream? TryOpen(string name)
    {
        try
        {
            return new FileStream(
                name,
                new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 }
            );
        }
        catch (Exception caught) when (caught is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Null while its first line is not whole.</summary>
    private static string? MarkOf(FileStream stream)
    {
        var first = new byte[4096];
        var count = stream.ReadAtLeast(first, first.Length, throwOnEndOfStream: false);
        var end = first.AsSpan(0, count).IndexOf((byte)'\n');
        return end < 0 && count < first.Length
            ? null
            : XxHash3
                .HashToUInt64(first.AsSpan(0, end < 0 ? count : end))
                .ToString("x16", CultureInfo.InvariantCulture);
    }

    private static string Cursor(string mark, long place) =>
        string.Create(CultureInfo.InvariantCulture, $"{mark}:{place}");

    private static (string? Mark, long Place) Parse(string? cursor) =>
        cursor?.Split(':') is [var mark, var text]
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var place)
            ? (mark, place)
            : (null, 0);

    private sealed record Known(FileStream Stream, string Mark);
}
