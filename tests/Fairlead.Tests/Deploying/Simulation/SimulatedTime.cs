namespace Fairlead.Tests.Deploying.Simulation;

/// <summary>
/// One thread and a clock that only moves when nothing can run: which continuation comes next is chosen by seed, so a run
/// can be repeated exactly.
/// </summary>
public sealed class SimulatedTime(Random random) : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly List<(SendOrPostCallback Run, object? State)> ready = [];
    private readonly PriorityQueue<Timer, (long At, long Order)> timers = new();
    private long ticks;
    private long order;

    public TimeSpan Elapsed => TimeSpan.FromTicks(ticks);

    public override DateTimeOffset GetUtcNow() => Start.AddTicks(ticks);

    public override long GetTimestamp() => ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Runs until nothing is left to do or the time is over.</summary>
    public void Run(Func<Task> first, TimeSpan atMost)
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new Context(this));
        try
        {
            var whole = first();
            while (!whole.IsCompleted && ticks <= atMost.Ticks && Next())
            {
                // Next() did it.
            }
            if (!whole.IsCompleted)
            {
                throw new TimeoutException($"It was not over after {Elapsed} of simulated time.");
            }
            whole.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private bool Next()
    {
        if (ready.Count > 0)
        {
            var index = ready.Count == 1 ? 0 : random.Next(ready.Count);
            var (run, state) = ready[index];
            ready[index] = ready[^1];
            ready.RemoveAt(ready.Count - 1);
            run(state);
            return true;
        }
        while (timers.TryDequeue(out var timer, out var due))
        {
            if (timer.Due != due)
            {
                continue; // It was changed or disposed since.
            }
            ticks = Math.Max(ticks, due.At);
            timer.Fire();
            return true;
        }
        return false;
    }

    private sealed class Context(SimulatedTime time) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => time.ready.Add((d, state));

        public override SynchronizationContext CreateCopy() => this;
    }

    private sealed class Timer(SimulatedTime time, TimerCallback callback, object? state) : ITimer
    {
        public (long At, long Order)? Due { get; private set; }

        public void Fire()
        {
            Due = null;
            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Due = null;
            if (dueTime >= TimeSpan.Zero)
            {
                var due = (time.ticks + dueTime.Ticks, ++time.order);
                Due = due;
                time.timers.Enqueue(this, due);
            }
            return true;
        }

        public void Dispose() => Due = null;

        public ValueTask DisposeAsync()
        {
            Due = null;
            return ValueTask.CompletedTask;
        }
    }
}
