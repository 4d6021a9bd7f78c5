using System.Collections.Concurrent;
using Fairlead.Drivers.Shell;
using Fairlead.Drivers.Telemetry.Metrics.Appending;
using Fairlead.Drivers.Telemetry.Metrics.Blocks;
using Fairlead.Drivers.Telemetry.Metrics.Heads;
using Fairlead.Drivers.Telemetry.Metrics.Keeping;
using Fairlead.Drivers.Telemetry.Metrics.Selecting;
using Fairlead.Drivers.Telemetry.Metrics.WriteAhead;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;
using Microsoft.Extensions.Logging;

namespace Fairlead.Drivers.Telemetry.Metrics;

/// <summary>
/// Metrics in a folder of this machine. The newest samples are in memory and in a log (<see cref="Head"/>), the others in files that
/// never change (<see cref="Block"/>). One process owns the folder.
/// </summary>
public sealed class MetricStore : IMetricStore, IAsyncDisposable
{
    // A head may grow to so many times its size while the one before is still being written.
    private const int HeadsMax = 2;

    private readonly MetricStoreSettings settings;
    private readonly World world;
    private readonly ILogger log;
    private readonly LockFile ownership;
    private readonly Lock gate;
    private readonly Appender appender;
    private readonly Keeper keeper;
    private readonly LabelsMemory memory = new();
    private readonly ConcurrentDictionary<string, long> refusedSoFar = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource ending = new();
    private Task care = Task.CompletedTask;
    private bool isFailing;
    private int isClosed;

    private MetricStore(Keeper keeper, LockFile ownership, Lock gate)
    {
        (this.keeper, this.ownership, this.gate) = (keeper, ownership, gate);
        (settings, world, log) = (keeper.Settings, keeper.World, keeper.Log);
        appender = new(settings);
    }

    /// <summary>What is kept, for whoever watches the watcher.</summary>
    public MetricStoreFigures Figures
    {
        get
        {
            var sources = keeper.Sources;
            return new(
                sources.Head.Index.SeriesCount,
                sources.Head.Samples,
                sources.Blocks.Length,
                sources.Blocks.Sum(block => block.Samples),
                keeper.DiskBytes(),
                new Dictionary<string, long>(refusedSoFar, StringComparer.Ordinal)
            );
        }
    }

    /// <summary>For tests: what is done to blocks.</summary>
    internal Keeper Keeper => keeper;

    /// <summary>Opens a folder, or makes it. What was acknowledged before is there, however the process before ended.</summary>
    /// <exception cref="ProblemException">Another process has it open.</exception>
    public static MetricStore Open(string folder, MetricStoreSettings settings, World world, ILogger log)
    {
        var store = OpenQuietly(folder, settings, world, log);
        store.care = Task.Run(() => store.CareAsync(store.ending.Token), CancellationToken.None);
        return store;
    }

    /// <summary>For tests: opens a folder of which nobody takes care by itself.</summary>
    internal static MetricStore OpenQuietly(string folder, MetricStoreSettings settings, World world, ILogger log)
    {
        var files = new MetricFolder(folder);
        var owned = LockFile.TryTake(files.Lock, out var holder) ?? throw MetricProblems.InUse(folder, holder);
        try
        {
            var shared = new Lock();
            return new(new Keeper(files, settings, world, log, shared), owned, shared);
        }
        catch
        {
            owned.Dispose();
            throw;
        }
    }

