using System.Text;

namespace Fairlead.Drivers.Shell;

/// <summary>When a log is rotated and what is kept.</summary>
/// <param name="RotateAt">Bytes.</param>
/// <param name="Kept">Older files, named <c>.1</c> (the newest) and on.</param>
/// <param name="Block">Bytes; a multiple of the filesystem's block, in which it can cut from a file's head.</param>
public sealed record LogLimits(long RotateAt = 10 * 1024 * 1024, int Kept = 5, int Block = 64 * 1024);

/// <summary>
/// A log that programs append to on their own and never reopen, rotated under them. Places in it are counted from its very
/// first byte, so a reader's place holds over rotations. One object for one file: it guards the file's parts.
/// </summary>
public sealed class RotatingLog(string path, LogLimits limits)
{
    private const int LineBytesMax = 64 * 1024;
    private const int PageBytesMax = 1024 * 1024;

    private readonly Lock gate = new();

    /// <summary>The place after the last byte.</summary>
    public long End
    {
        get
        {
            lock (gate)
            {
                return Folder.End;
            }
        }
    }

    /// <summary>Moves the older part aside when the file is large.</summary>
    /// <exception cref="IOException">There is no room for it; nothing has changed.</exception>
    public bool RotateWhenLarge()
    {
        lock (gate)
        {
            return Folder.RotateWhenLarge();
        }
    }

    /// <summary>Writes at the end, for a program that does not write here by itself.</summary>
    /// <exception cref="IOException">There is no room.</exception>
    public void Append(byte[] bytes)
    {
        if (bytes.Length == 0)
        {
            return;
        }
        lock (gate)
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.Append,
                Access = FileAccess.Write,
                Share = FileShare.ReadWrite,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            };
            using var file = new FileStream(path, options);
            file.Write(bytes);
        }
    }

    /// <summary>Ends a line that a crash left open, so that the next start's first line is its own.</summary>
    public void EndLine()
    {
        lock (gate)
        {
            var last = Folder.Read(Math.Max(Folder.Oldest, Folder.End - 1), 1);
            if (last is [not (byte)'\n'])
            {
                File.AppendAllText(path, "\n");
            }
        }
    }

    /// <summary>Whole lines from a place on, and the place after them. A place that was rotated away is the oldest one left.</summary>
    /// <param name="linesMax">At least 0; a page also ends after 1 MiB. Lines of over 64 KiB come in pieces.</param>
    public (IReadOnlyList<string> Lines, long Next) Read(long from, int linesMax)
    {
        lock (gate)
        {
            return ReadLines(from, linesMax, withOpenLine: false);
        }
    }

    /// <summary>The last lines at or after a place, with the one that is not ended yet.</summary>
    public IReadOnlyList<string> Tail(long from, int lines)
    {
        lock (gate)
        {
            var all = ReadLines(Math.Max(from, StartOfTail(lines)), lines + 1, withOpenLine: true).Lines;
            return [.. all.Skip(all.Count - lines)];
        }
    }

    /// <summary>The place from which there are this many lines.</summary>
    public long TailStart(int lines)
    {
        lock (gate)
        {
            return StartOfTail(lines);
        }
    }

    // Opened when first needed: repairing what a crash left may fail, and is tried again then.
    private LogFolder Folder => field ??= new LogFolder(path, limits);

    private (IReadOnlyList<string> Lines, long Next) ReadLines(long from, int linesMax, bool withOpenLine)
    {
        List<string> lines = [];
        var place = Math.Clamp(from, Folder.Oldest, Folder.End);
        var page = Folder.Read(place, PageBytesMax).AsSpan();
        while (lines.Count < linesMax && page.Length > 0)
        {
            var within = page[..Math.Min(page.Length, LineBytesMax)];
            var (length, skip) = within.IndexOf((byte)'\n') switch
            {
                >= 0 and var end => (end, end + 1),
                _ when page.Length >= LineBytesMax || withOpenLine => (within.Length, within.Length),
                _ => (-1, 0),
            };
            if (length < 0)
            {
                break;
            }
            lines.Add(Encoding.UTF8.GetString(page[..length]).TrimEnd('\r'));
            page = page[skip..];
            place += skip;
        }
        return (lines, place);
    }

    private long StartOfTail(int lines)
    {
        var (seen, end) = (0, Folder.End);
        while (end > Folder.Oldest)
        {
            var start = Math.Max(Folder.Oldest, end - LineBytesMax);
            var window = Folder.Read(start, (int)(end - start));
            for (var index = window.Length - 1; index >= 0; index--)
            {
                if (window[index] == '\n' && ++seen > lines)
                {
                    return start + index + 1;
                }
            }
            end = start;
        }
        return Folder.Oldest;
    }
}
