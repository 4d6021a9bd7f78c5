using System.Globalization;
using Fairlead.Drivers.Shell;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;
using Microsoft.Extensions.Logging;

namespace Fairlead.Drivers.Telemetry.Logs;

/// <summary>
/// Keeps logs in files of its own: a write-ahead log, forced to disk for all who wait at once (group commit), and out of it blocks
/// that are sorted by time, compressed, and remember their words. One process has the folder at a time.
/// </summary>
public sealed class LogStore : ILogStore, IAsyncDisposable
{
    private const long WalBytesMax = 16 << 20;
    private const int DiskFull = 28; // ENOSPC
    private const int QuotaReached = 122; // EDQUOT
    private static readonly TimeSpan TidyPause = TimeSpan.FromMinutes(10);

    private readonly string folder;
    private readonly LogStoreSettings settings;
    private readonly World world;
    private readonly ILogger log;
    private readonly LockFile held;
    private readonly WriteAhead ahead;
    private readonly Shelf shelf;
    private readonly Room room;

    // Guards the queue and what readers see; never held while the disk is waited for.
    private readonly Lock state = new();
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly CancellationTokenSource closing = new();
    private readonly HashSet<(string, long)> damaged = [];
    private readonly Dictionary<string, string> bookmarks;
    private readonly Task tidying;
    private List<PendingBatch> queue = [];
    private List<Segment> segments;
    private Head head = new();
    private Head? full;
    private Task sealing = Task.CompletedTask;
    private long next;
    private long visible;
    private long aged;
    private long crowded;

    private LogStore(string folder, LogStoreSettings settings, World world, ILogger log, LockFile held)
    {
        this.folder = folder;
        this.settings = settings;
        this.world = world;
        this.log = log;
        this.held = held;
        room = new Room(folder, settings.FreeBytesMin);
        shelf = new Shelf(folder, settings);
        segments = Shelf.Read(folder);
        bookmarks = DurableFile.TryReadJson<Dictionary<string, string>>(BookmarkFile) ?? [];
        ahead = new WriteAhead(folder, WalBytesMax);
        next = Recover();
        tidying = TidyAsync(closing.Token);
    }

    /// <inheritdoc />
    public LogHoldings Holdings
    {
        get
        {
            lock (state)
            {
                var (records, bytes) = (segments.Sum(one => one.Records), segments.Sum(one => one.Bytes) + ahead.Bytes);
                var oldest = segments.Where(one => one.Records > 0).Select(one => one.Times.First);
                var first = oldest.Concat(Heads().Select(OldestOf)).DefaultIfEmpty(long.MaxValue).Min();
                return new(
                    records + Heads().Sum(one => (long)one.Length),
                    bytes,
                    first == long.MaxValue ? null : first,
                    aged,
                    crowded,
                    damaged.Count
                );
            }
        }
    }

    private string BookmarkFile => Path.Combine(folder, "bookmarks.json");

