using System.Collections.Immutable;
using Fairlead.Drivers.Shell;
using Fairlead.Drivers.Telemetry.Metrics.Blocks;
using Fairlead.Drivers.Telemetry.Metrics.Heads;
using Fairlead.Drivers.Telemetry.Metrics.WriteAhead;
using Fairlead.Model.Ports;
using Microsoft.Extensions.Logging;

namespace Fairlead.Drivers.Telemetry.Metrics.Keeping;

/// <summary>
/// Looks after a store's files: heads become blocks, small blocks become large ones, old ones become rollups or go. Each change is
/// made beside, put in place by a rename, and only then what it replaces is removed; what a crash leaves twice is read once.
/// </summary>
internal sealed class Keeper : IAsyncDisposable
{
    // errno, which .NET hands on as it is.
    private const int DiskFull = 28;
    private const int QuotaReached = 122;

    private readonly MetricFolder folder;
    private readonly Lock gate;
    private readonly SemaphoreSlim turn = new(1);
    private readonly SemaphoreSlim due = new(0, 1);
    private readonly BlockMaker maker;
    private readonly Dictionary<long, int> damagedSaid = [];
    private int lastLog;
    private Sources sources;

    /// <exception cref="IOException">The folder cannot be read or written.</exception>
    public Keeper(MetricFolder folder, MetricStoreSettings settings, World world, ILogger log, Lock gate)
    {
        (this.folder, this.gate, Settings, World, Log) = (folder, gate, settings, world, log);
        FreeBytes = () => new DriveInfo(folder.Root).AvailableFreeSpace;
        var start = world.Clock.GetTimestamp();
        folder.Prepare();
        var opening = new Opening(folder, log);
        var blocks = opening.Blocks();
        maker = new(folder, opening.LastBlock);
        (var head, lastLog) = opening.Head(gate, world.Now);
        sources = new(head, [], [.. blocks]);
        var time = (long)world.Clock.GetElapsedTime(start).TotalMilliseconds;
        log.Opened(time, blocks.Count, head.Samples);
    }

    public MetricStoreSettings Settings { get; }

    public World World { get; }

    public ILogger Log { get; }

    /// <summary>What there is now. Replaced by whoever has the turn and the gate.</summary>
    public Sources Sources => Volatile.Read(ref sources);

    /// <summary>How much of the disk is free.</summary>
    internal Func<long> FreeBytes { get; set; }

    /// <summary>For tests: called wherever a crash would leave something half done.</summary>
    internal Action? Step { get; set; }

    /// <summary>Waits until there may be something to do.</summary>
    public async Task IsDueAsync(CancellationToken stop)
    {
        using var early = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var asked = due.WaitAsync(early.Token);
        await Task.WhenAny(asked, Task.Delay(Settings.CareEvery, World.Clock, early.Token));
        await early.CancelAsync();
        stop.ThrowIfCancellationRequested();
    }

    public bool IsLarge(Head head, int times) =>
        head.Samples >= Settings.HeadSamplesMax * times || head.Log.Appended >= Settings.HeadLogBytesMax * times;

