using Fairlead.Drivers.Telemetry.Metrics.Chunks;
using Fairlead.Drivers.Telemetry.Metrics.Selecting;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Metrics.Heads;

/// <summary>A series of the head. One thread appends; others read at the same time without a lock.</summary>
internal sealed class HeadSeries(Labels labels, int ordinal)
{
    private OpenChunk? open;
    private SealedChunk[] closed = [];
    private LateSamples? late;

    public Labels Labels => labels;

    /// <summary>Its number in the head.</summary>
    public int Ordinal => ordinal;

    /// <summary>The log in which its labels were written last.</summary>
    public int DefinedIn { get; set; } = -1;

    /// <summary>Its number in that log.</summary>
    public int LogOrdinal { get; set; }

    /// <summary>Of all its samples, also those in blocks; <see cref="long.MinValue"/> while it has none.</summary>
    public long LastTime { get; set; } = long.MinValue;

    /// <summary>The newest sample if that is in this head.</summary>
    public OpenChunk? Open => open;

    /// <param name="at">After <see cref="LastTime"/>.</param>
    public void Append(long at, double value, ChunkSealer sealer)
    {
        LastTime = at;
        if (open is null)
        {
            Volatile.Write(ref open, new OpenChunk(at, value));
        }
        else if (open.Count < ChunkCodec.SamplesMax)
        {
            open.Append(at, value);
        }
        else
        {
            // In this order a reader may meet the chunk twice, but never miss it.
            Volatile.Write(ref closed, [.. closed, sealer.Seal(open)]);
            Volatile.Write(ref open, new OpenChunk(at, value));
        }
    }

    /// <param name="at">Before <see cref="LastTime"/>, and a time for which there is no sample yet.</param>
    public void AppendLate(long at, double value, ChunkSealer sealer)
    {
        if (late is { IsFull: true })
        {
            Volatile.Write(ref closed, [.. closed, sealer.Seal(late)]);
            Volatile.Write(ref late, null);
        }
        Volatile.Write(ref late, LateSamples.With(late, at, value));
    }

    /// <summary>Adds the chunks that may hold samples of this time.</summary>
    public void Collect(long from, long to, List<ChunkRef> into)
    {
        // What is sealed meanwhile is then seen twice, not missed.
        var (opened, belated) = (Volatile.Read(ref open), Volatile.Read(ref late));
        if (belated is not null && belated.Reference.Overlaps(from, to))
        {
            into.Add(belated.Reference);
        }
        foreach (var chunk in Volatile.Read(ref closed))
        {
            if (chunk.Reference.Overlaps(from, to))
            {
                into.Add(chunk.Reference);
            }
        }
        if (opened is not null && opened.Reference.Overlaps(from, to))
        {
            into.Add(opened.Reference);
        }
    }

    /// <summary>Whether it has a sample of just this time.</summary>
    public bool Has(long at)
    {
        var merge = ChunkMerge.OfThread;
        Collect(at, at, merge.Chunks);
        return merge.TryReadAt(at) is not null;
    }

    /// <summary>Whether it may have samples of this time.</summary>
    public bool Overlaps(long from, long to)
    {
        var (opened, belated) = (Volatile.Read(ref open), Volatile.Read(ref late));
        return (opened is not null && opened.Reference.Overlaps(from, to))
            || (belated is not null && belated.Reference.Overlaps(from, to))
            || Array.Exists(Volatile.Read(ref closed), chunk => chunk.Reference.Overlaps(from, to));
    }
}
