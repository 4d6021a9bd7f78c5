using Fairlead.Drivers.Shell;

namespace Fairlead.Drivers.Telemetry.Logs;

/// <summary>Writes blocks into segments.</summary>
internal sealed class Shelf(string folder, LogStoreSettings settings)
{
    private bool mustBegin;

    /// <summary>The segments that are there, the oldest first.</summary>
    public static List<Segment> Read(string folder)
    {
        var paths = Directory.EnumerateFiles(folder, "*" + Segment.Extension).Order(StringComparer.Ordinal).ToList();
        var segments = paths.SkipLast(1).Select(Segment.Read).ToList();
        if (paths.Count > 0)
        {
            segments.Add(Segment.Recover(paths[^1]));
        }
        return segments;
    }

    /// <summary>Writes a collection of records, all or none, and forces it to disk.</summary>
    /// <param name="last">The segment that was written to last.</param>
    /// <returns>That segment with its new blocks, or one more.</returns>
    /// <exception cref="IOException">Nothing of it counts.</exception>
    public Segment Write(Segment? last, Head head)
    {
        var isNew = last is null || mustBegin || last.Bytes >= settings.SegmentBytesMax;
        if (isNew && last is not null)
        {
            TryIndex(last);
        }
        var to = isNew ? new Segment(Path.Combine(folder, Segment.Name(head.Through)), []) : last!;
        var (bytes, places) = Press(head, to.Bytes);
        using var file = File.OpenHandle(to.Path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        try
        {
            RandomAccess.Write(file, bytes.Written, to.Bytes);
            RandomAccess.FlushToDisk(file);
            if (isNew)
            {
                DurableFile.SyncFolder(folder);
            }
        }
        catch (IOException)
        {
            mustBegin = true;
            RandomAccess.SetLength(file, to.Bytes);
            throw;
        }
        mustBegin = false;
        return new(to.Path, [.. to.Blocks, .. places]);
    }

    private (ByteWriter Bytes, List<BlockPlace> Places) Press(Head head, long offset)
    {
        var sorted = head.Records.ToArray();
        Array.Sort(sorted, Kept.ByTime);
        using var press = new BlockPress();
        var bytes = new ByteWriter(1 << 20);
        List<BlockPlace> places = [];
        for (var start = 0; start < sorted.Length; )
        {
            var end = EndOf(sorted, start);
            var at = offset + bytes.Length;
            var through = end == sorted.Length ? head.Through : 0;
            var (block, summary) = press.Add(sorted.AsSpan(start..end), through, bytes);
            places.Add(BlockPlace.Of(at, block, summary));
            start = end;
        }
        return (bytes, places);
    }

    private int EndOf(Kept[] sorted, int start)
    {
        const int RecordsMax = 32 << 10;
        long characters = 0;
        var end = start;
        while (end < sorted.Length && end - start < RecordsMax && characters < settings.BlockCharsMax)
        {
            characters += Kept.Characters(sorted[end++].Record);
        }
        return end;
    }

    // Without one the store takes longer to open, no more.
    private static void TryIndex(Segment segment)
    {
        try
        {
            segment.WriteIndex();
        }
        catch (IOException)
        {
            // The disk is full, or the segment was let go meanwhile.
        }
    }
}
