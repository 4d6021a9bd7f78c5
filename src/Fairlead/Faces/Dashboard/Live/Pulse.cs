using Fairlead.Model.Ports;

namespace Fairlead.Faces.Dashboard.Live;

/// <summary>
/// Tells everybody who looks on that something was remembered: one look at the journal's end for all of them, and none while nobody looks on.
/// </summary>
internal sealed class Pulse(IStore store, World world)
{
    private const int EntriesMax = 1_000;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private TaskCompletionSource beat = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int watchers;
    private Task? looking;

    /// <summary>Done with the next entry of the journal.</summary>
    public Task Next
    {
        get
        {
            lock (gate)
            {
                return beat.Task;
            }
        }
    }

    /// <summary>Looks until it is given back.</summary>
    public IDisposable Watch()
    {
        lock (gate)
        {
            watchers++;
            looking ??= Task.Run(() => LookAsync(CancellationToken.None));
        }
        return new Watcher(this);
    }

    private async Task LookAsync(CancellationToken stop)
    {
        long? seen = null;
        while (IsWatched())
        {
            try
            {
                seen = await FindAsync(seen, stop);
                await Task.Delay(Look, world.Clock, stop);
            }
            catch (Exception caught) when (caught is Model.Problems.ProblemException or InvalidOperationException)
            {
                // The store does not answer now; pages say so by themselves.
                await Task.Delay(RetryDelay, world.Clock, stop);
            }
        }
    }

    private async Task<long> FindAsync(long? seen, CancellationToken stop)
    {
        var last = seen ?? await EndAsync(stop);
        var fresh = await store.ReadJournalAsync(last, null, EntriesMax, stop);
        if (fresh is not [.., var newest])
        {
            return last;
        }
        TaskCompletionSource rung;
        lock (gate)
        {
            (rung, beat) = (beat, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        rung.SetResult();
        return newest.Sequence;
    }

    // The journal is not read through for that: its end is where a longer step finds nothing any more.
    private async Task<long> EndAsync(CancellationToken stop)
    {
        var (known, step) = (0L, 1L << 40);
        for (; step > 0; step >>= 1)
        {
            if ((await store.ReadJournalAsync(known + step - 1, null, 1, stop)).Count > 0)
            {
                known += step;
            }
        }
        return known;
    }

    private bool IsWatched()
    {
        lock (gate)
        {
            if (watchers == 0)
            {
                looking = null;
            }
            return watchers > 0;
        }
    }

    private sealed class Watcher(Pulse pulse) : IDisposable
    {
        private int isDone;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref isDone, 1) == 0)
            {
                lock (pulse.gate)
                {
                    pulse.watchers--;
                }
            }
        }
    }
}
