namespace Fairlead.Drivers.Telemetry.Logs;

/// <summary>Records that are in no block yet, as they came in. Written by one at a time; what was taken before may be read meanwhile.</summary>
internal sealed class Head
{
    private Kept[] records = new Kept[1024];

    public int Count { get; private set; }

    public long Characters { get; private set; }

    /// <summary>The last number that is in it or before it.</summary>
    public long Through { get; private set; }

    public void Add(PendingBatch batch) => Add(new Numbered(batch.First, batch.Batch));

    public void Add(Numbered batch)
    {
        // A bookmark alone takes room in the write-ahead log as well.
        Characters += 64;
        var all = batch.Batch.Records;
        if (Count + all.Count > records.Length)
        {
            Array.Resize(ref records, Math.Max(records.Length * 2, Count + all.Count));
        }
        for (var i = 0; i < all.Count; i++)
        {
            records[Count + i] = new(batch.First + i, all[i]);
            Characters += Kept.Characters(all[i]);
        }
        Count += all.Count;
        Through = batch.Last;
    }

    public ReadOnlyMemory<Kept> Records => records.AsMemory(0, Count);
}