    /// <summary>Opens the store, or makes it; what a crash left half is cut off.</summary>
    /// <param name="folder">Its own; made when missing.</param>
    /// <exception cref="ProblemException">Another process has it open.</exception>
    public static LogStore Open(string folder, LogStoreSettings settings, World world, ILogger log)
    {
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var taken =
            LockFile.TryTake(Path.Combine(folder, "lock"), out var holder)
            ?? throw new ProblemException(LogProblems.InUse(folder, holder));
        try
        {
            return new(folder, settings, world, log, taken);
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public async Task<LogsTaken> AppendAsync(LogBatch batch, CancellationToken stop)
    {
        if (batch.Records.Count == 0 && batch.Bookmark is null)
        {
            return new(0, 0);
        }
        var pending = new PendingBatch(batch);
        lock (state)
        {
            queue.Add(pending);
        }
        // Whoever comes first writes for all who wait. Nobody leaves before: what was queued is written, and should be answered.
        await writing.WaitAsync(CancellationToken.None);
        try
        {
            if (!pending.IsDone)
            {
                // Not to be stopped: it is written for others too.
                await CommitAsync(CancellationToken.None);
            }
        }
        finally
        {
            writing.Release();
        }
        return pending.Failure is { } failure ? throw failure : new(batch.Records.Count, 0);
    }

    /// <inheritdoc />
    public async Task<LogsFound> SearchAsync(LogSearch search, CancellationToken stop)
    {
        var limit = Math.Clamp(search.Limit, 1, LogSearch.LimitMax);
        var sequence = search.Order is LogOrder.NewestFirst ? Sequence.NewestFirst : Sequence.OldestFirst;
        var after = search.Cursor is { } cursor ? RankOf(cursor) : (Rank?)null;
        var gathering = new Gathering(new Match(search.Filter), sequence, limit, after);
        var view = Look();
        await Task.Run(() => Gather(gathering, view, stop), stop);
        var found = gathering.Found;
        var rank = found.Count == limit ? found[^1].Rank : (Rank?)null;
        return new(
            [.. found.Select(one => one.Record)],
            rank is { } last ? string.Create(CultureInfo.InvariantCulture, $"{last.Main}.{last.Number}") : null
        );
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<LogCount>> CountAsync(LogFilter filter, long step, CancellationToken stop)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(step);
        var match = new Match(filter);
        var counting = new Counting(match, step);
        var view = Look();
        await Task.Run(
            () =>
            {
                foreach (var records in view.Heads)
                {
                    counting.Look(records.Span);
                }
                var blocks = view
                    .Segments.Where(segment => match.MayBeIn(segment.Times))
                    .SelectMany(segment => segment.Blocks.Select(place => (segment, place)));
                Read(blocks.Where(one => counting.IsWorthALook(one.place)), counting.Look, stop);
            },
            stop
        );
        return counting.Counts;
    }

    /// <inheritdoc />
    public async Task<LogsFound> TailAsync(LogFilter filter, string? cursor, int limit, CancellationToken stop)
    {
        var view = Look();
        if (cursor is null)
        {
            return new([], TailCursor(view.Last));
        }
        if (!long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var seen))
        {
            throw new ProblemException(LogProblems.WrongCursor(cursor));
        }
        var most = Math.Clamp(limit, 1, LogSearch.LimitMax);
        var gathering = new Gathering(new Match(filter), Sequence.Arrival, most, new Rank(seen, 0));
        await Task.Run(() => Gather(gathering, view, stop), stop);
        var found = gathering.Found;
        var reached = found.Count == most ? found[^1].Rank.Main : Math.Max(seen, view.Last);
        return new([.. found.Select(one => one.Record)], TailCursor(reached));
    }

    /// <inheritdoc />
    public Task<string?> BookmarkAsync(string name, CancellationToken stop)
    {
        lock (state)
        {
            return Task.FromResult(bookmarks.GetValueOrDefault(name));
        }
    }

    /// <summary>Writes what is in memory into blocks.</summary>
    internal async Task SealAsync(CancellationToken stop)
    {
        await writing.WaitAsync(stop);
        try
        {
            await RollAsync(stop);
            await sealing;
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>Lets go what is too old or too much.</summary>
    internal void Tidy()
    {
        var from = Nanoseconds(world.Now - settings.Age);
        while (true)
        {
            Segment oldest;
            lock (state)
            {
                // The one that is written to stays: it is small.
                var isTooMuch = segments.Sum(one => one.Bytes) > settings.BytesMax;
                if (segments.Count < 2 || !(isTooMuch || segments[0].Times.Last < from))
                {
                    return;
                }
                oldest = segments[0];
            }
            Interlocked.Add(ref aged, LetGo(oldest));
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (closing.IsCancellationRequested)
        {
            return;
        }
        await closing.CancelAsync();
        await tidying;
        await writing.WaitAsync(CancellationToken.None);
        await sealing.ContinueWith(
            _ => { },
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default
        );
        ahead.Dispose();
        held.Dispose();
        closing.Dispose();
        writing.Dispose();
    }

    private static long Nanoseconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks * 100;

    private static long OldestOf(ReadOnlyMemory<Kept> records)
    {
        var oldest = long.MaxValue;
        foreach (var (_, record) in records.Span)
        {
            oldest = Math.Min(oldest, record.At);
        }
        return oldest;
    }

    private static string TailCursor(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static Rank RankOf(string cursor) =>
        cursor.Split('.') is [var main, var number]
        && long.TryParse(main, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var first)
        && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var second)
            ? new(first, second)
            : throw new ProblemException(LogProblems.WrongCursor(cursor));

    private long Recover()
    {
        var through = segments.Select(one => one.Through).DefaultIfEmpty(0).Max();
        var last = through;
        long replayed = 0;
        foreach (var entry in ahead.Replay())
        {
            if (entry.First > last)
            {
                head.Add(entry);
                replayed += entry.Batch.Records.Count;
                last = entry.Last;
            }
            if (entry.Batch.Bookmark is { } bookmark)
            {
                bookmarks[bookmark.Name] = bookmark.Cursor;
            }
        }
        ahead.Forget(through);
        var records = segments.Sum(one => one.Records) + replayed;
        log.Opened(records, replayed);
        visible = last;
        // Each run leaves a number out, so that no file of the write-ahead log is ever given the name of an earlier one.
        return last + 2;
    }

    private async Task CommitAsync(CancellationToken stop)
    {
        List<PendingBatch> batches;
        lock (state)
        {
            (batches, queue) = (queue, []);
        }
        Exception? failure = null;
        try
        {
            if (IsFull)
            {
                await RollAsync(stop);
            }
            foreach (var batch in batches)
            {
                batch.First = next;
                next = batch.Last + 1;
            }
            await WriteAsync(batches, stop);
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            log.Unwritable(caught.Message);
            failure = new ProblemException(LogProblems.DiskFull(folder, caught.Message), caught);
        }
        catch (Exception caught)
        {
            failure = caught;
            throw;
        }
        finally
        {
            Finish(batches, failure);
        }
    }

    private async Task WriteAsync(List<PendingBatch> batches, CancellationToken stop)
    {
        try
        {
            WriteMakingRoom(() => ahead.Append(batches), mayTakeLast: sealing.IsCompleted);
        }
        catch (IOException caught) when (caught.HResult is DiskFull or QuotaReached && head.Count > 0)
        {
            // What is in memory takes less room as blocks than in the write-ahead log.
            await RollAsync(stop);
            await sealing.WaitAsync(stop);
            WriteMakingRoom(() => ahead.Append(batches), mayTakeLast: true);
        }
    }

    private bool IsFull => head.Characters >= settings.HeadCharsMax || head.Count >= settings.HeadRecordsMax;

    private void Finish(List<PendingBatch> batches, Exception? failure)
    {
        lock (state)
        {
            foreach (var batch in batches)
            {
                batch.Failure = failure;
                batch.IsDone = true;
                if (failure is not null)
                {
                    continue;
                }
                head.Add(batch);
                visible = batch.Last;
                if (batch.Batch.Bookmark is { } bookmark)
                {
                    bookmarks[bookmark.Name] = bookmark.Cursor;
                }
            }
        }
    }

    /// <summary>Begins to make blocks of what is in memory. Waits for those before, so that no more than two collections are in memory.</summary>
    /// <exception cref="IOException">Those before could not be written, and cannot be now.</exception>
    private async Task RollAsync(CancellationToken stop)
    {
        try
        {
            await sealing.WaitAsync(stop);
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            // Tried once more: there may be room by now. Where the records were written, only the bookmarks are left to write.
            Seal(full ?? new Head());
        }
        lock (state)
        {
            (full, head) = (head, new Head());
        }
        ahead.Turn();
        sealing = Task.Run(() => Seal(full), CancellationToken.None);
    }

    private void Seal(Head collected)
    {
        Segment? written = null;
        if (collected.Count > 0)
        {
            MakeRoom();
            WriteMakingRoom(() => written = shelf.Write(Last(), collected), mayTakeLast: true);
        }
        Dictionary<string, string> marks;
        lock (state)
        {
            if (written is not null)
            {
                segments = [.. segments.Where(one => one.Path != written.Path), written];
            }
            full = null;
            marks = new(bookmarks);
        }
        WriteMakingRoom(() => DurableFile.WriteJson(BookmarkFile, marks), mayTakeLast: false);
        ahead.Forget(collected.Through);
        Tidy();
    }

    private Segment? Last()
    {
        lock (state)
        {
            return segments.LastOrDefault();
        }
    }

    /// <summary>Old logs make room for new ones.</summary>
    /// <param name="mayTakeLast">Whether the segment that is written to may go too: not while another writes to it.</param>
    private void WriteMakingRoom(Action write, bool mayTakeLast)
    {
        while (true)
        {
            try
            {
                write();
                return;
            }
            catch (IOException caught)
                when (caught.HResult is DiskFull or QuotaReached && TryMakeRoom(caught.Message, mayTakeLast))
            {
                // Once more, with what was let go.
            }
        }
    }

    private void MakeRoom()
    {
        while (room.Missing() is { } why && TryMakeRoom(why, mayTakeLast: false))
        {
            // Until there is enough, or nothing more to let go.
        }
    }

    private bool TryMakeRoom(string why, bool mayTakeLast)
    {
        Segment oldest;
        lock (state)
        {
            if (segments.Count < (mayTakeLast ? 1 : 2))
            {
                return false;
            }
            oldest = segments[0];
        }
        var records = LetGo(oldest);
        log.Crowded(records, why);
        Interlocked.Add(ref crowded, records);
        return true;
    }

    private long LetGo(Segment segment)
    {
        lock (state)
        {
            var left = segments.Where(one => one.Path != segment.Path).ToList();
            if (left.Count == segments.Count)
            {
                return 0;
            }
            segments = left;
        }
        segment.Delete();
        return segment.Records;
    }

    private async Task TidyAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await Task.Delay(TidyPause, world.Clock, stop);
                Tidy();
            }
        }
        catch (OperationCanceledException)
        {
            // The store closes.
        }
    }

    private View Look()
    {
        lock (state)
        {
            return new(segments, [.. Heads()], visible);
        }
    }

    private IEnumerable<ReadOnlyMemory<Kept>> Heads()
    {
        if (full is not null)
        {
            yield return full.Records;
        }
        yield return head.Records;
    }

    private void Gather(Gathering gathering, View view, CancellationToken stop)
    {
        foreach (var records in view.Heads)
        {
            gathering.Look(records.Span);
        }
        var blocks = gathering.Order(view.Segments).TakeWhile(one => !gathering.IsDoneBefore(one.Place));
        Read(blocks, gathering.Look, stop);
    }

    private void Read(
        IEnumerable<(Segment Segment, BlockPlace Place)> blocks,
        Action<BlockReading, BlockPlace> look,
        CancellationToken stop
    )
    {
        Dictionary<string, BlockReading> open = [];
        try
        {
            foreach (var (segment, place) in blocks)
            {
                stop.ThrowIfCancellationRequested();
                TryRead(open, segment, place, look);
            }
        }
        finally
        {
            foreach (var reading in open.Values)
            {
                reading.Dispose();
            }
        }
    }

    private void TryRead(
        Dictionary<string, BlockReading> open,
        Segment segment,
        BlockPlace place,
        Action<BlockReading, BlockPlace> look
    )
    {
        try
        {
            if (!open.TryGetValue(segment.Path, out var reading))
            {
                open[segment.Path] = reading = new(segment.Open());
            }
            look(reading, place);
        }
        catch (FileNotFoundException)
        {
            // It was let go meanwhile.
        }
        catch (InvalidDataException caught)
        {
            lock (state)
            {
                if (!damaged.Add((segment.Path, place.Offset)))
                {
                    return;
                }
            }
            log.Damaged(segment.Path, place.Offset, caught.Message);
        }
    }

    private sealed record View(IReadOnlyList<Segment> Segments, IReadOnlyList<ReadOnlyMemory<Kept>> Heads, long Last);
}