    public async Task<Appended> AppendAsync(IReadOnlyList<SeriesSamples> batch, CancellationToken stop)
    {
        var refused = new Refused();
        if (!await IsWritableAsync(stop))
        {
            refused.Add(MetricProblems.Refusals.DiskFull, batch.Sum(one => one.Samples.Count));
            return Answer(0, refused);
        }
        var now = world.Now;
        var bounds = new Bounds(
            now.Add(-settings.KeepRaw).ToUnixTimeMilliseconds(),
            now.Add(settings.Ahead).ToUnixTimeMilliseconds()
        );
        long taken = 0;
        long end;
        WriteAheadLog written;
        lock (gate)
        {
            var sources = keeper.Sources;
            written = sources.Head.Log;
            for (var place = 0; place < batch.Count; place++)
            {
                taken += appender.Append(batch[place], sources, bounds, refused);
            }
            end = written.EndRecord();
        }
        if (!await keeper.TryCommitAsync(written, end, stop))
        {
            // They are in memory, and are written with the next that can be; until then nobody is told that they are kept.
            Volatile.Write(ref isFailing, true);
            refused.Add(MetricProblems.Refusals.DiskFull, (int)taken);
            taken = 0;
        }
        return Answer(taken, refused);
    }

    public Task<IReadOnlyList<ISeries>> SelectAsync(
        IReadOnlyList<Matcher> matchers,
        long from,
        long to,
        CancellationToken stop
    ) => Task.FromResult(new Selection(matchers, from, to, memory).Series(keeper.Sources, settings.SelectedMax, stop));

    public Task<IReadOnlyList<string>> LabelNamesAsync(
        IReadOnlyList<Matcher> matchers,
        long from,
        long to,
        CancellationToken stop
    ) => Task.FromResult(new Selection(matchers, from, to, memory).Names(keeper.Sources, stop));

    public Task<IReadOnlyList<string>> LabelValuesAsync(
        string name,
        IReadOnlyList<Matcher> matchers,
        long from,
        long to,
        CancellationToken stop
    ) => Task.FromResult(new Selection(matchers, from, to, memory).Values(name, keeper.Sources, stop));

    /// <summary>
    /// Puts all that is kept now into a folder, which is a store itself. Files are linked, not copied, so it takes no room and no time;
    /// what comes later does not change it.
    /// </summary>
    /// <param name="folder">Is made; must be on the same disk.</param>
    /// <exception cref="ProblemException">It could not be written.</exception>
    public async Task SnapshotAsync(string folder, CancellationToken stop)
    {
        try
        {
            await keeper.SnapshotAsync(folder, stop);
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            throw MetricProblems.Unwritable(folder, caught);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref isClosed, 1) == 1)
        {
            return;
        }
        await ending.CancelAsync();
        await care;
        try
        {
            await keeper.DisposeAsync();
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            // All that was acknowledged is in the log.
            log.CareFailed(caught.Message);
        }
        ownership.Dispose();
        ending.Dispose();
    }

    private Appended Answer(long taken, Refused refused)
    {
        foreach (var (code, count) in refused.ByCode)
        {
            refusedSoFar.AddOrUpdate(code, count, (_, before) => before + count);
        }
        return new(taken, refused.ByCode);
    }

    private async Task<bool> IsWritableAsync(CancellationToken stop)
    {
        var head = keeper.Sources.Head;
        if (Volatile.Read(ref isFailing))
        {
            if (!await keeper.TryCommitAsync(head.Log, head.Log.Appended, stop))
            {
                return false;
            }
            Volatile.Write(ref isFailing, false);
            log.WritableAgain();
        }
        return !keeper.IsLarge(head, HeadsMax) || await keeper.TryFlushAsync(HeadsMax, stop);
    }

    private async Task CareAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await keeper.IsDueAsync(stop);
                await keeper.CareAsync(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested) { }
            catch (Exception caught) when (caught is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                log.CareFailed(caught.Message);
            }
        }
    }
}

/// <summary>What a store of metrics holds.</summary>
/// <param name="Series">With samples since the head was last written to a block.</param>
/// <param name="HeadSamples">Not yet in blocks.</param>
/// <param name="BlockSamples">In blocks.</param>
/// <param name="DiskBytes">Of all files.</param>
/// <param name="Refused">Samples that were not taken since it was opened, by the problem's code.</param>
public sealed record MetricStoreFigures(
    int Series,
    long HeadSamples,
    int Blocks,
    long BlockSamples,
    long DiskBytes,
    IReadOnlyDictionary<string, long> Refused
);
