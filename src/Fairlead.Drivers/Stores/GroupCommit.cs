using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Stores;

/// <summary>
/// Lets many write at once and share commits: whoever comes first writes what all others left in the meantime. A disk's pause
/// then costs each writer one wait, not one after the other.
/// </summary>
/// <param name="write">Writes all in one transaction, which is on the disk when it returns.</param>
/// <param name="sizeMax">How much may wait, in the unit of sizes.</param>
internal sealed class GroupCommit<T>(Action<IReadOnlyList<T>> write, SemaphoreSlim writing, int sizeMax)
{
    private const int AtOnceMax = 2_000;
    private readonly Lock gate = new();
    private List<Waiting> queue = [];
    private int waits;

    /// <exception cref="ProblemException">Too much waits, or it could not be written.</exception>
    public async Task AddAsync(T one, int size, CancellationToken stop)
    {
        var mine = new Waiting(one, size);
        lock (gate)
        {
            if (waits + size > sizeMax && waits > 0)
            {
                throw new ProblemException(Busy());
            }
            waits += size;
            queue.Add(mine);
        }
        try
        {
            await writing.WaitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            // Whoever writes next may have taken it already; then it is written, and nobody is told.
            Leave(mine);
            throw;
        }
        try
        {
            if (!mine.Written.Task.IsCompleted)
            {
                await Task.Run(WriteWaiting, CancellationToken.None);
            }
        }
        finally
        {
            writing.Release();
        }
        await mine.Written.Task;
    }

    private void WriteWaiting()
    {
        foreach (var chunk in Take().Chunk(AtOnceMax))
        {
            try
            {
                write([.. chunk.Select(one => one.Value)]);
                Array.ForEach(chunk, one => one.Written.TrySetResult());
            }
            catch (Exception caught)
            {
                // All of them failed, and each is told by its own task.
                Array.ForEach(chunk, one => one.Written.TrySetException(caught));
            }
        }
    }

    private List<Waiting> Take()
    {
        lock (gate)
        {
            var all = queue;
            queue = [];
            waits = 0;
            return all;
        }
    }

    private void Leave(Waiting mine)
    {
        lock (gate)
        {
            waits -= queue.Remove(mine) ? mine.Size : 0;
        }
    }

    private static Problem Busy() =>
        new(
            "store.telemetry-busy",
            What: "No more telemetry can be taken now.",
            Why: "What waits to be written has reached its limit: the disk is slower than what comes in.",
            Fix: "Send it again in a moment. If it stays so, see what the disk does: iostat -x 1"
        )
        {
            Trouble = Trouble.Unreachable,
        };

    private sealed record Waiting(T Value, int Size)
    {
        public TaskCompletionSource Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
