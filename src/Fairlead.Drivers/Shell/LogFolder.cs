namespace Fairlead.Drivers.Shell;

/// <summary>A log's files as one run of bytes, and how its head is cut off under the feet of whoever appends.</summary>
/// <remarks>
/// The head is copied to <c>.1</c> and then taken out of the file by the filesystem itself (ext4, xfs), which keeps appending
/// programs out for that moment: not one byte is lost. Other filesystems truncate, where bytes written between the copy and
/// the cut, some microseconds, are lost. The note beside it makes a crash at any point repairable.
/// </remarks>
internal sealed class LogFolder
{
    private const int CopyBytes = 64 * 1024;
    private readonly string path;
    private readonly LogLimits limits;
    private Note note;

    public LogFolder(string path, LogLimits limits)
    {
        (this.path, this.limits) = (path, limits);
        note = DurableFile.TryReadJson<Note>(NotePath) ?? new Note(0, null);
        if (note.SizeBefore is { } size)
        {
            ShiftNames();
            Finish(isCut: Length(path) < size || !BeginsWith(Older(1)));
        }
    }

    /// <param name="Start">Bytes before the current file's first.</param>
    /// <param name="SizeBefore">The file's length when a rotation began; null when none is under way.</param>
    private sealed record Note(long Start, long? SizeBefore);

    public long End => note.Start + Length(path);

    public long Oldest => Parts()[0].Start;

    public bool RotateWhenLarge()
    {
        var size = Length(path);
        // A range that reaches the file's end cannot be collapsed.
        var head = (size - 1) / limits.Block * limits.Block;
        if (size < limits.RotateAt || head <= 0)
        {
            return false;
        }
        Copy(path, 0, head, Older(0), FileMode.Create);
        Save(note with { SizeBefore = size });
        ShiftNames();
        Finish(isCut: false);
        return true;
    }

    /// <summary>Bytes from a place on, over the files' borders; fewer at the end.</summary>
    public byte[] Read(long from, int countMax)
    {
        using var bytes = new MemoryStream();
        foreach (var part in Parts())
        {
            var place = from + bytes.Length;
            if (place >= part.Start && place < part.Start + part.Length && bytes.Length < countMax)
            {
                using var file = Open(part.Path);
                file.Position = place - part.Start;
                var buffer = new byte[Math.Min(countMax - bytes.Length, part.Length - file.Position)];
                bytes.Write(buffer, 0, file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false));
            }
        }
        return bytes.ToArray();
    }

    private string NotePath => path + ".state";

    private string Older(int number) => $"{path}.{number}";

    private List<(string Path, long Start, long Length)> Parts()
    {
        List<(string Path, long Start, long Length)> parts = [(path, note.Start, Length(path))];
        var start = note.Start;
        for (var number = 1; number <= limits.Kept && File.Exists(Older(number)); number++)
        {
            start -= Length(Older(number));
            parts.Insert(0, (Older(number), start, Length(Older(number))));
        }
        return parts;
    }

    // .0 becomes .1, .1 becomes .2 and on, up to the first number that is free. Done again after a crash, it goes on.
    private void ShiftNames()
    {
        if (!File.Exists(Older(0)))
        {
            return;
        }
        var free = Enumerable.Range(1, limits.Kept).FirstOrDefault(number => !File.Exists(Older(number)), limits.Kept);
        for (var number = free; number > 0; number--)
        {
            File.Move(Older(number - 1), Older(number), overwrite: true);
        }
    }

    private void Finish(bool isCut)
    {
        if (!isCut && !TryCollapse(Length(Older(1))))
        {
            Truncate();
        }
        Save(new Note(note.Start + Length(Older(1)), null));
    }

    private bool TryCollapse(long head)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        return head % limits.Block == 0
            && Libc.fallocate((int)file.SafeFileHandle.DangerousGetHandle(), Libc.CollapseRange, 0, head) == 0;
    }

    private void Truncate()
    {
        while (Length(Older(1)) < Length(path))
        {
            var copied = Length(Older(1));
            Copy(path, copied, Length(path) - copied, Older(1), FileMode.Append);
        }
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.SetLength(0);
    }

    private bool BeginsWith(string head)
    {
        using var whole = Open(path);
        using var part = Open(head);
        var (ours, theirs) = (new byte[CopyBytes], new byte[CopyBytes]);
        while (part.ReadAtLeast(theirs, CopyBytes, throwOnEndOfStream: false) is > 0 and var read)
        {
            var same = whole.ReadAtLeast(ours.AsSpan(0, read), read, throwOnEndOfStream: false);
            if (!ours.AsSpan(0, same).SequenceEqual(theirs.AsSpan(0, read)))
            {
                return false;
            }
        }
        return true;
    }

    private void Save(Note next)
    {
        DurableFile.WriteJson(NotePath, next);
        note = next;
    }

    private static void Copy(string from, long start, long count, string to, FileMode mode)
    {
        using var source = Open(from);
        using var target = new FileStream(to, mode, FileAccess.Write);
        source.Position = start;
        var buffer = new byte[CopyBytes];
        while (count > 0 && source.Read(buffer, 0, (int)Math.Min(buffer.Length, count)) is > 0 and var read)
        {
            target.Write(buffer, 0, read);
            count -= read;
        }
        target.Flush(flushToDisk: true);
    }

    private static FileStream Open(string file) =>
        new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    private static long Length(string file) => new FileInfo(file) is { Exists: true, Length: var length } ? length : 0;
}
