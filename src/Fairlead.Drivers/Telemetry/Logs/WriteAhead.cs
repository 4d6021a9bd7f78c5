using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Fairlead.Drivers.Shell;
using Fairlead.Model.Ports;
using Microsoft.Win32.SafeHandles;

namespace Fairlead.Drivers.Telemetry.Logs;

/// <summary>
/// What came in and is in no block yet, forced to disk before its sender is answered. Files of entries; an entry is its length (4
/// bytes), the XxHash3 of the rest (8), the number of its first record (8) and the batch. Whatever was cut off by a crash
/// fails its hash and ends its file; a file is never appended to by a later run.
/// </summary>
internal sealed class WriteAhead : IDisposable
{
    public const string Extension = ".wal";

    private const int HeadBytes = sizeof(uint) + sizeof(ulong) + sizeof(long);
    private const int PayloadBytesMax = 512 << 20;

    private readonly string folder;
    private readonly long fileBytesMax;
    private readonly List<Closed> closed;

    // Blocks are made, and files forgotten, while others append.
    private readonly Lock gate = new();
    private SafeFileHandle? file;
    private string path = "";
    private long length;
    private long last;

    /// <param name="fileBytesMax">After which a new file begins.</param>
    public WriteAhead(string folder, long fileBytesMax)
    {
        this.folder = folder;
        this.fileBytesMax = fileBytesMax;
        closed = [.. Files(folder).Select(one => new Closed(one, long.MaxValue))];
    }

    public long Bytes
    {
        get
        {
            lock (gate)
            {
                return length + closed.Sum(one => one.Bytes);
            }
        }
    }

    /// <summary>All entries of earlier runs, in their order.</summary>
    public IEnumerable<Numbered> Replay()
    {
        for (var i = 0; i < closed.Count; i++)
        {
            var bytes = File.ReadAllBytes(closed[i].Path);
            long highest = 0;
            foreach (var entry in EntriesIn(bytes))
            {
                highest = entry.Last;
                yield return entry;
            }
            closed[i] = closed[i] with { Last = highest, Bytes = bytes.Length };
        }
    }

    /// <summary>Writes entries and forces them to disk.</summary>
    /// <exception cref="IOException">Nothing of it counts; what was written of it is taken back or left behind in a file that is closed.</exception>
    public void Append(IReadOnlyList<PendingBatch> batches)
    {
        var parts = new List<ReadOnlyMemory<byte>>(batches.Count * 2);
        foreach (var batch in batches)
        {
            parts.Add(Head(batch));
            parts.Add(batch.Bytes.Memory);
        }
        lock (gate)
        {
            try
            {
                if (file is null || length >= fileBytesMax)
                {
                    Begin(batches[0].First);
                }
                RandomAccess.Write(file!, parts, length);
                RandomAccess.FlushToDisk(file!);
            }
            catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
            {
                Abandon();
                throw;
            }
            length += parts.Sum(part => (long)part.Length);
            last = batches[^1].Last;
        }
    }

    /// <summary>Lets what comes next begin a new file, so that this one can be forgotten when its records are in blocks.</summary>
    public void Turn()
    {
        lock (gate)
        {
            Close();
        }
    }

    /// <summary>Removes files of which all records are in blocks.</summary>
    public void Forget(long through)
    {
        lock (gate)
        {
            if (file is not null && last <= through)
            {
                Close();
            }
            foreach (var one in closed.Where(one => one.Last <= through))
            {
                File.Delete(one.Path);
            }
            closed.RemoveAll(one => one.Last <= through);
        }
    }

    public void Dispose() => file?.Dispose();

    internal static IEnumerable<Numbered> EntriesIn(byte[] bytes)
    {
        var at = 0;
        while (bytes.Length - at >= HeadBytes)
        {
            var size = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));
            if (size is 0 or > PayloadBytesMax || size > bytes.Length - at - HeadBytes)
            {
                yield break;
            }
            var hashed = bytes.AsSpan(at + sizeof(uint) + sizeof(ulong), sizeof(long) + (int)size);
            if (
                BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at + sizeof(uint))) != XxHash3.HashToUInt64(hashed)
            )
            {
                yield break;
            }
            var first = BinaryPrimitives.ReadInt64LittleEndian(hashed);
            yield return new(first, Entry.Read(hashed[sizeof(long)..]));
            at += HeadBytes + (int)size;
        }
    }

    private static byte[] Head(PendingBatch batch)
    {
        var head = new byte[HeadBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(head, (uint)batch.Bytes.Length);
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(sizeof(uint) + sizeof(ulong)), batch.First);
        var hash = new XxHash3();
        hash.Append(head.AsSpan(sizeof(uint) + sizeof(ulong)));
        hash.Append(batch.Bytes.Written);
        BinaryPrimitives.WriteUInt64LittleEndian(head.AsSpan(sizeof(uint)), hash.GetCurrentHashAsUInt64());
        return head;
    }

    private void Begin(long first)
    {
        Close();
        path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{first:d19}{Extension}"));
        // No other file has this name: every entry takes a number, and each run leaves one out.
        file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        length = 0;
        last = 0;
        DurableFile.SyncFolder(folder);
    }

    private void Close()
    {
        if (file is not null)
        {
            closed.Add(new(path, last) { Bytes = length });
            file.Dispose();
            file = null;
            length = 0;
        }
    }

    // What a failed write left must not stand before what comes later.
    private void Abandon()
    {
        if (file is null)
        {
            return;
        }
        try
        {
            RandomAccess.SetLength(file, length);
            if (length > 0)
            {
                return;
            }
            // The same entries may come once more, and want the same name.
            file.Dispose();
            file = null;
            File.Delete(path);
        }
        catch (IOException)
        {
            // Its entry fails its hash, or is the very same that is written once more.
            Close();
        }
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*" + Extension).Order(StringComparer.Ordinal);

    private sealed record Closed(string Path, long Last)
    {
        public long Bytes { get; init; }
    }
}

/// <summary>A batch with the number of its first record.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Numbered(long First, LogBatch Batch)
{
    /// <summary>The last number it takes; a batch that is only a bookmark takes one too.</summary>
    public long Last => First + Math.Max(1, Batch.Records.Count) - 1;
}

/// <summary>A batch that waits to be written.</summary>
internal sealed class PendingBatch(LogBatch batch)
{
    public LogBatch Batch => batch;

    public ByteWriter Bytes { get; } = Entry.Write(batch);

    /// <summary>The number of its first record, given when it is written.</summary>
    public long First { get; set; }

    public long Last => new Numbered(First, batch).Last;

    public bool IsDone { get; set; }

    /// <summary>Why it was not written.</summary>
    public Exception? Failure { get; set; }
}