    /// <summary>Writes a log to disk, if need be in the place of the oldest blocks.</summary>
    /// <returns>False when there is no room and nothing to drop.</returns>
    /// <exception cref="Model.Problems.ProblemException">The disk failed.</exception>
    public async Task<bool> TryCommitAsync(WriteAheadLog log, long upTo, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                await log.CommitAsync(upTo, stop);
                if (IsLarge(Sources.Head, 1))
                {
                    Ask();
                }
                return true;
            }
            catch (IOException caught) when (caught.HResult is DiskFull or QuotaReached)
            {
                if (!await TryMakeRoomAsync(stop))
                {
                    Log.Unwritable(caught.Message);
                    return false;
                }
            }
            catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
            {
                throw MetricProblems.Unwritable(folder.Root, caught);
            }
        }
    }

    /// <summary>Writes the head to blocks if it is as large as this many heads.</summary>
    /// <returns>False when there is no room and nothing to drop.</returns>
    /// <exception cref="Model.Problems.ProblemException">The disk failed.</exception>
    public async Task<bool> TryFlushAsync(int times, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                await FlushAsync(times, stop);
                return true;
            }
            catch (IOException caught) when (caught.HResult is DiskFull or QuotaReached)
            {
                if (!await TryMakeRoomAsync(stop))
                {
                    Log.Unwritable(caught.Message);
                    return false;
                }
            }
            catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
            {
                throw MetricProblems.Unwritable(folder.Root, caught);
            }
        }
    }

    /// <summary>Writes the head to blocks if it is as large as this many heads; 0 for any that is not empty.</summary>
    public async Task FlushAsync(int times, CancellationToken stop)
    {
        await turn.WaitAsync(stop);
        try
        {
            await FlushInTurnAsync(times, stop);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Does all that is due.</summary>
    public async Task CareAsync(CancellationToken stop)
    {
        await turn.WaitAsync(stop);
        try
        {
            Retain(stop);
            var head = Sources.Head;
            var isOld = head.Samples > 0 && World.Now - head.Since >= Settings.HeadAgeMax;
            if (isOld || IsLarge(head, 1) || !Sources.Leaving.IsEmpty)
            {
                await FlushInTurnAsync(isOld ? 0 : 1, stop);
            }
            Compact(stop);
            SayDamaged();
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Merges blocks as long as there are some to be merged.</summary>
    internal void Compact(CancellationToken stop)
    {
        while (MergePlan.Next(Sources.Blocks, World.Now, Settings.Late) is { } group)
        {
            stop.ThrowIfCancellationRequested();
            if (group.Sum(block => block.Size) * 2 > FreeBytes() - Settings.DiskBytesFree)
            {
                return;
            }
            Replace(group, maker.OfBlocks(group, stop));
        }
    }

    /// <summary>Drops what is too old or too much; what is only too old for every sample becomes a rollup.</summary>
    internal void Retain(CancellationToken stop)
    {
        // First what makes room: without it no rollup could be written.
        while (
            DiskBytes() > Settings.DiskBytesMax
            && DropOldest($"they may take {Settings.DiskBytesMax >> 20} MiB") is not null
        ) { }
        LeaveFree();
        var rollupsFrom = World.Now.Add(-Settings.KeepRollups).ToUnixTimeMilliseconds();
        var rawFrom = World.Now.Add(-Settings.KeepRaw).ToUnixTimeMilliseconds();
        foreach (var block in Sources.Blocks)
        {
            if (block.To < rollupsFrom || (block.To < rawFrom && Settings.KeepRollups <= Settings.KeepRaw))
            {
                Drop(block);
                var (from, to) = (Time(block.From), Time(block.To));
                Log.Expired(from, to);
            }
            else if (block.Kind is BlockKind.Raw && block.To < rawFrom)
            {
                Replace([block], maker.RollupOf(block, stop));
            }
        }
    }

    private void LeaveFree()
    {
        var free = FreeBytes();
        var missing = Settings.DiskBytesFree - free;
        var why = $"only {free >> 20} MiB of the disk are free, {Settings.DiskBytesFree >> 20} MiB must be";
        // Who still reads a block keeps its room for a moment: it is counted as free all the same, or all would be dropped.
        while (missing > 0 && DropOldest(why) is { } bytes)
        {
            missing -= bytes;
        }
        if (free < Settings.DiskBytesFree)
        {
            LetGo();
        }
    }

    /// <summary>Writes the head to blocks and links all blocks into another folder.</summary>
    public async Task SnapshotAsync(string into, CancellationToken stop)
    {
        await turn.WaitAsync(stop);
        try
        {
            await FlushInTurnAsync(0, stop);
            var copy = new MetricFolder(into);
            copy.Prepare();
            foreach (var block in Sources.Blocks)
            {
                HardLink.Make(block.Path, copy.BlockOf(block.Number));
            }
            DurableFile.SyncFolder(copy.Blocks);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Writes the head to blocks, so that nothing has to be read again at the next start, and lets the files go.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await FlushAsync(0, CancellationToken.None);
        }
        finally
        {
            foreach (var head in Sources.Leaving.Append(Sources.Head))
            {
                head.Log.Dispose();
            }
            turn.Dispose();
            due.Dispose();
        }
    }

    public long DiskBytes()
    {
        var known = Sources;
        return known.Blocks.Sum(block => block.Size) + known.Leaving.Append(known.Head).Sum(head => head.Log.Appended);
    }

    private async Task FlushInTurnAsync(int times, CancellationToken stop)
    {
        var head = Sources.Head;
        if (head.Samples > 0 && (times == 0 || IsLarge(head, times)))
        {
            StartNext(head);
        }
        foreach (var leaving in Sources.Leaving)
        {
            await leaving.Log.CommitAsync(leaving.Log.Appended, stop);
            Step?.Invoke();
            var made = maker.OfHead(leaving, stop);
            Step?.Invoke();
            Publish(known => new(known.Head, known.Leaving.Remove(leaving), known.Blocks.AddRange(made)));
            leaving.Log.Dispose();
            foreach (var log in leaving.Logs)
            {
                File.Delete(log);
                Step?.Invoke();
            }
        }
    }

    private void StartNext(Head head)
    {
        // Before the gate is taken: whoever appends does not wait for the disk.
        var next = new Head(WriteAheadLog.Create(folder.LogOf(++lastLog), lastLog, gate), World.Now);
        Publish(known => new(next, known.Leaving.Add(head), known.Blocks));
    }

    private void Replace(IReadOnlyList<Block> old, Block made)
    {
        Publish(known => known with { Blocks = known.Blocks.RemoveRange(old).Add(made) });
        foreach (var block in old)
        {
            Step?.Invoke();
            File.Delete(block.Path);
        }
    }

    private void Drop(Block block)
    {
        Publish(known => known with { Blocks = known.Blocks.Remove(block) });
        File.Delete(block.Path);
    }

    private async Task<bool> TryMakeRoomAsync(CancellationToken stop)
    {
        await turn.WaitAsync(stop);
        try
        {
            if (DropOldest("the disk is full") is null)
            {
                return false;
            }
            LetGo();
            return true;
        }
        finally
        {
            turn.Release();
        }
    }

    // The kernel gives back the room of a removed file when it is no memory any more, and that is when the collector has seen it.
    private static void LetGo()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    /// <returns>How many bytes that frees; null when there is nothing to drop.</returns>
    private long? DropOldest(string why)
    {
        if (Sources.Blocks.MinBy(block => block.To) is not { } oldest)
        {
            return null;
        }
        Drop(oldest);
        var (from, to) = (Time(oldest.From), Time(oldest.To));
        Log.Dropped(from, to, why);
        return oldest.Size;
    }

    private void Publish(Func<Sources, Sources> change)
    {
        lock (gate)
        {
            Volatile.Write(ref sources, change(sources));
        }
    }

    private void Ask()
    {
        try
        {
            if (due.CurrentCount == 0)
            {
                due.Release();
            }
        }
        catch (SemaphoreFullException)
        {
            // Somebody else asked in the same moment.
        }
    }

    private void SayDamaged()
    {
        foreach (var block in Sources.Blocks)
        {
            if (block.Damaged > damagedSaid.GetValueOrDefault(block.Number))
            {
                damagedSaid[block.Number] = block.Damaged;
                Log.ChunksDamaged(block.Path, block.Damaged);
            }
        }
    }

    private static DateTimeOffset Time(long at) => DateTimeOffset.FromUnixTimeMilliseconds(at);
}
